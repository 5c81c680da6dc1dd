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

HostTensor::Kind HostTensor::getKind(Type type) {
  if (type.isF64())
    return Kind::F64;
  if (type.isF32())
    return Kind::F32;
  if (isa<FloatType>(type))
    return Kind::Narrow;
  if (type.isInteger(1))
    return Kind::I1;
  switch (elementBytes(type)) {
  case 8:
    return Kind::I64;
  case 4:
    return Kind::I32;
  case 2:
    return Kind::I16;
  default:
    return Kind::I8;
  }
}

HostTensor::HostTensor(Type elementType, ArrayRef<int64_t> shape)
    : elementType(elementType), kind(getKind(elementType)), shape(shape) {
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

static double widen(Type type, uint16_t bits) {
  const llvm::fltSemantics &semantics =
      cast<FloatType>(type).getFloatSemantics();
  return APFloat(semantics, APInt(16, bits)).convertToDouble();
}

static uint16_t narrow(Type type, double value) {
  APFloat result(value);
  bool lost;
  result.convert(cast<FloatType>(type).getFloatSemantics(),
                 APFloat::rmNearestTiesToEven, &lost);
  return uint16_t(result.bitcastToAPInt().getZExtValue());
}

Scalar HostTensor::get(int64_t index) const {
  const char *base = data();
  switch (kind) {
  case Kind::F64:
    return Scalar::of(load<double>(base, index));
  case Kind::F32:
    return Scalar::of(load<float>(base, index));
  case Kind::Narrow:
    return Scalar::of(widen(elementType, load<uint16_t>(base, index)));
  case Kind::I64:
    return Scalar::ofInt(load<int64_t>(base, index));
  case Kind::I32:
    return Scalar::ofInt(load<int32_t>(base, index));
  case Kind::I16:
    return Scalar::ofInt(load<int16_t>(base, index));
  case Kind::I8:
    return Scalar::ofInt(load<int8_t>(base, index));
  case Kind::I1:
    return Scalar::ofInt(load<uint8_t>(base, index) & 1);
  }
  llvm_unreachable("all kinds are above");
}

int64_t HostTensor::getInt(int64_t index) const {
  Scalar value = get(index);
  return value.isFloat ? int64_t(value.f) : value.i;
}

void HostTensor::set(int64_t index, Scalar value) {
  char *base = data();
  auto integer = [&] { return value.isFloat ? int64_t(value.f) : value.i; };
  switch (kind) {
  case Kind::F64:
    return store<double>(base, index, value.asDouble());
  case Kind::F32:
    return store<float>(base, index, float(value.asDouble()));
  case Kind::Narrow:
    return store<uint16_t>(base, index, narrow(elementType, value.asDouble()));
  case Kind::I64:
    return store<int64_t>(base, index, integer());
  case Kind::I32:
    return store<int32_t>(base, index, int32_t(integer()));
  case Kind::I16:
    return store<int16_t>(base, index, int16_t(integer()));
  case Kind::I8:
    return store<int8_t>(base, index, int8_t(integer()));
  case Kind::I1:
    return store<int8_t>(base, index, int8_t(integer() & 1));
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
