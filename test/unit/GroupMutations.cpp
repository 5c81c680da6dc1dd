//===- GroupMutations.cpp - Bugs to plant in kernels of sm_90a ------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GroupMutations.h"
#include "Tile/IR/Tile.h"
#include "compiler/Codegen/CUDA/Kernels.h"

using namespace mlir;
using namespace dither;
using namespace dither::test;

using FetchOp = NVVM::CpAsyncBulkTensorGlobalToSharedClusterOp;

//===----------------------------------------------------------------------===//
// Order
//===----------------------------------------------------------------------===//

Mutation dither::test::changeParity(int wait) {
  return [=](ModuleOp module) {
    return change<NVVM::MBarrierTryWaitParityOp>(
        list<NVVM::MBarrierTryWaitParityOp>(module), wait, [](auto op) {
          OpBuilder b(op);
          Value one = LLVM::ConstantOp::create(b, op.getLoc(), b.getI32Type(),
                                               b.getI32IntegerAttr(1));
          op.getPhaseMutable().assign(
              LLVM::XOrOp::create(b, op.getLoc(), op.getPhase(), one));
        });
  };
}

Mutation dither::test::setArrivals(int64_t from, int64_t to) {
  return [=](ModuleOp module) {
    auto isOne = [&](NVVM::MBarrierInitOp op) {
      return getConstant(op.getCount()) == from;
    };
    return changeAll<NVVM::MBarrierInitOp>(
        list<NVVM::MBarrierInitOp>(module, isOne),
        [&](auto op) { setConstant(op.getCountMutable(), to); });
  };
}

Mutation dither::test::expectMore(int64_t bytes) {
  return [=](ModuleOp module) {
    return changeAll<NVVM::MBarrierArriveExpectTxOp>(
        list<NVVM::MBarrierArriveExpectTxOp>(module), [&](auto op) {
          setConstant(op.getTxcountMutable(),
                      *getConstant(op.getTxcount()) + bytes);
        });
  };
}

Mutation dither::test::leaveProducts(int wait, int64_t pending) {
  return [=](ModuleOp module) {
    return change<tile::WgmmaWaitOp>(
        list<tile::WgmmaWaitOp>(module), wait,
        [&](auto op) { op.setPending(uint64_t(pending)); });
  };
}

Mutation dither::test::dropFence(int index) {
  return [=](ModuleOp module) {
    return change<tile::WgmmaFenceOp>(
        list<tile::WgmmaFenceOp>(module), index, [](auto op) {
          op.getResults().replaceAllUsesWith(op.getRegisters());
          op->erase();
        });
  };
}

Mutation dither::test::repeatArrival(int index) {
  return [=](ModuleOp module) {
    return change<NVVM::MBarrierArriveOp>(
        list<NVVM::MBarrierArriveOp>(module), index,
        [](auto op) { OpBuilder(op).clone(*op); });
  };
}

/// The number of a step of the contraction, from the element that it begins
/// at.
static bool isStep(Value value) {
  return value.getDefiningOp<LLVM::UDivOp>() != nullptr;
}

/// "number - 1": of consumers, the stage before. Producers subtract from what
/// is divided twice.
static SmallVector<LLVM::SubOp> listStepsBefore(ModuleOp module) {
  return list<LLVM::SubOp>(module, [](LLVM::SubOp op) {
    return getConstant(op.getRhs()) == 1 && isStep(op.getLhs()) &&
           !isStep(op.getLhs().getDefiningOp()->getOperand(0));
  });
}

bool dither::test::arriveEarly(ModuleOp module) {
  return arriveFirst(module) &&
         changeAll<LLVM::SubOp>(listStepsBefore(module), [](LLVM::SubOp op) {
           setConstant(op->getOpOperand(1), 0);
         });
}

bool dither::test::arriveFirst(ModuleOp module) {
  auto isLater = [](LLVM::ICmpOp op) {
    return op.getPredicate() == LLVM::ICmpPredicate::ne &&
           isStep(op.getLhs()) && getConstant(op.getRhs()) == 0;
  };
  return changeAll<LLVM::ICmpOp>(
      list<LLVM::ICmpOp>(module, isLater), [](LLVM::ICmpOp op) {
        replaceByConstant(op, BoolAttr::get(op.getContext(), true));
      });
}

Mutation dither::test::dropElection(int index) {
  return [=](ModuleOp module) {
    auto isElection = [](LLVM::ICmpOp op) {
      return op.getPredicate() == LLVM::ICmpPredicate::eq &&
             getConstant(op.getRhs()) == 0;
    };
    return change<LLVM::ICmpOp>(
        list<LLVM::ICmpOp>(module, isElection), index, [](LLVM::ICmpOp op) {
          replaceByConstant(op, BoolAttr::get(op.getContext(), true));
        });
  };
}

bool dither::test::publishEarly(ModuleOp module) {
  auto waits = list<NVVM::MBarrierTryWaitParityOp>(module);
  if (waits.empty())
    return false;
  return change<NVVM::FenceProxyOp>(
      list<NVVM::FenceProxyOp>(module), 0,
      [&](auto op) { op->moveAfter(waits.front()); });
}

//===----------------------------------------------------------------------===//
// Places
//===----------------------------------------------------------------------===//

/// The constant fields of a descriptor meet its address in an `or`.
static SmallVector<LLVM::OrOp> listDescriptors(ModuleOp module) {
  return list<LLVM::OrOp>(module, [](LLVM::OrOp op) {
    return op.getType().isInteger(64) &&
           op.getLhs().getDefiningOp<LLVM::LShrOp>() &&
           getConstant(op.getRhs());
  });
}

Mutation dither::test::setField(int operand, int field, uint64_t value) {
  return [=](ModuleOp module) {
    return change<LLVM::OrOp>(
        listDescriptors(module), operand, [&](LLVM::OrOp op) {
          uint64_t mask = (field == 62 ? 3 : (1 << 14) - 1);
          auto bits = uint64_t(*getConstant(op.getRhs()));
          bits = (bits & ~(mask << field)) | value << field;
          setConstant(op->getOpOperand(1), int64_t(bits));
        });
  };
}

Mutation dither::test::scaleSteps(int operand, int64_t factor) {
  return [=](ModuleOp module) {
    bool isChanged = false;
    change<LLVM::OrOp>(listDescriptors(module), operand, [&](LLVM::OrOp op) {
      for (Operation *user : op->getUsers())
        if (isa<LLVM::AddOp>(user)) {
          OpOperand &step = user->getOpOperand(1);
          setConstant(step, *getConstant(step.get()) * factor);
          isChanged = true;
        }
    });
    return isChanged;
  };
}

static bool changeFetch(ModuleOp module, int copy,
                        function_ref<void(FetchOp)> how) {
  return change<FetchOp>(list<FetchOp>(module), copy, how);
}

Mutation dither::test::moveCoordinate(int copy, unsigned coordinate,
                                      int64_t elements) {
  return [=](ModuleOp module) {
    return changeFetch(module, copy, [&](FetchOp op) {
      OpBuilder b(op);
      Value by = LLVM::ConstantOp::create(b, op.getLoc(), b.getI32Type(),
                                          b.getI32IntegerAttr(elements));
      OpOperand &place = op.getCoordinatesMutable()[coordinate];
      place.set(LLVM::AddOp::create(b, op.getLoc(), place.get(), by));
    });
  };
}

Mutation dither::test::exchangeCoordinates(int copy) {
  return [=](ModuleOp module) {
    return changeFetch(module, copy, [&](FetchOp op) {
      MutableOperandRange places = op.getCoordinatesMutable();
      Value first = places[0].get();
      places[0].set(places[1].get());
      places[1].set(first);
    });
  };
}

Mutation dither::test::moveCopy(int copy, int32_t bytes) {
  return [=](ModuleOp module) {
    return changeFetch(module, copy, [&](FetchOp op) {
      moveAddress(op.getDstMemMutable(), IntegerType::get(op.getContext(), 8),
                  bytes);
    });
  };
}

bool dither::test::signalNextBarrier(ModuleOp module) {
  return changeFetch(module, 0, [&](FetchOp op) {
    moveAddress(op.getMbarMutable(), IntegerType::get(op.getContext(), 64), 1);
  });
}

Mutation dither::test::setMap(int map, MapField field, int32_t value) {
  return [=](ModuleOp module) {
    auto hasMaps = [](LLVM::LLVMFuncOp kernel) {
      return kernel->hasAttr(tensorMapsName);
    };
    return change<LLVM::LLVMFuncOp>(
        list<LLVM::LLVMFuncOp>(module, hasMaps), 0, [&](auto kernel) {
          SmallVector<Attribute> maps(
              kernel->template getAttrOfType<ArrayAttr>(tensorMapsName)
                  .getValue());
          SmallVector<int32_t> fields(
              cast<DenseI32ArrayAttr>(maps[map]).asArrayRef());
          fields[size_t(field)] = value;
          maps[map] = DenseI32ArrayAttr::get(kernel.getContext(), fields);
          kernel->setAttr(tensorMapsName,
                          ArrayAttr::get(kernel.getContext(), maps));
        });
  };
}

Mutation dither::test::setMatrix(int map, MatrixField field, int64_t value) {
  return [=](ModuleOp module) {
    bool isChanged = false;
    // The array of four on the stack of the host.
    SmallVector<LLVM::AllocaOp> matrices;
    module.walk([&](LLVM::AllocaOp op) {
      if (op.getElemType().isInteger(64) && getConstant(op.getArraySize()) == 4)
        matrices.push_back(op);
    });
    // The last is in front, as slots are made at the start of a function.
    change<LLVM::AllocaOp>(matrices, -1 - map, [&](LLVM::AllocaOp op) {
      for (Operation *user : op->getUsers()) {
        auto place = dyn_cast<LLVM::GEPOp>(user);
        int32_t at = place ? place.getRawConstantIndices()[0] : 0;
        if (at != int32_t(field))
          continue;
        Value address = place ? place.getResult() : op.getResult();
        for (Operation *store : address.getUsers())
          if (auto each = dyn_cast<LLVM::StoreOp>(store);
              each && each.getAddr() == address) {
            setConstant(each.getValueMutable(), value);
            isChanged = true;
          }
      }
    });
    return isChanged;
  };
}

Mutation dither::test::shrinkRing(int use) {
  return [=](ModuleOp module) {
    auto isStage = [](LLVM::URemOp op) {
      auto before = op.getLhs().getDefiningOp<LLVM::SubOp>();
      return isStep(before ? before.getLhs() : op.getLhs()) &&
             getConstant(op.getRhs());
    };
    return change<LLVM::URemOp>(
        list<LLVM::URemOp>(module, isStage), use, [](LLVM::URemOp op) {
          setConstant(op->getOpOperand(1), *getConstant(op.getRhs()) - 1);
        });
  };
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

static bool changeProducts(ModuleOp module,
                           function_ref<void(tile::WgmmaOp)> how) {
  return changeAll<tile::WgmmaOp>(list<tile::WgmmaOp>(module), how);
}

Mutation dither::test::transposeOperand(int operand) {
  return [=](ModuleOp module) {
    return changeProducts(module, [&](tile::WgmmaOp op) {
      if (operand == 0)
        op.setTransposedA(!op.getTransposedA());
      else
        op.setTransposedB(!op.getTransposedB());
    });
  };
}

bool dither::test::multiplyGroupsAsHalf(ModuleOp module) {
  return changeProducts(module, [](tile::WgmmaOp op) {
    op.setElement(Float16Type::get(op.getContext()));
  });
}

Mutation dither::test::exchangeResults(int product, unsigned i, unsigned j) {
  return [=](ModuleOp module) {
    return change<tile::WgmmaOp>(
        list<tile::WgmmaOp>(module), product, [&](tile::WgmmaOp op) {
          SmallVector<OpOperand *> first, second;
          for (OpOperand &use : op.getResult(i).getUses())
            first.push_back(&use);
          for (OpOperand &use : op.getResult(j).getUses())
            second.push_back(&use);
          for (OpOperand *use : first)
            use->set(op.getResult(j));
          for (OpOperand *use : second)
            use->set(op.getResult(i));
        });
  };
}

bool dither::test::exchangeDescriptors(ModuleOp module) {
  return change<tile::WgmmaOp>(list<tile::WgmmaOp>(module), 0,
                               [](tile::WgmmaOp op) {
                                 Value first = op.getMatrix();
                                 op.getMatrixMutable().assign(op.getB());
                                 op.getBMutable().assign(first);
                               });
}

Mutation dither::test::exchangeWords(unsigned i, unsigned j) {
  return [=](ModuleOp module) {
    return changeProducts(module, [&](tile::WgmmaOp op) {
      MutableOperandRange words = op.getRegistersMutable();
      Value first = words[i].get();
      words[i].set(words[j].get());
      words[j].set(first);
    });
  };
}

bool dither::test::exchangeGroupSelectors(ModuleOp module) {
  return changeProducts(
      module, [](tile::WgmmaOp op) { op.setSelector(1 - op.getSelector()); });
}

bool dither::test::dropProduct(ModuleOp module) {
  return change<tile::WgmmaOp>(list<tile::WgmmaOp>(module), -1,
                               [](tile::WgmmaOp op) {
                                 op.replaceAllUsesWith(op.getSums());
                                 op->erase();
                               });
}
