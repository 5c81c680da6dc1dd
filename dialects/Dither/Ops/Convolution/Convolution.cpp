//===- Convolution.cpp - Windows over images ------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Ops/Convolution/Window.h"

using namespace mlir;
using namespace dither;

//===- Window -------------------------------------------------------------===//

bool Window::isIdentity() const {
  return llvm::all_equal(
             {kernel[0], kernel[1], strides[0], strides[1], int64_t(1)}) &&
         llvm::all_of(padding, [](int64_t p) { return p == 0; });
}

SmallVector<int64_t, 4>
Window::getPatchesShape(ArrayRef<int64_t> images) const {
  return {images[0], countPositions(0, images[1]), countPositions(1, images[2]),
          kernel[0] * kernel[1] * images[3]};
}

/// The type of the patches of images, or failure after an error.
static FailureOr<RankedTensorType>
inferPatches(std::optional<Location> location, RankedTensorType images,
             const Window &window) {
  if (images.getRank() != 4 ||
      llvm::any_of(images.getShape().drop_front(), ShapedType::isDynamic))
    return emitOptionalError(location,
                             "(C1) needs images [batch, height, width, "
                             "channels], static but for the batch, got ",
                             images);
  // Sums and products of two such numbers do not overflow.
  constexpr int64_t most = std::numeric_limits<int32_t>::max();
  auto isPair = [&](ArrayRef<int64_t> values) {
    return values.size() == 2 && llvm::all_of(values, [&](int64_t value) {
             return value > 0 && value <= most;
           });
  };
  if (!isPair(window.kernel) || !isPair(window.strides) ||
      !isPair(window.dilations))
    return emitOptionalError(location,
                             "(C2) needs `kernel`, `strides` and `dilations` "
                             "of two positive numbers below 2^31, down and "
                             "across");
  if (window.padding.size() != 4 ||
      llvm::any_of(window.padding,
                   [&](int64_t p) { return p < 0 || p > most; }))
    return emitOptionalError(location,
                             "(C2) needs a `padding` of four numbers, none "
                             "negative, all below 2^31: above, below, left, "
                             "right");
  for (int64_t dim : {0, 1}) {
    int64_t padded = window.getPadded(dim, images.getDimSize(dim + 1));
    if (window.getReach(dim) > padded)
      return emitOptionalError(location, "(C3) has a window that reaches over ",
                               window.getReach(dim), dim ? " columns" : " rows",
                               " of images that have ", padded,
                               " with their padding");
  }
  int64_t area, depth;
  if (llvm::MulOverflow(window.kernel[0], window.kernel[1], area) ||
      llvm::MulOverflow(area, images.getDimSize(3), depth))
    return emitOptionalError(location, "(C3) has patches with more elements "
                                       "than can be counted");
  return RankedTensorType::get(window.getPatchesShape(images.getShape()),
                               images.getElementType());
}

/// Calls `body` with the row-major index of each element of the patches and
/// that of the element of the images which it sees, if there is one.
static void forEachSeen(const Window &window, ArrayRef<int64_t> images,
                        function_ref<void(int64_t, int64_t)> body) {
  int64_t height = images[1], width = images[2], channels = images[3];
  SmallVector<int64_t, 4> patches = window.getPatchesShape(images);
  int64_t to = 0;
  forEachIndex({patches[0], patches[1], patches[2], window.kernel[0],
                window.kernel[1], channels},
               [&](ArrayRef<int64_t> index) {
                 int64_t i = window.getElement(0, index[1], index[3]);
                 int64_t j = window.getElement(1, index[2], index[4]);
                 if (i >= 0 && i < height && j >= 0 && j < width)
                   body(to, ((index[0] * height + i) * width + j) * channels +
                                index[5]);
                 ++to;
               });
}

//===- Patches ------------------------------------------------------------===//

LogicalResult
PatchesOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                            ValueRange operands, DictionaryAttr attributes,
                            OpaqueProperties properties, RegionRange regions,
                            SmallVectorImpl<Type> &types) {
  auto op = makeInferenceAdaptor<PatchesOp>(operands, attributes, properties,
                                            regions);
  auto type = inferPatches(
      location, cast<RankedTensorType>(op.getX().getType()), Window::of(op));
  if (failed(type))
    return failure();
  types.push_back(*type);
  return success();
}

OpFoldResult PatchesOp::fold(FoldAdaptor) {
  return Window::of(*this).isIdentity() ? OpFoldResult(getX()) : OpFoldResult();
}

SmallVector<SmallVector<int64_t>>
PatchesOp::evaluateShapes(ArrayRef<HostTensor> operands) {
  return {SmallVector<int64_t>(
      Window::of(*this).getPatchesShape(operands[0].getShape()))};
}

LogicalResult PatchesOp::evaluate(ArrayRef<HostTensor> operands,
                                  MutableArrayRef<HostTensor> results) {
  forEachSeen(Window::of(*this), operands[0].getShape(),
              [&](int64_t to, int64_t from) {
                results[0].set(to, operands[0].get(from));
              });
  return success();
}

SmallVector<Value> PatchesOp::buildGradients(ImplicitLocOpBuilder &b,
                                             ValueRange dys) {
  return {FoldOp::create(b, getX().getType(), dys[0], getKernel(), getStrides(),
                         getPadding(), getDilations())};
}

//===- Fold ---------------------------------------------------------------===//

LogicalResult FoldOp::verify() {
  auto patches = inferPatches(
      getLoc(), cast<RankedTensorType>(getX().getType()), Window::of(*this));
  if (failed(patches))
    return failure();
  if (*patches != getP().getType())
    return emitOpError("(C4) takes patches of type ")
           << *patches << ", not " << getP().getType();
  return success();
}

SmallVector<SmallVector<int64_t>>
FoldOp::evaluateShapes(ArrayRef<HostTensor> operands) {
  SmallVector<int64_t> shape(
      cast<RankedTensorType>(getX().getType()).getShape());
  shape[0] = operands[0].getShape()[0];
  return {shape};
}

LogicalResult FoldOp::evaluate(ArrayRef<HostTensor> operands,
                               MutableArrayRef<HostTensor> results) {
  std::vector<double> sums(results[0].getNumElements());
  forEachSeen(Window::of(*this), results[0].getShape(),
              [&](int64_t from, int64_t to) {
                sums[to] += operands[0].getDouble(from);
              });
  for (auto [i, sum] : llvm::enumerate(sums))
    results[0].set(int64_t(i), Scalar::of(sum));
  return success();
}

SmallVector<Value> FoldOp::buildGradients(ImplicitLocOpBuilder &b,
                                          ValueRange dys) {
  return {PatchesOp::create(b, dys[0], getKernel(), getStrides(), getPadding(),
                            getDilations())};
}

//===- Convolution --------------------------------------------------------===//

LogicalResult
Conv2dOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                           ValueRange operands, DictionaryAttr attributes,
                           OpaqueProperties properties, RegionRange regions,
                           SmallVectorImpl<Type> &types) {
  auto op =
      makeInferenceAdaptor<Conv2dOp>(operands, attributes, properties, regions);
  auto x = cast<RankedTensorType>(op.getX().getType());
  auto w = cast<RankedTensorType>(op.getW().getType());
  auto patches = inferPatches(location, x, Window::of(op));
  if (failed(patches))
    return failure();
  int64_t depth = patches->getShape().back();
  if (w.getRank() != 2 || w.getDimSize(0) != depth)
    return emitOptionalError(location, "(C4) needs weights [", depth,
                             ", out], for ", op.getKernel()[0], " x ",
                             op.getKernel()[1], " x ", x.getDimSize(3),
                             " elements of a patch, got ", w);
  if (op.getB() && cast<RankedTensorType>(op.getB().getType()).getShape() !=
                       w.getShape().drop_front())
    return emitOptionalError(location, "(C4) needs b [", w.getDimSize(1),
                             "], got ", op.getB().getType());
  if (x.getElementType() != w.getElementType() ||
      (op.getB() &&
       getElementTypeOrSelf(op.getB().getType()) != x.getElementType()))
    return emitOptionalError(
        location, "(C5) element types differ; convert with dither.cast");
  SmallVector<int64_t> shape(patches->getShape());
  shape.back() = w.getDimSize(1);
  types.push_back(RankedTensorType::get(shape, x.getElementType()));
  return success();
}

/// The patches of the images.
static Value buildPatches(ImplicitLocOpBuilder &b, Conv2dOp op) {
  return PatchesOp::create(b, op.getX(), op.getKernel(), op.getStrides(),
                           op.getPadding(), op.getDilations());
}

SmallVector<Value> Conv2dOp::decompose(ImplicitLocOpBuilder &b) {
  return {
      LinearOp::create(b, buildPatches(b, *this), getW(), getB(), Attribute())};
}

SmallVector<Value> Conv2dOp::buildGradients(ImplicitLocOpBuilder &b,
                                            ValueRange dys) {
  Value dy = dys[0];
  Value dpatches = MatmulOp::create(b, dy, getW(), false, true);
  SmallVector<Value> gradients = {
      FoldOp::create(b, getX().getType(), dpatches, getKernel(), getStrides(),
                     getPadding(), getDilations()),
      MatmulOp::create(b, buildPatches(b, *this), dy, true, false)};
  if (getB())
    gradients.push_back(buildUnbroadcast(b, dy, getB()));
  return gradients;
}
