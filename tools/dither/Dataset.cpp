//===- Dataset.cpp - Samples for training ---------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/dither/Dataset.h"
#include "runtime/io/Csv.h"
#include "runtime/io/Safetensors.h"
#include "runtime/rng/Philox.h"
#include "tools/dither/Session.h"
#include <cmath>

using namespace mlir;
using namespace dither;

/// The stream of shuffles: model streams are small, those of gradients start
/// at 2^20.
static constexpr uint32_t kShuffleStream = 0xFFFFFFFF;

Dataset Dataset::gather(ArrayRef<int64_t> indices) const {
  Dataset result;
  result.count = indices.size();
  for (const HostTensor &input : inputs) {
    SmallVector<int64_t> shape(input.getShape());
    shape[0] = indices.size();
    result.inputs.emplace_back(input.getElementType(), shape);
  }
  gatherInto(indices, result.inputs);
  return result;
}

void Dataset::gatherInto(ArrayRef<int64_t> indices,
                         std::vector<HostTensor> &tensors) const {
  for (auto [input, tensor] : llvm::zip_equal(inputs, tensors)) {
    int64_t bytes = count ? input.getNumBytes() / count : 0;
    for (auto [row, index] : llvm::enumerate(indices))
      std::copy_n(input.data() + index * bytes, bytes,
                  tensor.data() + row * bytes);
  }
}

/// The type with `count` samples.
static SmallVector<int64_t> withCount(RankedTensorType type, int64_t count) {
  SmallVector<int64_t> shape(type.getShape());
  shape[0] = count;
  return shape;
}

static FailureOr<Dataset> fromTable(const std::string &path,
                                    const runtime::Table &table,
                                    ArrayRef<RankedTensorType> types) {
  int64_t columns = table.columns, used = 0;
  for (RankedTensorType type : types)
    used += ShapedType::getNumElements(type.getShape().drop_front());
  if (columns != used) {
    reportError(path + ": a line has " + llvm::Twine(columns) +
                " numbers, but the inputs of the loss take " +
                llvm::Twine(used));
    return failure();
  }
  Dataset dataset;
  dataset.count = table.rows;
  int64_t first = 0;
  for (RankedTensorType type : types) {
    HostTensor tensor(type.getElementType(), withCount(type, table.rows));
    int64_t width = ShapedType::getNumElements(type.getShape().drop_front());
    bool isFloat = isa<FloatType>(type.getElementType());
    for (int64_t row = 0; row < dataset.count; ++row)
      for (int64_t column = 0; column < width; ++column) {
        double value = table.at(row, first + column);
        if (!std::isfinite(value) || (!isFloat && value != std::rint(value))) {
          reportError(path + ": line " + llvm::Twine(row + 1) + ", column " +
                      llvm::Twine(first + column + 1) + ": " +
                      std::to_string(value) + " is no " +
                      (isFloat ? "finite number" : "integer label") +
                      "; mend or remove the line");
          return failure();
        }
        tensor.set(row * width + column,
                   isFloat ? Scalar::of(value) : Scalar::ofInt(int64_t(value)));
      }
    dataset.inputs.push_back(tensor);
    first += width;
  }
  return dataset;
}

static FailureOr<Dataset> fromTensors(const std::string &path,
                                      ArrayRef<RankedTensorType> types) {
  auto file = runtime::readSafetensors(path);
  if (!file) {
    reportError(file.error().message());
    return failure();
  }
  static const char *const names[] = {"x", "y"};
  Dataset dataset;
  for (auto [i, type] : llvm::enumerate(types.take_front(2))) {
    const runtime::TensorView *view = file->view.find(names[i]);
    std::string wanted;
    llvm::raw_string_ostream(wanted) << type;
    if (!view) {
      reportError(path + " has no tensor '" + names[i] + "', for an input of " +
                  wanted);
      return failure();
    }
    int64_t count = view->shape.empty() ? 0 : view->shape[0];
    HostTensor tensor(type.getElementType(), withCount(type, count));
    std::string element;
    llvm::raw_string_ostream(element) << type.getElementType();
    if (ArrayRef<int64_t>(view->shape) != tensor.getShape() ||
        runtime::elementName(view->element) != element ||
        (i > 0 && count != dataset.count)) {
      reportError(path + ": tensor '" + names[i] + "' is " +
                  std::string(runtime::elementName(view->element)) + " " +
                  runtime::shapeText(view->shape) + ", but the input is " +
                  wanted);
      return failure();
    }
    std::copy_n(view->bytes.data, view->bytes.size, tensor.data());
    dataset.count = count;
    dataset.inputs.push_back(tensor);
  }
  return dataset;
}

FailureOr<Dataset> dither::loadDataset(const std::string &path,
                                       ArrayRef<RankedTensorType> types) {
  FailureOr<Dataset> dataset = failure();
  if (StringRef(path).ends_with(".safetensors")) {
    dataset = fromTensors(path, types);
  } else {
    auto table = runtime::readCsv(path);
    if (!table) {
      reportError(table.error().message());
      return failure();
    }
    dataset = fromTable(path, *table, types);
  }
  if (succeeded(dataset) && dataset->count == 0) {
    reportError(path + " holds no samples");
    return failure();
  }
  return dataset;
}

Split dither::splitDataset(int64_t count, int64_t every, int64_t offset) {
  Split split;
  for (int64_t i = 0; i < count; ++i)
    (every > 0 && i % every == offset ? split.test : split.train).push_back(i);
  return split;
}

void dither::shuffle(std::vector<int64_t> &indices, uint64_t seed,
                     uint64_t epoch) {
  for (size_t i = indices.size(); i > 1; --i) {
    uint32_t bits =
        runtime::Philox::bits(seed, epoch, kShuffleStream, uint32_t(i));
    // A multiply instead of a remainder; the bias is below i / 2^32.
    std::swap(indices[i - 1], indices[(uint64_t(bits) * i) >> 32]);
  }
}
