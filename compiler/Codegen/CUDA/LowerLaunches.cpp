//===- LowerLaunches.cpp - Launches as calls of the runtime ---------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Tile/IR/Tile.h"
#include "compiler/Codegen/CUDA/Kernels.h"
#include "compiler/Passes.h"
#include "dither/emulator.h"
#include "mlir/Conversion/LLVMCommon/MemRefBuilder.h"
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
                 const DenseMap<StringAttr, int32_t> &numbers,
                 const SymbolTable &kernels)
      : function(function), converter(converter), numbers(numbers),
        kernels(kernels), b(function.getLoc(), function.getContext()) {
    pointer = LLVM::LLVMPointerType::get(function.getContext());
  }

  void lower(gpu::LaunchFuncOp launch) {
    b.setInsertionPoint(launch);
    b.setLoc(launch.getLoc());
    SmallVector<Value> slots;
    SmallVector<Attribute> maps;
    for (Value operand : launch.getKernelOperands()) {
      if (auto map = operand.getDefiningOp<tile::DescribeOp>()) {
        maps.push_back(getMapAttribute(map, slots.size()));
        slots.push_back(storeMatrix(map));
        continue;
      }
      SmallVector<Value> values;
      addFields(cast(converter.convertType(operand.getType()), operand),
                values);
      for (Value value : values)
        slots.push_back(store(value));
    }
    if (!maps.empty())
      kernels.lookup<gpu::GPUFuncOp>(launch.getKernelName())
          ->setAttr(tensorMapsName, b.getArrayAttr(maps));
    Value addresses = createSlot(pointer, slots.size());
    for (auto [i, slot] : llvm::enumerate(slots))
      LLVM::StoreOp::create(b, slot, at(addresses, pointer, i));
    gpu::KernelDim3 grid = launch.getGridSizeOperandValues();
    Value extents = createSlot(b.getI64Type(), 3);
    Value counts[] = {grid.x, grid.y, grid.z};
    for (auto [i, extent] : llvm::enumerate(counts))
      LLVM::StoreOp::create(b, cast(b.getI64Type(), extent),
                            at(extents, b.getI64Type(), i));
    call(numbers.lookup(launch.getKernelName()), extents, addresses,
         emitOrder(launch));
    launch.erase();
  }

private:
  Value cast(Type type, Value value) {
    if (value.getType() == type)
      return value;
    return UnrealizedConversionCastOp::create(b, type, value).getResult(0);
  }

  Value store(Value value) {
    Value slot = createSlot(value.getType(), 1);
    LLVM::StoreOp::create(b, value, slot);
    return slot;
  }

  /// A DitherMatrix (runtime/include/dither/emulator.h): where it is, its rows,
  /// its columns, and elements between rows.
  Value storeMatrix(tile::DescribeOp map) {
    auto type = ::cast<MemRefType>(map.getMatrix().getType());
    MemRefDescriptor matrix(cast(converter.convertType(type), map.getMatrix()));
    Type i64 = b.getI64Type();
    Value data = LLVM::GEPOp::create(
        b, pointer, converter.convertType(type.getElementType()),
        matrix.alignedPtr(b, b.getLoc()),
        ArrayRef<LLVM::GEPArg>{matrix.offset(b, b.getLoc())});
    Value fields[] = {data, matrix.size(b, b.getLoc(), 0),
                      matrix.size(b, b.getLoc(), 1),
                      matrix.stride(b, b.getLoc(), 0)};
    Value slot = createSlot(i64, std::size(fields));
    for (auto [i, field] : llvm::enumerate(fields))
      LLVM::StoreOp::create(b, field, at(slot, i64, i));
    return slot;
  }

  /// What a map says of its elements, which are copied, and not computed with:
  /// it is their size that matters.
  static DitherNumber getNumber(Type element) {
    switch (element.getIntOrFloatBitWidth()) {
    case 8:
      return DITHER_S8;
    case 32:
      return DITHER_F32;
    default:
      return element.isBF16() ? DITHER_BF16 : DITHER_F16;
    }
  }

  /// A DitherTensorMap.
  Attribute getMapAttribute(tile::DescribeOp map, size_t argument) {
    tile::MapType type = map.getMap().getType();
    return b.getDenseI32ArrayAttr(
        {int32_t(argument), int32_t(getNumber(type.getElementType())),
         int32_t(type.getShape()[0]), int32_t(type.getShape()[1]),
         int32_t(type.getSwizzle())});
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

  /// `after` of DitherContext's launch: distances that end with a 0, or null.
  Value emitOrder(gpu::LaunchFuncOp launch) {
    auto after = launch->getAttrOfType<DenseI32ArrayAttr>(afterName);
    if (!after)
      return LLVM::ZeroOp::create(b, pointer);
    SmallVector<int32_t> distances(after.asArrayRef());
    distances.push_back(0);
    return LLVM::AddressOfOp::create(b, getTable(distances));
  }

  /// A constant of the module, which launches with the same numbers share.
  LLVM::GlobalOp getTable(ArrayRef<int32_t> numbers) {
    auto module = function->getParentOfType<ModuleOp>();
    std::string name = "dither.after";
    for (int32_t number : numbers)
      name += "." + std::to_string(number);
    if (auto found = module.lookupSymbol<LLVM::GlobalOp>(name))
      return found;
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(module.getBody());
    return LLVM::GlobalOp::create(
        b, LLVM::LLVMArrayType::get(b.getI32Type(), unsigned(numbers.size())),
        /*isConstant=*/true, LLVM::Linkage::Private, name,
        b.getI32TensorAttr(numbers));
  }

  void call(int32_t kernel, Value grid, Value arguments, Value after) {
    Value context = function.getArgument(0);
    Value callee =
        LLVM::LoadOp::create(b, pointer, at(context, pointer, launchField));
    Value number = LLVM::ConstantOp::create(b, b.getI32Type(),
                                            b.getI32IntegerAttr(kernel));
    auto type = LLVM::LLVMFunctionType::get(
        LLVM::LLVMVoidType::get(b.getContext()),
        {pointer, b.getI32Type(), pointer, pointer, pointer});
    LLVM::CallOp::create(
        b, type, ValueRange{callee, context, number, grid, arguments, after});
  }

  func::FuncOp function;
  const LLVMTypeConverter &converter;
  const DenseMap<StringAttr, int32_t> &numbers;
  const SymbolTable &kernels;
  ImplicitLocOpBuilder b;
  LLVM::LLVMPointerType pointer;
};

/// A tensor map is a pointer to a kernel, whose argument it is by value
/// (`dither-place-maps`).
void passMapsAsPointers(gpu::GPUFuncOp kernel) {
  auto pointer = LLVM::LLVMPointerType::get(kernel.getContext());
  for (BlockArgument argument : kernel.getArguments()) {
    if (!isa<tile::MapType>(argument.getType()))
      continue;
    argument.setType(pointer);
    for (Operation *user : llvm::make_early_inc_range(argument.getUsers())) {
      user->getResult(0).replaceAllUsesWith(argument);
      user->erase();
    }
  }
  // Behind its arguments is shared memory.
  SmallVector<Type> types(kernel.getBody().getArgumentTypes());
  types.resize(kernel.getFunctionType().getNumInputs());
  kernel.setType(FunctionType::get(kernel.getContext(), types, {}));
}

struct LowerLaunches : dither::impl::LowerLaunchesBase<LowerLaunches> {
  void runOnOperation() override {
    Operation *module =
        SymbolTable::lookupSymbolIn(getOperation(), kernelModuleName);
    // Without kernels there are no launches.
    SymbolTable kernels(module ? module : getOperation());
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
      LaunchLowering lowering(function, converter, numbers, kernels);
      SmallVector<gpu::LaunchFuncOp> launches;
      function.walk([&](gpu::LaunchFuncOp op) { launches.push_back(op); });
      for (gpu::LaunchFuncOp launch : launches)
        lowering.lower(launch);
      for (auto map :
           llvm::make_early_inc_range(function.getOps<tile::DescribeOp>()))
        map.erase();
    }
    getOperation().walk(passMapsAsPointers);
  }
};
} // namespace
