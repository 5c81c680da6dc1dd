//===- Dataset.cpp - Samples for training ---------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/dither/Dataset.h"
#include "runtime/io/Csv.h"
#include "runtime/io/Npy.h"
#include "runtime/io/Safetensors.h"
#include "runtime/rng/Philox.h"
#include "tools/dither/Session.h"
#include "llvm/Support/Format.h"
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

/// Stores a number of a file, or says why it cannot be one of the tensor's.
static std::string store(HostTensor &tensor, int64_t index, Scalar value) {
  double number = value.asDouble();
  if (!std::isfinite(number))
    return "is no finite number";
  if (isa<FloatType>(tensor.getElementType())) {
    tensor.set(index, Scalar::of(number));
    return std::isfinite(tensor.getDouble(index)) ? "" : "is too large";
  }
  if (number != std::rint(number))
    return "is no integer label";
  tensor.set(index, Scalar::ofInt(int64_t(number)));
  return tensor.getDouble(index) == number ? "" : "is too large";
}

static std::string printNumber(double value) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%g", value);
  return text;
}

static LogicalResult reportValue(const llvm::Twine &where, double value,
                                 const std::string &problem) {
  return failure(reportError(where + ": " + printNumber(value) + " " + problem +
                             "; mend or remove the sample"));
}

static FailureOr<Dataset> fromTable(const std::string &path,
                                    ArrayRef<RankedTensorType> types) {
  auto table = runtime::readCsv(path);
  if (!table) {
    reportError(table.error().message());
    return failure();
  }
  int64_t columns = table->columns, used = 0;
  for (RankedTensorType type : types)
    used += ShapedType::getNumElements(type.getShape().drop_front());
  if (table->rows && columns != used) {
    reportError(path + ": a line has " + llvm::Twine(columns) +
                " numbers, but the inputs of the loss take " +
                llvm::Twine(used) + ": the features, then the label");
    return failure();
  }
  Dataset dataset;
  dataset.count = table->rows;
  int64_t first = 0;
  for (RankedTensorType type : types) {
    HostTensor tensor(type.getElementType(), withCount(type, dataset.count));
    int64_t width = ShapedType::getNumElements(type.getShape().drop_front());
    for (int64_t row = 0; row < dataset.count; ++row)
      for (int64_t column = 0; column < width; ++column) {
        double value = table->at(row, first + column);
        std::string problem =
            store(tensor, row * width + column, Scalar::of(value));
        if (!problem.empty())
          return reportValue(path + ": line " + llvm::Twine(row + 1) +
                                 ", column " + llvm::Twine(first + column + 1),
                             value, problem);
      }
    dataset.inputs.push_back(tensor);
    first += width;
  }
  return dataset;
}

/// Adds an input. Elements are converted, as numbers of a table are.
static LogicalResult addInput(Dataset &dataset, const FileTensor &file,
                              RankedTensorType type) {
  int64_t count = file.shape.empty() ? 0 : file.shape[0];
  if (file.shape != ArrayRef<int64_t>(withCount(type, count))) {
    std::string wanted;
    llvm::raw_string_ostream(wanted) << type;
    return failure(reportError(
        file.where + " has the shape " +
        runtime::shapeText(file.shape.data(), file.shape.size()) +
        ", but the input of the loss is " + wanted + ", samples first"));
  }
  if (!dataset.inputs.empty() && count != dataset.count)
    return failure(reportError(file.where + " has " + llvm::Twine(count) +
                               " samples, but the first input has " +
                               llvm::Twine(dataset.count)));
  FailureOr<HostTensor> source = makeTensor(file, type.getContext());
  if (failed(source))
    return failure();
  HostTensor tensor(type.getElementType(), file.shape);
  for (int64_t i = 0; i < tensor.getNumElements(); ++i) {
    std::string problem = store(tensor, i, source->get(i));
    if (!problem.empty())
      return reportValue(file.where + ": element " + llvm::Twine(i),
                         source->getDouble(i), problem);
  }
  dataset.count = count;
  dataset.inputs.push_back(tensor);
  return success();
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
  for (auto [name, type] : llvm::zip(names, types)) {
    const runtime::TensorView *view = file->view.find(name);
    if (!view) {
      reportError(path + " has no tensor '" + name +
                  "'; samples are in 'x', labels in 'y'");
      return failure();
    }
    if (failed(addInput(dataset,
                        {path + ": tensor '" + name + "'", view->element,
                         view->shape, view->bytes},
                        type)))
      return failure();
  }
  return dataset;
}

static FailureOr<Dataset> fromArrays(const DataFiles &files,
                                     ArrayRef<RankedTensorType> types) {
  if (types.size() > 1 && files.labels.empty()) {
    reportError("the loss takes labels, which an .npy file of samples does "
                "not hold; give them with --labels FILE.npy");
    return failure();
  }
  const std::string *const paths[] = {&files.data, &files.labels};
  Dataset dataset;
  for (auto [pointer, type] : llvm::zip(paths, types)) {
    const std::string &path = *pointer;
    auto file = runtime::readNpy(path);
    if (!file) {
      reportError(file.error().message());
      return failure();
    }
    if (failed(addInput(
            dataset,
            {path, file->view.element, file->view.shape, file->view.bytes},
            type)))
      return failure();
  }
  return dataset;
}

FailureOr<Dataset> dither::loadDataset(const DataFiles &files,
                                       ArrayRef<RankedTensorType> types) {
  StringRef path = files.data;
  if (!files.labels.empty() && (!path.ends_with(".npy") || types.size() < 2)) {
    reportError(path.ends_with(".npy")
                    ? "the loss takes no labels; leave out --labels"
                    : "--labels goes with samples in an .npy file; " +
                          files.data + " holds its own labels");
    return failure();
  }
  FailureOr<Dataset> dataset =
      path.ends_with(".safetensors") ? fromTensors(files.data, types)
      : path.ends_with(".npy")       ? fromArrays(files, types)
                                     : fromTable(files.data, types);
  if (succeeded(dataset) && dataset->count == 0) {
    reportError(files.data + " holds no samples");
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
