//===- HostTensor.cpp - Tensors of the reference interpreter --------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Interfaces/HostTensor.h"
#include "mlir/IR/Operation.h"
#include "llvm/ADT/APFloat.h"
#include <cstring>

using namespace mlir;
using namespace dither;

int64_t HostTensor::elementBytes(Type type) {
  return std::max<int64_t>(1, type.getIntOrFloatBitWidth() / 8);
}

HostTensor::HostTensor(Type elementType, ArrayRef<int64_t> shape)
    : elementType(elementType), shape(shape) {
  numElements = 1;
  for (int64_t dim : shape)
    numElements *= dim;
  bytes = std::make_shared<std::vector<char>>(numElements *
                                              elementBytes(elementType));
}

SmallVector<int64_t> HostTensor::getStrides() const {
  SmallVector<int64_t> strides(shape.size(), 1);
  for (int64_t d = int64_t(shape.size()) - 2; d >= 0; --d)
    strides[d] = strides[d + 1] * shape[d + 1];
  return strides;
}

template <typename T> static T load(const char *data, int64_t index) {
  T value;
  std::memcpy(&value, data + index * sizeof(T), sizeof(T));
  return value;
}

template <typename T> static void store(char *data, int64_t index, T value) {
  std::memcpy(data + index * sizeof(T), &value, sizeof(T));
}

Scalar HostTensor::get(int64_t index) const {
  const char *base = data();
  if (elementType.isF32())
    return Scalar::of(load<float>(base, index));
  if (elementType.isF64())
    return Scalar::of(load<double>(base, index));
  if (auto floatType = dyn_cast<FloatType>(elementType)) {
    APInt bits(16, load<uint16_t>(base, index));
    APFloat value(floatType.getFloatSemantics(), bits);
    return Scalar::of(value.convertToDouble());
  }
  switch (elementBytes(elementType)) {
  case 8:
    return Scalar::ofInt(load<int64_t>(base, index));
  case 4:
    return Scalar::ofInt(load<int32_t>(base, index));
  case 2:
    return Scalar::ofInt(load<int16_t>(base, index));
  default:
    if (elementType.isInteger(1))
      return Scalar::ofInt(load<uint8_t>(base, index) & 1);
    return Scalar::ofInt(load<int8_t>(base, index));
  }
}

int64_t HostTensor::getInt(int64_t index) const {
  Scalar value = get(index);
  return value.isFloat ? int64_t(value.f) : value.i;
}

void HostTensor::set(int64_t index, Scalar value) {
  char *base = data();
  if (elementType.isF32())
    return store<float>(base, index, float(value.asDouble()));
  if (elementType.isF64())
    return store<double>(base, index, value.asDouble());
  if (auto floatType = dyn_cast<FloatType>(elementType)) {
    APFloat narrow(value.asDouble());
    bool lost;
    narrow.convert(floatType.getFloatSemantics(), APFloat::rmNearestTiesToEven,
                   &lost);
    return store<uint16_t>(base, index,
                           uint16_t(narrow.bitcastToAPInt().getZExtValue()));
  }
  int64_t integer = value.isFloat ? int64_t(value.f) : value.i;
  switch (elementBytes(elementType)) {
  case 8:
    return store<int64_t>(base, index, integer);
  case 4:
    return store<int32_t>(base, index, int32_t(integer));
  case 2:
    return store<int16_t>(base, index, int16_t(integer));
  default:
    if (elementType.isInteger(1))
      integer &= 1;
    return store<int8_t>(base, index, int8_t(integer));
  }
}

SmallVector<SmallVector<int64_t>>
dither::defaultResultShapes(Operation *op, ArrayRef<HostTensor> operands) {
  SmallVector<SmallVector<int64_t>> shapes;
  for (Type type : op->getResultTypes()) {
    auto tensor = cast<RankedTensorType>(type);
    SmallVector<int64_t> shape(tensor.getShape());
    for (auto [d, dim] : llvm::enumerate(shape)) {
      if (!ShapedType::isDynamic(dim))
        continue;
      for (auto [i, operand] : llvm::enumerate(operands)) {
        auto operandType = cast<RankedTensorType>(op->getOperand(i).getType());
        // Right-aligned, as in broadcasting.
        int64_t od = int64_t(d) - tensor.getRank() + operand.getRank();
        if (od >= 0 && operandType.isDynamicDim(od)) {
          dim = operand.getShape()[od];
          break;
        }
      }
    }
    shapes.push_back(shape);
  }
  return shapes;
}
