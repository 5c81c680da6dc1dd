//===- BoundMutations.cpp - Bugs in bounds, operands and launches ---------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mutations.h"
#include "Tile/IR/Tile.h"
#include "mlir/IR/Dominance.h"

using namespace mlir;
using namespace dither;
using namespace dither::test;

//===----------------------------------------------------------------------===//
// Bounds
//===----------------------------------------------------------------------===//

static bool isProduct(Operation *op) {
  auto intrinsic = dyn_cast<LLVM::CallIntrinsicOp>(op);
  return isMatrixProduct(op) ||
         isa<tile::WgmmaOp, LLVM::FMulAddOp, LLVM::FMAOp>(op) ||
         (intrinsic && intrinsic.getIntrin() == "llvm.fma");
}

static SmallVector<LLVM::ICmpOp>
listChecks(ModuleOp module, Part part,
           function_ref<bool(LLVM::ICmpOp)> isWanted) {
  SmallVector<LLVM::ICmpOp> found;
  module.walk([&](gpu::GPUModuleOp kernels) {
    kernels.walk([&](Operation *op) {
      if (isProduct(op)) {
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

/// The branch that enters a loop, and the one back to its start.
static std::pair<LLVM::BrOp, LLVM::BrOp> findLoop(Block *start) {
  SmallVector<LLVM::BrOp> branches;
  for (Block *each : start->getPredecessors())
    if (auto branch = dyn_cast<LLVM::BrOp>(each->getTerminator()))
      branches.push_back(branch);
  if (branches.size() != 2)
    return {};
  DominanceInfo dominance;
  if (dominance.properlyDominates(start, branches[0]->getBlock()))
    std::swap(branches[0], branches[1]);
  return {branches[0], branches[1]};
}

bool dither::test::dropCarry(ModuleOp module) {
  auto carries = [](LLVM::BrOp branch) {
    Block *start = branch.getSuccessor();
    return start->getNumArguments() > 1 && findLoop(start).second == branch;
  };
  return change<LLVM::BrOp>(
      list<LLVM::BrOp>(module, carries), 0, [](LLVM::BrOp back) {
        LLVM::BrOp entry = findLoop(back.getSuccessor()).first;
        back->setOperand(back->getNumOperands() - 1,
                         entry->getOperands().back());
      });
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

/// Calls of the host: context, kernel, grid, arguments, and what they follow.
static SmallVector<LLVM::CallOp> listLaunches(ModuleOp module) {
  SmallVector<LLVM::CallOp> found;
  module.walk([&](LLVM::CallOp call) {
    // Through a pointer that the context has.
    if (!call.getCallee() && call.getArgOperands().size() == 5)
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
  for (LLVM::CallOp launch : listLaunches(module))
    for (int32_t axis = 0; axis < 3; ++axis) {
      LLVM::StoreOp store = findStore(launch.getArgOperands()[2], axis);
      int64_t blocks = store ? getConstant(store.getValue()).value_or(0) : 0;
      if (blocks < 2)
        continue;
      setConstant(store.getValueMutable(), blocks - 1);
      isChanged = true;
    }
  return isChanged;
}

bool dither::test::growGrid(ModuleOp module) {
  SmallVector<LLVM::CallOp> launches = listLaunches(module);
  if (launches.empty())
    return false;
  LLVM::StoreOp store = findStore(launches.back().getArgOperands()[2], 0);
  int64_t blocks = store ? getConstant(store.getValue()).value_or(0) : 0;
  if (blocks == 0)
    return false;
  setConstant(store.getValueMutable(), blocks + 1);
  return true;
}

Mutation dither::test::dropLaunch(int index) {
  return [=](ModuleOp module) {
    return change<LLVM::CallOp>(listLaunches(module), index, [](auto launch) {
      // Others still follow it.
      LLVM::StoreOp store = findStore(launch.getArgOperands()[2], 0);
      setConstant(store.getValueMutable(), 0);
    });
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
