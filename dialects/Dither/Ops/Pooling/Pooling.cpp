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
    return inferPool<OP>(location, adaptor, types);                            \
  }
DITHER_INFER(MaxPool2dOp)
DITHER_INFER(AvgPool2dOp)

static bool isPadded(const Window &window) {
  return llvm::any_of(window.padding, [](int64_t p) { return p != 0; });
}

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

/// Combines what each window sees; outside of the image is `padding`. Windows
/// that overlap have copies of their elements.
static Value buildCombined(ImplicitLocOpBuilder &b, ReduceKind kind, Value x,
                           Window window, double padding, Type result) {
  auto y = cast<RankedTensorType>(result);
  if (isPadded(window)) {
    ArrayRef<int64_t> p = window.padding;
    x = PadOp::create(b, x, ArrayRef<int64_t>{0, p[0], p[2], 0},
                      ArrayRef<int64_t>{0, p[1], p[3], 0}, APFloat(padding));
    window.padding = {};
  }
  SmallVector<int64_t> dims;
  if (areTiles(window)) {
    x = buildTiles(b, x, window, y);
    dims = {2, 4};
  } else {
    x = PatchesOp::create(b, x, window.kernel, window.strides,
                          ArrayRef<int64_t>{0, 0, 0, 0}, window.dilations);
    SmallVector<int64_t> shape(y.getShape());
    shape.insert(shape.begin() + 3, window.kernel[0] * window.kernel[1]);
    x = buildReshape(b, x, shape);
    dims = {3};
  }
  return ReduceOp::create(b, kind, x, b.getDenseI64ArrayAttr(dims), false);
}

SmallVector<Value> MaxPool2dOp::decompose(ImplicitLocOpBuilder &b) {
  return {buildCombined(b, ReduceKind::max, getX(), getWindow(*this), -INFINITY,
                        getType())};
}

/// How many elements of an extent the window sees at each position.
static SmallVector<int64_t> countSeen(const Window &window, int64_t dim,
                                      int64_t extent) {
  SmallVector<int64_t> counts(window.countPositions(dim, extent), 0);
  for (auto [position, count] : llvm::enumerate(counts))
    for (int64_t k = 0; k < window.kernel[dim]; ++k) {
      int64_t element = window.getElement(dim, int64_t(position), k);
      count += element >= 0 && element < extent;
    }
  return counts;
}

/// How many elements of the image each window sees: [1, down, across, 1].
static Value buildSeen(ImplicitLocOpBuilder &b, const Window &window,
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

SmallVector<Value> AvgPool2dOp::decompose(ImplicitLocOpBuilder &b) {
  Window window = getWindow(*this);
  Value sum = buildCombined(b, ReduceKind::sum, getX(), window, 0, getType());
  Value count =
      isPadded(window) && !getCountPadding()
          ? buildSeen(b, window, cast<RankedTensorType>(getX().getType()))
          : buildScalarLike(b, double(window.kernel[0] * window.kernel[1]),
                            sum);
  return {DivOp::create(b, sum, count)};
}
