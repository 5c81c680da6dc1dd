//===- DitherToLinalg.cpp - Core ops to linalg ----------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/DitherToLinalg/Patterns.h"
#include "compiler/Passes.h"
#include "compiler/Transforms/Support/Counts.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Transforms/DialectConversion.h"

namespace dither {
#define GEN_PASS_DEF_DITHERTOLINALG
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

namespace {
struct DitherToLinalg : dither::impl::DitherToLinalgBase<DitherToLinalg> {
  void runOnOperation() override {
    MLIRContext *context = &getContext();
    int64_t contractions = 0;
    getOperation()->walk([&](Operation *op) {
      contractions += isa<MatmulOp, PackedMatmulOp, SampledMatmulOp>(op);
    });
    RewritePatternSet patterns(context);
    populateElementwiseToLinalg(patterns);
    populateReductionToLinalg(patterns);
    populateScanToLinalg(patterns);
    populateShapeToLinalg(patterns);
    populateRearrangeToLinalg(patterns);
    populateRandomToLinalg(patterns);
    populateContractionToLinalg(patterns);
    populateConvolutionToLinalg(patterns);
    populateIndexingToLinalg(patterns);
    populateSparseToLinalg(patterns);
    populateSortingToLinalg(patterns);
    populateControlFlowToLinalg(patterns);
    ConversionTarget target(*context);
    target.addLegalDialect<linalg::LinalgDialect, tensor::TensorDialect,
                           arith::ArithDialect, math::MathDialect,
                           func::FuncDialect, scf::SCFDialect,
                           bufferization::BufferizationDialect>();
    target.addIllegalDialect<DitherDialect>();
    // That of an epilogue.
    target.addDynamicallyLegalOp<dither::YieldOp>(
        [](dither::YieldOp op) { return isa<ContractOp>(op->getParentOp()); });
    target.addLegalOp<ContractOp, SampledContractOp, OnDeviceOp>();
    if (failed(applyPartialConversion(getOperation(), target,
                                      std::move(patterns))))
      return signalPassFailure();
    reportCounts(*this, getOperation(), {{"contractions", contractions}});
  }
};
} // namespace
