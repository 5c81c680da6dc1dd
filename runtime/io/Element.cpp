//===- Element.cpp - Element types and shapes -----------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/io/Element.h"

namespace dither::runtime {

namespace {
struct Traits {
  std::string_view name, safetensors, npy;
  size_t size;
};

// In the order of Element.
constexpr Traits table[] = {
    {"f64", "F64", "<f8", 8},     {"f32", "F32", "<f4", 4},
    {"f16", "F16", "<f2", 2},     {"bf16", "BF16", "", 2},
    {"i64", "I64", "<i8", 8},     {"i32", "I32", "<i4", 4},
    {"i16", "I16", "<i2", 2},     {"i8", "I8", "|i1", 1},
    {"i1", "BOOL", "|b1", 1},     {"u8", "U8", "|u1", 1},
    {"u16", "U16", "<u2", 2},     {"u32", "U32", "<u4", 4},
    {"u64", "U64", "<u8", 8},     {"f8e4m3", "F8_E4M3", "", 1},
    {"f8e5m2", "F8_E5M2", "", 1},
};

const Traits &traits(Element element) {
  return table[static_cast<size_t>(element)];
}

std::optional<Element> find(std::string_view Traits::*field,
                            std::string_view name) {
  if (name.empty())
    return std::nullopt;
  for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); ++i)
    if (table[i].*field == name)
      return static_cast<Element>(i);
  return std::nullopt;
}
} // namespace

size_t elementSize(Element element) { return traits(element).size; }

std::string_view elementName(Element element) { return traits(element).name; }

std::optional<Element> elementFromName(std::string_view name) {
  return find(&Traits::name, name);
}

std::string_view safetensorsName(Element element) {
  return traits(element).safetensors;
}

std::optional<Element> elementFromSafetensors(std::string_view name) {
  return find(&Traits::safetensors, name);
}

std::string_view npyName(Element element) { return traits(element).npy; }

std::optional<Element> elementFromNpy(std::string_view name) {
  return find(&Traits::npy, name);
}

std::optional<uint64_t> denseBytes(Element element, const int64_t *shape,
                                   size_t rank) {
  if (rank > maxRank)
    return std::nullopt;
  uint64_t bytes = elementSize(element);
  bool empty = false;
  for (size_t i = 0; i < rank; ++i) {
    if (shape[i] < 0)
      return std::nullopt;
    uint64_t size = static_cast<uint64_t>(shape[i]);
    if (size == 0) {
      empty = true;
      continue;
    }
    if (size > maxBytes / bytes)
      return std::nullopt;
    bytes *= size;
  }
  return empty ? 0 : bytes;
}

std::string shapeText(const int64_t *shape, size_t rank) {
  if (rank == 0)
    return "scalar";
  std::string text;
  for (size_t i = 0; i < rank; ++i) {
    if (i != 0)
      text += 'x';
    text += std::to_string(shape[i]);
  }
  return text;
}

} // namespace dither::runtime
