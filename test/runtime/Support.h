//===- Support.h - What the tests of the runtime share ----------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TEST_RUNTIME_SUPPORT_H
#define DITHER_TEST_RUNTIME_SUPPORT_H

#include "dither/runtime.h"
#include "runtime/io/Buffer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dither::test {

/// A folder of one test, removed with what is in it.
class TempFolder {
public:
  TempFolder();
  ~TempFolder();
  std::string path(const std::string &name) const { return root + "/" + name; }
  std::vector<std::string> names() const;

private:
  std::string root;
};

void writeBytes(const std::string &path, const std::string &bytes);
std::string readBytes(const std::string &path);
runtime::Bytes bytesOf(const std::string &text);

/// Frees a status; fails the test where there is one.
testing::AssertionResult ok(DitherStatus *status);

/// Frees a status; holds where it has this code and a message with `part`.
testing::AssertionResult fails(DitherStatus *status, DitherCode code,
                               const std::string &part);

/// The same for an Error or an Expected.
template <typename T>
testing::AssertionResult failsWith(const T &result, const std::string &part) {
  const runtime::Error *error;
  if constexpr (std::is_same_v<T, runtime::Error>)
    error = &result;
  else
    error = &result.error();
  if (error->message().find(part) != std::string::npos && *error)
    return testing::AssertionSuccess();
  return testing::AssertionFailure()
         << "wanted an error with \"" << part << "\", got \""
         << error->message() << "\"";
}

/// A DLTensor over a vector, with its own copy of the shape and strides.
struct Tensor {
  template <typename T>
  Tensor(std::vector<T> &data, std::vector<int64_t> sizes, DLDataType type,
         std::vector<int64_t> steps = {})
      : shape(std::move(sizes)), strides(std::move(steps)) {
    tensor = {};
    tensor.data = data.data();
    tensor.device = {kDLCPU, 0};
    tensor.ndim = static_cast<int>(shape.size());
    tensor.dtype = type;
    tensor.shape = shape.data();
    tensor.strides = strides.empty() ? nullptr : strides.data();
  }
  Tensor(const Tensor &) = delete;

  std::vector<int64_t> shape, strides;
  DLTensor tensor;
};

constexpr DLDataType f32 = {kDLFloat, 32, 1};
constexpr DLDataType f64 = {kDLFloat, 64, 1};
constexpr DLDataType i64 = {kDLInt, 64, 1};
constexpr DLDataType i1 = {DITHER_DL_BOOL, 8, 1};

} // namespace dither::test

#endif // DITHER_TEST_RUNTIME_SUPPORT_H
