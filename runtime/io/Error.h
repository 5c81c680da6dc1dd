//===- Error.h - Errors as values -------------------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Code of the runtime throws nothing. A function that can fail returns an
// Error, true where there is one, or an Expected, true where there is none:
//
//   if (Error error = file.write(bytes))
//     return error;
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_IO_ERROR_H
#define DITHER_RUNTIME_IO_ERROR_H

#include "dither/runtime.h"

#include <cassert>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace dither::runtime {

/// The codes of the C ABI, with names of this language.
enum class Code {
  Ok = DITHER_OK,
  InvalidArgument = DITHER_INVALID_ARGUMENT,
  NotFound = DITHER_NOT_FOUND,
  IO = DITHER_IO,
  Corrupt = DITHER_CORRUPT,
  Unsupported = DITHER_UNSUPPORTED,
  OutOfMemory = DITHER_OUT_OF_MEMORY,
  Busy = DITHER_BUSY,
  Device = DITHER_DEVICE_FAULT
};

class [[nodiscard]] Error {
public:
  Error(Code code, std::string message)
      : errorCode(code), text(std::move(message)) {
    assert(code != Code::Ok && "an error needs a code");
  }
  static Error success() { return Error(); }

  explicit operator bool() const { return errorCode != Code::Ok; }
  Code code() const { return errorCode; }
  const std::string &message() const { return text; }

  /// The same error, its message preceded by where it happened.
  Error in(std::string_view where) && {
    if (errorCode != Code::Ok)
      text.insert(0, std::string(where) + ": ");
    return std::move(*this);
  }

private:
  Error() = default;

  Code errorCode = Code::Ok;
  std::string text;
};

template <typename T> class [[nodiscard]] Expected {
public:
  Expected(T value) : content(std::move(value)), failure(Error::success()) {}
  Expected(Error error) : failure(std::move(error)) {
    assert(failure && "an Expected without value needs an error");
  }

  explicit operator bool() const { return content.has_value(); }
  T &operator*() { return *content; }
  const T &operator*() const { return *content; }
  T *operator->() { return &*content; }
  const T *operator->() const { return &*content; }

  const Error &error() const { return failure; }
  Error takeError() { return std::move(failure); }

private:
  std::optional<T> content;
  Error failure;
};

namespace detail {
inline void append(std::string &out, std::string_view text) { out += text; }
inline void append(std::string &out, char c) { out += c; }
template <typename T, std::enable_if_t<std::is_arithmetic_v<T>, int> = 0>
void append(std::string &out, T number) {
  out += std::to_string(number);
}
} // namespace detail

/// Strings and numbers, one behind the other.
template <typename... Parts> std::string concat(const Parts &...parts) {
  std::string out;
  (detail::append(out, parts), ...);
  return out;
}

/// `text` in single quotes, cut at a length that fits a message, with control
/// characters replaced: names come from files of unknown origin.
std::string inQuotes(std::string_view text);

/// The text of errno value `number`.
std::string systemText(int number);

} // namespace dither::runtime

#endif // DITHER_RUNTIME_IO_ERROR_H
