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
// under each of a few schedules: as a fault where threads get into each other's
// way or leave their memory, as wrong numbers where they keep to all rules.
//
//===----------------------------------------------------------------------===//

#include "MutationCases.h"
#include "Mutations.h"

using namespace mlir;
using namespace dither;
using namespace dither::test;

//===----------------------------------------------------------------------===//
// Models
//===----------------------------------------------------------------------===//

static const Models models = {
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
    // Bytes, twice as many tiles as stages, in groups of two tiles.
    {"codes", R"(dither.model @m {
  dither.param @w : tensor<384x136xf32> init #dither.fill<0.0> frozen {format = #dither.int<bits = 8, group = 128>}
  func.func @f(%codes: tensor<37x384xi8>, %scales: tensor<37x1xf32>) -> tensor<37x136xf32> {
    %w = dither.read @w : tensor<384x136xf32>
    %x = dither.dequantize #dither.int<bits = 8, dim = 1> %codes, %scales : tensor<37x384xi8>, tensor<37x1xf32> -> tensor<37x384xf32>
    %y = dither.matmul %x, %w : tensor<37x384xf32>, tensor<384x136xf32>
    return %y : tensor<37x136xf32>
  }
})"},
    {"sparse", R"(dither.model @m {
  dither.param @w : tensor<256x48xf32> init #dither.fill<0.0> frozen {
    pattern = #dither.nm<2 : 4>, format = #dither.minifloat<e2m1, group = 32, scale = e8m0>}
  func.func @f(%x: tensor<9x256xbf16>) -> tensor<9x48xbf16> {
    %wide = dither.read @w : tensor<256x48xf32>
    %w = dither.cast %wide : tensor<256x48xf32> to tensor<256x48xbf16>
    %y = dither.matmul %x, %w : tensor<9x256xbf16>, tensor<256x48xbf16>
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
    {"backward", R"(dither.model @m {
  dither.param @w : tensor<40x24xf32> init #dither.fill<0.0> frozen {pattern = #dither.unstructured<sparsity = 0.5>}
  func.func @f(%y: tensor<11x24xf32>) -> tensor<11x40xf32> {
    %w = dither.read @w : tensor<40x24xf32>
    %x = dither.matmul %y, %w {transpose_y} : tensor<11x24xf32>, tensor<40x24xf32>
    return %x : tensor<11x40xf32>
  }
})"},
    // Three pieces, of which the last one is ragged.
    {"scan", R"(dither.model @m {
  func.func @f(%x: tensor<2x2100xf32>) -> tensor<2x2100xf32> {
    %y = dither.scan sum %x {dim = 1 : i64} : tensor<2x2100xf32>
    return %y : tensor<2x2100xf32>
  }
})"},
    {"top", R"(dither.model @m {
  func.func @f(%x: tensor<9001xf32>) -> tensor<9001xf32> {
    %m = dither.top_mask %x {count = 3000 : i64} : tensor<9001xf32>
    %f = dither.cast %m : tensor<9001xi1> to tensor<9001xf32>
    return %f : tensor<9001xf32>
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

static CompiledModels *const compiledModels =
    CompiledModels::make(models, "sm_80");

//===----------------------------------------------------------------------===//
// Tests
//===----------------------------------------------------------------------===//

class RightKernels : public testing::TestWithParam<std::string> {};

TEST_P(RightKernels, PassUnderAllSchedules) {
  expectRight(compiledModels->get(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(All, RightKernels,
                         testing::ValuesIn(compiledModels->listNames()),
                         [](const auto &info) { return info.param; });

class WrongKernels : public testing::TestWithParam<Bug> {};

TEST_P(WrongKernels, AreFound) {
  expectFound(compiledModels->get(GetParam().model), GetParam());
}

/// A copy that nobody has waited for.
static const char *const early = "still copies to";

static const std::vector<Bug> bugs = {
    // Order: copies that are on their way, and the threads that read them.
    {"ring", "NoBarrier", race, dropBarrier(0)},
    {"ring", "BarrierBehindCopies", race, moveBarrierBehindCopies},
    {"ring", "WaitsForOneLess", early, setWait(2)},
    {"ring", "WaitsForNone", early, setWait(100)},
    {"ring", "WaitsBehindBarrier", race, moveWaitBehindBarrier},
    {"ring", "FirstCommitMissing", early, dropCommit(0)},
    {"ring", "LastCommitMissing", early, dropCommit(-1)},
    {"ring", "ReadsAnotherStage", early, readSmallerRing},
    {"ring", "WritesAnotherStage", early, writeSmallerRing},
    {"ring", "SharedTilesOverlap", early, overlapShared},
    // Places.
    {"ring", "CopyWithoutSwizzle", wrong, dropSwizzle(0)},
    {"ring", "LoadWithoutSwizzle", wrong, dropSwizzle(-1)},
    {"ring", "FirstMatricesElsewhere", wrong, moveMatrices(0)},
    {"ring", "LastMatricesElsewhere", wrong, moveMatrices(-1)},
    {"ring", "CopyNotAligned", "not a multiple of 16", copyFromNextElement},
    {"ring", "CopyMissing", unwritten, dropCopy},
    {"ring", "ResultsNotAligned", "not a multiple of 16", overstateAlignment},
    {"ring", "SharedMemoryTooSmall", outside, halveShared},
    {"ring", "ThreadsTooFew", unwritten, halveThreads},
    {"ring", "WarpsOfSixteen", race, replace<LLVM::LShrOp>(5, 4, 0)},
    {"ring", "LanesOfSixteen", race, replace<LLVM::AndOp>(31, 15, 0)},
    // Registers.
    {"ring", "XTransposed", wrong, transposeLoad(0)},
    {"ring", "WeightsNotTransposed", wrong, transposeLoad(-1)},
    {"ring", "MatricesExchanged", wrong, exchangeMatrices(0, 1, 2)},
    {"ring", "OperandsOfXExchanged", wrong, exchangeOperands(0, 1, 2)},
    {"ring", "OperandsOfWeightsExchanged", wrong, exchangeOperands(0, 4, 5)},
    {"ring", "RowsOfSumsExchanged", wrong, exchangeSums(-1, 0, 2)},
    {"ring", "ElementsTakenForHalf", wrong, multiplyAsHalf},
    {"ring", "ResultsTruncated", wrong, replace<LLVM::AddOp>(32767, 0, 0)},
    // Bounds.
    {"ring", "RowsNotChecked", outside, dropBound(Part::results, 37)},
    {"ring", "ColumnsNotChecked", race, dropBound(Part::results, 136)},
    {"ring", "OneRowMore", outside, includeBound(Part::results, 37)},
    {"ring", "OneColumnMore", race, includeBound(Part::results, 136)},
    {"ring", "ContractionLonger", outside, includeBound(Part::loads, 168)},
    {"ring", "CopiesAllBytes", wrong, copyAllBytes},
    {"ring", "OneBlockLess", wrong, shrinkGrid},
    // Weights that are decoded to shared memory.
    {"int4", "NoBarrier", race, dropBarrier(0)},
    {"int4", "BarrierOfSomeThreads", race, moveBarrierToCopies},
    {"int4", "ReadsAnotherStage", wrong, readSmallerRing},
    {"int4", "WritesAnotherStage", early, writeSmallerRing},
    {"int4", "WriteWithoutSwizzle", wrong, writeWithoutSwizzle},
    {"int4", "CopiedTwice", race, dropElection},
    {"int4", "FieldsOneBitFurther", wrong, moveFields(0)},
    {"int4", "AnotherZero", wrong, replace<LLVM::SubOp>(8, 7, 0)},
    {"int4", "ScalesOfSecondGroup", wrong, moveLoad(1, 72)},
    {"int4", "ScalesBehindLastGroup", outside, moveLoad(-1, 72)},
    {"int4", "RowsNotChecked", outside, dropBound(Part::results, 9)},
    // Bytes.
    {"codes", "NoBarrier", race, dropBarrier(0)},
    {"codes", "WaitsForOneLess", early, setWait(2)},
    {"codes", "SharedTilesOverlap", early, overlapShared},
    {"codes", "WritesAnotherStage", early, writeSmallerRing},
    {"codes", "LoadWithoutSwizzle", wrong, dropSwizzle(-1)},
    {"codes", "WriteWithoutSwizzle", wrong, writeWithoutSwizzle},
    {"codes", "WeightsTakenForUnsigned", wrong, multiplyUnsigned},
    {"codes", "OperandsOfXExchanged", wrong, exchangeOperands(0, 1, 2)},
    {"codes", "OperandsOfWeightsExchanged", wrong, exchangeOperands(0, 4, 5)},
    {"codes", "RowsOfSumsExchanged", wrong, exchangeSums(-1, 0, 2)},
    {"codes", "GroupsEndLater", wrong, replace<LLVM::URemOp>(128, 192, 0)},
    {"codes", "RowsNotChecked", outside, dropBound(Part::results, 37)},
    // Sparse tensor cores: the matrix comes first, and its columns are rows.
    {"sparse", "NoBarrier", race, dropBarrier(0)},
    {"sparse", "BarrierBehindCopies", race, moveBarrierBehindCopies},
    {"sparse", "WaitsForOneLess", early, setWait(2)},
    {"sparse", "SharedTilesOverlap", early, overlapShared},
    {"sparse", "WriteWithoutSwizzle", wrong, writeWithoutSwizzle},
    {"sparse", "PositionsOneBitFurther", wrong, moveFields(0)},
    {"sparse", "CodesOneBitFurther", wrong, moveFields(1)},
    {"sparse", "SelectorsExchanged", wrong, exchangeSelectors},
    {"sparse", "OperandsOfWeightsExchanged", wrong, exchangeOperands(0, 1, 2)},
    {"sparse", "OperandsOfXExchanged", wrong, exchangeOperands(0, 4, 6)},
    {"sparse", "ColumnsOfSumsExchanged", wrong, exchangeSums(-1, 0, 2)},
    {"sparse", "RowsNotChecked", outside, dropBound(Part::results, 9)},
    {"sparse", "ColumnsNotChecked", outside, dropBound(Part::results, 48)},
    // Products of f32.
    {"staged", "NoBarrierBehindStaging", unwritten, dropBarrier(0)},
    {"staged", "NoBarrierAheadOfStaging", race, dropBarrier(1)},
    {"staged", "SharedTilesOverlap", race, overlapShared},
    {"staged", "TilesTooFarApart", wrong, replace<LLVM::AddOp>(32, 33, -1)},
    {"staged", "ContractionNotChecked", outside, dropBound(Part::loads, 70)},
    {"staged", "OneRowMore", outside, includeBound(Part::results, 21)},
    {"staged", "VectorsNotMasked", race, dropMasks},
    {"staged", "OneBlockLess", wrong, shrinkGrid},
    // Reductions by warps: zeros first, then sums.
    {"warps", "AnotherOffset", wrong,
     setShuffle(&NVVM::ShflOp::getOffsetMutable, 4)},
    {"warps", "MaskWithoutLastLane", "which the mask 0x7fffffff does not name",
     setShuffle(&NVVM::ShflOp::getThreadMaskMutable, 0x7fffffff)},
    {"warps", "ClampOfSixteen", wrong,
     setShuffle(&NVVM::ShflOp::getMaskAndClampMutable, 15)},
    {"warps", "LastStepMissing", wrong, dropLastStep},
    {"warps", "SomeLanesLeave", forever, compareThreads(11)},
    {"warps", "AllLanesWrite", race, dropElection},
    {"warps", "StepsTooShort", wrong, replace<LLVM::AddOp>(32, 31, 0)},
    {"warps", "RowsNotChecked", outside, dropBound(Part::loads, 11)},
    {"warps", "ZerosMissing", unwritten, dropLaunch(0)},
    {"warps", "SumsMissing", wrong, dropLaunch(-1)},
    // Lists.
    {"listed", "OneElementMore", outside, lengthenList},
    {"listed", "ListsOfTwoColumns", outside, replace<LLVM::AddOp>(1, 2, 0)},
    {"listed", "ElementsNotChecked", outside, dropBound(Part::loads, 264)},
    {"backward", "NoBarrier", unwritten, dropBarrier(0)},
    {"backward", "SumsNotFinished", race, dropBarrier(-1)},
    {"backward", "RowsNotChecked", outside, dropBound(Part::loads, 11)},
    // Scans.
    {"scan", "NextPieceTooEarly", race, dropBarrier(0)},
    {"scan", "SumsOfWarpsTooEarly", unwritten, dropBarrier(1)},
    {"scan", "PiecesOverlap", wrong, replace<LLVM::AddOp>(1024, 1020, 0)},
    {"scan", "PiecesApart", wrong, replace<LLVM::AddOp>(1024, 1025, 0)},
    {"scan", "CarryMissing", wrong, dropCarry},
    {"scan", "AnotherOffset", wrong,
     setShuffle(&NVVM::ShflOp::getOffsetMutable, 3)},
    {"scan", "OneRowMore", unwritten, growGrid},
    {"top", "CountsOfWarpsTooEarly", race, dropBarrier(0)},
    {"top", "OneLaunchLess", unwritten, dropLaunch(3)},
    {"top", "OneBlockLess", unwritten, shrinkGrid},
    // Elements.
    {"elements", "NotChecked", outside, dropBound(Part::results, 310)},
    {"elements", "OneMore", outside, includeBound(Part::results, 310)},
    {"elements", "BlocksOverlap", race, replace<LLVM::MulOp>(256, 255, 0)},
    {"elements", "BlocksApart", wrong, replace<LLVM::MulOp>(256, 257, 0)},
    {"elements", "TwoThreadsEach", race, pairThreads},
    {"elements", "OneBlockLess", wrong, shrinkGrid},
    {"elements", "ArgumentsExchanged", wrong, exchangeArguments},
};

INSTANTIATE_TEST_SUITE_P(All, WrongKernels, testing::ValuesIn(bugs),
                         getTestName);
