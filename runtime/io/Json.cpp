//===- Json.cpp - A strict reader of JSON ---------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/io/Json.h"

#define JSON_NOEXCEPTION 1
#include <nlohmann/json.hpp>

#include <algorithm>

namespace dither::runtime {

namespace {
constexpr size_t maxDepth = 16;
constexpr size_t maxValues = size_t(2) << 20;
constexpr size_t maxText = size_t(64) << 20;

/// Receives the parser's events and builds the tree; returning false stops it.
class Builder {
public:
  using Exception = nlohmann::json::exception;

  bool null() { return add(Json()); }
  bool boolean(bool value) {
    Json json;
    json.kind = Json::Kind::Boolean;
    json.integer = value;
    return add(std::move(json));
  }
  // The library calls these by its own names.
  // NOLINTBEGIN(readability-identifier-naming)
  bool number_integer(int64_t value) {
    Json json;
    json.kind = Json::Kind::Integer;
    json.integer = value;
    return add(std::move(json));
  }
  bool number_unsigned(uint64_t value) {
    if (value > static_cast<uint64_t>(INT64_MAX))
      return number_float(static_cast<double>(value), "");
    return number_integer(static_cast<int64_t>(value));
  }
  bool number_float(double value, const std::string &) {
    Json json;
    json.kind = Json::Kind::Number;
    json.number = value;
    return add(std::move(json));
  }
  bool string(std::string &value) {
    Json json;
    json.kind = Json::Kind::String;
    json.string = std::move(value);
    return add(std::move(json));
  }
  bool binary(nlohmann::json::binary_t &) { return false; }

  bool start_object(size_t) { return open(Json::Kind::Object); }
  bool start_array(size_t) { return open(Json::Kind::Array); }
  bool end_array() { return close(); }
  bool end_object() {
    std::vector<std::string_view> sorted(stack.back().keys.begin(),
                                         stack.back().keys.end());
    std::sort(sorted.begin(), sorted.end());
    auto twin = std::adjacent_find(sorted.begin(), sorted.end());
    if (twin != sorted.end())
      return fail(
          concat("key ", inQuotes(*twin), " occurs twice in an object"));
    return close();
  }
  bool key(std::string &name) {
    stack.back().keys.push_back(std::move(name));
    return true;
  }
  bool parse_error(size_t position, const std::string &, const Exception &) {
    return fail(concat("not valid JSON in UTF-8 at byte ", position));
  }
  // NOLINTEND(readability-identifier-naming)

  Json root;
  std::string message;

private:
  bool fail(std::string text) {
    message = std::move(text);
    return false;
  }
  bool open(Json::Kind kind) {
    if (stack.size() == maxDepth)
      return fail(concat("JSON is nested deeper than ", maxDepth));
    Json json;
    json.kind = kind;
    stack.push_back(std::move(json));
    return true;
  }
  bool close() {
    Json json = std::move(stack.back());
    stack.pop_back();
    return add(std::move(json));
  }
  bool add(Json json) {
    if (++count > maxValues)
      return fail(concat("JSON has more than ", maxValues, " values"));
    if (stack.empty())
      root = std::move(json);
    else
      stack.back().items.push_back(std::move(json));
    return true;
  }

  std::vector<Json> stack;
  size_t count = 0;
};
} // namespace

const Json *Json::find(std::string_view key) const {
  for (size_t i = 0; i < keys.size(); ++i)
    if (keys[i] == key)
      return &items[i];
  return nullptr;
}

std::string_view kindName(Json::Kind kind) {
  switch (kind) {
  case Json::Kind::Null:
    return "null";
  case Json::Kind::Boolean:
    return "a boolean";
  case Json::Kind::Integer:
    return "a 64-bit integer";
  case Json::Kind::Number:
    return "a number";
  case Json::Kind::String:
    return "a string";
  case Json::Kind::Array:
    return "an array";
  case Json::Kind::Object:
    return "an object";
  }
  return "unknown";
}

Expected<Json> parseJson(Bytes text) {
  if (text.size > maxText)
    return Error(Code::Corrupt, concat("JSON of ", text.size,
                                       " bytes is longer than ", maxText));
  Builder builder;
  const char *begin = reinterpret_cast<const char *>(text.data);
  if (!nlohmann::json::sax_parse(begin, begin + text.size, &builder))
    return Error(Code::Corrupt,
                 builder.message.empty() ? "not valid JSON" : builder.message);
  return std::move(builder.root);
}

Expected<const Json *> requireKey(const Json &object, std::string_view key,
                                  Json::Kind kind, std::string_view where) {
  const Json *value = object.find(key);
  if (!value)
    return Error(Code::Corrupt, concat(where, ": key '", key, "' is missing"));
  if (!value->is(kind))
    return Error(Code::Corrupt,
                 concat(where, ": '", key, "' is ", kindName(value->kind),
                        ", not ", kindName(kind)));
  return value;
}

std::string jsonString(std::string_view text) {
  static const char digits[] = "0123456789abcdef";
  std::string out = "\"";
  for (char c : text) {
    unsigned char byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      (out += '\\') += c;
    else if (byte < 0x20)
      ((out += "\\u00") += digits[byte >> 4]) += digits[byte & 15];
    else
      out += c;
  }
  return out + '"';
}

} // namespace dither::runtime
