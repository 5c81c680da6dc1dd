//===- GroupMutationTest.cpp - Bugs of kernels of sm_90a ------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// As CudaMutationTest.cpp, of products whose tiles TMA brings, whose roles wait
// for each other at mbarriers, and which groups of warps multiply.
//
//===----------------------------------------------------------------------===//

#include "GroupMutations.h"
#include "MutationCases.h"

using namespace mlir;
using namespace dither;
using namespace dither::test;

//===----------------------------------------------------------------------===//
// Models
//===----------------------------------------------------------------------===//

static const Models models = {
    // Tiles that are ragged in all three extents, two blocks, and more than
    // twice as many tiles along the contraction as the ring has stages.
    {"groups", R"(dither.model @m {
  func.func @f(%x: tensor<70x600xbf16>, %w: tensor<600x136xbf16>) -> tensor<70x136xbf16> {
    %y = dither.matmul %x, %w : tensor<70x600xbf16>, tensor<600x136xbf16>
    return %y : tensor<70x136xbf16>
  }
})"},
    // One arrival of eight that is missing in each phase makes a whole phase of
    // a stage after eight of them. Before, nothing is wrong: a group of warps
    // has read its tiles when one of its warps says so.
    {"long", R"(dither.model @m {
  func.func @f(%x: tensor<70x2560xbf16>, %w: tensor<2560x8xbf16>) -> tensor<70x8xbf16> {
    %y = dither.matmul %x, %w : tensor<70x2560xbf16>, tensor<2560x8xbf16>
    return %y : tensor<70x8xbf16>
  }
})"},
    // The matrix is the first operand.
    {"few", R"(dither.model @m {
  func.func @f(%x: tensor<9x328xbf16>, %w: tensor<328x136xbf16>) -> tensor<9x136xbf16> {
    %y = dither.matmul %x, %w : tensor<9x328xbf16>, tensor<328x136xbf16>
    return %y : tensor<9x136xbf16>
  }
})"},
    // Both the other way round than in the first one.
    {"turned", R"(dither.model @m {
  func.func @f(%x: tensor<328x72xbf16>, %w: tensor<136x328xbf16>) -> tensor<72x136xbf16> {
    %t = dither.transpose %w {permutation = array<i64: 1, 0>} : tensor<136x328xbf16>
    %y = dither.matmul %x, %t {transpose_x} : tensor<328x72xbf16>, tensor<328x136xbf16>
    return %y : tensor<72x136xbf16>
  }
})"},
    // The same of few rows: who multiplies decodes the first operand.
    {"registers", R"(dither.model @m {
  dither.param @w : tensor<352x136xf32> init #dither.fill<0.0> frozen {format = #dither.int<bits = 4, group = 32>}
  func.func @f(%x: tensor<9x352xbf16>) -> tensor<9x136xbf16> {
    %wide = dither.read @w : tensor<352x136xf32>
    %w = dither.cast %wide : tensor<352x136xf32> to tensor<352x136xbf16>
    %y = dither.matmul %x, %w : tensor<9x352xbf16>, tensor<352x136xbf16>
    return %y : tensor<9x136xbf16>
  }
})"},
    {"sparse", R"(dither.model @m {
  dither.param @w : tensor<384x136xf32> init #dither.fill<0.0> frozen {
    pattern = #dither.nm<2 : 4>, format = #dither.minifloat<e2m1, group = 32, scale = e8m0>}
  func.func @f(%x: tensor<9x384xbf16>) -> tensor<9x136xbf16> {
    %wide = dither.read @w : tensor<384x136xf32>
    %w = dither.cast %wide : tensor<384x136xf32> to tensor<384x136xbf16>
    %y = dither.matmul %x, %w : tensor<9x384xbf16>, tensor<384x136xbf16>
    return %y : tensor<9x136xbf16>
  }
})"},
    // Bytes, ragged in all three extents.
    {"codes", R"(dither.model @m {
  dither.param @w : tensor<1200x136xf32> init #dither.fill<0.0> frozen {format = #dither.int<bits = 8>}
  func.func @f(%codes: tensor<70x1200xi8>, %scales: tensor<70x1xf32>) -> tensor<70x136xf32> {
    %w = dither.read @w : tensor<1200x136xf32>
    %x = dither.dequantize #dither.int<bits = 8, dim = 1> %codes, %scales : tensor<70x1200xi8>, tensor<70x1xf32> -> tensor<70x1200xf32>
    %y = dither.matmul %x, %w : tensor<70x1200xf32>, tensor<1200x136xf32>
    return %y : tensor<70x136xf32>
  }
})"},
    {"decoded", R"(dither.model @m {
  dither.param @w : tensor<352x136xf32> init #dither.fill<0.0> frozen {format = #dither.int<bits = 4, group = 32>}
  func.func @f(%x: tensor<70x352xbf16>) -> tensor<70x136xbf16> {
    %wide = dither.read @w : tensor<352x136xf32>
    %w = dither.cast %wide : tensor<352x136xf32> to tensor<352x136xbf16>
    %y = dither.matmul %x, %w : tensor<70x352xbf16>, tensor<352x136xbf16>
    return %y : tensor<70x136xbf16>
  }
})"},
};

static CompiledModels *const compiledModels =
    CompiledModels::make(models, "sm_90a");

//===----------------------------------------------------------------------===//
// Tests
//===----------------------------------------------------------------------===//

class RightGroups : public testing::TestWithParam<std::string> {};

TEST_P(RightGroups, PassUnderAllSchedules) {
  expectRight(compiledModels->get(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(All, RightGroups,
                         testing::ValuesIn(compiledModels->listNames()),
                         [](const auto &info) { return info.param; });

class WrongGroups : public testing::TestWithParam<Bug> {};

TEST_P(WrongGroups, AreFound) {
  expectFound(compiledModels->get(GetParam().model), GetParam());
}

using Wait = NVVM::MBarrierTryWaitParityOp;
using Fetch = NVVM::CpAsyncBulkTensorGlobalToSharedClusterOp;

/// Faults.
static const char *const early = "still copies to";
static const char *const unfinished = "ends before this product is complete";
static const char *const inPattern = "which is in row 1 of a swizzle";
static const char *const twice = "once more than a phase has arrivals";

/// Of descriptors, the bits that fields begin at.
static constexpr int leadingField = 16, strideField = 32, swizzleField = 62;

static const std::vector<Bug> bugs = {
    // Phases.
    {"groups", "NoWaitForEmpty", race, drop<Wait>(0)},
    {"groups", "NoWaitForFull", early, drop<Wait>(1)},
    {"groups", "ParityOfEmpty", forever, changeParity(0)},
    {"groups", "ParityOfFull", early, changeParity(1)},
    {"groups", "ExpectsTooFewBytes", early, expectMore(-8192)},
    {"groups", "ExpectsTooManyBytes", forever, expectMore(128)},
    {"groups", "NobodyArrives", forever, drop<NVVM::MBarrierArriveOp>(0)},
    {"groups", "ArrivesTwice", race, repeatArrival(0)},
    {"groups", "ArrivesEarly", race, arriveEarly},
    {"groups", "ArrivesInFirstStep", early, arriveFirst},
    {"groups", "ArrivalsOfFullOneMore", forever, setArrivals(1, 2)},
    {"groups", "ArrivalsOfEmptyOneMore", forever, setArrivals(8, 9)},
    {"groups", "ArrivalsOfEmptyHalf", race, setArrivals(8, 4)},
    {"long", "ArrivalsOfEmptyOneLess", race, setArrivals(8, 7)},
    {"groups", "AllThreadsMakeBarriers", "without mbarrier.inval",
     dropElection(0)},
    {"groups", "AllThreadsFetch", race, dropElection(1)},
    {"groups", "AllLanesArrive", race, dropElection(2)},
    {"groups", "SignalsNextBarrier", "where there is none", signalNextBarrier},
    {"groups", "NoFenceOfBarriers", "without a fence.mbarrier_init",
     dropAll<NVVM::FenceMbarrierInitOp>},
    {"groups", "NoBlockBarrier", race, dropBarrier(0)},
    // Products.
    {"groups", "LeavesOneAtTheEnd", unfinished, leaveProducts(-1, 1)},
    {"groups", "LeavesTwoInTheLoop", race, leaveProducts(0, 2)},
    {"groups", "NoFence", "without a wgmma.fence before", dropFence(0)},
    {"groups", "NoCommit", race, drop<NVVM::WgmmaGroupSyncAlignedOp>(0)},
    {"groups", "OneStepMissing", wrong, dropProduct},
    {"groups", "StepsOfXTwice", inPattern, scaleSteps(0, 2)},
    {"groups", "StepsOfWeightsHalf", wrong, scaleSteps(1, 0)},
    {"groups", "SwizzleOfX", inPattern, setField(0, swizzleField, 2)},
    {"groups", "SwizzleOfWeights", early, setField(1, swizzleField, 2)},
    {"groups", "StrideOfX", wrong, setField(0, strideField, 32)},
    {"groups", "StrideOfWeights", early, setField(1, strideField, 128)},
    {"groups", "LeadingOfWeights", wrong, setField(1, leadingField, 256)},
    {"groups", "XTransposed", "of rows of 128 bytes", transposeOperand(0)},
    {"groups", "WeightsNotTransposed", early, transposeOperand(1)},
    {"groups", "OperandsExchanged", wrong, exchangeDescriptors},
    {"groups", "ElementsTakenForHalf", wrong, multiplyGroupsAsHalf},
    {"groups", "SumsExchanged", "is not that of the product",
     exchangeResults(-1, 0, 2)},
    {"groups", "GroupsTogether", wrong, replace<LLVM::MulOp>(64, 0, 0)},
    {"groups", "RoleFromWarpFive", "of which threads have left the kernel",
     replace<LLVM::SubOp>(4, 5, 0)},
    // Copies.
    {"groups", "NoCopyOfX", forever, drop<Fetch>(0)},
    {"groups", "NoCopyOfLastPanel", forever, drop<Fetch>(2)},
    {"groups", "CoordinatesOfXExchanged", wrong, exchangeCoordinates(0)},
    {"groups", "CoordinatesOfWeightsExchanged", wrong, exchangeCoordinates(1)},
    {"groups", "NextRowOfX", wrong, moveCoordinate(0, 1, 1)},
    {"groups", "NextColumnOfX", wrong, moveCoordinate(0, 0, 1)},
    {"groups", "NextRowOfWeights", wrong, moveCoordinate(1, 1, 1)},
    {"groups", "NextColumnOfLastPanel", wrong, moveCoordinate(2, 0, 1)},
    {"groups", "PanelsOverlap", early, moveCopy(2, -4096)},
    {"groups", "PanelBehindItsPlace",
     "writes 8192 bytes of shared memory at 17408", moveCopy(2, 1024)},
    {"groups", "CopyNotAligned", "no multiple of 128", moveCopy(0, 64)},
    {"groups", "XWithFewerRows", forever, setMap(0, MapField::rows, 64)},
    {"groups", "WeightsWithFewerColumns", "and a swizzle of",
     setMap(1, MapField::columns, 32)},
    {"groups", "WeightsWithoutSwizzle", wrong, setMap(1, MapField::swizzle, 0)},
    {"groups", "MatrixHasOneRowMore", outside,
     setMatrix(0, MatrixField::rows, 71)},
    {"groups", "MatrixHasOneColumnLess", wrong,
     setMatrix(1, MatrixField::columns, 135)},
    {"groups", "RowsTooFarApart", outside,
     setMatrix(1, MatrixField::stride, 144)},
    {"groups", "FetchesToSmallerRing", race, shrinkRing(0)},
    {"groups", "MultipliesOfSmallerRing", early, shrinkRing(1)},
    {"groups", "FreesStageOfSmallerRing", forever, shrinkRing(2)},
    {"groups", "SharedTilesOverlap", "without mbarrier.inval", overlapShared},
    {"groups", "SharedMemoryTooSmall", outside, halveShared},
    // Results.
    {"groups", "RowsNotChecked", outside, dropBound(Part::results, 70)},
    {"groups", "ColumnsNotChecked", race, dropBound(Part::results, 136)},
    {"groups", "OneRowMore", outside, includeBound(Part::results, 70)},
    {"groups", "OneColumnMore", race, includeBound(Part::results, 136)},
    {"groups", "OneBlockLess", wrong, shrinkGrid},
    // The matrix first, one panel of few columns.
    {"few", "NoWaitForEmpty", race, drop<Wait>(0)},
    {"few", "LeavesOneAtTheEnd", unfinished, leaveProducts(-1, 1)},
    {"few", "WeightsNotTransposed", "reads 16 bytes of shared memory at 17408",
     transposeOperand(0)},
    {"few", "StrideOfX", wrong, setField(1, strideField, 32)},
    {"few", "GroupsTogether", wrong, replace<LLVM::MulOp>(64, 0, 0)},
    {"few", "RowsNotChecked", outside, dropBound(Part::results, 9)},
    {"few", "ColumnsNotChecked", race, dropBound(Part::results, 136)},
    // Panels of x, and weights along the contraction.
    {"turned", "StrideOfX", "reads 16 bytes of shared memory at 82944",
     setField(0, strideField, 128)},
    {"turned", "StrideOfWeights", wrong, setField(1, strideField, 32)},
    {"turned", "StepsOfXHalf", wrong, scaleSteps(0, 0)},
    {"turned", "StepsOfWeightsTwice", inPattern, scaleSteps(1, 2)},
    {"turned", "GroupsTogether", wrong, replace<LLVM::MulOp>(64, 0, 0)},
    {"turned", "NextColumnOfPanel", wrong, moveCoordinate(1, 0, 1)},
    // Weights that producers decode.
    {"decoded", "NoPublish", "without a fence.proxy.async",
     dropAll<NVVM::FenceProxyOp>},
    {"decoded", "PublishesEarly", "without a fence.proxy.async", publishEarly},
    {"decoded", "ArrivalsOfFullOneLess", twice, setArrivals(5, 4)},
    {"decoded", "ArrivalsOfFullOneMore", forever, setArrivals(5, 6)},
    {"decoded", "DecodersDoNotArrive", forever,
     drop<NVVM::MBarrierArriveOp>(0)},
    {"decoded", "NoWaitForEmpty", race, drop<Wait>(0)},
    {"decoded", "NoWaitForFull", early, drop<Wait>(1)},
    {"decoded", "WriteWithoutSwizzle", wrong, writeWithoutSwizzle},
    {"decoded", "FieldsOneBitFurther", wrong, moveFields(0)},
    {"codes", "NoPublish", "without a fence.proxy.async",
     dropAll<NVVM::FenceProxyOp>},
    {"codes", "NoWaitForEmpty", race, drop<Wait>(0)},
    {"codes", "NoWaitForFull", early, drop<Wait>(1)},
    {"codes", "WriteWithoutSwizzle", wrong, writeWithoutSwizzle},
    {"codes", "StepsOfXHalf", wrong, scaleSteps(0, 0)},
    {"codes", "RowsNotChecked", outside, dropBound(Part::results, 70)},
    // Weights that stay in registers, and tiles of x that threads copy.
    {"registers", "NoPublish", "without a fence.proxy.async",
     dropAll<NVVM::FenceProxyOp>},
    {"registers", "WaitsForNone", early, setWait(100)},
    {"registers", "NoWaitForEmpty", early, drop<Wait>(0)},
    {"registers", "NoWaitForFull", race, drop<Wait>(1)},
    {"registers", "NoFence", "without a wgmma.fence before", dropFence(0)},
    {"registers", "WordsExchanged", wrong, exchangeWords(1, 2)},
    {"registers", "StrideOfX", wrong, setField(0, strideField, 32)},
    {"registers", "FieldsOneBitFurther", wrong, moveFields(0)},
    {"registers", "RowsNotChecked", outside, dropBound(Part::results, 9)},
    // Sparse ones.
    {"sparse", "NoPublish", "without a fence.proxy.async",
     dropAll<NVVM::FenceProxyOp>},
    {"sparse", "NoWaitForEmpty", race, drop<Wait>(0)},
    {"sparse", "NoWaitForFull", race, drop<Wait>(1)},
    {"sparse", "LeavesOneInTheLoop", race, leaveProducts(-1, 1)},
    {"sparse", "SelectorsExchanged", wrong, exchangeGroupSelectors},
    {"sparse", "StepsOfWeightsTwice", race, scaleSteps(0, 2)},
    {"sparse", "PositionsOneBitFurther", wrong, moveFields(0)},
    {"sparse", "CodesOneBitFurther", wrong, moveFields(1)},
    {"sparse", "ColumnsNotChecked", race, dropBound(Part::results, 136)},
};

INSTANTIATE_TEST_SUITE_P(All, WrongGroups, testing::ValuesIn(bugs),
                         getTestName);
