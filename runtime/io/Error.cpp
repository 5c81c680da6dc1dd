//===- Error.cpp - Errors as values ---------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/io/Error.h"

#include <cstring>

namespace dither::runtime {

std::string inQuotes(std::string_view text) {
  constexpr size_t longest = 120;
  std::string out = "'";
  for (char c : text.substr(0, longest))
    out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  if (text.size() > longest)
    out += "...";
  return out + "'";
}

std::string systemText(int number) {
  char buffer[128];
  // The GNU variant returns the text, which need not be in the buffer.
  return strerror_r(number, buffer, sizeof(buffer));
}

} // namespace dither::runtime
