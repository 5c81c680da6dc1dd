//===- EmulateKernels.cpp - Kernels as functions of the host --------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/EmulatorCalls.h"
#include "compiler/Codegen/CUDA/Kernels.h"
#include "compiler/Passes.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Interfaces/DataLayoutInterfaces.h"
#include "llvm/ADT/TypeSwitch.h"

namespace dither {
#define GEN_PASS_DEF_EMULATEKERNELS
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

namespace {
/// Makes one kernel a function of the host.
class KernelEmulation : EmulatorCalls {
public:
  KernelEmulation(ModuleOp host, LLVM::LLVMFuncOp kernel,
                  llvm::StringMap<LLVM::GlobalOp> &places)
      : EmulatorCalls(host, kernel.getLoc(), places), kernel(kernel),
        layout(DataLayout::closest(host)) {}

  LogicalResult emit() {
    b.setInsertionPointToEnd(host.getBody());
    auto type = LLVM::LLVMFunctionType::get(
        LLVM::LLVMVoidType::get(b.getContext()), {pointer, pointer});
    auto function = LLVM::LLVMFuncOp::create(
        b, (emulatedPrefix + kernel.getName()).str(), type);
    function.getBody().takeBody(kernel.getBody());
    SmallVector<Operation *> ops;
    function.walk([&](Operation *op) { ops.push_back(op); });
    replaceArguments(function.getBody().front());
    for (Operation *op : ArrayRef(ops).drop_back()) // The function itself.
      if (failed(emulate(op)))
        return failure();
    return success();
  }

private:
  /// The values of a kernel's arguments are where pointers say. One that is
  /// handed over in memory is that memory.
  void replaceArguments(Block &entry) {
    b.setInsertionPointToStart(&entry);
    unsigned count = entry.getNumArguments();
    thread = entry.addArgument(pointer, kernel.getLoc());
    Value arguments = entry.addArgument(pointer, kernel.getLoc());
    for (unsigned i = 0; i < count; ++i) {
      if (entry.getArgument(i).use_empty())
        continue;
      Value slot = LLVM::LoadOp::create(
          b, pointer,
          LLVM::GEPOp::create(b, pointer, pointer, arguments,
                              ArrayRef<LLVM::GEPArg>{int32_t(i)}));
      bool isMemory = kernel.getArgAttr(
                          i, LLVM::LLVMDialect::getByValAttrName()) != nullptr;
      Value value = slot;
      if (!isMemory)
        value = LLVM::LoadOp::create(b, entry.getArgument(i).getType(), slot);
      entry.getArgument(i).replaceAllUsesWith(value);
    }
    entry.eraseArguments(0, count);
  }

  LogicalResult emulate(Operation *op) {
    b.setInsertionPoint(op);
    b.setLoc(op->getLoc());
    return llvm::TypeSwitch<Operation *, LogicalResult>(op)
        .Case([&](LLVM::LoadOp load) {
          return emitAccess(load.getAddr(), load.getType(), load.getAlignment(),
                            readAccess);
        })
        .Case([&](LLVM::StoreOp store) {
          return emitAccess(store.getAddr(), store.getValue().getType(),
                            store.getAlignment(), writeAccess);
        })
        .Case([&](LLVM::AtomicRMWOp atomic) {
          return emitAccess(atomic.getPtr(), atomic.getVal().getType(),
                            atomic.getAlignment(), atomicAccess);
        })
        .Case([&](LLVM::AtomicCmpXchgOp atomic) {
          return emitAccess(atomic.getPtr(), atomic.getVal().getType(),
                            atomic.getAlignment(), atomicAccess);
        })
        .Case([&](LLVM::AddressOfOp address) { return emitShared(address); })
        .Case([&](NVVM::ThreadIdXOp) { return emitField(op, threadField, 0); })
        .Case([&](NVVM::ThreadIdYOp) { return emitField(op, threadField, 1); })
        .Case([&](NVVM::ThreadIdZOp) { return emitField(op, threadField, 2); })
        .Case([&](NVVM::BlockIdXOp) { return emitField(op, blockField, 0); })
        .Case([&](NVVM::BlockIdYOp) { return emitField(op, blockField, 1); })
        .Case([&](NVVM::BlockIdZOp) { return emitField(op, blockField, 2); })
        .Case([&](NVVM::BlockDimXOp) { return emitField(op, threadsField, 0); })
        .Case([&](NVVM::BlockDimYOp) { return emitField(op, threadsField, 1); })
        .Case([&](NVVM::BlockDimZOp) { return emitField(op, threadsField, 2); })
        .Case([&](NVVM::GridDimXOp) { return emitField(op, blocksField, 0); })
        .Case([&](NVVM::GridDimYOp) { return emitField(op, blocksField, 1); })
        .Case([&](NVVM::GridDimZOp) { return emitField(op, blocksField, 2); })
        .Case([&](NVVM::BarrierOp barrier) { return emitBarrier(barrier); })
        .Case([&](NVVM::Barrier0Op) {
          emitCall(barrierField, Type(), {emitInt(0), emitInt(0)});
          op->erase();
          return success();
        })
        .Case([&](NVVM::ShflOp shuffle) { return emitShuffle(shuffle); })
        .Case([&](NVVM::CpAsyncOp copy) { return emitCopyAsync(copy); })
        .Case([&](NVVM::CpAsyncCommitGroupOp) {
          emitCall(copyCommitField, Type(), {});
          op->erase();
          return success();
        })
        .Case([&](NVVM::CpAsyncWaitGroupOp wait) {
          emitCall(copyWaitField, Type(), {emitInt(wait.getN())});
          op->erase();
          return success();
        })
        .Case([&](NVVM::LdMatrixOp load) { return emitLoadMatrix(load); })
        .Case([&](NVVM::MmaOp product) {
          return emitMultiply(product, product.accumPtxType(), emitInt(0),
                              std::nullopt);
        })
        .Case([&](NVVM::MmaSpOp product) { return emitSparse(product); })
        .Default([&](Operation *other) -> LogicalResult {
          if (std::optional<LogicalResult> done = emulateAsync(*this, other))
            return *done;
          // Fences would pass unseen by what looks for races.
          if (!isa_and_present<NVVM::NVVMDialect>(other->getDialect()) &&
              !isa<LLVM::FenceOp>(other))
            return success();
          return other->emitOpError("is not known to the emulator");
        });
  }

  LogicalResult emitField(Operation *op, ThreadField field, int32_t axis) {
    op->getResult(0).replaceAllUsesWith(emitThreadField(i32, {field, axis}));
    op->erase();
    return success();
  }

  /// Whether an address is inside of a constant table of the artifact.
  static bool isTable(Value address) {
    while (auto *op = address.getDefiningOp()) {
      if (isa<LLVM::AddressOfOp>(op))
        return true;
      if (!isa<LLVM::GEPOp, LLVM::AddrSpaceCastOp>(op))
        return false;
      address = op->getOperand(0);
    }
    return false;
  }

  LogicalResult emitAccess(Value address, Type type,
                           std::optional<uint64_t> alignment, AccessKind kind) {
    if (isTable(address))
      return success();
    int64_t bytes = layout.getTypeSize(type).getFixedValue();
    int64_t natural = llvm::PowerOf2Ceil(bytes);
    int64_t wanted = alignment.value_or(std::min<int64_t>(natural, 16));
    // A vector of less alignment is read element by element.
    Value size =
        LLVM::ConstantOp::create(b, b.getI64Type(), b.getI64IntegerAttr(bytes));
    emitCall(accessField, Type(),
             {emitFlat(address), size, emitInt(wanted), emitInt(kind)});
    return success();
  }

  LogicalResult emitShared(LLVM::AddressOfOp address) {
    if (address.getGlobalName() != sharedSymbolName)
      return success();
    Value shared = emitThreadField(pointer, {sharedField});
    address.replaceAllUsesWith(
        LLVM::AddrSpaceCastOp::create(b, address.getType(), shared)
            .getResult());
    address.erase();
    return success();
  }

  LogicalResult emitBarrier(NVVM::BarrierOp barrier) {
    if (barrier->getNumResults() > 0)
      return barrier.emitOpError("that reduces is not known to the emulator");
    Value id = barrier.getBarrierId() ? barrier.getBarrierId() : emitInt(0);
    Value count = barrier.getNumberOfThreads() ? barrier.getNumberOfThreads()
                                               : emitInt(0);
    emitCall(barrierField, Type(), {id, count});
    barrier.erase();
    return success();
  }

  LogicalResult emitShuffle(NVVM::ShflOp shuffle) {
    Value value = shuffle.getVal();
    Type type = value.getType();
    if (type != i32)
      value = LLVM::BitcastOp::create(b, i32, value);
    bool hasPredicate = isa<LLVM::LLVMStructType>(shuffle.getType());
    Value valid = LLVM::ZeroOp::create(b, pointer);
    if (hasPredicate)
      valid = createRegisters(shuffle, 1);
    static constexpr int32_t kinds[] = {/*bfly=*/3, /*up=*/1, /*down=*/2,
                                        /*idx=*/0};
    Value result = emitCall(
        shuffleField, i32,
        {shuffle.getThreadMask(), emitInt(kinds[int(shuffle.getKind())]), value,
         shuffle.getOffset(), shuffle.getMaskAndClamp(), valid});
    if (type != i32)
      result = LLVM::BitcastOp::create(b, type, result);
    if (hasPredicate) {
      Value flag = LLVM::LoadOp::create(b, i32, valid);
      flag = LLVM::TruncOp::create(b, b.getI1Type(), flag);
      Value both = LLVM::PoisonOp::create(b, shuffle.getType());
      both = LLVM::InsertValueOp::create(b, both, result, ArrayRef<int64_t>{0});
      result = LLVM::InsertValueOp::create(b, both, flag, ArrayRef<int64_t>{1});
    }
    shuffle.replaceAllUsesWith(result);
    shuffle.erase();
    return success();
  }

  /// Of a table, which the device does not have in its memory, at once.
  LogicalResult emitCopyAsync(NVVM::CpAsyncOp copy) {
    if (isTable(copy.getSrc()))
      return emitTableCopy(copy);
    Value bytes = emitInt(copy.getSize());
    Value read = copy.getCpSize() ? copy.getCpSize() : bytes;
    emitCall(copyAsyncField, Type(),
             {emitFlat(copy.getDst()), emitFlat(copy.getSrc()), bytes, read});
    copy.erase();
    return success();
  }

  LogicalResult emitTableCopy(NVVM::CpAsyncOp copy) {
    // Byte by byte: how many are read may not be known, the others are zero.
    Value read = copy.getCpSize() ? copy.getCpSize() : emitInt(copy.getSize());
    Value dst = emitFlat(copy.getDst()), src = emitFlat(copy.getSrc());
    Type i8 = b.getI8Type();
    for (int32_t i = 0; i < int32_t(copy.getSize()); ++i) {
      auto at = [&](Value base) {
        return LLVM::GEPOp::create(b, pointer, i8, base,
                                   ArrayRef<LLVM::GEPArg>{i});
      };
      Value isRead =
          LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::ugt, read, emitInt(i));
      // A table that is not read has a first byte all the same.
      Value from = LLVM::SelectOp::create(b, isRead, at(src), src);
      Value byte = LLVM::LoadOp::create(b, i8, from);
      Value zero = LLVM::ZeroOp::create(b, i8);
      byte = LLVM::SelectOp::create(b, isRead, byte, zero);
      Value to = at(dst);
      (void)emitAccess(to, i8, 1, writeAccess);
      LLVM::StoreOp::create(b, byte, to);
    }
    copy.erase();
    return success();
  }

  /// Gives an op the registers as its result: one, or a structure of them.
  void replaceByRegisters(Operation *op, Value registers) {
    Type type = op->getResult(0).getType();
    auto fields = dyn_cast<LLVM::LLVMStructType>(type);
    Value result;
    if (!fields) {
      result = LLVM::LoadOp::create(b, type, registers);
    } else {
      result = LLVM::PoisonOp::create(b, type);
      for (auto [i, field] : llvm::enumerate(fields.getBody())) {
        Value value = LLVM::LoadOp::create(b, field, atRegister(registers, i));
        result =
            LLVM::InsertValueOp::create(b, result, value, ArrayRef{int64_t(i)});
      }
    }
    op->getResult(0).replaceAllUsesWith(result);
    op->erase();
  }

  LogicalResult emitLoadMatrix(NVVM::LdMatrixOp load) {
    if (load.getShape().getM() != 8 || load.getShape().getN() != 8)
      return load.emitOpError("of this shape is not known to the emulator");
    Value registers = createRegisters(load, load.getNum());
    bool isTransposed = load.getLayout() == NVVM::MMALayout::col;
    emitCall(loadMatrixField, Type(),
             {emitFlat(load.getPtr()), emitInt(load.getNum()),
              emitInt(isTransposed), registers});
    replaceByRegisters(load, registers);
    return success();
  }

  /// The number of a type, as DitherNumber has it.
  static std::optional<int32_t> getNumber(NVVM::MMATypes type) {
    switch (type) {
    case NVVM::MMATypes::f16:
      return 0;
    case NVVM::MMATypes::bf16:
      return 1;
    case NVVM::MMATypes::tf32:
      return 2;
    case NVVM::MMATypes::f32:
      return 3;
    case NVVM::MMATypes::s8:
      return 4;
    case NVVM::MMATypes::u8:
      return 5;
    case NVVM::MMATypes::s32:
      return 6;
    default:
      return std::nullopt;
    }
  }

  /// Products of both kinds; `selector` of sparse ones alone.
  template <typename Op>
  LogicalResult emitMultiply(Op product, NVVM::MMATypes accumulator,
                             Value metadata, std::optional<int64_t> selector) {
    NVVM::MMAShapeAttr shape = product.getShape();
    auto a = product.getMultiplicandAPtxType(),
         w = product.getMultiplicandBPtxType();
    std::optional<int32_t> numbers[] = {a ? getNumber(*a) : std::nullopt,
                                        w ? getNumber(*w) : std::nullopt,
                                        getNumber(accumulator)};
    if (!numbers[0] || !numbers[1] || !numbers[2])
      return product.emitOpError("of these types is not known to the emulator");
    Value what = createShape(
        "mma", {int32_t(shape.getM()), int32_t(shape.getN()),
                int32_t(shape.getK()), *numbers[0], *numbers[1], *numbers[2],
                selector.has_value(), int32_t(selector.value_or(0))});
    auto fields = cast<LLVM::LLVMStructType>(product.getType()).getBody();
    Value result = createRegisters(product, int64_t(fields.size()));
    emitCall(multiplyField, Type(),
             {what, storeRegisters(product, product.getOperandA()),
              storeRegisters(product, product.getOperandB()),
              storeRegisters(product, product.getOperandC()), metadata,
              result});
    replaceByRegisters(product, result);
    return success();
  }

  LogicalResult emitSparse(NVVM::MmaSpOp product) {
    APInt selector;
    if (!matchPattern(product.getSparsitySelector(), m_ConstantInt(&selector)))
      return product.emitOpError("has a selector that is not constant");
    return emitMultiply(product, product.accumPtxType(),
                        product.getSparseMetadata(), selector.getSExtValue());
  }

  LLVM::LLVMFuncOp kernel;
  DataLayout layout;
};

struct EmulateKernels : dither::impl::EmulateKernelsBase<EmulateKernels> {
  void runOnOperation() override {
    llvm::StringMap<LLVM::GlobalOp> places;
    for (auto kernels : llvm::make_early_inc_range(
             getOperation().getOps<gpu::GPUModuleOp>())) {
      OpBuilder b(getOperation().getBody(), getOperation().getBody()->begin());
      for (auto table : kernels.getOps<LLVM::GlobalOp>())
        if (table.getAddrSpace() == 0 &&
            !getOperation().lookupSymbol(table.getSymName()))
          b.clone(*table);
      for (auto kernel : kernels.getOps<LLVM::LLVMFuncOp>())
        if (!kernel.isExternal() &&
            failed(KernelEmulation(getOperation(), kernel, places).emit()))
          return signalPassFailure();
      kernels.erase();
    }
  }
};
} // namespace
