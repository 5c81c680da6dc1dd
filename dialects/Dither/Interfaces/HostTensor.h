//===- HostTensor.h - Tensors of the reference interpreter ------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A dense, row-major tensor in host memory, and one element of it. Clarity
// before speed: every element access goes through the element type.
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_INTERFACES_HOSTTENSOR_H
#define DITHER_INTERFACES_HOSTTENSOR_H

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/SmallVector.h"
#include <memory>
#include <vector>

namespace dither {

/// One element: a float or a (sign-extended) integer, wide enough for every
/// type. f64 arithmetic followed by one rounding is correct rounding for +, -,
/// *, / and sqrt of f32 and narrower types.
struct Scalar {
  bool isFloat = true;
  double f = 0;
  int64_t i = 0;

  static Scalar of(double value) { return {true, value, 0}; }
  static Scalar ofInt(int64_t value) { return {false, 0, value}; }
  double asDouble() const { return isFloat ? f : double(i); }
};

class HostTensor {
public:
  HostTensor() = default;
  /// Zero-filled. `type` is one of f64, f32, f16, bf16, i1 to i64.
  HostTensor(mlir::Type elementType, llvm::ArrayRef<int64_t> shape);

  mlir::Type getElementType() const { return elementType; }
  llvm::ArrayRef<int64_t> getShape() const { return shape; }
  int64_t getRank() const { return shape.size(); }
  int64_t getNumElements() const { return numElements; }
  llvm::SmallVector<int64_t> getStrides() const;

  /// Linear (row-major) access.
  Scalar get(int64_t index) const;
  void set(int64_t index, Scalar value);
  double getDouble(int64_t index) const { return get(index).asDouble(); }
  int64_t getInt(int64_t index) const;

  /// The bytes, `elementBytes(type)` for each element; copies share them.
  char *data() { return bytes->data(); }
  const char *data() const { return bytes->data(); }
  int64_t getNumBytes() const { return bytes ? bytes->size() : 0; }
  static int64_t elementBytes(mlir::Type type);

private:
  /// The element type, where every element asks for it.
  enum class Kind { F64, F32, Narrow, I64, I32, I16, I8, I1 };
  static Kind getKind(mlir::Type type);

  mlir::Type elementType;
  Kind kind = Kind::F32;
  llvm::SmallVector<int64_t> shape;
  int64_t numElements = 0;
  std::shared_ptr<std::vector<char>> bytes;
};

/// Result shapes of an op whose result types are static or whose dynamic
/// leading dimensions come from the first operand that has one there.
llvm::SmallVector<llvm::SmallVector<int64_t>>
defaultResultShapes(mlir::Operation *op, llvm::ArrayRef<HostTensor> operands);

} // namespace dither

#endif // DITHER_INTERFACES_HOSTTENSOR_H
