//===- Mutations.cpp - Bugs in the order and the places of data -----------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mutations.h"
#include "compiler/Codegen/CUDA/Kernels.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/bit.h"

using namespace mlir;
using namespace dither;
using namespace dither::test;

//===----------------------------------------------------------------------===//
// In general
//===----------------------------------------------------------------------===//

std::optional<int64_t> dither::test::getConstant(Value value) {
  APInt known;
  if (!matchPattern(value, m_ConstantInt(&known)))
    return std::nullopt;
  return known.getSExtValue();
}

void dither::test::setConstant(OpOperand &operand, int64_t number) {
  Operation *owner = operand.getOwner();
  OpBuilder b(owner);
  Type type = operand.get().getType();
  TypedAttr value = b.getIntegerAttr(getElementTypeOrSelf(type), number);
  if (auto vector = dyn_cast<VectorType>(type))
    value = DenseElementsAttr::get(vector, Attribute(value));
  operand.set(LLVM::ConstantOp::create(b, owner->getLoc(), type, value));
}

bool dither::test::isMatrixProduct(Operation *op) {
  return isa<NVVM::MmaOp, NVVM::MmaSpOp>(op);
}

bool dither::test::isShared(Value address) {
  return cast<LLVM::LLVMPointerType>(address.getType()).getAddressSpace() == 3;
}

void dither::test::replaceByConstant(Operation *op, TypedAttr value) {
  OpBuilder b(op);
  Value constant = LLVM::ConstantOp::create(b, op->getLoc(),
                                            op->getResult(0).getType(), value);
  op->getResult(0).replaceAllUsesWith(constant);
}

void dither::test::moveAddress(OpOperand &address, Type element,
                               int32_t elements) {
  OpBuilder b(address.getOwner());
  Value before = address.get();
  address.set(LLVM::GEPOp::create(b, address.getOwner()->getLoc(),
                                  before.getType(), element, before,
                                  ArrayRef<LLVM::GEPArg>{elements}));
}

static void exchangeFields(Operation *op, int64_t i, int64_t j) {
  for (Operation *user : op->getUsers()) {
    auto field = dyn_cast<LLVM::ExtractValueOp>(user);
    if (!field)
      continue;
    int64_t at = field.getPosition()[0];
    if (at == i || at == j)
      field.setPosition({at == i ? j : i});
  }
}

//===----------------------------------------------------------------------===//
// Order
//===----------------------------------------------------------------------===//

static bool isBarrier(Operation *op) {
  return isa<NVVM::BarrierOp, NVVM::Barrier0Op>(op);
}

static bool changeBarrier(ModuleOp module, int index,
                          function_ref<void(Operation *)> how) {
  return change<Operation *>(list<Operation *>(module, isBarrier), index, how);
}

Mutation dither::test::dropBarrier(int index) {
  return [=](ModuleOp module) {
    return changeBarrier(module, index, [](Operation *op) { op->erase(); });
  };
}

bool dither::test::moveBarrierBehindCopies(ModuleOp module) {
  auto loads = list<NVVM::LdMatrixOp>(module);
  return !loads.empty() && changeBarrier(module, 0, [&](Operation *barrier) {
    barrier->moveBefore(loads.front());
  });
}

bool dither::test::moveBarrierToCopies(ModuleOp module) {
  auto copies = list<NVVM::CpAsyncOp>(module);
  return !copies.empty() && changeBarrier(module, 0, [&](Operation *barrier) {
    barrier->moveBefore(copies.back());
  });
}

Mutation dither::test::setWait(uint32_t groups) {
  return [=](ModuleOp module) {
    auto isOther = [&](NVVM::CpAsyncWaitGroupOp wait) {
      return wait.getN() != groups;
    };
    return changeAll<NVVM::CpAsyncWaitGroupOp>(
        list<NVVM::CpAsyncWaitGroupOp>(module, isOther),
        [&](auto wait) { wait.setN(groups); });
  };
}

bool dither::test::moveWaitBehindBarrier(ModuleOp module) {
  auto isAhead = [](NVVM::CpAsyncWaitGroupOp wait) {
    return isBarrier(wait->getNextNode());
  };
  return changeAll<NVVM::CpAsyncWaitGroupOp>(
      list<NVVM::CpAsyncWaitGroupOp>(module, isAhead),
      [](auto wait) { wait->moveAfter(wait->getNextNode()); });
}

Mutation dither::test::dropCommit(int index) {
  return [=](ModuleOp module) {
    return change<NVVM::CpAsyncCommitGroupOp>(
        list<NVVM::CpAsyncCommitGroupOp>(module), index,
        [](auto commit) { commit->erase(); });
  };
}

static bool shrinkRing(ModuleOp module,
                       function_ref<bool(Operation *)> isNumber) {
  auto isStage = [&](LLVM::URemOp op) {
    Operation *number = op.getLhs().getDefiningOp();
    return number && isNumber(number) && getConstant(op.getRhs());
  };
  return changeAll<LLVM::URemOp>(
      list<LLVM::URemOp>(module, isStage), [](LLVM::URemOp op) {
        setConstant(op->getOpOperand(1), *getConstant(op.getRhs()) - 1);
      });
}

/// The number of a tile, from its place along the contraction.
static bool isTile(Operation *op) { return isa<LLVM::UDivOp>(op); }

bool dither::test::readSmallerRing(ModuleOp module) {
  return shrinkRing(module, isTile);
}

bool dither::test::writeSmallerRing(ModuleOp module) {
  return shrinkRing(module, [](Operation *op) {
    Operation *tile =
        op->getNumOperands() > 0 ? op->getOperand(0).getDefiningOp() : nullptr;
    return isa<LLVM::AddOp>(op) && tile && isTile(tile);
  });
}

//===----------------------------------------------------------------------===//
// Places
//===----------------------------------------------------------------------===//

/// The multiplication of a bit of a thread's number by what it moves an address
/// by: several bits where the layout is swizzled.
static bool isSwizzle(LLVM::MulOp op) {
  std::optional<int64_t> factor = getConstant(op.getRhs());
  return factor && op.getType().isInteger(32) && !llvm::isPowerOf2_64(*factor);
}

/// The highest of these bits remains.
static void dropBits(LLVM::MulOp op) {
  auto factor = uint64_t(*getConstant(op.getRhs()));
  setConstant(op->getOpOperand(1), int64_t(llvm::bit_floor(factor)));
}

Mutation dither::test::dropSwizzle(int index) {
  return [=](ModuleOp module) {
    return change<LLVM::MulOp>(list<LLVM::MulOp>(module, isSwizzle), index,
                               dropBits);
  };
}

bool dither::test::writeWithoutSwizzle(ModuleOp module) {
  auto isWritten = [](LLVM::MulOp op) {
    return isSwizzle(op) &&
           llvm::any_of(op->getBlock()->getOps<LLVM::StoreOp>(),
                        [](auto store) { return isShared(store.getAddr()); });
  };
  return changeAll<LLVM::MulOp>(list<LLVM::MulOp>(module, isWritten), dropBits);
}

Mutation dither::test::moveMatrices(int index) {
  return [=](ModuleOp module) {
    return change<NVVM::LdMatrixOp>(
        list<NVVM::LdMatrixOp>(module), index, [](NVVM::LdMatrixOp load) {
          moveAddress(load.getPtrMutable(),
                      IntegerType::get(load.getContext(), 8), 16);
        });
  };
}

bool dither::test::copyFromNextElement(ModuleOp module) {
  return change<NVVM::CpAsyncOp>(
      list<NVVM::CpAsyncOp>(module), 0, [](NVVM::CpAsyncOp copy) {
        moveAddress(copy.getSrcMutable(),
                    IntegerType::get(copy.getContext(), 16), 1);
      });
}

bool dither::test::dropCopy(ModuleOp module) {
  return change<NVVM::CpAsyncOp>(list<NVVM::CpAsyncOp>(module), 0,
                                 [](auto copy) { copy->erase(); });
}

bool dither::test::overstateAlignment(ModuleOp module) {
  auto isResult = [](LLVM::StoreOp store) {
    return !isShared(store.getAddr());
  };
  return change<LLVM::StoreOp>(list<LLVM::StoreOp>(module, isResult), 0,
                               [](auto store) { store.setAlignment(16); });
}

bool dither::test::copyAllBytes(ModuleOp module) {
  auto isLimited = [](NVVM::CpAsyncOp copy) { return bool(copy.getCpSize()); };
  return changeAll<NVVM::CpAsyncOp>(
      list<NVVM::CpAsyncOp>(module, isLimited), [](NVVM::CpAsyncOp copy) {
        setConstant(copy->getOpOperand(copy->getNumOperands() - 1),
                    copy.getSize());
      });
}

bool dither::test::overlapShared(ModuleOp module) {
  auto isPiece = [](LLVM::GEPOp op) {
    return isShared(op.getBase()) && op.getElemType().isInteger(8) &&
           op.getDynamicIndices().empty() && op.getRawConstantIndices()[0] != 0;
  };
  return changeAll<LLVM::GEPOp>(
      list<LLVM::GEPOp>(module, isPiece),
      [](auto op) { op.setRawConstantIndices(ArrayRef<int32_t>{0}); });
}

bool dither::test::halveShared(ModuleOp module) {
  bool isChanged = false;
  for (auto kernel : list<LLVM::LLVMFuncOp>(module)) {
    auto bytes = kernel->getAttrOfType<IntegerAttr>(sharedBytesName);
    if (!bytes)
      continue;
    kernel->setAttr(sharedBytesName,
                    IntegerAttr::get(bytes.getType(), bytes.getInt() / 2));
    isChanged = true;
  }
  return isChanged;
}

bool dither::test::halveThreads(ModuleOp module) {
  constexpr StringLiteral name = "nvvm.maxntid";
  bool isChanged = false;
  for (auto kernel : list<LLVM::LLVMFuncOp>(module)) {
    auto threads = kernel->getAttrOfType<DenseI32ArrayAttr>(name);
    if (!threads)
      continue;
    SmallVector<int32_t> fewer(threads.asArrayRef());
    fewer[0] /= 2;
    kernel->setAttr(name, DenseI32ArrayAttr::get(module.getContext(), fewer));
    isChanged = true;
  }
  return isChanged;
}

bool dither::test::pairThreads(ModuleOp module) {
  return changeAll<NVVM::ThreadIdXOp>(
      list<NVVM::ThreadIdXOp>(module), [](NVVM::ThreadIdXOp op) {
        OpBuilder b(op->getContext());
        b.setInsertionPointAfter(op);
        Value one = LLVM::ConstantOp::create(b, op.getLoc(), op.getType(),
                                             b.getI32IntegerAttr(1));
        Value half = LLVM::LShrOp::create(b, op.getLoc(), op, one);
        op.getResult().replaceAllUsesExcept(half, half.getDefiningOp());
      });
}

//===----------------------------------------------------------------------===//
// Registers
//===----------------------------------------------------------------------===//

Mutation dither::test::transposeLoad(int index) {
  return [=](ModuleOp module) {
    return change<NVVM::LdMatrixOp>(
        list<NVVM::LdMatrixOp>(module), index, [](NVVM::LdMatrixOp load) {
          load.setLayout(load.getLayout() == NVVM::MMALayout::row
                             ? NVVM::MMALayout::col
                             : NVVM::MMALayout::row);
        });
  };
}

Mutation dither::test::exchangeMatrices(int index, int64_t i, int64_t j) {
  return [=](ModuleOp module) {
    return change<NVVM::LdMatrixOp>(list<NVVM::LdMatrixOp>(module), index,
                                    [&](auto op) { exchangeFields(op, i, j); });
  };
}

Mutation dither::test::exchangeSums(int index, int64_t i, int64_t j) {
  return [=](ModuleOp module) {
    return change<Operation *>(list<Operation *>(module, isMatrixProduct),
                               index,
                               [&](auto *op) { exchangeFields(op, i, j); });
  };
}

Mutation dither::test::exchangeOperands(int index, unsigned i, unsigned j) {
  return [=](ModuleOp module) {
    return change<Operation *>(list<Operation *>(module, isMatrixProduct),
                               index, [&](Operation *op) {
                                 Value first = op->getOperand(i);
                                 op->setOperand(i, op->getOperand(j));
                                 op->setOperand(j, first);
                               });
  };
}

bool dither::test::exchangeSelectors(ModuleOp module) {
  return changeAll<NVVM::MmaSpOp>(
      list<NVVM::MmaSpOp>(module), [](NVVM::MmaSpOp op) {
        int64_t selector = *getConstant(op.getSparsitySelector());
        setConstant(op.getSparsitySelectorMutable(), 1 - selector);
      });
}

bool dither::test::multiplyAsHalf(ModuleOp module) {
  // Operands of f16 are vectors.
  auto pair = VectorType::get({2}, Float16Type::get(module.getContext()));
  return changeAll<NVVM::MmaOp>(list<NVVM::MmaOp>(module), [&](NVVM::MmaOp op) {
    OpBuilder b(op);
    for (OpOperand &operand : op->getOpOperands())
      if (operand.get().getType().isInteger(32))
        operand.set(
            LLVM::BitcastOp::create(b, op.getLoc(), pair, operand.get()));
    op.setMultiplicandAPtxType(NVVM::MMATypes::f16);
    op.setMultiplicandBPtxType(NVVM::MMATypes::f16);
  });
}

bool dither::test::multiplyUnsigned(ModuleOp module) {
  return changeAll<NVVM::MmaOp>(list<NVVM::MmaOp>(module), [](NVVM::MmaOp op) {
    op.setMultiplicandBPtxType(NVVM::MMATypes::u8);
  });
}
