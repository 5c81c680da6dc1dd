//===- Manifest.cpp - What an artifact says about itself ------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/artifact/Manifest.h"

#include "runtime/io/Json.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace dither::runtime {

namespace {
constexpr int64_t manifestVersion = 2;
constexpr size_t maxName = 1024;
constexpr uint64_t dataAlignment = 64;

Error corrupt(std::string_view where, std::string_view what) {
  return Error(Code::Corrupt, concat(where, ": ", what));
}

/// A string that is fit to be printed and passed on as a C string.
Error checkName(const std::string &name, std::string_view where) {
  if (name.empty() || name.size() > maxName)
    return corrupt(where, "a name is empty or too long");
  for (unsigned char c : name)
    if (c < 0x20 || c == 0x7f)
      return corrupt(where, "a name has control characters");
  return Error::success();
}

Error readString(const Json &object, std::string_view key,
                 std::string_view where, std::string &out) {
  auto value = requireKey(object, key, Json::Kind::String, where);
  if (!value)
    return value.takeError();
  out = (*value)->string;
  return checkName(out, concat(where, ", '", key, "'"));
}

Error readSize(const Json &object, std::string_view key, std::string_view where,
               uint64_t &out) {
  auto value = requireKey(object, key, Json::Kind::Integer, where);
  if (!value)
    return value.takeError();
  if ((*value)->integer < 0 ||
      static_cast<uint64_t>((*value)->integer) > maxBytes)
    return corrupt(where, concat("'", key, "' is out of range"));
  out = static_cast<uint64_t>((*value)->integer);
  return Error::success();
}

Error readStrings(const Json &object, std::string_view key,
                  std::string_view where, std::vector<std::string> &out) {
  auto list = requireKey(object, key, Json::Kind::Array, where);
  if (!list)
    return list.takeError();
  for (const Json &item : (*list)->items) {
    if (!item.is(Json::Kind::String))
      return corrupt(where, concat("'", key, "' has ", kindName(item.kind),
                                   " where a string must be"));
    if (Error error = checkName(item.string, where))
      return error;
    out.push_back(item.string);
  }
  return Error::success();
}

/// Reads "dtype" and "shape"; `dims` names what a dimension may be.
Error readType(const Json &object, const std::vector<std::string> &dims,
               std::string_view where, TensorSpec &spec) {
  std::string dtype;
  if (Error error = readString(object, "dtype", where, dtype))
    return error;
  std::optional<Element> element = elementFromName(dtype);
  if (!element || *element > Element::I1)
    return corrupt(where, concat("unknown dtype ", inQuotes(dtype)));
  spec.element = *element;

  auto shape = requireKey(object, "shape", Json::Kind::Array, where);
  if (!shape)
    return shape.takeError();
  bool dynamic = false;
  for (const Json &size : (*shape)->items) {
    if (size.is(Json::Kind::Integer) && size.integer >= 0) {
      spec.shape.push_back(size.integer);
    } else if (size.is(Json::Kind::String)) {
      auto dim = std::find(dims.begin(), dims.end(), size.string);
      if (dim == dims.end())
        return corrupt(where,
                       concat("unknown dimension ", inQuotes(size.string)));
      spec.shape.push_back(-1 - (dim - dims.begin()));
      dynamic = true;
    } else {
      return corrupt(where, "'shape' has an entry that is no dimension");
    }
  }
  // What is static must be possible; the dynamic part is checked in each call.
  std::vector<int64_t> least = spec.shape;
  for (int64_t &size : least)
    size = std::max<int64_t>(size, size < 0 ? 1 : 0);
  std::optional<uint64_t> bytes = denseBytes(*element, least);
  if (!bytes)
    return corrupt(where, concat("shape ", shapeText(least),
                                 " has too many dimensions or bytes"));
  spec.bytes = dynamic ? 0 : *bytes;
  return Error::success();
}

Error readChecksum(const Json &object, std::string_view where, uint64_t &out) {
  std::string text;
  if (Error error = readString(object, "checksum", where, text))
    return error;
  out = 0;
  for (char c : text) {
    bool digit = c >= '0' && c <= '9', letter = c >= 'a' && c <= 'f';
    if (!digit && !letter)
      return corrupt(where, "'checksum' is not in lower case hexadecimal");
    out = out << 4 | static_cast<uint64_t>(digit ? c - '0' : c - 'a' + 10);
  }
  if (text.size() != 16)
    return corrupt(where, "'checksum' does not have 16 digits");
  return Error::success();
}

/// Reads "offset", "size" and "checksum" of content in the image's data.
Error readData(const Json &object, std::string_view where, uint64_t dataSize,
               TensorSpec &spec) {
  uint64_t size = 0;
  spec.hasData = true;
  if (Error error = readSize(object, "offset", where, spec.offset))
    return error;
  if (Error error = readSize(object, "size", where, size))
    return error;
  if (Error error = readChecksum(object, where, spec.checksum))
    return error;
  if (size != spec.bytes)
    return corrupt(where,
                   concat("'size' is ", size, ", but ", shapeText(spec.shape),
                          " of ", elementName(spec.element), " has ",
                          spec.bytes, " bytes"));
  if (spec.offset % dataAlignment != 0)
    return corrupt(where, concat("'offset' ", spec.offset,
                                 " is not a multiple of ", dataAlignment));
  if (size > dataSize || spec.offset > dataSize - size)
    return corrupt(where,
                   concat("bytes ", spec.offset, " to ", spec.offset + size,
                          " lie outside of the ", dataSize, " bytes of data"));
  return Error::success();
}

Error readTensor(const Json &object, uint64_t dataSize, TensorSpec &spec) {
  if (!object.is(Json::Kind::Object))
    return corrupt("manifest", "a tensor is not an object");
  if (Error error = readString(object, "name", "manifest, tensor", spec.name))
    return error;
  std::string where = concat("manifest, tensor ", inQuotes(spec.name)), kind;
  if (Error error = readType(object, {}, where, spec))
    return error;
  if (Error error = readString(object, "kind", where, kind))
    return error;
  if (kind == "constant")
    return readData(object, where, dataSize, spec);
  if (kind != "state")
    return corrupt(where, concat("unknown kind ", inQuotes(kind)));
  spec.kind = DITHER_STATE;
  if (object.find("init"))
    if (Error error = readString(object, "init", where, spec.init))
      return error;
  if (object.find("offset"))
    return readData(object, where, dataSize, spec);
  return Error::success();
}

using TensorIndex = std::unordered_map<std::string_view, uint32_t>;

/// Reads the arguments of one function and what follows from them.
class FunctionReader {
public:
  FunctionReader(const Json &object, const Manifest &manifest,
                 const TensorIndex &tensors, FunctionSpec &function)
      : object(object), manifest(manifest), tensors(tensors), out(function) {}

  Error read() {
    if (!object.is(Json::Kind::Object))
      return corrupt("manifest", "a function is not an object");
    if (Error error =
            readString(object, "name", "manifest, function", out.name))
      return error;
    where = concat("manifest, function ", inQuotes(out.name));
    if (Error error = readStrings(object, "dims", where, out.dims))
      return error;
    if (std::unordered_set<std::string>(out.dims.begin(), out.dims.end())
            .size() != out.dims.size())
      return corrupt(where, "'dims' has a name twice");
    auto list = requireKey(object, "arguments", Json::Kind::Array, where);
    if (!list)
      return list.takeError();
    for (const Json &argument : (*list)->items)
      if (Error error = readArgument(argument))
        return error;
    if (Error error = checkDims())
      return error;
    return readArenas();
  }

private:
  Error readArgument(const Json &json) {
    std::string at = concat(where, ", argument ", out.arguments.size()), kind;
    if (!json.is(Json::Kind::Object))
      return corrupt(at, "is not an object");
    if (Error error = readString(json, "kind", at, kind))
      return error;
    Argument argument;
    Error error = Error::success();
    if (kind == "tensor")
      error = readTensorArgument(json, at, argument);
    else if (kind == "input" || kind == "output")
      error = readHostArgument(json, at, kind == "input", argument);
    else if (kind == "rng")
      error = addUnique(Element::I64, {2}, DITHER_RNG, at, argument.spec);
    else if (kind == "arena")
      error = addUnique(Element::I8, {}, DITHER_ARENA, at, argument.spec);
    else
      error = corrupt(at, concat("unknown kind ", inQuotes(kind)));
    if (!error)
      out.arguments.push_back(std::move(argument));
    return error;
  }

  Error readTensorArgument(const Json &json, const std::string &at,
                           Argument &argument) {
    std::string name;
    if (Error error = readString(json, "name", at, name))
      return error;
    auto found = tensors.find(name);
    if (found == tensors.end())
      return corrupt(at, concat("there is no tensor ", inQuotes(name)));
    argument.tensor = found->second;
    argument.spec = manifest.tensors[found->second];
    return Error::success();
  }

  Error readHostArgument(const Json &json, const std::string &at, bool input,
                         Argument &argument) {
    TensorSpec &spec = argument.spec;
    spec.kind = input ? DITHER_INPUT : DITHER_OUTPUT;
    if (Error error = readString(json, "name", at, spec.name))
      return error;
    auto &names = input ? inputNames : outputNames;
    if (!names.insert(spec.name).second)
      return corrupt(at,
                     concat("the name ", inQuotes(spec.name), " occurs twice"));
    if (Error error = readType(json, out.dims, at, spec))
      return error;
    if (const Json *strided = json.find("strided")) {
      if (!strided->is(Json::Kind::Boolean))
        return corrupt(at, "'strided' is not a boolean");
      spec.strided = strided->integer != 0;
    }
    (input ? out.inputs : out.outputs)
        .push_back(static_cast<uint32_t>(out.arguments.size()));
    return Error::success();
  }

  Error addUnique(Element element, std::vector<int64_t> shape, DitherKind kind,
                  const std::string &at, TensorSpec &spec) {
    for (const Argument &argument : out.arguments)
      if (argument.spec.kind == kind)
        return corrupt(at, "there is one of this kind already");
    spec.kind = kind;
    spec.element = element;
    spec.shape = std::move(shape);
    spec.bytes = kind == DITHER_RNG ? 16 : 0;
    return Error::success();
  }

  /// A call learns the dynamic sizes from its inputs alone.
  Error checkDims() {
    for (size_t dim = 0; dim < out.dims.size(); ++dim) {
      int64_t code = -1 - static_cast<int64_t>(dim);
      bool known = false;
      for (uint32_t input : out.inputs) {
        const std::vector<int64_t> &shape = out.arguments[input].spec.shape;
        known |= std::find(shape.begin(), shape.end(), code) != shape.end();
      }
      if (!known)
        return corrupt(where, concat("no input has the dimension ",
                                     inQuotes(out.dims[dim])));
    }
    return Error::success();
  }

  Error readArenas() {
    size_t versions = manifest.versions.size();
    out.arenas.assign(versions, {0, std::vector<uint64_t>(out.dims.size())});
    bool used = std::any_of(
        out.arguments.begin(), out.arguments.end(),
        [](const Argument &a) { return a.spec.kind == DITHER_ARENA; });
    if (!used && !object.find("arena"))
      return Error::success();
    auto list = requireKey(object, "arena", Json::Kind::Array, where);
    if (!list)
      return list.takeError();
    std::string at = concat(where, ", 'arena'");
    if ((*list)->items.size() != versions)
      return corrupt(at,
                     concat("has ", (*list)->items.size(),
                            " entries, but there are ", versions, " versions"));
    for (size_t i = 0; i < versions; ++i)
      if (Error error = readArena((*list)->items[i], at, out.arenas[i]))
        return error;
    return Error::success();
  }

  Error readArena(const Json &arena, const std::string &at, ArenaSpec &spec) {
    if (!arena.is(Json::Kind::Object))
      return corrupt(at, "has an entry that is not an object");
    if (Error error = readSize(arena, "fixed", at, spec.fixed))
      return error;
    for (size_t dim = 0; dim < out.dims.size(); ++dim)
      if (Error error = readSize(arena, concat("per_", out.dims[dim]), at,
                                 spec.perDim[dim]))
        return error;
    // An arena that grows with something unknown would be too small.
    for (size_t i = 0; i < arena.keys.size(); ++i) {
      const std::string &key = arena.keys[i];
      bool known = key.compare(0, 4, "per_") != 0 ||
                   std::find(out.dims.begin(), out.dims.end(), key.substr(4)) !=
                       out.dims.end();
      const Json &value = arena.items[i];
      if (!known && !(value.is(Json::Kind::Integer) && value.integer == 0))
        return corrupt(at, concat(inQuotes(key), " names no dimension"));
    }
    return Error::success();
  }

  const Json &object;
  const Manifest &manifest;
  const TensorIndex &tensors;
  FunctionSpec &out;
  std::string where;
  std::unordered_set<std::string> inputNames, outputNames;
};

/// Reads the versions of the code and what each needs.
Error readVersions(const Json &target, Manifest &manifest) {
  std::string where = "manifest, 'target'";
  auto list = requireKey(target, "versions", Json::Kind::Array, where);
  if (!list)
    return list.takeError();
  if ((*list)->items.empty())
    return corrupt(where, "there are no versions");
  for (const Json &item : (*list)->items) {
    if (!item.is(Json::Kind::Object))
      return corrupt(where, "a version is not an object");
    CodeVersion version;
    if (Error error = readString(item, "name", where, version.name))
      return error;
    for (const CodeVersion &other : manifest.versions)
      if (other.name == version.name)
        return corrupt(where, concat("two versions have the name ",
                                     inQuotes(version.name)));
    if (Error error =
            readStrings(item, "features",
                        concat(where, ", version ", inQuotes(version.name)),
                        version.features))
      return error;
    manifest.versions.push_back(std::move(version));
  }
  return Error::success();
}

Error readHead(const Json &json, Manifest &manifest) {
  if (!json.is(Json::Kind::Object))
    return corrupt("manifest", "is not an object");
  auto version = requireKey(json, "version", Json::Kind::Integer, "manifest");
  if (!version)
    return version.takeError();
  if ((*version)->integer != manifestVersion)
    return Error(Code::Unsupported,
                 concat("manifest: version ", (*version)->integer,
                        " is unknown to this runtime, which reads version ",
                        manifestVersion,
                        "; compile again, or update the runtime"));
  if (Error error = readString(json, "model", "manifest", manifest.model))
    return error;
  auto target = requireKey(json, "target", Json::Kind::Object, "manifest");
  if (!target)
    return target.takeError();
  if (Error error =
          readString(**target, "triple", "manifest, 'target'", manifest.triple))
    return error;
  if ((*target)->find("device"))
    if (Error error = readString(**target, "device", "manifest, 'target'",
                                 manifest.device))
      return error;
  return readVersions(**target, manifest);
}
} // namespace

std::optional<uint64_t> FunctionSpec::arenaBytes(const int64_t *sizes,
                                                 uint32_t version) const {
  const ArenaSpec &arena = arenas[version];
  uint64_t total = arena.fixed;
  for (size_t dim = 0; dim < dims.size(); ++dim) {
    uint64_t part;
    if (sizes[dim] < 0 ||
        __builtin_mul_overflow(arena.perDim[dim],
                               static_cast<uint64_t>(sizes[dim]), &part) ||
        __builtin_add_overflow(total, part, &total) || total > maxBytes)
      return std::nullopt;
  }
  return total;
}

std::optional<uint32_t> Manifest::findVersion(std::string_view name) const {
  for (uint32_t i = 0; i < versions.size(); ++i)
    if (versions[i].name == name)
      return i;
  return std::nullopt;
}

const TensorSpec *Manifest::findTensor(std::string_view name) const {
  for (const TensorSpec &tensor : tensors)
    if (tensor.name == name)
      return &tensor;
  return nullptr;
}

const FunctionSpec *Manifest::findFunction(std::string_view name) const {
  for (const FunctionSpec &function : functions)
    if (function.name == name)
      return &function;
  return nullptr;
}

Expected<Manifest> parseManifest(Bytes bytes, uint64_t dataSize) {
  Expected<Json> json = parseJson(bytes);
  if (!json)
    return json.takeError().in("manifest");
  Manifest manifest;
  if (Error error = readHead(*json, manifest))
    return error;

  auto tensors = requireKey(*json, "tensors", Json::Kind::Array, "manifest");
  if (!tensors)
    return tensors.takeError();
  manifest.tensors.resize((*tensors)->items.size());
  TensorIndex index;
  uint64_t total = 0;
  for (size_t i = 0; i < manifest.tensors.size(); ++i) {
    TensorSpec &spec = manifest.tensors[i];
    if (Error error = readTensor((*tensors)->items[i], dataSize, spec))
      return error;
    if (!index.emplace(spec.name, static_cast<uint32_t>(i)).second)
      return corrupt("manifest",
                     concat("two tensors have the name ", inQuotes(spec.name)));
    total += spec.bytes;
    if (total > maxBytes)
      return corrupt("manifest", "the tensors together are too large");
  }

  auto functions =
      requireKey(*json, "functions", Json::Kind::Array, "manifest");
  if (!functions)
    return functions.takeError();
  std::unordered_set<std::string> names;
  for (const Json &item : (*functions)->items) {
    FunctionSpec function;
    if (Error error = FunctionReader(item, manifest, index, function).read())
      return error;
    if (!names.insert(function.name).second)
      return corrupt("manifest", concat("two functions have the name ",
                                        inQuotes(function.name)));
    manifest.functions.push_back(std::move(function));
  }
  return manifest;
}

} // namespace dither::runtime
