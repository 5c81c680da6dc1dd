//===- Product.cpp - Kernels of products ----------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/Kernels/Product.h"
#include "compiler/Codegen/CPU/Weights/WeightPanels.h"
#include "compiler/Codegen/CUDA/Kernels/BlockProduct.h"
#include "compiler/Codegen/CUDA/Kernels/GroupProduct.h"
#include "compiler/Codegen/CUDA/Kernels/IntegerGroupProduct.h"
#include "compiler/Codegen/CUDA/Kernels/IntegerProduct.h"
#include "compiler/Codegen/CUDA/Kernels/IntegerWeights.h"
#include "compiler/Codegen/CUDA/Kernels/ListedProduct.h"
#include "compiler/Codegen/CUDA/Kernels/RegisterProduct.h"
#include "compiler/Codegen/CUDA/Kernels/SparseProduct.h"
#include "compiler/Codegen/CUDA/Kernels/SparseWeights.h"
#include "compiler/Codegen/CUDA/Kernels/StagedProduct.h"
#include "compiler/Codegen/CUDA/Kernels/TensorProduct.h"
#include "compiler/Codegen/CUDA/Kernels/WeightSource.h"

using namespace mlir;
using namespace dither;

/// The one that has `wgmma`.
static constexpr llvm::StringLiteral groupChip = "sm_90a";

/// Why no kernel multiplies by a packed matrix; empty if one does.
static std::string explainNoKernel(ContractOp op) {
  auto dense = cast<RankedTensorType>(*op.getDense());
  auto pattern = dyn_cast_if_present<PatternAttrInterface>(op.getPatternAttr());
  auto format = dyn_cast_if_present<FormatAttrInterface>(op.getFormatAttr());
  std::string reason = op.getTransposeW()
                           ? explainNotTransposed(dense, pattern, format)
                           : explainUnsupported(dense, pattern, format);
  return reason.empty()
             ? explainNotDecoded(dense, pattern, format, op.getTransposeW())
             : reason;
}

LogicalResult dither::emitProduct(ImplicitLocOpBuilder &b, Operation *op,
                                  StringRef chip) {
  if (auto sampled = dyn_cast<SampledContractOp>(op)) {
    emitSampledProduct(b, sampled);
    return success();
  }
  auto product = cast<ContractOp>(op);
  Type element = getElementTypeOrSelf(product.getX().getType());
  if (element.isF64())
    return op->emitOpError("multiplies f64, which no kernel for CUDA does; "
                           "compile for the CPU");
  if (isa_and_present<ListPatternAttrInterface>(product.getPatternAttr())) {
    emitListedProduct(b, product);
    return success();
  }
  if (product.getDense())
    if (std::string reason = explainNoKernel(product); !reason.empty())
      return op->emitOpError("has packed weights that no kernel for CUDA "
                             "decodes: ")
             << reason << "; unpack them";
  if (isa_and_present<BlockPatternAttrInterface>(product.getPatternAttr()))
    emitBlockProduct(b, product);
  else if (chip == groupChip && isForIntegerGroups(product))
    emitIntegerGroupProduct(b, product);
  else if (isForIntegerCores(product))
    emitIntegerProduct(b, product);
  else if (chip == groupChip && isForRegisters(product))
    emitRegisterProduct(b, product);
  else if (chip == groupChip && isForGroups(product))
    emitGroupProduct(b, product);
  else if (isForSparseTensorCores(product))
    emitSparseProduct(b, product);
  else if (isForTensorCores(product))
    emitTensorProduct(b, product);
  else
    emitStagedProduct(b, product);
  return success();
}
