//===- LowerLaunches.cpp - Launches as calls of the runtime ---------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/Kernels.h"
#include "compiler/Passes.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace dither {
#define GEN_PASS_DEF_LOWERLAUNCHES
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

/// The place of `launch` among the fields of DitherContext.
static constexpr int32_t launchField = 2;

namespace {
/// Lowers the launches of one function.
class LaunchLowering {
public:
  LaunchLowering(func::FuncOp function, const LLVMTypeConverter &converter,
                 const DenseMap<StringAttr, int32_t> &numbers)
      : function(function), converter(converter), numbers(numbers),
        b(function.getLoc(), function.getContext()) {
    pointer = LLVM::LLVMPointerType::get(function.getContext());
  }

  void lower(gpu::LaunchFuncOp launch) {
    b.setInsertionPoint(launch);
    b.setLoc(launch.getLoc());
    SmallVector<Value> values;
    for (Value operand : launch.getKernelOperands())
      addFields(cast(converter.convertType(operand.getType()), operand),
                values);
    Value addresses = createSlot(pointer, values.size());
    for (auto [i, value] : llvm::enumerate(values)) {
      Value slot = createSlot(value.getType(), 1);
      LLVM::StoreOp::create(b, value, slot);
      LLVM::StoreOp::create(b, slot, at(addresses, pointer, i));
    }
    gpu::KernelDim3 grid = launch.getGridSizeOperandValues();
    Value extents = createSlot(b.getI64Type(), 3);
    Value counts[] = {grid.x, grid.y, grid.z};
    for (auto [i, extent] : llvm::enumerate(counts))
      LLVM::StoreOp::create(b, cast(b.getI64Type(), extent),
                            at(extents, b.getI64Type(), i));
    call(numbers.lookup(launch.getKernelName()), extents, addresses);
    launch.erase();
  }

private:
  Value cast(Type type, Value value) {
    if (value.getType() == type)
      return value;
    return UnrealizedConversionCastOp::create(b, type, value).getResult(0);
  }

  /// A memref is passed as the fields of its descriptor.
  void addFields(Value value, SmallVectorImpl<Value> &values) {
    Type type = value.getType();
    auto addField = [&](int64_t i) {
      addFields(LLVM::ExtractValueOp::create(b, value, i), values);
    };
    if (auto descriptor = dyn_cast<LLVM::LLVMStructType>(type)) {
      for (size_t i = 0; i < descriptor.getBody().size(); ++i)
        addField(int64_t(i));
    } else if (auto sizes = dyn_cast<LLVM::LLVMArrayType>(type)) {
      for (unsigned i = 0; i < sizes.getNumElements(); ++i)
        addField(i);
    } else {
      values.push_back(value);
    }
  }

  /// Memory on the stack, once for each call of the function.
  Value createSlot(Type type, int64_t count) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(&function.getBody().front());
    Value number =
        LLVM::ConstantOp::create(b, b.getI64Type(), b.getI64IntegerAttr(count));
    return LLVM::AllocaOp::create(b, pointer, type, number);
  }

  Value at(Value base, Type type, size_t i) {
    return LLVM::GEPOp::create(b, pointer, type, base,
                               ArrayRef<LLVM::GEPArg>{int32_t(i)});
  }

  void call(int32_t kernel, Value grid, Value arguments) {
    Value context = function.getArgument(0);
    Value callee =
        LLVM::LoadOp::create(b, pointer, at(context, pointer, launchField));
    Value number = LLVM::ConstantOp::create(b, b.getI32Type(),
                                            b.getI32IntegerAttr(kernel));
    auto type = LLVM::LLVMFunctionType::get(
        LLVM::LLVMVoidType::get(b.getContext()),
        {pointer, b.getI32Type(), pointer, pointer});
    LLVM::CallOp::create(b, type,
                         ValueRange{callee, context, number, grid, arguments});
  }

  func::FuncOp function;
  const LLVMTypeConverter &converter;
  const DenseMap<StringAttr, int32_t> &numbers;
  ImplicitLocOpBuilder b;
  LLVM::LLVMPointerType pointer;
};

struct LowerLaunches : dither::impl::LowerLaunchesBase<LowerLaunches> {
  void runOnOperation() override {
    DenseMap<StringAttr, int32_t> numbers;
    getOperation().walk([&](gpu::GPUFuncOp kernel) {
      numbers.insert({kernel.getNameAttr(), int32_t(numbers.size())});
    });
    LLVMTypeConverter converter(&getContext());
    Builder b(&getContext());
    auto kind = b.getDictionaryAttr(
        {b.getNamedAttr("dither.kind", b.getStringAttr("context"))});
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      if (function.isExternal())
        continue;
      (void)function.insertArgument(0,
                                    LLVM::LLVMPointerType::get(&getContext()),
                                    kind, function.getLoc());
      LaunchLowering lowering(function, converter, numbers);
      SmallVector<gpu::LaunchFuncOp> launches;
      function.walk([&](gpu::LaunchFuncOp op) { launches.push_back(op); });
      for (gpu::LaunchFuncOp launch : launches)
        lowering.lower(launch);
    }
  }
};
} // namespace
