//===- PlanRepresentation.cpp - Products on packed parameters -------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/Weights/IntegerPanels.h"
#include "compiler/Codegen/CUDA/Kernels/TensorProduct.h"
#include "compiler/Codegen/CUDA/Kernels/WeightSource.h"
#include "compiler/Passes.h"
#include "compiler/Transforms/Support/Counts.h"

namespace dither {
#define GEN_PASS_DEF_PLANREPRESENTATION
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

/// Whether a format gives each row a scale of f32 and codes that are signed
/// integers of 8 bits, but for an offset of 128.
static bool isForActivations(FormatAttrInterface format, RankedTensorType x) {
  if (!format || x.getRank() != 2 || format.getGroupDim() != 1)
    return false;
  std::optional<IntegerCodes> codes = format.getIntegerCodes();
  auto scales = format.getScaleParts(x);
  return codes && codes->areCodes() && codes->getOffset() == 128 &&
         codes->factor == 1 && scales.size() == 1 &&
         scales[0].second.getShape() == ArrayRef{x.getDimSize(0), int64_t(1)} &&
         scales[0].second.getElementType().isF32();
}

static Attribute getColumnFormat(UnpackOp weights) {
  auto format =
      dyn_cast_if_present<FormatAttrInterface>(weights.getFormatAttr());
  return format ? format.getColumnFormat() : Attribute();
}

/// The elements of x times the scales of the rows that they meet, or are.
static Value buildScaledByRows(ImplicitLocOpBuilder &b, Value x, Value rows) {
  auto wide = withElement(rows.getType(), b.getF32Type());
  if (rows.getType() != wide)
    rows = CastOp::create(b, wide, rows);
  return MulOp::create(b, x, buildReshape(b, rows, {1, wide.getDimSize(0)}));
}

/// Minus the offset of the weights' codes times the sum of each group of x.
static Value buildStarts(ImplicitLocOpBuilder &b, Value codes,
                         FormatAttrInterface format) {
  auto type = cast<RankedTensorType>(codes.getType());
  int64_t depth = type.getDimSize(1), group = format.getGroupSize();
  if (group == 0)
    group = depth;
  auto wide = withElement(type, b.getI32Type());
  Value groups = buildReshape(b, CastOp::create(b, wide, codes),
                              {type.getDimSize(0), depth / group, group});
  Value sums =
      ReduceOp::create(b, ReduceKind::sum, groups, b.getDenseI64ArrayAttr({2}));
  int64_t offset = format.getIntegerCodes()->getOffset();
  return MulOp::create(b, sums, buildScalarLike(b, -offset, sums));
}

/// Whether x is what codes stand for.
static bool hasCodes(Value x) {
  return isa_and_present<RepresentOp, DequantizeOp>(x.getDefiningOp());
}

/// The codes of x, and its scales.
static std::pair<Value, Value> buildQuantized(ImplicitLocOpBuilder &b, Value x,
                                              FormatAttrInterface format) {
  auto type = cast<RankedTensorType>(x.getType());
  SmallVector<Type> types = {withElement(type, b.getI8Type())};
  llvm::append_range(types,
                     llvm::make_second_range(format.getScaleParts(type)));
  auto quantize = QuantizeOp::create(b, types, format, x);
  return {quantize.getCodes(), quantize.getScales()[0]};
}

template <typename Op> static void decompose(Op op) {
  ImplicitLocOpBuilder b(op.getLoc(), op);
  op->replaceAllUsesWith(op.decompose(b));
  op.erase();
}

/// Kernels compute listed elements of f32 alone; of others, all of the product.
static void decomposeUnlisted(SampledMatmulOp op) {
  if (isa<ListPatternAttrInterface>(op.getPattern()) &&
      getElementTypeOrSelf(op.getX().getType()).isF32())
    return;
  decompose(op);
}

/// Elements of which a kernel on the CPU selects those that it rounds: code for
/// larger groups is so long that the dense matrix is the better one.
static constexpr int64_t kMostRoundedGroup = 16;

/// Whether a kernel rounds what it decodes of a matrix to 16 bits.
template <typename Op>
static bool isRounded(Op op, Type type, bool isTransposed, bool device) {
  auto dense = cast<RankedTensorType>(type);
  auto pattern = dyn_cast_if_present<PatternAttrInterface>(op.getPatternAttr());
  auto format = dyn_cast_if_present<FormatAttrInterface>(op.getFormatAttr());
  if (device)
    return isDecodedToTiles(dense, pattern, format);
  auto groups = dyn_cast_if_present<GroupPatternAttrInterface>(pattern);
  return !isa_and_present<ListPatternAttrInterface>(pattern) &&
         !(groups && groups.getGroupSize() > kMostRoundedGroup) &&
         (isTransposed ? explainNotTransposed(dense, pattern, format)
                       : explainUnsupported(dense, pattern, format))
             .empty();
}

namespace {
struct PlanRepresentation
    : dither::impl::PlanRepresentationBase<PlanRepresentation> {
  using PlanRepresentationBase::PlanRepresentationBase;

  void runOnOperation() override {
    packed = unpacked = integer = sampled = 0;
    SmallVector<SampleOp> samples;
    getOperation()->walk([](SampledMatmulOp op) { decomposeUnlisted(op); });
    getOperation()->walk([&](PackedMatmulOp op) {
      if (isHalf(op.getX().getType()) &&
          !isRounded(op, op.getDense(), op.getTransposeW(), device))
        decompose(op);
    });
    getOperation()->walk([&](SampleOp op) { samples.push_back(op); });
    for (SampleOp op : samples)
      planSample(op);
    SmallVector<MatmulOp> products;
    getOperation()->walk([&](MatmulOp op) {
      if (getWeights(op))
        products.push_back(op);
      else
        explainCast(op);
    });
    for (MatmulOp op : products)
      plan(op, getWeights(op));
    getOperation()->walk([](CastOp op) {
      if (op->use_empty() && op.getX().getDefiningOp<UnpackOp>())
        op.erase();
    });
    getOperation()->walk([](UnpackOp op) {
      if (op->use_empty())
        op.erase();
    });
    reportCounts(*this, getOperation(),
                 {{"packed", packed},
                  {"unpacked", unpacked},
                  {"integer", integer},
                  {"sampled", sampled}});
  }

  /// The unpacked matrix of a product; null if it has another one.
  UnpackOp getWeights(MatmulOp op) {
    if (auto weights = op.getY().getDefiningOp<UnpackOp>())
      return weights;
    auto cast = op.getY().getDefiningOp<CastOp>();
    auto weights = cast ? cast.getX().getDefiningOp<UnpackOp>() : UnpackOp();
    // Where x would be multiplied by scales of rows, it is not, but rounded.
    bool isKernel =
        weights && isHalf(cast.getType()) && !op.getTransposeX() &&
        !getColumnFormat(weights) &&
        isRounded(weights, weights.getType(), op.getTransposeY(), device);
    return isKernel ? weights : UnpackOp();
  }

  /// Says why a product with a cast of packed weights has a dense matrix.
  void explainCast(MatmulOp op) {
    auto cast = op.getY().getDefiningOp<CastOp>();
    if (!cast || !cast.getX().getDefiningOp<UnpackOp>())
      return;
    ++unpacked;
    std::string reason;
    llvm::raw_string_ostream(reason)
        << "no kernel decodes these weights and rounds them to "
        << getElementTypeOrSelf(cast.getType());
    op->setAttr("dither.fallback", StringAttr::get(&getContext(), reason));
  }

  /// Of a product of which only listed elements are asked for, no others are
  /// computed.
  void planSample(SampleOp op) {
    auto product = op.getX().getDefiningOp<MatmulOp>();
    if (!product || !product->hasOneUse())
      return;
    std::string reason;
    if (!product.getTransposeX() || product.getTransposeY())
      reason = "only x' y is sampled";
    else if (!isa<ListPatternAttrInterface>(op.getPattern()))
      reason = "only listed elements are computed alone";
    else if (!getElementTypeOrSelf(op.getX().getType()).isF32())
      reason = "elements are not f32";
    if (!reason.empty()) {
      product->setAttr("dither.fallback",
                       StringAttr::get(&getContext(), reason));
      return;
    }
    ++sampled;
    ImplicitLocOpBuilder b(op.getLoc(), op);
    auto kernel =
        SampledMatmulOp::create(b, op.getType(), product.getX(), product.getY(),
                                op.getMetadata(), op.getPattern());
    op.replaceAllUsesWith(kernel.getSlots());
    op.erase();
    product.erase();
  }

  void plan(MatmulOp op, UnpackOp weights) {
    auto dense = cast<RankedTensorType>(weights.getType());
    auto pattern =
        dyn_cast_if_present<PatternAttrInterface>(weights.getPatternAttr());
    auto weightFormat =
        dyn_cast_if_present<FormatAttrInterface>(weights.getFormatAttr());
    bool isListed = isa_and_present<ListPatternAttrInterface>(pattern);
    std::string reason =
        op.getTransposeY() && !isListed
            ? explainNotTransposed(dense, pattern, weightFormat)
            : explainUnsupported(dense, pattern, weightFormat);
    if (reason.empty() && device)
      reason =
          explainNotDecoded(dense, pattern, weightFormat, op.getTransposeY());
    if (op.getTransposeX())
      reason = "x is transposed";
    if (!reason.empty()) {
      ++unpacked;
      op->setAttr("dither.fallback", StringAttr::get(&getContext(), reason));
      return;
    }
    ++packed;
    ImplicitLocOpBuilder b(op.getLoc(), op);
    Value x = op.getX(), rowScales;
    SmallVector<Value> parts(weights.getParts()), activations;
    Attribute format = weights.getFormatAttr();
    std::string notInteger;
    if (Attribute columns = getColumnFormat(weights)) {
      rowScales = parts.pop_back_val();
      format = columns;
      if (hasCodes(x))
        notInteger = "rows of the weights have scales of their own; represent "
                     "the product of x with them";
      if (!op.getTransposeY())
        x = buildScaledByRows(b, x, rowScales);
    } else if (op.getTransposeY()) {
      if (hasCodes(x))
        notInteger = "codes do not meet the transpose of a matrix";
    } else {
      notInteger = planActivations(b, weights, x, activations);
    }
    auto product = PackedMatmulOp::create(
        b, op.getType(), x, parts, activations, TypeAttr::get(dense),
        weights.getPatternAttr(), format, op.getTransposeYAttr());
    if (!notInteger.empty())
      product->setAttr("dither.fallback",
                       StringAttr::get(&getContext(), notInteger));
    // Rows of the matrix are columns of the product with its transpose.
    Value result = product.getY();
    if (rowScales && op.getTransposeY())
      result = buildScaledByRows(b, result, rowScales);
    op.replaceAllUsesWith(result);
    op.erase();
  }

  /// Puts codes and their parts in the place of an `x` that is represented by
  /// 8 bits, or is given by such codes, or says why not. Other `x` stay.
  std::string planActivations(ImplicitLocOpBuilder &b, UnpackOp weights,
                              Value &x, SmallVectorImpl<Value> &parts) {
    auto represent = x.getDefiningOp<RepresentOp>();
    auto given = x.getDefiningOp<DequantizeOp>();
    auto type = cast<RankedTensorType>(x.getType());
    if (!represent && !given)
      return "";
    auto format = dyn_cast_if_present<FormatAttrInterface>(
        represent ? represent.getFormatAttr() : given.getFormat());
    if (!isForActivations(format, type) || (represent && represent.getMask()))
      return "the representation of x is not integers of 8 bits with an f32 "
             "scale for each row";
    auto weightFormat =
        dyn_cast_if_present<FormatAttrInterface>(weights.getFormatAttr());
    std::string reason = explainNotInteger(
        cast<RankedTensorType>(weights.getType()),
        dyn_cast_if_present<PatternAttrInterface>(weights.getPatternAttr()),
        weightFormat);
    if (!reason.empty())
      return reason;
    ++integer;
    auto [codes, scales] =
        given ? std::pair(given.getCodes(), given.getScales()[0])
              : buildQuantized(b, represent.getX(), format);
    x = SubOp::create(b, codes, buildScalarLike(b, -128, codes));
    parts.push_back(scales);
    if (!weights.getPatternAttr())
      parts.push_back(buildStarts(b, x, weightFormat));
    return "";
  }

  int64_t packed = 0, unpacked = 0, integer = 0, sampled = 0;
};
} // namespace
