//===- Npy.h - One array in a file of numpy ---------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   Expected<NpyFile> x = readNpy("x.npy");
//   if (x && x->view.element == Element::F32) ...
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_IO_NPY_H
#define DITHER_RUNTIME_IO_NPY_H

#include "runtime/io/Buffer.h"
#include "runtime/io/Element.h"

#include <string>
#include <vector>

namespace dither::runtime {

/// A dense row-major array. Booleans are bytes of 0 or 1.
struct NpyArray {
  Element element;
  std::vector<int64_t> shape;
  Bytes bytes;
};

struct NpyFile {
  Buffer content;
  NpyArray view; // into `content`, aligned to 64 bytes
};

/// Checks and describes a file's bytes (versions 1 to 3, little endian, C
/// order), which must outlive the result.
Expected<NpyArray> parseNpy(Bytes file);

Expected<NpyFile> readNpy(const std::string &path);

/// Writes atomically, version 1. Refuses types that numpy does not have.
Error writeNpy(const std::string &path, const NpyArray &array);

} // namespace dither::runtime

#endif // DITHER_RUNTIME_IO_NPY_H
