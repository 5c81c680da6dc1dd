//===- Tensors.cpp - Tensors between files, the compiler and the runtime --===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/dither/Tensors.h"
#include "compiler/Interpreter/Interpreter.h"
#include "runtime/io/Npy.h"
#include "runtime/io/Safetensors.h"
#include "runtime/session/HostTensor.h"
#include "tools/dither/Errors.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace dither;
using runtime::Element;

//===- Types --------------------------------------------------------------===//

Type dither::toType(Element element, MLIRContext *context) {
  Builder b(context);
  switch (element) {
  case Element::F64:
    return b.getF64Type();
  case Element::F32:
    return b.getF32Type();
  case Element::F16:
    return b.getF16Type();
  case Element::BF16:
    return b.getBF16Type();
  case Element::I64:
    return b.getI64Type();
  case Element::I32:
    return b.getI32Type();
  case Element::I16:
    return b.getI16Type();
  case Element::I8:
    return b.getI8Type();
  case Element::I1:
    return b.getI1Type();
  default:
    return {};
  }
}

Type dither::toType(DLDataType type, MLIRContext *context) {
  std::optional<Element> element = runtime::fromDLPack(type);
  return element ? toType(*element, context) : Type();
}

/// MLIR's names of element types are those of the manifest.
static Element toElement(Type type) {
  std::string name;
  llvm::raw_string_ostream(name) << type;
  return runtime::elementFromName(name).value_or(Element::I8);
}

std::string dither::describe(const HostTensor &tensor) {
  return std::string(
             runtime::elementName(toElement(tensor.getElementType()))) +
         " " + runtime::shapeText(tensor.getShape().data(), tensor.getRank());
}

std::string dither::describe(RankedTensorType type) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << type.getElementType() << " ";
  if (type.getRank() == 0)
    os << "scalar";
  llvm::interleave(
      type.getShape(), os,
      [&](int64_t extent) {
        if (ShapedType::isDynamic(extent))
          os << "batch";
        else
          os << extent;
      },
      "x");
  return text;
}

TensorRef::TensorRef(const HostTensor &tensor)
    : tensor(tensor), shape(tensor.getShape().vec()) {}

DLTensor TensorRef::get() const {
  DLTensor result = {};
  result.data = const_cast<char *>(tensor.data());
  result.device = {kDLCPU, 0};
  result.ndim = int32_t(shape.size());
  result.dtype = runtime::toDLPack(toElement(tensor.getElementType()));
  result.shape = const_cast<int64_t *>(shape.data());
  return result;
}

//===- Numbers ------------------------------------------------------------===//

static double readFloat(const llvm::fltSemantics &semantics, uint64_t bits) {
  unsigned width = llvm::APFloat::getSizeInBits(semantics);
  return llvm::APFloat(semantics, llvm::APInt(width, bits)).convertToDouble();
}

double dither::readNumber(Element element, const uint8_t *bytes,
                          size_t index) {
  using namespace llvm::support::endian;
  const uint8_t *at = bytes + index * runtime::elementSize(element);
  switch (element) {
  case Element::F64:
    return readFloat(llvm::APFloat::IEEEdouble(), read64le(at));
  case Element::F32:
    return readFloat(llvm::APFloat::IEEEsingle(), read32le(at));
  case Element::F16:
    return readFloat(llvm::APFloat::IEEEhalf(), read16le(at));
  case Element::BF16:
    return readFloat(llvm::APFloat::BFloat(), read16le(at));
  case Element::F8E4M3:
    return readFloat(llvm::APFloat::Float8E4M3FN(), *at);
  case Element::F8E5M2:
    return readFloat(llvm::APFloat::Float8E5M2(), *at);
  case Element::I64:
    return double(int64_t(read64le(at)));
  case Element::I32:
    return int32_t(read32le(at));
  case Element::I16:
    return int16_t(read16le(at));
  case Element::I8:
    return int8_t(*at);
  case Element::U64:
    return double(read64le(at));
  case Element::U32:
    return read32le(at);
  case Element::U16:
    return read16le(at);
  case Element::I1:
  case Element::U8:
    return *at;
  }
  llvm_unreachable("unknown element");
}

//===- Files --------------------------------------------------------------===//

static FailureOr<HostTensor> makeTensor(Element element,
                                        ArrayRef<int64_t> shape,
                                        runtime::Bytes bytes,
                                        const Twine &where,
                                        MLIRContext *context) {
  Type type = toType(element, context);
  if (!type)
    return fail(where + ": has elements of type " +
                StringRef(runtime::elementName(element)) +
                ", which tensors of a model do not have; convert it to f32 or "
                "to a signed integer type");
  HostTensor tensor(type, shape);
  std::copy_n(bytes.data, bytes.size, tensor.data());
  return tensor;
}

FailureOr<HostTensor> dither::readTensor(const std::string &path,
                                         MLIRContext *context) {
  auto file = take(runtime::readNpy(path));
  if (failed(file))
    return failure();
  return makeTensor(file->view.element, file->view.shape, file->view.bytes,
                    path, context);
}

LogicalResult dither::writeTensor(const std::string &path,
                                  const HostTensor &tensor) {
  runtime::NpyArray array;
  array.element = toElement(tensor.getElementType());
  array.shape = tensor.getShape().vec();
  array.bytes = {reinterpret_cast<const uint8_t *>(tensor.data()),
                 size_t(tensor.getNumBytes())};
  return check(runtime::writeNpy(path, array));
}

void dither::printTensor(llvm::raw_ostream &os, const HostTensor &tensor) {
  int64_t width = tensor.getRank() == 0 ? 1 : tensor.getShape().back();
  for (int64_t i = 0; i < tensor.getNumElements(); ++i) {
    Scalar value = tensor.get(i);
    if (value.isFloat)
      os << llvm::format("%.7g", value.f);
    else
      os << (tensor.getElementType().isInteger(1) ? value.i & 1 : value.i);
    os << ((i + 1) % width == 0 ? "\n" : " ");
  }
}

//===- Parameters ---------------------------------------------------------===//

static LogicalResult checkParameter(ParamOp param, const HostTensor &value,
                                    const Twine &where) {
  RankedTensorType type = param.getTensorType();
  if (value.getShape() != type.getShape() ||
      value.getElementType() != type.getElementType())
    return fail(where + ": is " + describe(value) + ", but the parameter is " +
                describe(type) + "; was it made by another model?");
  if (!isa<FloatType>(type.getElementType()))
    return success();
  for (int64_t i = 0; i < value.getNumElements(); ++i)
    if (!std::isfinite(value.getDouble(i)))
      return fail(where + ": element " + Twine(i) +
                  " is not a finite number; the training diverged, use an "
                  "earlier checkpoint");
  return success();
}

FailureOr<ParameterMap> dither::loadParameters(ModelOp model,
                                               const std::string &path) {
  auto file = take(runtime::readSafetensors(path));
  if (failed(file))
    return failure();
  ParameterMap values;
  for (ParamOp param : model.getOps<ParamOp>()) {
    std::string where = path + ": tensor '" + param.getSymName().str() + "'";
    const runtime::TensorView *view = file->view.find(param.getSymName());
    if (!view)
      return fail(where + ": is missing, but model @" + model.getSymName() +
                  " has a parameter of this name; was it made by another "
                  "model?");
    auto value = makeTensor(view->element, view->shape, view->bytes, where,
                            model.getContext());
    if (failed(value) || failed(checkParameter(param, *value, where)))
      return failure();
    values[param.getSymName()] = *value;
  }
  return values;
}

FailureOr<ParameterMap> dither::initializeParameters(ModelOp model,
                                                     uint64_t seed) {
  ParameterMap values;
  for (ParamOp param : model.getOps<ParamOp>()) {
    auto value = interpretInitializer(param, int64_t(seed));
    if (failed(value))
      return failure();
    values[param.getSymName()] = *value;
  }
  return values;
}

FailureOr<ParameterMap> dither::getParameters(ModelOp model,
                                              const std::string &path,
                                              uint64_t seed) {
  if (!path.empty())
    return loadParameters(model, path);
  if (!model.getOps<ParamOp>().empty())
    llvm::errs() << "note: no --params; the parameters are initialized with "
                    "seed "
                 << seed << "\n";
  return initializeParameters(model, seed);
}
