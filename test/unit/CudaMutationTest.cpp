//===- CudaMutationTest.cpp - Bugs of kernels that have to be found -------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A kernel that the emulator passes is right only if the emulator finds what is
// wrong with others. So bugs are planted, one at a time, and each has to show
// under one of a few schedules: as a fault where threads get into each other's
// way or leave their memory, as wrong numbers where each does something orderly.
//
//===----------------------------------------------------------------------===//

#include "MutationSupport.h"
#include <gtest/gtest.h>
#include <map>

using namespace mlir;
using namespace dither;
using namespace dither::test;

//===----------------------------------------------------------------------===//
// Models
//===----------------------------------------------------------------------===//

static const std::map<std::string, const char *> models = {
    // Tiles that are ragged in all three extents, two blocks, and twice as many
    // tiles along the contraction as the ring has stages.
    {"ring", R"(dither.model @m {
  func.func @f(%x: tensor<37x168xbf16>, %w: tensor<168x136xbf16>) -> tensor<37x136xbf16> {
    %y = dither.matmul %x, %w : tensor<37x168xbf16>, tensor<168x136xbf16>
    return %y : tensor<37x136xbf16>
  }
})"},
    {"int4", R"(dither.model @m {
  dither.param @w : tensor<96x72xf32> init #dither.fill<0.0> frozen {format = #dither.int<bits = 4, group = 32>}
  func.func @f(%x: tensor<9x96xbf16>) -> tensor<9x72xbf16> {
    %wide = dither.read @w : tensor<96x72xf32>
    %w = dither.cast %wide : tensor<96x72xf32> to tensor<96x72xbf16>
    %y = dither.matmul %x, %w : tensor<9x96xbf16>, tensor<96x72xbf16>
    return %y : tensor<9x72xbf16>
  }
})"},
    {"sparse", R"(dither.model @m {
  dither.param @w : tensor<64x48xf32> init #dither.fill<0.0> frozen {
    pattern = #dither.nm<2 : 4>, format = #dither.minifloat<e2m1, group = 32, scale = e8m0>}
  func.func @f(%x: tensor<9x64xbf16>) -> tensor<9x48xbf16> {
    %wide = dither.read @w : tensor<64x48xf32>
    %w = dither.cast %wide : tensor<64x48xf32> to tensor<64x48xbf16>
    %y = dither.matmul %x, %w : tensor<9x64xbf16>, tensor<64x48xbf16>
    return %y : tensor<9x48xbf16>
  }
})"},
    {"staged", R"(dither.model @m {
  func.func @f(%x: tensor<21x70xf32>, %w: tensor<70x90xf32>) -> tensor<21x90xf32> {
    %y = dither.matmul %x, %w : tensor<21x70xf32>, tensor<70x90xf32>
    return %y : tensor<21x90xf32>
  }
})"},
    {"warps", R"(dither.model @m {
  func.func @f(%x: tensor<11x200xf32>) -> tensor<11xf32> {
    %y = dither.reduce sum %x {dims = array<i64: 1>} : tensor<11x200xf32>
    return %y : tensor<11xf32>
  }
})"},
    {"listed", R"(dither.model @m {
  dither.param @w : tensor<40x24xf32> init #dither.fill<0.0> frozen {pattern = #dither.unstructured<sparsity = 0.5>}
  func.func @f(%x: tensor<11x40xf32>) -> tensor<11x24xf32> {
    %w = dither.read @w : tensor<40x24xf32>
    %y = dither.matmul %x, %w : tensor<11x40xf32>, tensor<40x24xf32>
    return %y : tensor<11x24xf32>
  }
})"},
    {"elements", R"(dither.model @m {
  func.func @f(%x: tensor<31x10xf32>, %y: tensor<31x10xf32>) -> tensor<31x10xf32> {
    %product = dither.mul %x, %y : tensor<31x10xf32>, tensor<31x10xf32>
    %sum = dither.add %product, %x : tensor<31x10xf32>, tensor<31x10xf32>
    return %sum : tensor<31x10xf32>
  }
})"},
};

namespace {
/// Models that are compiled already, for all tests.
class CompiledModels : public testing::Environment {
public:
  MutableKernels &get(const std::string &name) {
    std::unique_ptr<MutableKernels> &kernels = compiled[name];
    if (!kernels)
      kernels = std::make_unique<MutableKernels>(models.at(name));
    return *kernels;
  }
  void TearDown() override { compiled.clear(); }

private:
  std::map<std::string, std::unique_ptr<MutableKernels>> compiled;
};
} // namespace

/// Owned by the test framework.
static CompiledModels *const compiledModels = [] {
  auto *environment = new CompiledModels;
  testing::AddGlobalTestEnvironment(environment);
  return environment;
}();

//===----------------------------------------------------------------------===//
// Mutations
//===----------------------------------------------------------------------===//

/// Something that is done to one op of a list, where there is one; -1 is the
/// last.
template <typename Op>
static bool change(ArrayRef<Op> found, int index, function_ref<void(Op)> how) {
  int64_t size = int64_t(found.size());
  int64_t at = index < 0 ? size + index : index;
  if (at < 0 || at >= size)
    return false;
  how(found[at]);
  return true;
}

template <typename Op>
static bool changeAll(ArrayRef<Op> found, function_ref<void(Op)> how) {
  llvm::for_each(found, how);
  return !found.empty();
}

static void replaceByConstant(Operation *op, TypedAttr value) {
  OpBuilder b(op);
  Value constant = LLVM::ConstantOp::create(
      b, op->getLoc(), op->getResult(0).getType(), value);
  op->getResult(0).replaceAllUsesWith(constant);
}

static SmallVector<Operation *> listBarriers(ModuleOp module) {
  return list<Operation *>(module, [](Operation *op) {
    return isa<NVVM::BarrierOp, NVVM::Barrier0Op>(op);
  });
}

static Mutation dropBarrier(int index) {
  return [=](ModuleOp module) {
    return change<Operation *>(listBarriers(module), index,
                               [](Operation *op) { op->erase(); });
  };
}

static Mutation setWait(uint32_t groups) {
  return [=](ModuleOp module) {
    return change<NVVM::CpAsyncWaitGroupOp>(
        list<NVVM::CpAsyncWaitGroupOp>(module), 0,
        [&](NVVM::CpAsyncWaitGroupOp wait) {
          EXPECT_NE(wait.getN(), groups);
          wait.setN(groups);
        });
  };
}

static bool waitBehindBarrier(ModuleOp module) {
  return change<NVVM::CpAsyncWaitGroupOp>(
      list<NVVM::CpAsyncWaitGroupOp>(module), 0, [](auto wait) {
        Operation *barrier = wait->getNextNode();
        EXPECT_TRUE(isa<NVVM::Barrier0Op>(barrier) ||
                    isa<NVVM::BarrierOp>(barrier));
        wait->moveAfter(barrier);
      });
}

static Mutation dropCommit(int index) {
  return [=](ModuleOp module) {
    return change<NVVM::CpAsyncCommitGroupOp>(
        list<NVVM::CpAsyncCommitGroupOp>(module), index,
        [](auto commit) { commit->erase(); });
  };
}

/// Ops with one constant get another one.
template <typename Op> static Mutation replace(int64_t from, int64_t to, int index) {
  return [=](ModuleOp module) {
    auto has = [&](Op op) { return getConstant(op->getOperand(1)) == from; };
    return change<Op>(list<Op>(module, has), index, [&](Op op) {
      setConstant(op->getOpOperand(1), to);
    });
  };
}

/// Multiplications of a bit of a thread's number by what it moves an address
/// by: several bits where the layout is swizzled.
static bool isSwizzle(LLVM::MulOp op) {
  std::optional<int64_t> factor = getConstant(op.getRhs());
  return factor && op.getType().isInteger(32) &&
         !llvm::isPowerOf2_64(*factor);
}

/// The highest of these bits alone remains.
static void dropOneSwizzle(LLVM::MulOp op) {
  uint64_t factor = uint64_t(*getConstant(op.getRhs()));
  setConstant(op->getOpOperand(1), int64_t(llvm::bit_floor(factor)));
}

static Mutation dropSwizzle(int index) {
  return [=](ModuleOp module) {
    return change<LLVM::MulOp>(list<LLVM::MulOp>(module, isSwizzle), index,
                               dropOneSwizzle);
  };
}

static bool isShared(Value address) {
  return cast<LLVM::LLVMPointerType>(address.getType()).getAddressSpace() == 3;
}

/// Of what threads write themselves.
static bool writeWithoutSwizzle(ModuleOp module) {
  auto isWritten = [](LLVM::MulOp op) {
    return isSwizzle(op) &&
           llvm::any_of(op->getBlock()->getOps<LLVM::StoreOp>(),
                        [](auto store) { return isShared(store.getAddr()); });
  };
  return changeAll<LLVM::MulOp>(list<LLVM::MulOp>(module, isWritten),
                                dropOneSwizzle);
}

/// The places of a register's elements, relative to those of the first.
static Mutation moveRegister(int index) {
  return [=](ModuleOp module) {
    SmallVector<LLVM::XOrOp> found;
    for (auto load : list<NVVM::LdMatrixOp>(module)) {
      SetVector<Operation *> slice;
      auto gep = load.getPtr().getDefiningOp<LLVM::GEPOp>();
      Operation *op = gep ? gep.getDynamicIndices()[0].getDefiningOp() : nullptr;
      while (op && !isa<LLVM::XOrOp>(op))
        op = op->getOperand(op->getNumOperands() - 1).getDefiningOp();
      auto exclusive = dyn_cast_if_present<LLVM::XOrOp>(op);
      if (exclusive && getConstant(exclusive.getRhs()))
        found.push_back(exclusive);
    }
    return change<LLVM::XOrOp>(found, index, [](LLVM::XOrOp op) {
      setConstant(op->getOpOperand(1), *getConstant(op.getRhs()) ^ 8);
    });
  };
}

static Mutation transposeLoad(int index) {
  return [=](ModuleOp module) {
    return change<NVVM::LdMatrixOp>(
        list<NVVM::LdMatrixOp>(module), index, [](NVVM::LdMatrixOp load) {
          load.setLayout(load.getLayout() == NVVM::MMALayout::row
                             ? NVVM::MMALayout::col
                             : NVVM::MMALayout::row);
        });
  };
}

/// Exchanges two fields of what an op gives.
template <typename Op> static Mutation exchangeFields(int index, int64_t i, int64_t j) {
  return [=](ModuleOp module) {
    return change<Op>(list<Op>(module), index, [&](Op op) {
      for (Operation *user : op->getUsers())
        if (auto field = dyn_cast<LLVM::ExtractValueOp>(user)) {
          int64_t at = field.getPosition()[0];
          if (at == i || at == j)
            field.setPosition({at == i ? j : i});
        }
    });
  };
}

static Mutation exchangeOperands(int index, unsigned i, unsigned j) {
  return [=](ModuleOp module) {
    return change<NVVM::MmaOp>(
        list<NVVM::MmaOp>(module), index, [&](NVVM::MmaOp op) {
          Value first = op->getOperand(i);
          op->setOperand(i, op->getOperand(j));
          op->setOperand(j, first);
        });
  };
}

static bool copyAllBytes(ModuleOp module) {
  return changeAll<NVVM::CpAsyncOp>(
      list<NVVM::CpAsyncOp>(module), [](NVVM::CpAsyncOp copy) {
        OpOperand &bytes = copy->getOpOperand(copy->getNumOperands() - 1);
        setConstant(bytes, copy.getSize());
      });
}

/// The second piece of shared memory begins where the first one does.
static bool overlapShared(ModuleOp module) {
  auto isPiece = [](LLVM::GEPOp op) {
    return op.getElemType().isInteger(8) && op.getDynamicIndices().empty() &&
           op.getRawConstantIndices()[0] != 0 &&
           op.getBase().getDefiningOp<LLVM::AddressOfOp>();
  };
  return changeAll<LLVM::GEPOp>(list<LLVM::GEPOp>(module, isPiece),
                                [](auto op) { op.setRawConstantIndices({0}); });
}

/// Grids have a block less along x, where they have several.
static bool shrinkGrid(ModuleOp module) {
  bool isChanged = false;
  module.walk([&](LLVM::CallOp call) {
    if (call.getCallee() || call.getArgOperands().size() != 4)
      return;
    Value grid = call.getArgOperands()[2];
    for (Operation *user : llvm::make_early_inc_range(grid.getUsers())) {
      auto store = dyn_cast<LLVM::StoreOp>(user);
      if (!store || store.getAddr() != grid)
        continue;
      int64_t blocks = getConstant(store.getValue()).value_or(0);
      if (blocks < 2)
        continue;
      setConstant(store->getOpOperand(0), blocks - 1);
      isChanged = true;
    }
  });
  return isChanged;
}

//===- Checks of bounds ---------------------------------------------------===//

namespace {
/// Those ahead of the first product of a kernel, or behind the last one: of
/// what is loaded, or of results.
enum class Part { loads, results };
} // namespace

static SmallVector<LLVM::ICmpOp>
listChecks(ModuleOp module, Part part,
           function_ref<bool(LLVM::ICmpOp)> isWanted) {
  SmallVector<LLVM::ICmpOp> found;
  module.walk([&](gpu::GPUModuleOp kernels) {
    kernels.walk([&](Operation *op) {
      if (isa<NVVM::MmaOp, LLVM::FMulAddOp, LLVM::FMAOp>(op)) {
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

static void makeTrue(LLVM::ICmpOp check) {
  TypedAttr value = BoolAttr::get(check.getContext(), true);
  if (auto vector = dyn_cast<VectorType>(check.getType()))
    value = DenseElementsAttr::get(vector, true);
  replaceByConstant(check, value);
}

static auto isBelow(int64_t bound) {
  return [=](LLVM::ICmpOp check) {
    return check.getPredicate() == LLVM::ICmpPredicate::ult &&
           getConstant(check.getRhs()) == bound;
  };
}

/// What has to be below a bound may be anything.
static Mutation dropBound(Part part, int64_t bound) {
  return [=](ModuleOp module) {
    return changeAll<LLVM::ICmpOp>(listChecks(module, part, isBelow(bound)), makeTrue);
  };
}

/// It may be the bound.
static Mutation includeBound(Part part, int64_t bound) {
  return [=](ModuleOp module) {
    return changeAll<LLVM::ICmpOp>(
        listChecks(module, part, isBelow(bound)),
        [](auto check) { check.setPredicate(LLVM::ICmpPredicate::ule); });
  };
}

/// Each thread does what is for those with a zero alone.
static bool dropElection(ModuleOp module) {
  auto isElection = [](LLVM::ICmpOp check) {
    return check.getPredicate() == LLVM::ICmpPredicate::eq &&
           getConstant(check.getRhs()) == 0;
  };
  return changeAll<LLVM::ICmpOp>(list<LLVM::ICmpOp>(module, isElection), makeTrue);
}

/// Vectors are stored as if all of their columns existed.
static bool dropMasks(ModuleOp module) {
  return changeAll<LLVM::ICmpOp>(
      listChecks(module, Part::results,
                 [](auto op) { return isa<VectorType>(op.getType()); }),
      makeTrue);
}

//===- Packed weights -----------------------------------------------------===//

/// Vectors that are loaded from global memory: codes first.
static SmallVector<LLVM::LoadOp> listPackedLoads(ModuleOp module) {
  return list<LLVM::LoadOp>(module, [](LLVM::LoadOp load) {
    return isa<VectorType>(load.getType()) && !isShared(load.getAddr());
  });
}

/// Fields of the words of a load are one bit further up than they are.
static Mutation moveFields(int load) {
  return [=](ModuleOp module) {
    return change<LLVM::LoadOp>(listPackedLoads(module), load, [](auto load) {
      bool isChanged = false;
      for (Operation *words : load->getUsers())
        for (Operation *user : words->getUsers())
          if (auto shift = dyn_cast<LLVM::LShrOp>(user)) {
            setConstant(shift->getOpOperand(1),
                        *getConstant(shift.getRhs()) + 1);
            isChanged = true;
          }
      EXPECT_TRUE(isChanged);
    });
  };
}

/// A load is from a row of so many elements further down.
static Mutation moveLoad(int load, int64_t elements) {
  return [=](ModuleOp module) {
    return change<LLVM::LoadOp>(listPackedLoads(module), load, [&](auto load) {
      OpBuilder b(load);
      Value address = load.getAddr();
      Type type = cast<VectorType>(load.getType()).getElementType();
      load.getAddrMutable().assign(LLVM::GEPOp::create(b, load.getLoc(), address.getType(), type, address,
                              ArrayRef<LLVM::GEPArg>{int32_t(elements)}));
    });
  };
}

//===- Warps and lists ----------------------------------------------------===//

static Mutation setShuffle(OpOperand &(NVVM::ShflOp::*operand)(), int64_t number) {
  return [=](ModuleOp module) {
    return change<NVVM::ShflOp>(list<NVVM::ShflOp>(module), 0, [&](NVVM::ShflOp op) {
      setConstant((op.*operand)(), number);
    });
  };
}

/// The sum behind the last shuffle stays what it was.
static bool dropLastStep(ModuleOp module) {
  return change<NVVM::ShflOp>(list<NVVM::ShflOp>(module), -1, [](NVVM::ShflOp op) {
    replaceByConstant(op, FloatAttr::get(op.getType(), 0));
  });
}

/// The loop over a list, of which no bound is known, runs once more.
static bool lengthenList(ModuleOp module) {
  return changeAll<LLVM::ICmpOp>(
      list<LLVM::ICmpOp>(module,
                         [](LLVM::ICmpOp check) {
                           return check.getPredicate() ==
                                      LLVM::ICmpPredicate::slt &&
                                  !getConstant(check.getRhs());
                         }),
      [](auto check) { check.setPredicate(LLVM::ICmpPredicate::sle); });
}

//===----------------------------------------------------------------------===//
// Tests
//===----------------------------------------------------------------------===//

class RightKernels : public testing::TestWithParam<std::string> {};

TEST_P(RightKernels, PassUnderAllSchedules) {
  MutableKernels &kernels = compiledModels->get(GetParam());
  ASSERT_TRUE(kernels) << kernels.getDiagnostics();
  Outcome outcome = kernels.run({});
  EXPECT_EQ(outcome.kind, Outcome::right) << testing::PrintToString(outcome);
}

static std::vector<std::string> listModels() {
  std::vector<std::string> names;
  for (const auto &[name, text] : models)
    names.push_back(name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(All, RightKernels, testing::ValuesIn(listModels()),
                         [](const auto &info) { return info.param; });

namespace {
struct Bug {
  const char *model, *name;
  Outcome::Kind kind;
  Mutation mutate;
};
/// For the messages of the test framework.
void PrintTo(const Bug &bug, std::ostream *os) {
  *os << bug.name << " of " << bug.model;
}
} // namespace

class WrongKernels : public testing::TestWithParam<Bug> {};

TEST_P(WrongKernels, AreFound) {
  const Bug &bug = GetParam();
  MutableKernels &kernels = compiledModels->get(bug.model);
  ASSERT_TRUE(kernels) << kernels.getDiagnostics();
  Outcome outcome = kernels.run(bug.mutate);
  EXPECT_EQ(outcome.kind, bug.kind) << testing::PrintToString(outcome);
  if (getenv("SHOW")) std::cout << bug.model << "." << bug.name << ": " << testing::PrintToString(outcome) << std::endl;
}

static const std::vector<Bug> bugs = {
    // Order: copies that are on their way, and the threads that read them.
    {"ring", "NoBarrier", Outcome::faulted, dropBarrier(0)},
    {"ring", "WaitsForOneLess", Outcome::faulted, setWait(2)},
    {"ring", "WaitsForNone", Outcome::faulted, setWait(100)},
    {"ring", "WaitsBehindBarrier", Outcome::faulted, waitBehindBarrier},
    {"ring", "FirstCommitMissing", Outcome::faulted, dropCommit(0)},
    {"ring", "LastCommitMissing", Outcome::faulted, dropCommit(-1)},
    {"ring", "ReadsAnotherStage", Outcome::faulted,
     replace<LLVM::URemOp>(3, 2, 0)},
    {"ring", "WritesAnotherStage", Outcome::faulted,
     replace<LLVM::URemOp>(3, 2, 1)},
    {"ring", "SharedTilesOverlap", Outcome::faulted, overlapShared},
    // Places and registers.
    {"ring", "CopyWithoutSwizzle", Outcome::wrong, dropSwizzle(0)},
    {"ring", "LoadWithoutSwizzle", Outcome::wrong, dropSwizzle(-1)},
    {"ring", "RegisterElsewhere", Outcome::wrong, moveRegister(0)},
    {"ring", "LastRegisterElsewhere", Outcome::wrong, moveRegister(-1)},
    {"ring", "TransposedX", Outcome::wrong, transposeLoad(0)},
    {"ring", "WeightsNotTransposed", Outcome::wrong, transposeLoad(-1)},
    {"ring", "MatricesExchanged", Outcome::wrong,
     exchangeFields<NVVM::LdMatrixOp>(0, 1, 2)},
    {"ring", "OperandsOfXExchanged", Outcome::wrong, exchangeOperands(0, 1, 2)},
    {"ring", "OperandsOfWeightsExchanged", Outcome::wrong,
     exchangeOperands(0, 4, 5)},
    {"ring", "RowsOfSumsExchanged", Outcome::wrong,
     exchangeFields<NVVM::MmaOp>(-1, 0, 2)},
    {"ring", "WarpsOfSixteen", Outcome::faulted,
     replace<LLVM::LShrOp>(5, 4, 0)},
    {"ring", "LanesOfSixteen", Outcome::faulted,
     replace<LLVM::AndOp>(31, 15, 0)},
    // Bounds.
    {"ring", "RowsNotChecked", Outcome::faulted, dropBound(Part::results, 37)},
    {"ring", "ColumnsNotChecked", Outcome::faulted,
     dropBound(Part::results, 136)},
    {"ring", "OneRowMore", Outcome::faulted, includeBound(Part::results, 37)},
    {"ring", "OneColumnMore", Outcome::faulted,
     includeBound(Part::results, 136)},
    {"ring", "ContractionOneLonger", Outcome::faulted,
     includeBound(Part::loads, 168)},
    {"ring", "CopiesAllBytes", Outcome::wrong, copyAllBytes},
    {"ring", "OneBlockLess", Outcome::wrong, shrinkGrid},
    // Decoded weights.
    {"int4", "NoBarrier", Outcome::faulted, dropBarrier(0)},
    {"int4", "WritesAnotherStage", Outcome::faulted,
     replace<LLVM::URemOp>(3, 2, -1)},
    {"int4", "FieldsOneBitFurther", Outcome::wrong, moveFields(0)},
    {"int4", "AnotherZero", Outcome::wrong, replace<LLVM::SubOp>(8, 7, 0)},
    {"int4", "ScalesOfSecondGroup", Outcome::wrong, moveLoad(1, 72)},
    {"int4", "ScalesBehindLastGroup", Outcome::faulted, moveLoad(-1, 72)},
    {"int4", "WriteWithoutSwizzle", Outcome::wrong, writeWithoutSwizzle},
    {"int4", "CopiedTwice", Outcome::faulted, dropElection},
    {"int4", "RowsNotChecked", Outcome::faulted, dropBound(Part::results, 9)},
    {"sparse", "NoBarrier", Outcome::faulted, dropBarrier(0)},
    {"sparse", "PositionsOneBitFurther", Outcome::wrong, moveFields(0)},
    {"sparse", "CodesOneBitFurther", Outcome::wrong, moveFields(1)},
    // Products by way of shared memory.
    {"staged", "NoBarrierBehindStaging", Outcome::faulted, dropBarrier(0)},
    {"staged", "NoBarrierAheadOfStaging", Outcome::faulted, dropBarrier(1)},
    {"staged", "SharedTilesOverlap", Outcome::faulted, overlapShared},
    {"staged", "ContractionNotChecked", Outcome::faulted,
     dropBound(Part::loads, 70)},
    {"staged", "TilesTooFarApart", Outcome::wrong,
     replace<LLVM::AddOp>(32, 33, -1)},
    {"staged", "OneRowMore", Outcome::faulted, includeBound(Part::results, 21)},
    {"staged", "VectorsNotMasked", Outcome::faulted, dropMasks},
    {"staged", "OneBlockLess", Outcome::wrong, shrinkGrid},
    // Warps.
    {"warps", "AnotherOffset", Outcome::wrong,
     setShuffle(&NVVM::ShflOp::getOffsetMutable, 4)},
    {"warps", "MaskWithoutLastLane", Outcome::faulted,
     setShuffle(&NVVM::ShflOp::getThreadMaskMutable, 0x7fffffff)},
    {"warps", "ClampOfSixteen", Outcome::wrong,
     setShuffle(&NVVM::ShflOp::getMaskAndClampMutable, 15)},
    {"warps", "LastStepMissing", Outcome::wrong, dropLastStep},
    {"warps", "AllLanesWrite", Outcome::faulted, dropElection},
    {"warps", "StepsTooShort", Outcome::wrong,
     replace<LLVM::AddOp>(32, 31, 0)},
    {"warps", "RowsNotChecked", Outcome::faulted, dropBound(Part::loads, 11)},
    // Lists.
    {"listed", "OneElementMore", Outcome::faulted, lengthenList},
    {"listed", "ListsOfTwoColumns", Outcome::faulted,
     replace<LLVM::AddOp>(1, 2, 0)},
    {"listed", "ElementsNotChecked", Outcome::faulted,
     dropBound(Part::results, 264)},
    // Elements.
    {"elements", "NotChecked", Outcome::faulted, dropBound(Part::results, 310)},
    {"elements", "OneMore", Outcome::faulted, includeBound(Part::results, 310)},
    {"elements", "BlocksOverlap", Outcome::faulted,
     replace<LLVM::MulOp>(256, 255, 0)},
    {"elements", "BlocksApart", Outcome::wrong,
     replace<LLVM::MulOp>(256, 257, 0)},
    {"elements", "OneBlockLess", Outcome::wrong, shrinkGrid},
};

INSTANTIATE_TEST_SUITE_P(All, WrongKernels, testing::ValuesIn(bugs),
                         [](const auto &info) {
                           return info.param.model + std::string("_") +
                                  info.param.name;
                         });
