//===- DataFiles.cpp - Samples from files ---------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/dither/DataFiles.h"
#include "runtime/io/Csv.h"
#include "runtime/io/Npy.h"
#include "runtime/io/Safetensors.h"
#include "tools/dither/Errors.h"
#include "tools/dither/Tensors.h"
#include <cmath>

using namespace mlir;
using namespace dither;

namespace {
/// Where the numbers of one input come from.
struct Source {
  /// Of the files, for messages.
  std::string name;
  int64_t samples = 0;
  /// Numbers of a sample.
  int64_t width = 0;
  std::function<double(int64_t sample, int64_t column)> read;
  /// "line 3, column 5".
  std::function<std::string(int64_t sample, int64_t column)> locate;
};
} // namespace

static int64_t getWidth(RankedTensorType type) {
  return ShapedType::getNumElements(type.getShape().drop_front());
}

/// Whether an integer type, signless or of one bit, holds a number.
static bool fits(double value, Type type) {
  unsigned bits = type.getIntOrFloatBitWidth();
  if (bits == 1)
    return value == 0 || value == 1;
  double limit = std::ldexp(1.0, int(bits) - 1);
  return value == std::rint(value) && value >= -limit && value < limit;
}

/// Copies all samples of a source into a tensor of `type`.
static FailureOr<HostTensor> convert(const Source &source,
                                     RankedTensorType type) {
  Type element = type.getElementType();
  SmallVector<int64_t> shape(type.getShape());
  shape[0] = source.samples;
  HostTensor tensor(element, shape);
  bool isFloat = isa<FloatType>(element);
  for (int64_t i = 0; i < tensor.getNumElements(); ++i) {
    int64_t sample = i / source.width, column = i % source.width;
    double value = source.read(sample, column);
    if (isFloat)
      tensor.set(i, Scalar::of(value));
    else if (fits(value, element))
      tensor.set(i, Scalar::ofInt(int64_t(value)));
    if (isFloat ? std::isfinite(tensor.getDouble(i)) : fits(value, element))
      continue;
    std::string text;
    llvm::raw_string_ostream(text) << element;
    return fail(source.name + ": " + source.locate(sample, column) + " is " +
                llvm::formatv("{0:g}", value) + ", which is no " +
                (isFloat ? "finite number" : "integer") + " of type " + text +
                "; mend or remove the sample");
  }
  return tensor;
}

static FailureOr<Dataset> convertAll(ArrayRef<Source> sources,
                                     ArrayRef<RankedTensorType> types) {
  Dataset dataset;
  dataset.count = sources.front().samples;
  for (auto [source, type] : llvm::zip_equal(sources, types)) {
    if (source.samples != dataset.count)
      return fail(source.name + ": has " + Twine(source.samples) +
                  " samples, but " + sources.front().name + " has " +
                  Twine(dataset.count) + "; give as many of each");
    auto tensor = convert(source, type);
    if (failed(tensor))
      return failure();
    dataset.inputs.push_back(*tensor);
  }
  return dataset;
}

//===- Tables -------------------------------------------------------------===//

static FailureOr<Dataset> fromTable(const std::string &path,
                                    const runtime::Table &table,
                                    ArrayRef<RankedTensorType> types) {
  int64_t used = 0;
  std::vector<Source> sources;
  for (RankedTensorType type : types) {
    auto read = [&table, used](int64_t sample, int64_t column) {
      return table.at(sample, used + column);
    };
    auto locate = [used](int64_t sample, int64_t column) {
      return llvm::formatv("line {0}, column {1}", sample + 1,
                           used + column + 1)
          .str();
    };
    sources.push_back(
        {path, int64_t(table.rows), getWidth(type), read, locate});
    used += getWidth(type);
  }
  if (int64_t(table.columns) == used)
    return convertAll(sources, types);
  std::string wanted;
  llvm::raw_string_ostream os(wanted);
  llvm::interleave(
      types, os, [&](RankedTensorType type) { os << getWidth(type); }, " + ");
  return fail(path + ": a line has " + Twine(table.columns) +
              " numbers, but a sample takes " + wanted +
              ", the label last; is it the data of this model?");
}

/// A matrix as a table.
static FailureOr<runtime::Table> toTable(const std::string &path,
                                         const runtime::NpyArray &array) {
  if (array.shape.size() != 2)
    return fail(path + ": has the shape " + runtime::shapeText(array.shape) +
                "; a table is a matrix, one sample in a line");
  runtime::Table table;
  table.rows = size_t(array.shape[0]);
  table.columns = size_t(array.shape[1]);
  for (size_t i = 0; i < table.rows * table.columns; ++i)
    table.values.push_back(readNumber(array.element, array.bytes.data, i));
  return table;
}

//===- Tensors ------------------------------------------------------------===//

/// A source over a tensor of a file, which must outlive it.
static FailureOr<Source> makeSource(const std::string &name,
                                    runtime::Element element,
                                    ArrayRef<int64_t> shape,
                                    const uint8_t *bytes,
                                    RankedTensorType type) {
  if (shape.empty() || shape.drop_front() != type.getShape().drop_front())
    return fail(name + ": has the shape " +
                runtime::shapeText(shape.data(), shape.size()) +
                ", but the input is " + describe(type) +
                "; give one sample after the other");
  int64_t width = getWidth(type);
  auto read = [=](int64_t sample, int64_t column) {
    return readNumber(element, bytes, size_t(sample * width + column));
  };
  auto locate = [=](int64_t sample, int64_t column) {
    return llvm::formatv("number {0} of sample {1}", column, sample).str();
  };
  return Source{name, shape[0], width, read, locate};
}

static FailureOr<Dataset> fromSafetensors(const std::string &path,
                                          ArrayRef<RankedTensorType> types) {
  static constexpr const char *names[] = {"x", "y"};
  if (types.size() > std::size(names))
    return fail(path + ": a safetensors file gives the inputs x and y, but the "
                       "loss takes " +
                Twine(types.size()) + "; give a table or .npy files");
  auto file = take(runtime::readSafetensors(path));
  if (failed(file))
    return failure();
  std::vector<Source> sources;
  for (auto [type, tensorName] : llvm::zip(types, names)) {
    std::string name = path + ": tensor '" + tensorName + "'";
    const runtime::TensorView *view = file->view.find(tensorName);
    if (!view)
      return fail(name + ": is missing; it is an input, " + describe(type));
    auto source =
        makeSource(name, view->element, view->shape, view->bytes.data, type);
    if (failed(source))
      return failure();
    sources.push_back(*source);
  }
  return convertAll(sources, types);
}

static FailureOr<Dataset> fromArrays(ArrayRef<std::string> paths,
                                     ArrayRef<RankedTensorType> types) {
  std::vector<runtime::NpyFile> files;
  std::vector<Source> sources;
  for (auto [path, type] : llvm::zip_equal(paths, types)) {
    auto file = take(runtime::readNpy(path));
    if (failed(file))
      return failure();
    files.push_back(std::move(*file));
    const runtime::NpyArray &array = files.back().view;
    auto source =
        makeSource(path, array.element, array.shape, array.bytes.data, type);
    if (failed(source))
      return failure();
    sources.push_back(*source);
  }
  return convertAll(sources, types);
}

//===- Files --------------------------------------------------------------===//

static FailureOr<Dataset> fromFile(const std::string &path,
                                   ArrayRef<RankedTensorType> types) {
  if (StringRef(path).ends_with(".safetensors"))
    return fromSafetensors(path, types);
  if (!StringRef(path).ends_with(".npy")) {
    auto table = take(runtime::readCsv(path));
    if (failed(table))
      return failure();
    return fromTable(path, *table, types);
  }
  auto file = take(runtime::readNpy(path));
  if (failed(file))
    return failure();
  auto table = toTable(path, file->view);
  if (failed(table))
    return failure();
  return fromTable(path, *table, types);
}

FailureOr<Dataset> dither::loadDataset(ArrayRef<std::string> paths,
                                       ArrayRef<RankedTensorType> types) {
  for (auto [i, type] : llvm::enumerate(types))
    if (type.getRank() == 0 || ShapedType::isDynamicShape(
                                   type.getShape().drop_front()))
      return fail("input " + Twine(i) + " of the loss is " + describe(type) +
                  "; only its first extent, the batch, may be dynamic");
  bool isOneEach = paths.size() == types.size() && types.size() > 1;
  if (paths.size() != 1 && !isOneEach)
    return fail("--data: " + Twine(paths.size()) +
                " files for the " + Twine(types.size()) +
                " inputs of the loss; give one table, or one .npy file for "
                "each input");
  auto dataset = isOneEach ? fromArrays(paths, types)
                           : fromFile(paths.front(), types);
  if (succeeded(dataset) && dataset->count == 0)
    return fail(paths.front() + ": holds no samples");
  return dataset;
}
