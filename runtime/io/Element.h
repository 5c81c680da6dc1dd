//===- Element.h - Element types and shapes ---------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_IO_ELEMENT_H
#define DITHER_RUNTIME_IO_ELEMENT_H

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dither::runtime {

/// The first nine are those of the artifact; the others occur in files only.
enum class Element : uint8_t {
  F64,
  F32,
  F16,
  BF16,
  I64,
  I32,
  I16,
  I8,
  I1,
  U8,
  U16,
  U32,
  U64,
  F8E4M3,
  F8E5M2
};

/// No tensor has more dimensions; numpy's own limit.
constexpr size_t maxRank = 32;

/// No tensor has more bytes, so that sums of a few sizes cannot overflow.
constexpr uint64_t maxBytes = uint64_t(1) << 56;

size_t elementSize(Element element);

/// The name of the artifact's manifest: "f32".
std::string_view elementName(Element element);
std::optional<Element> elementFromName(std::string_view name);

/// The name in safetensors: "F32".
std::string_view safetensorsName(Element element);
std::optional<Element> elementFromSafetensors(std::string_view name);

/// The name in .npy: "<f4"; empty where numpy has no such type.
std::string_view npyName(Element element);
std::optional<Element> elementFromNpy(std::string_view name);

/// The bytes of a dense tensor, or nothing where a size is negative, the rank
/// above maxRank, or the size above maxBytes. Zero-size dimensions count as one
/// in that limit, so that strides cannot overflow either.
std::optional<uint64_t> denseBytes(Element element, const int64_t *shape,
                                   size_t rank);
inline std::optional<uint64_t> denseBytes(Element element,
                                          const std::vector<int64_t> &shape) {
  return denseBytes(element, shape.data(), shape.size());
}

/// "4x8", or "scalar" for rank 0.
std::string shapeText(const int64_t *shape, size_t rank);
inline std::string shapeText(const std::vector<int64_t> &shape) {
  return shapeText(shape.data(), shape.size());
}

} // namespace dither::runtime

#endif // DITHER_RUNTIME_IO_ELEMENT_H
