//===- Safetensors.cpp - Named tensors in a file --------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/io/Safetensors.h"

#include "runtime/io/File.h"
#include "runtime/io/Json.h"

#include <algorithm>

namespace dither::runtime {

namespace {
constexpr uint64_t maxHeader = uint64_t(64) << 20;
constexpr size_t prefixSize = 8;

Error corrupt(std::string message) {
  return Error(Code::Corrupt, std::move(message));
}

uint64_t loadLittle64(const uint8_t *bytes) {
  uint64_t value = 0;
  for (int i = 7; i >= 0; --i)
    value = value << 8 | bytes[i];
  return value;
}

Error readMetadata(const Json &json, std::map<std::string, std::string> &out) {
  if (!json.is(Json::Kind::Object))
    return corrupt("'__metadata__' is not an object");
  for (size_t i = 0; i < json.keys.size(); ++i) {
    if (!json.items[i].is(Json::Kind::String))
      return corrupt(concat("metadata ", inQuotes(json.keys[i]), " is ",
                            kindName(json.items[i].kind), ", not a string"));
    out.emplace(json.keys[i], json.items[i].string);
  }
  return Error::success();
}

Error readShape(const Json &json, std::vector<int64_t> &shape,
                const std::string &where) {
  if (json.items.size() > maxRank)
    return corrupt(
        concat(where, ": rank ", json.items.size(), " is more than ", maxRank));
  for (const Json &size : json.items) {
    if (!size.is(Json::Kind::Integer) || size.integer < 0)
      return corrupt(concat(where, ": 'shape' has an entry that is no size"));
    shape.push_back(size.integer);
  }
  return Error::success();
}

Expected<TensorView> readTensor(const std::string &name, const Json &json,
                                Bytes data) {
  std::string where = concat("tensor ", inQuotes(name));
  if (!json.is(Json::Kind::Object))
    return corrupt(
        concat(where, " is ", kindName(json.kind), ", not an object"));
  auto dtype = requireKey(json, "dtype", Json::Kind::String, where);
  if (!dtype)
    return dtype.takeError();
  auto shape = requireKey(json, "shape", Json::Kind::Array, where);
  if (!shape)
    return shape.takeError();
  auto offsets = requireKey(json, "data_offsets", Json::Kind::Array, where);
  if (!offsets)
    return offsets.takeError();

  TensorView tensor;
  tensor.name = name;
  std::optional<Element> element = elementFromSafetensors((*dtype)->string);
  if (!element)
    return Error(Code::Unsupported,
                 concat(where, ": unknown dtype ", inQuotes((*dtype)->string)));
  tensor.element = *element;
  if (Error error = readShape(**shape, tensor.shape, where))
    return error;
  std::optional<uint64_t> bytes = denseBytes(*element, tensor.shape);
  if (!bytes)
    return corrupt(
        concat(where, ": shape ", shapeText(tensor.shape), " is too large"));

  const std::vector<Json> &range = (*offsets)->items;
  if (range.size() != 2 || !range[0].is(Json::Kind::Integer) ||
      !range[1].is(Json::Kind::Integer) || range[0].integer < 0 ||
      range[1].integer < range[0].integer)
    return corrupt(concat(where, ": 'data_offsets' is not [begin, end]"));
  uint64_t begin = static_cast<uint64_t>(range[0].integer);
  uint64_t end = static_cast<uint64_t>(range[1].integer);
  if (end > data.size)
    return corrupt(concat(where, ": its data end at byte ", end, " of ",
                          data.size, "; the file is cut or damaged"));
  if (end - begin != *bytes)
    return corrupt(concat(where, ": has ", end - begin, " bytes, but ",
                          shapeText(tensor.shape), " of ",
                          elementName(*element), " has ", *bytes));
  tensor.bytes = {data.data + begin, static_cast<size_t>(end - begin)};
  return tensor;
}

/// The format has every byte of the data belong to exactly one tensor.
Error checkTiling(const Safetensors &file) {
  std::vector<const TensorView *> order;
  for (const TensorView &tensor : file.tensors)
    order.push_back(&tensor);
  std::sort(order.begin(), order.end(), [](const auto *a, const auto *b) {
    return std::make_pair(a->bytes.data, a->bytes.size) <
           std::make_pair(b->bytes.data, b->bytes.size);
  });
  const uint8_t *next = file.data.data;
  for (const TensorView *tensor : order) {
    if (tensor->bytes.data != next)
      return corrupt(concat("tensor ", inQuotes(tensor->name),
                            tensor->bytes.data < next
                                ? " overlaps another tensor"
                                : " begins behind a gap"));
    next += tensor->bytes.size;
  }
  if (next != file.data.data + file.data.size)
    return corrupt("the file has bytes behind its last tensor");
  return Error::success();
}
} // namespace

const TensorView *Safetensors::find(std::string_view name) const {
  auto found =
      std::lower_bound(tensors.begin(), tensors.end(), name,
                       [](const TensorView &tensor, std::string_view key) {
                         return tensor.name < key;
                       });
  return found != tensors.end() && found->name == name ? &*found : nullptr;
}

Expected<Safetensors> parseSafetensors(Bytes file) {
  if (file.size < prefixSize)
    return corrupt(concat("not a safetensors file: it has ", file.size,
                          " bytes, less than the size of a header"));
  uint64_t headerSize = loadLittle64(file.data);
  if (headerSize > maxHeader)
    return corrupt(concat("not a safetensors file: a header of ", headerSize,
                          " bytes is longer than ", maxHeader));
  if (headerSize > file.size - prefixSize)
    return corrupt(concat("the header of ", headerSize,
                          " bytes does not fit; the file is cut"));
  Bytes header{file.data + prefixSize, static_cast<size_t>(headerSize)};
  Expected<Json> json = parseJson(header);
  if (!json)
    return json.takeError().in("header");
  if (!json->is(Json::Kind::Object))
    return corrupt(
        concat("the header is ", kindName(json->kind), ", not an object"));

  Safetensors result;
  result.data = {header.data + header.size,
                 file.size - prefixSize - header.size};
  for (size_t i = 0; i < json->keys.size(); ++i) {
    if (json->keys[i] == "__metadata__") {
      if (Error error = readMetadata(json->items[i], result.metadata))
        return error;
      continue;
    }
    Expected<TensorView> tensor =
        readTensor(json->keys[i], json->items[i], result.data);
    if (!tensor)
      return tensor.takeError();
    result.tensors.push_back(std::move(*tensor));
  }
  if (Error error = checkTiling(result))
    return error;
  std::sort(
      result.tensors.begin(), result.tensors.end(),
      [](const TensorView &a, const TensorView &b) { return a.name < b.name; });
  return result;
}

Expected<SafetensorsFile> readSafetensors(const std::string &path) {
  Expected<Buffer> content = readFile(path);
  if (!content)
    return content.takeError();
  SafetensorsFile file;
  file.content = std::move(*content);
  Expected<Safetensors> view = parseSafetensors(file.content.bytes());
  if (!view)
    return view.takeError().in(path);
  file.view = std::move(*view);
  return file;
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

void sortForSafetensors(std::vector<TensorView> &tensors) {
  std::sort(tensors.begin(), tensors.end(),
            [](const TensorView &a, const TensorView &b) {
              size_t sizeA = elementSize(a.element);
              size_t sizeB = elementSize(b.element);
              return sizeA != sizeB ? sizeA > sizeB : a.name < b.name;
            });
}

/// The entry of a tensor whose data begin at `begin`.
static std::string headerEntry(const TensorView &tensor, uint64_t begin) {
  std::string entry = concat(jsonString(tensor.name), ":{\"dtype\":\"",
                             safetensorsName(tensor.element), "\",\"shape\":[");
  for (size_t i = 0; i < tensor.shape.size(); ++i)
    entry += concat(i == 0 ? "" : ",", tensor.shape[i]);
  return entry + concat("],\"data_offsets\":[", begin, ',',
                        begin + tensor.bytes.size, "]}");
}

/// The header for tensors in the order of their data, padded so that the data
/// begin at a multiple of 8.
static std::string
makeHeader(const std::vector<TensorView> &tensors,
           const std::map<std::string, std::string> &metadata) {
  std::map<std::string, std::string> entries;
  uint64_t begin = 0;
  for (const TensorView &tensor : tensors) {
    entries.emplace(tensor.name, headerEntry(tensor, begin));
    begin += tensor.bytes.size;
  }
  std::string header = "{";
  if (!metadata.empty()) {
    header += "\"__metadata__\":{";
    for (const auto &[key, value] : metadata)
      header += concat(jsonString(key), ':', jsonString(value), ',');
    header.back() = '}';
    header += ',';
  }
  for (const auto &[name, entry] : entries)
    header += entry + ',';
  if (header.size() > 1)
    header.pop_back();
  header += '}';
  header.append((8 - header.size() % 8) % 8, ' ');
  return header;
}

static Error checkWritable(const std::vector<TensorView> &tensors) {
  std::vector<std::string_view> names;
  for (const TensorView &tensor : tensors) {
    if (tensor.name == "__metadata__")
      return Error(Code::InvalidArgument,
                   "a tensor cannot have the name '__metadata__'");
    if (denseBytes(tensor.element, tensor.shape) != tensor.bytes.size)
      return Error(Code::InvalidArgument,
                   concat("tensor ", inQuotes(tensor.name),
                          ": its bytes do not fit its shape"));
    names.push_back(tensor.name);
  }
  std::sort(names.begin(), names.end());
  auto twin = std::adjacent_find(names.begin(), names.end());
  if (twin != names.end())
    return Error(Code::InvalidArgument,
                 concat("two tensors have the name ", inQuotes(*twin)));
  return Error::success();
}

Error writeSafetensors(const std::string &path, std::vector<TensorView> tensors,
                       const std::map<std::string, std::string> &metadata) {
  if (Error error = checkWritable(tensors))
    return std::move(error).in(path);
  sortForSafetensors(tensors);
  std::string header = makeHeader(tensors, metadata);
  if (header.size() > maxHeader)
    return Error(Code::InvalidArgument,
                 concat(path, ": too many tensors or too much metadata for the "
                              "header of a safetensors file"));
  uint8_t prefix[prefixSize];
  for (size_t i = 0; i < prefixSize; ++i)
    prefix[i] = static_cast<uint8_t>(uint64_t(header.size()) >> (8 * i));

  AtomicFile file;
  if (Error error = file.open(path))
    return error;
  if (Error error = file.write(prefix, prefixSize))
    return error;
  if (Error error = file.write(header.data(), header.size()))
    return error;
  for (const TensorView &tensor : tensors)
    if (Error error = file.write(tensor.bytes.data, tensor.bytes.size))
      return error;
  return file.commit();
}

} // namespace dither::runtime
