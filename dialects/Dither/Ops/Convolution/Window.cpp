//===- Window.cpp - How a window moves over images ------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Ops/Convolution/Window.h"

using namespace mlir;
using namespace dither;

bool Window::isIdentity() const {
  return llvm::all_equal(
             {kernel[0], kernel[1], strides[0], strides[1], int64_t(1)}) &&
         !isPadded();
}

bool Window::isPadded() const {
  return llvm::any_of(padding, [](int64_t p) { return p != 0; });
}

Window Window::withoutPadding() const {
  static constexpr int64_t none[4] = {0, 0, 0, 0};
  return {kernel, strides, none, dilations};
}

SmallVector<int64_t, 4>
Window::getPatchesShape(ArrayRef<int64_t> images) const {
  return {images[0], countPositions(0, images[1]), countPositions(1, images[2]),
          kernel[0] * kernel[1] * images[3]};
}

LogicalResult dither::verifyWindow(std::optional<Location> location,
                                   RankedTensorType images,
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
  return success();
}

FailureOr<RankedTensorType>
dither::inferPatches(std::optional<Location> location, RankedTensorType images,
                     const Window &window) {
  if (failed(verifyWindow(location, images, window)))
    return failure();
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

Value dither::buildPadded(ImplicitLocOpBuilder &b, Value images,
                          const Window &window, double value) {
  if (!window.isPadded())
    return images;
  ArrayRef<int64_t> p = window.padding;
  return PadOp::create(b, images, ArrayRef<int64_t>{0, p[0], p[2], 0},
                       ArrayRef<int64_t>{0, p[1], p[3], 0}, APFloat(value));
}

Value dither::buildSeen(ImplicitLocOpBuilder &b, Value images,
                        const Window &window, int64_t dim, int64_t k) {
  SmallVector<int64_t> sizes(
      cast<RankedTensorType>(images.getType()).getShape());
  SmallVector<int64_t> offsets(4, 0), strides(4, 1);
  llvm::replace(sizes, ShapedType::kDynamic, int64_t(-1));
  sizes[dim + 1] = window.countPositions(dim, sizes[dim + 1]);
  offsets[dim + 1] = k * window.dilations[dim];
  strides[dim + 1] = window.strides[dim];
  return SliceOp::create(b, images, offsets, sizes, strides);
}
