//===- BlockSupport.cpp - Ops built as loops over blocks ------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/BlockSupport.h"

using namespace mlir;
using namespace dither;

ArrayRef<int64_t> dither::getExtents(Value tensor) {
  return cast<RankedTensorType>(tensor.getType()).getShape();
}

Value dither::buildRows(ImplicitLocOpBuilder &b, Value x, int64_t dim,
                        int64_t first, int64_t count) {
  SmallVector<int64_t> sizes(getExtents(x)), offsets(sizes.size(), 0),
      strides(sizes.size(), 1);
  if (first == 0 && sizes[dim] == count)
    return x;
  // A dynamic dimension is taken whole.
  llvm::replace(sizes, ShapedType::kDynamic, int64_t(-1));
  offsets[dim] = first;
  sizes[dim] = count;
  return SliceOp::create(b, x, offsets, sizes, strides);
}

Value dither::buildBlocks(ImplicitLocOpBuilder &b, Value x, int64_t count,
                          int64_t rows) {
  SmallVector<int64_t> blocks = {count, rows};
  llvm::append_range(blocks, getExtents(x).drop_front());
  return buildReshape(b, buildRows(b, x, 0, 0, count * rows), blocks);
}

Value dither::buildMergedBlocks(ImplicitLocOpBuilder &b, Value blocks) {
  SmallVector<int64_t> shape(getExtents(blocks).drop_front());
  shape[0] *= getExtents(blocks)[0];
  return buildReshape(b, blocks, shape);
}

Value dither::buildJoinedRows(ImplicitLocOpBuilder &b, Value front,
                              Value back) {
  if (!front || !back)
    return front ? front : back;
  return ConcatOp::create(b, ValueRange{front, back}, 0);
}

SmallVector<Value> dither::buildForEach(ImplicitLocOpBuilder &b,
                                        ValueRange carried,
                                        ArrayRef<Value> tensors,
                                        BuildElement build) {
  SmallVector<Value> rows = llvm::filter_to_vector(
      tensors, [](Value tensor) { return bool(tensor); });
  return buildFor(
      b, carried, rows, [&](Value, ValueRange found, ValueRange elements) {
        SmallVector<Value> all;
        for (Value tensor : tensors)
          all.push_back(tensor
                            ? elements[all.size() - llvm::count(all, Value())]
                            : Value());
        return build(found, all);
      });
}
