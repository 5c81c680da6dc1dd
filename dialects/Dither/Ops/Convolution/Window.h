//===- Window.h - How a window moves over images ----------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_OPS_CONVOLUTION_WINDOW_H
#define DITHER_OPS_CONVOLUTION_WINDOW_H

#include "Dither/IR/Dither.h"

namespace dither {

/// The attributes of `dither.patches`; 0 is down, 1 is across.
struct Window {
  template <typename Op> static Window of(Op op) {
    return {op.getKernel(), op.getStrides(), op.getPadding(),
            op.getDilations()};
  }

  /// Padding in front of the first element.
  int64_t getBefore(int64_t dim) const { return padding[2 * dim]; }
  int64_t getPadded(int64_t dim, int64_t extent) const {
    return extent + padding[2 * dim] + padding[2 * dim + 1];
  }
  /// Elements from the first to the last one that the window sees.
  int64_t getReach(int64_t dim) const {
    return (kernel[dim] - 1) * dilations[dim] + 1;
  }
  /// How many positions there are over so many elements.
  int64_t countPositions(int64_t dim, int64_t extent) const {
    return (getPadded(dim, extent) - getReach(dim)) / strides[dim] + 1;
  }
  /// The element, which may lie outside, that element `k` of the window sees at
  /// a position.
  int64_t getElement(int64_t dim, int64_t position, int64_t k) const {
    return position * strides[dim] + k * dilations[dim] - getBefore(dim);
  }
  bool isPadded() const;
  /// The window over images that have their padding already.
  Window withoutPadding() const;
  /// Whether patches are the image itself.
  bool isIdentity() const;
  /// The shape of the patches of images.
  llvm::SmallVector<int64_t, 4>
  getPatchesShape(llvm::ArrayRef<int64_t> images) const;

  llvm::ArrayRef<int64_t> kernel, strides, padding, dilations;
};

/// Checks images, and the attributes of a window; errors cite constraints of
/// `dither.patches`.
llvm::LogicalResult verifyWindow(std::optional<mlir::Location> location,
                                 mlir::RankedTensorType images,
                                 const Window &window);

/// The type of the patches of images, or failure after an error that cites a
/// constraint of `dither.patches`.
llvm::FailureOr<mlir::RankedTensorType>
inferPatches(std::optional<mlir::Location> location,
             mlir::RankedTensorType images, const Window &window);

/// Images with their padding, of elements of one value.
mlir::Value buildPadded(mlir::ImplicitLocOpBuilder &b, mlir::Value images,
                        const Window &window, double value);

/// What element `k` of the window along a dimension sees of images at all
/// positions; they have their padding.
mlir::Value buildSeen(mlir::ImplicitLocOpBuilder &b, mlir::Value images,
                      const Window &window, int64_t dim, int64_t k);

} // namespace dither

#endif // DITHER_OPS_CONVOLUTION_WINDOW_H
