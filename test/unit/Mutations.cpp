//===- Mutations.cpp - Bugs to plant in kernels ---------------------------===//
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

static void replaceByConstant(Operation *op, TypedAttr value) {
  OpBuilder b(op);
  Value constant = LLVM::ConstantOp::create(b, op->getLoc(),
                                            op->getResult(0).getType(), value);
  op->getResult(0).replaceAllUsesWith(constant);
}

/// From so many elements further.
static void moveAddress(OpOperand &address, Type element, int32_t elements) {
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

//===----------------------------------------------------------------------===//
// Places
//===----------------------------------------------------------------------===//

static bool isShared(Value address) {
  return cast<LLVM::LLVMPointerType>(address.getType()).getAddressSpace() == 3;
}

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
    return change<NVVM::MmaOp>(list<NVVM::MmaOp>(module), index,
                               [&](auto op) { exchangeFields(op, i, j); });
  };
}

Mutation dither::test::exchangeOperands(int index, unsigned i, unsigned j) {
  return [=](ModuleOp module) {
    return change<NVVM::MmaOp>(list<NVVM::MmaOp>(module), index,
                               [&](NVVM::MmaOp op) {
                                 Value first = op->getOperand(i);
                                 op->setOperand(i, op->getOperand(j));
                                 op->setOperand(j, first);
                               });
  };
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

//===----------------------------------------------------------------------===//
// Bounds
//===----------------------------------------------------------------------===//

static SmallVector<LLVM::ICmpOp>
listChecks(ModuleOp module, Part part,
           function_ref<bool(LLVM::ICmpOp)> isWanted) {
  SmallVector<LLVM::ICmpOp> found;
  module.walk([&](gpu::GPUModuleOp kernels) {
    kernels.walk([&](Operation *op) {
      if (isa<NVVM::MmaOp, LLVM::FMulAddOp>(op)) {
        if (part == Part::loads)
          return WalkResult::interrupt();
        found.clear();
      }
      auto check = dyn_cast<LLVM::ICmpOp>(op);
      if (check && isWanted(check))
        found.push_back(check);
      return WalkResult::advance();
    });
  });
  return found;
}

static SmallVector<LLVM::ICmpOp> listBounds(ModuleOp module, Part part,
                                            int64_t bound) {
  return listChecks(module, part, [&](LLVM::ICmpOp check) {
    return check.getPredicate() == LLVM::ICmpPredicate::ult &&
           getConstant(check.getRhs()) == bound;
  });
}

static void makeTrue(LLVM::ICmpOp check) {
  TypedAttr value = BoolAttr::get(check.getContext(), true);
  if (auto vector = dyn_cast<VectorType>(check.getType()))
    value = DenseElementsAttr::get(vector, true);
  replaceByConstant(check, value);
}

Mutation dither::test::dropBound(Part part, int64_t bound) {
  return [=](ModuleOp module) {
    return changeAll<LLVM::ICmpOp>(listBounds(module, part, bound), makeTrue);
  };
}

Mutation dither::test::includeBound(Part part, int64_t bound) {
  return [=](ModuleOp module) {
    return changeAll<LLVM::ICmpOp>(
        listBounds(module, part, bound),
        [](auto check) { check.setPredicate(LLVM::ICmpPredicate::ule); });
  };
}

bool dither::test::dropMasks(ModuleOp module) {
  return changeAll<LLVM::ICmpOp>(
      listChecks(module, Part::results,
                 [](auto check) { return isa<VectorType>(check.getType()); }),
      makeTrue);
}

bool dither::test::dropElection(ModuleOp module) {
  auto isElection = [](LLVM::ICmpOp check) {
    return check.getPredicate() == LLVM::ICmpPredicate::eq &&
           getConstant(check.getRhs()) == 0;
  };
  return changeAll<LLVM::ICmpOp>(list<LLVM::ICmpOp>(module, isElection),
                                 makeTrue);
}

//===----------------------------------------------------------------------===//
// Packed weights and lists
//===----------------------------------------------------------------------===//

/// Loads of vectors from global memory.
static SmallVector<LLVM::LoadOp> listVectorLoads(ModuleOp module) {
  return list<LLVM::LoadOp>(module, [](LLVM::LoadOp load) {
    return isa<VectorType>(load.getType()) && !isShared(load.getAddr());
  });
}

Mutation dither::test::moveFields(int load) {
  return [=](ModuleOp module) {
    bool isChanged = false;
    change<LLVM::LoadOp>(listVectorLoads(module), load, [&](auto load) {
      for (Operation *words : load->getUsers())
        for (Operation *user : words->getUsers())
          if (auto shift = dyn_cast<LLVM::LShrOp>(user)) {
            setConstant(shift->getOpOperand(1),
                        *getConstant(shift.getRhs()) + 1);
            isChanged = true;
          }
    });
    return isChanged;
  };
}

Mutation dither::test::moveLoad(int load, int32_t elements) {
  return [=](ModuleOp module) {
    return change<LLVM::LoadOp>(
        listVectorLoads(module), load, [&](LLVM::LoadOp load) {
          moveAddress(load.getAddrMutable(),
                      cast<VectorType>(load.getType()).getElementType(),
                      elements);
        });
  };
}

bool dither::test::lengthenList(ModuleOp module) {
  // Of no other loop is the end unknown.
  auto isEnd = [](LLVM::ICmpOp check) {
    return check.getPredicate() == LLVM::ICmpPredicate::slt &&
           !getConstant(check.getRhs());
  };
  return changeAll<LLVM::ICmpOp>(
      list<LLVM::ICmpOp>(module, isEnd),
      [](auto check) { check.setPredicate(LLVM::ICmpPredicate::sle); });
}

//===----------------------------------------------------------------------===//
// Warps
//===----------------------------------------------------------------------===//

Mutation dither::test::setShuffle(ShuffleOperand operand, int64_t number) {
  return [=](ModuleOp module) {
    return change<NVVM::ShflOp>(list<NVVM::ShflOp>(module), 0, [&](auto op) {
      setConstant((op.*operand)(), number);
    });
  };
}

bool dither::test::dropLastStep(ModuleOp module) {
  return change<NVVM::ShflOp>(list<NVVM::ShflOp>(module), -1, [](auto op) {
    replaceByConstant(op, FloatAttr::get(op.getType(), 0));
  });
}

Mutation dither::test::compareThreads(int64_t bound) {
  return [=](ModuleOp module) {
    return change<LLVM::ICmpOp>(
        listBounds(module, Part::loads, bound), -1, [](LLVM::ICmpOp check) {
          OpBuilder b(check);
          Value thread =
              NVVM::ThreadIdXOp::create(b, check.getLoc(), b.getI32Type());
          check.getLhsMutable().assign(LLVM::SExtOp::create(
              b, check.getLoc(), check.getLhs().getType(), thread));
        });
  };
}

//===----------------------------------------------------------------------===//
// Launches
//===----------------------------------------------------------------------===//

/// Calls of the host: context, kernel, grid, arguments.
static SmallVector<LLVM::CallOp> listLaunches(ModuleOp module) {
  SmallVector<LLVM::CallOp> found;
  module.walk([&](LLVM::CallOp call) {
    // Through a pointer that the context has.
    if (!call.getCallee() && call.getArgOperands().size() == 4)
      found.push_back(call);
  });
  return found;
}

/// The first element of an array on the stack of the host, or one behind it.
static LLVM::StoreOp findStore(Value array, int32_t index) {
  for (Operation *user : array.getUsers()) {
    auto store = dyn_cast<LLVM::StoreOp>(user);
    if (store && index == 0 && store.getAddr() == array)
      return store;
    auto place = dyn_cast<LLVM::GEPOp>(user);
    if (place && place.getRawConstantIndices()[0] == index)
      return findStore(place, 0);
  }
  return {};
}

bool dither::test::shrinkGrid(ModuleOp module) {
  bool isChanged = false;
  for (LLVM::CallOp launch : listLaunches(module)) {
    LLVM::StoreOp store = findStore(launch.getArgOperands()[2], 0);
    int64_t blocks = store ? getConstant(store.getValue()).value_or(0) : 0;
    if (blocks < 2)
      continue;
    setConstant(store.getValueMutable(), blocks - 1);
    isChanged = true;
  }
  return isChanged;
}

Mutation dither::test::dropLaunch(int index) {
  return [=](ModuleOp module) {
    return change<LLVM::CallOp>(listLaunches(module), index,
                                [](auto launch) { launch->erase(); });
  };
}

bool dither::test::exchangeArguments(ModuleOp module) {
  // Of a memref there are two pointers, an offset, and extents and strides of
  // two dimensions.
  constexpr int32_t aligned = 1, size = 7;
  bool isChanged = false;
  for (LLVM::CallOp launch : listLaunches(module)) {
    Value arguments = launch.getArgOperands()[3];
    LLVM::StoreOp x = findStore(arguments, aligned),
                  y = findStore(arguments, aligned + size);
    if (!x || !y)
      continue;
    Value first = x.getValue();
    x.getValueMutable().assign(y.getValue());
    y.getValueMutable().assign(first);
    isChanged = true;
  }
  return isChanged;
}
