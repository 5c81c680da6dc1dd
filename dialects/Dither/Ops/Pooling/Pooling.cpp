//===- Pooling.cpp - What windows over images have in common --------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Ops/Convolution/Window.h"
#include <cmath>

using namespace mlir;
using namespace dither;

template <typename Op> static Window getWindow(Op op) {
  return {op.getKernel(), op.getStrides().value_or(op.getKernel()),
          op.getPadding(), op.getDilations()};
}

template <typename Op>
static LogicalResult inferPool(std::optional<Location> location,
                               typename Op::Adaptor op,
                               SmallVectorImpl<Type> &types) {
  auto x = cast<RankedTensorType>(op.getX().getType());
  auto patches = inferPatches(location, x, getWindow(op));
  if (failed(patches))
    return failure();
  SmallVector<int64_t> shape(patches->getShape());
  shape.back() = x.getDimSize(3);
  types.push_back(x.clone(shape));
  return success();
}

#define DITHER_INFER(OP)                                                       \
  LogicalResult OP::inferReturnTypes(                                          \
      MLIRContext *, std::optional<Location> location, ValueRange operands,    \
      DictionaryAttr attributes, OpaqueProperties properties,                  \
      RegionRange regions, SmallVectorImpl<Type> &types) {                     \
    auto adaptor =                                                             \
        makeInferenceAdaptor<OP>(operands, attributes, properties, regions);   \
    if (failed(verifyAttributes(adaptor, location)))                           \
      return failure();                                                        \
    return inferPool<OP>(location, adaptor, types);                            \
  }
DITHER_INFER(MaxPool2dOp)
DITHER_INFER(AvgPool2dOp)

/// The most slices that windows which overlap are combined by: each is one more
/// operand of a loop.
static constexpr int64_t mostSlices = 32;

/// Whether windows stand side by side.
static bool areTiles(const Window &window) {
  return window.kernel == window.strides &&
         llvm::all_of(window.dilations, [](int64_t d) { return d == 1; });
}

/// Cuts off what no tile sees, and gives the elements of a tile two dimensions:
/// [batch, down, kernel rows, across, kernel columns, channels].
static Value buildTiles(ImplicitLocOpBuilder &b, Value x, const Window &window,
                        RankedTensorType y) {
  int64_t down = y.getDimSize(1), across = y.getDimSize(2);
  auto type = cast<RankedTensorType>(x.getType());
  SmallVector<int64_t> seen(type.getShape());
  seen[1] = down * window.kernel[0];
  seen[2] = across * window.kernel[1];
  if (seen != type.getShape()) {
    llvm::replace(seen, ShapedType::kDynamic, int64_t(-1));
    x = SliceOp::create(b, x, ArrayRef<int64_t>{0, 0, 0, 0}, seen,
                        ArrayRef<int64_t>{1, 1, 1, 1});
  }
  return buildReshape(b, x,
                      {y.getDimSize(0), down, window.kernel[0], across,
                       window.kernel[1], y.getDimSize(3)});
}

/// Combines what windows see, first down, then across.
static Value buildSlices(ImplicitLocOpBuilder &b, ReduceKind kind, Value x,
                         const Window &window) {
  for (int64_t dim : {0, 1}) {
    Value combined;
    for (int64_t k = 0; k < window.kernel[dim]; ++k) {
      Value seen = buildSeen(b, x, window, dim, k);
      if (!combined)
        combined = seen;
      else if (kind == ReduceKind::max)
        combined = MaxOp::create(b, combined, seen);
      else
        combined = AddOp::create(b, combined, seen);
    }
    x = combined;
  }
  return x;
}

/// The elements of each window, copied: [batch, down, across, elements,
/// channels].
static Value buildCopies(ImplicitLocOpBuilder &b, Value x, const Window &window,
                         RankedTensorType y) {
  Value patches = PatchesOp::create(b, x, window.kernel, window.strides,
                                    window.padding, window.dilations);
  SmallVector<int64_t> shape(y.getShape());
  shape.insert(shape.begin() + 3, window.kernel[0] * window.kernel[1]);
  return buildReshape(b, patches, shape);
}

/// Combines what each window sees; outside of the image is `padding`.
static Value buildCombined(ImplicitLocOpBuilder &b, ReduceKind kind, Value x,
                           Window window, double padding, RankedTensorType y) {
  x = buildPadded(b, x, window, padding);
  window = window.withoutPadding();
  auto reduce = [&](Value elements, ArrayRef<int64_t> dims) -> Value {
    return ReduceOp::create(b, kind, elements, b.getDenseI64ArrayAttr(dims),
                            false);
  };
  if (areTiles(window))
    return reduce(buildTiles(b, x, window, y), {2, 4});
  if (window.kernel[0] + window.kernel[1] <= mostSlices)
    return buildSlices(b, kind, x, window);
  return reduce(buildCopies(b, x, window, y), {3});
}

SmallVector<Value> MaxPool2dOp::decompose(ImplicitLocOpBuilder &b) {
  return {buildCombined(b, ReduceKind::max, getX(), getWindow(*this), -INFINITY,
                        cast<RankedTensorType>(getType()))};
}

/// How many elements of an extent the window sees at each position.
static SmallVector<int64_t> countSeen(const Window &window, int64_t dim,
                                      int64_t extent) {
  SmallVector<int64_t> counts(window.countPositions(dim, extent));
  for (auto [position, count] : llvm::enumerate(counts)) {
    // Elements from the first of the window to the first of the image, and to
    // the one behind its last.
    int64_t first = -window.getElement(dim, int64_t(position), 0);
    auto getBelow = [&](int64_t end) {
      int64_t below = llvm::divideCeilSigned(end, window.dilations[dim]);
      return std::clamp<int64_t>(below, 0, window.kernel[dim]);
    };
    count = getBelow(first + extent) - getBelow(first);
  }
  return counts;
}

/// How many elements of the image each window sees: [1, down, across, 1].
static Value buildCounts(ImplicitLocOpBuilder &b, const Window &window,
                         RankedTensorType x) {
  SmallVector<int64_t> down = countSeen(window, 0, x.getDimSize(1));
  SmallVector<int64_t> across = countSeen(window, 1, x.getDimSize(2));
  SmallVector<Attribute> counts;
  for (int64_t rows : down)
    for (int64_t columns : across)
      counts.push_back(
          b.getFloatAttr(x.getElementType(), double(rows * columns)));
  auto type = RankedTensorType::get(
      {1, int64_t(down.size()), int64_t(across.size()), 1}, x.getElementType());
  return ConstantOp::create(b, DenseElementsAttr::get(type, counts));
}

/// Sums of 16 bits are those of f32, and the mean is rounded.
SmallVector<Value> AvgPool2dOp::decompose(ImplicitLocOpBuilder &b) {
  Window window = getWindow(*this);
  auto x = cast<RankedTensorType>(getX().getType());
  auto y = cast<RankedTensorType>(getType());
  Value wide = getX();
  if (x.getElementTypeBitWidth() < 32) {
    x = withElement(x, b.getF32Type());
    wide = CastOp::create(b, x, wide);
  }
  Value sum = buildCombined(b, ReduceKind::sum, wide, window, 0, y);
  Value count = window.isPadded() && !getCountPadding()
                    ? buildCounts(b, window, x)
                    : buildScalarLike(
                          b, double(window.kernel[0] * window.kernel[1]), sum);
  Value mean = DivOp::create(b, sum, count);
  return {mean.getType() == y ? mean : CastOp::create(b, y, mean).getResult()};
}
