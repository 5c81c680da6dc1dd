//===- Json.h - A strict reader of JSON -------------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For manifests and safetensors headers of unknown origin. Beyond the grammar
// it refuses duplicate keys, great depth and absurd numbers of values; a reader
// that takes the last of two equal keys can be shown two meanings of one file.
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_IO_JSON_H
#define DITHER_RUNTIME_IO_JSON_H

#include "runtime/io/Buffer.h"

#include <string>
#include <utility>
#include <vector>

namespace dither::runtime {

struct Json {
  enum class Kind { Null, Boolean, Integer, Number, String, Array, Object };

  Kind kind = Kind::Null;
  int64_t integer = 0; // also a boolean
  double number = 0;   // also a number that no int64_t holds
  std::string string;
  std::vector<std::string> keys; // of an object, one for each of `items`
  std::vector<Json> items;

  bool is(Kind other) const { return kind == other; }
  /// The value of a key of an object, or null.
  const Json *find(std::string_view key) const;
};

/// "an object", "a string", ...
std::string_view kindName(Json::Kind kind);

/// Reads one value that fills all of `text`.
Expected<Json> parseJson(Bytes text);

/// The value of `key` in an object, which must be there and of this kind. The
/// error begins with `where`.
Expected<const Json *> requireKey(const Json &object, std::string_view key,
                                  Json::Kind kind, std::string_view where);

/// `text` as a JSON string with its quotes.
std::string jsonString(std::string_view text);

} // namespace dither::runtime

#endif // DITHER_RUNTIME_IO_JSON_H
