//===- Safetensors.h - Named tensors in a file ------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The safetensors format: the size of a JSON header (64 bits, little endian),
// the header, then the data of the tensors without gaps or overlaps.
//
//   Expected<SafetensorsFile> file = readSafetensors("w.safetensors");
//   const TensorView *w1 = file ? file->view.find("w1") : nullptr;
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_IO_SAFETENSORS_H
#define DITHER_RUNTIME_IO_SAFETENSORS_H

#include "runtime/io/Buffer.h"
#include "runtime/io/Element.h"

#include <map>
#include <string>
#include <vector>

namespace dither::runtime {

/// A dense, row-major, named tensor whose bytes lie elsewhere. In a file they
/// need not be aligned to the element: copy them.
struct TensorView {
  std::string name;
  Element element;
  std::vector<int64_t> shape;
  Bytes bytes;
};

struct Safetensors {
  std::vector<TensorView> tensors; // sorted by name
  std::map<std::string, std::string> metadata;
  Bytes data; // of all tensors

  const TensorView *find(std::string_view name) const;
};

struct SafetensorsFile {
  Buffer content;
  Safetensors view; // into `content`
};

/// Checks and describes a file's bytes, which must outlive the result.
Expected<Safetensors> parseSafetensors(Bytes file);

Expected<SafetensorsFile> readSafetensors(const std::string &path);

/// Writes atomically. The bytes depend on names, types, shapes, data and
/// metadata alone, not on the order of `tensors`. Each tensor starts at a
/// multiple of its element size.
Error writeSafetensors(const std::string &path, std::vector<TensorView> tensors,
                       const std::map<std::string, std::string> &metadata = {});

/// The order in which writeSafetensors lays out data: large elements first, so
/// that all are aligned, then by name.
void sortForSafetensors(std::vector<TensorView> &tensors);

} // namespace dither::runtime

#endif // DITHER_RUNTIME_IO_SAFETENSORS_H
