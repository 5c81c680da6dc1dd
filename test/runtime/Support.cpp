//===- Support.cpp - What the tests of the runtime share ------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Support.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace dither::test {

TempFolder::TempFolder() {
  std::string pattern = testing::TempDir() + "dither-XXXXXX";
  const char *made = mkdtemp(pattern.data());
  EXPECT_NE(made, nullptr);
  root = made ? made : "";
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(root, ignored);
}

std::vector<std::string> TempFolder::names() const {
  std::vector<std::string> names;
  for (const auto &entry : std::filesystem::directory_iterator(root))
    names.push_back(entry.path().filename());
  return names;
}

void writeBytes(const std::string &path, const std::string &bytes) {
  std::ofstream file(path, std::ios::binary);
  file << bytes;
  EXPECT_TRUE(file.flush().good()) << path;
}

std::string readBytes(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.good()) << path;
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

runtime::Bytes bytesOf(const std::string &text) {
  return {reinterpret_cast<const uint8_t *>(text.data()), text.size()};
}

testing::AssertionResult ok(DitherStatus *status) {
  if (!status)
    return testing::AssertionSuccess();
  std::string message = dither_status_message(status);
  dither_status_free(status);
  return testing::AssertionFailure() << message;
}

testing::AssertionResult fails(DitherStatus *status, DitherCode code,
                               const std::string &part) {
  if (!status)
    return testing::AssertionFailure() << "no error, wanted \"" << part << '"';
  std::string message = dither_status_message(status);
  DitherCode got = dither_status_code(status);
  dither_status_free(status);
  if (got != code || message.find(part) == std::string::npos)
    return testing::AssertionFailure()
           << "wanted code " << code << " with \"" << part << "\", got code "
           << got << ": " << message;
  return testing::AssertionSuccess();
}

} // namespace dither::test
