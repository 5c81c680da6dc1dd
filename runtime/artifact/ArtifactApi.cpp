//===- ArtifactApi.cpp - C functions of statuses and artifacts ------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/session/Handles.h"

#include <algorithm>
#include <new>

using namespace dither::runtime;

//===----------------------------------------------------------------------===//
// Statuses
//===----------------------------------------------------------------------===//

/// For when there is not even memory to say so. Never freed.
static DitherStatus &noMemory() {
  static DitherStatus status{Code::OutOfMemory, "out of memory"};
  return status;
}

DitherStatus *dither::runtime::toStatus(const Error &error) {
  if (!error)
    return nullptr;
  auto *status = new (std::nothrow) DitherStatus{error.code(), error.message()};
  return status ? status : &noMemory();
}

Error dither::runtime::nullArgument(const char *function,
                                    const char *argument) {
  return Error(Code::InvalidArgument,
               concat(function, ": '", argument, "' is a null pointer"));
}

DitherCode dither_status_code(const DitherStatus *status) {
  return status ? static_cast<DitherCode>(status->code) : DITHER_OK;
}

const char *dither_status_message(const DitherStatus *status) {
  return status ? status->message.c_str() : "";
}

void dither_status_free(DitherStatus *status) {
  if (status != &noMemory())
    delete status;
}

const char *dither_dtype_name(DLDataType dtype) {
  std::optional<Element> element = fromDLPack(dtype);
  // The names are literals, so they end with a zero.
  return element ? elementName(*element).data() : nullptr;
}

//===----------------------------------------------------------------------===//
// Artifacts
//===----------------------------------------------------------------------===//

static Error outOfRange(std::string_view what, size_t index, size_t count) {
  return Error(Code::InvalidArgument,
               concat(what, ' ', index, " does not exist; there are ", count));
}

static DitherStatus *hand(Expected<std::shared_ptr<const Artifact>> opened,
                          DitherArtifact **out) {
  if (!opened)
    return toStatus(opened.takeError());
  auto *handle = new (std::nothrow) DitherArtifact{std::move(*opened)};
  if (!handle)
    return &noMemory();
  *out = handle;
  return nullptr;
}

static const char *getMask(const DitherArtifactOptions *options) {
  return options ? options->cpu_features : nullptr;
}

DitherStatus *dither_artifact_open(const char *path,
                                   const DitherArtifactOptions *options,
                                   DitherArtifact **artifact) {
  if (!path || !artifact)
    return toStatus(nullArgument(__func__, path ? "artifact" : "path"));
  return hand(Artifact::open(path, getMask(options)), artifact);
}

DitherStatus *
dither_artifact_open_embedded(const DitherEmbedded *embedded,
                              const DitherArtifactOptions *options,
                              DitherArtifact **artifact) {
  if (!embedded || !artifact)
    return toStatus(nullArgument(__func__, embedded ? "artifact" : "embedded"));
  return hand(Artifact::openEmbedded(*embedded, getMask(options)), artifact);
}

void dither_artifact_close(DitherArtifact *artifact) { delete artifact; }

const char *dither_artifact_model(const DitherArtifact *artifact) {
  return artifact ? artifact->artifact->manifest().model.c_str() : "";
}

const char *dither_artifact_triple(const DitherArtifact *artifact) {
  return artifact ? artifact->artifact->manifest().triple.c_str() : "";
}

const char *dither_artifact_device(const DitherArtifact *artifact) {
  return artifact ? artifact->artifact->manifest().device.c_str() : "";
}

//===----------------------------------------------------------------------===//
// Versions
//===----------------------------------------------------------------------===//

uint32_t dither_artifact_version_count(const DitherArtifact *artifact) {
  return artifact ? static_cast<uint32_t>(
                        artifact->artifact->manifest().versions.size())
                  : 0;
}

uint32_t dither_artifact_version(const DitherArtifact *artifact) {
  return artifact ? artifact->artifact->version() : 0;
}

DitherStatus *dither_artifact_version_info(const DitherArtifact *artifact,
                                           uint32_t version,
                                           DitherVersionInfo *info) {
  if (!artifact || !info)
    return toStatus(nullArgument(__func__, artifact ? "info" : "artifact"));
  const std::vector<CodeVersion> &versions =
      artifact->artifact->manifest().versions;
  if (version >= versions.size())
    return toStatus(outOfRange("version", version, versions.size()));
  info->name = versions[version].name.c_str();
  info->features = artifact->artifact->features(version);
  info->missing = artifact->artifact->missing(version);
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

Error dither::runtime::checkFunction(const Artifact &artifact,
                                     uint32_t function) {
  size_t count = artifact.manifest().functions.size();
  return function < count ? Error::success()
                          : outOfRange("function", function, count);
}

Error dither::runtime::checkDims(const FunctionSpec &function,
                                 const int64_t *dims, size_t count) {
  std::string where = concat("function ", inQuotes(function.name));
  if (count != function.dims.size() || (count != 0 && !dims))
    return Error(Code::InvalidArgument,
                 concat(where, " has ", function.dims.size(),
                        " dynamic dimensions, ", dims ? count : 0,
                        " were given"));
  for (size_t i = 0; i < count; ++i)
    if (dims[i] < 0)
      return Error(Code::InvalidArgument,
                   concat(where, ", dimension ", inQuotes(function.dims[i]),
                          ": ", dims[i], " is no size"));
  return Error::success();
}

uint32_t dither_artifact_function_count(const DitherArtifact *artifact) {
  return artifact ? static_cast<uint32_t>(
                        artifact->artifact->manifest().functions.size())
                  : 0;
}

DitherStatus *dither_artifact_find_function(const DitherArtifact *artifact,
                                            const char *name,
                                            uint32_t *function) {
  if (!artifact || !name || !function)
    return toStatus(nullArgument(__func__, !artifact ? "artifact"
                                           : name    ? "function"
                                                     : "name"));
  const Manifest &manifest = artifact->artifact->manifest();
  const FunctionSpec *spec = manifest.findFunction(name);
  if (!spec) {
    std::string names;
    for (const FunctionSpec &other : manifest.functions)
      names += (names.empty() ? "" : ", ") + inQuotes(other.name);
    return toStatus(Error(Code::NotFound,
                          concat("model ", inQuotes(manifest.model),
                                 " has no function ", inQuotes(name),
                                 "; it has ", names.empty() ? "none" : names)));
  }
  *function = static_cast<uint32_t>(spec - manifest.functions.data());
  return nullptr;
}

DitherStatus *dither_artifact_function_info(const DitherArtifact *artifact,
                                            uint32_t function,
                                            DitherFunctionInfo *info) {
  if (!artifact || !info)
    return toStatus(nullArgument(__func__, artifact ? "info" : "artifact"));
  if (Error error = checkFunction(*artifact->artifact, function))
    return toStatus(error);
  const FunctionSpec &spec = artifact->artifact->manifest().functions[function];
  info->name = spec.name.c_str();
  info->argument_count = static_cast<uint32_t>(spec.arguments.size());
  info->input_count = static_cast<uint32_t>(spec.inputs.size());
  info->output_count = static_cast<uint32_t>(spec.outputs.size());
  info->dim_count = static_cast<uint32_t>(spec.dims.size());
  info->dims = artifact->artifact->dimNames(function);
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Tensors and arguments
//===----------------------------------------------------------------------===//

static void describe(const TensorSpec &spec, DitherTensorInfo &info) {
  info.name = spec.name.c_str();
  info.kind = spec.kind;
  info.dtype = toDLPack(spec.element);
  info.rank = static_cast<int32_t>(spec.shape.size());
  info.shape = spec.shape.data();
  info.bytes = spec.bytes;
  info.init = spec.init.empty() ? nullptr : spec.init.c_str();
}

/// Describes the argument that `select` finds; it returns null out of range.
template <typename Select>
static DitherStatus *argumentInfo(const DitherArtifact *artifact,
                                  uint32_t function, DitherTensorInfo *info,
                                  const char *caller, Select select) {
  if (!artifact || !info)
    return toStatus(nullArgument(caller, artifact ? "info" : "artifact"));
  if (Error error = checkFunction(*artifact->artifact, function))
    return toStatus(error);
  const FunctionSpec &spec = artifact->artifact->manifest().functions[function];
  Expected<uint32_t> index = select(spec);
  if (!index)
    return toStatus(
        index.takeError().in(concat("function ", inQuotes(spec.name))));
  describe(spec.arguments[*index].spec, *info);
  return nullptr;
}

static Expected<uint32_t> pick(const std::vector<uint32_t> &list,
                               std::string_view what, uint32_t index) {
  if (index >= list.size())
    return outOfRange(what, index, list.size());
  return list[index];
}

DitherStatus *dither_artifact_argument_info(const DitherArtifact *artifact,
                                            uint32_t function, uint32_t index,
                                            DitherTensorInfo *info) {
  return argumentInfo(artifact, function, info, __func__,
                      [&](const FunctionSpec &spec) -> Expected<uint32_t> {
                        if (index >= spec.arguments.size())
                          return outOfRange("argument", index,
                                            spec.arguments.size());
                        return index;
                      });
}

DitherStatus *dither_artifact_input_info(const DitherArtifact *artifact,
                                         uint32_t function, uint32_t index,
                                         DitherTensorInfo *info) {
  return argumentInfo(artifact, function, info, __func__,
                      [&](const FunctionSpec &spec) {
                        return pick(spec.inputs, "input", index);
                      });
}

DitherStatus *dither_artifact_output_info(const DitherArtifact *artifact,
                                          uint32_t function, uint32_t index,
                                          DitherTensorInfo *info) {
  return argumentInfo(artifact, function, info, __func__,
                      [&](const FunctionSpec &spec) {
                        return pick(spec.outputs, "output", index);
                      });
}

uint32_t dither_artifact_tensor_count(const DitherArtifact *artifact) {
  return artifact ? static_cast<uint32_t>(
                        artifact->artifact->manifest().tensors.size())
                  : 0;
}

DitherStatus *dither_artifact_find_tensor(const DitherArtifact *artifact,
                                          const char *name, uint32_t *tensor) {
  if (!artifact || !name || !tensor)
    return toStatus(nullArgument(__func__, !artifact ? "artifact"
                                           : name    ? "tensor"
                                                     : "name"));
  const Manifest &manifest = artifact->artifact->manifest();
  const TensorSpec *spec = manifest.findTensor(name);
  if (!spec)
    return toStatus(
        Error(Code::NotFound, concat("model ", inQuotes(manifest.model),
                                     " has no tensor ", inQuotes(name))));
  *tensor = static_cast<uint32_t>(spec - manifest.tensors.data());
  return nullptr;
}

DitherStatus *dither_artifact_tensor_info(const DitherArtifact *artifact,
                                          uint32_t tensor,
                                          DitherTensorInfo *info) {
  if (!artifact || !info)
    return toStatus(nullArgument(__func__, artifact ? "info" : "artifact"));
  const Manifest &manifest = artifact->artifact->manifest();
  if (tensor >= manifest.tensors.size())
    return toStatus(outOfRange("tensor", tensor, manifest.tensors.size()));
  describe(manifest.tensors[tensor], *info);
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

DitherStatus *dither_artifact_resolve_dims(const DitherArtifact *artifact,
                                           uint32_t function,
                                           const DLTensor *inputs,
                                           size_t input_count, int64_t *dims) {
  if (!artifact)
    return toStatus(nullArgument(__func__, "artifact"));
  if (Error error = checkFunction(*artifact->artifact, function))
    return toStatus(error);
  const FunctionSpec &spec = artifact->artifact->manifest().functions[function];
  if (!dims && !spec.dims.empty())
    return toStatus(nullArgument(__func__, "dims"));
  // Only shapes count here, so inputs need not have data yet.
  std::vector<DLTensor> shapes;
  static char somewhere[64] __attribute__((aligned(64)));
  for (size_t i = 0; inputs && i < input_count; ++i) {
    shapes.push_back(inputs[i]);
    shapes.back().data = somewhere;
    shapes.back().byte_offset = 0;
    shapes.back().strides = nullptr;
  }
  std::vector<HostTensor> checked(spec.inputs.size());
  Dims found(spec.dims.size());
  if (Error error = checkInputs(spec, shapes.data(), shapes.size(),
                                found.data(), checked.data()))
    return toStatus(error);
  std::copy(found.begin(), found.end(), dims);
  return nullptr;
}

DitherStatus *dither_artifact_output_shape(const DitherArtifact *artifact,
                                           uint32_t function, uint32_t output,
                                           const int64_t *dims,
                                           size_t dim_count, int64_t *shape) {
  if (!artifact)
    return toStatus(nullArgument(__func__, "artifact"));
  if (Error error = checkFunction(*artifact->artifact, function))
    return toStatus(error);
  const FunctionSpec &spec = artifact->artifact->manifest().functions[function];
  if (output >= spec.outputs.size())
    return toStatus(outOfRange("output", output, spec.outputs.size()));
  if (Error error = checkDims(spec, dims, dim_count))
    return toStatus(error);
  const TensorSpec &tensor = spec.arguments[spec.outputs[output]].spec;
  if (!shape && !tensor.shape.empty())
    return toStatus(nullArgument(__func__, "shape"));
  resolveShape(tensor, dims, shape);
  return nullptr;
}

/// Of the version that runs or, where a device is to choose it, the most of
/// any.
static std::optional<uint64_t> getArenaBytes(const Artifact &artifact,
                                             const FunctionSpec &spec,
                                             const int64_t *dims) {
  const Manifest &manifest = artifact.manifest();
  if (manifest.device.empty())
    return spec.arenaBytes(dims, artifact.version());
  uint64_t most = 0;
  for (uint32_t i = 0; i < manifest.versions.size(); ++i) {
    std::optional<uint64_t> bytes = spec.arenaBytes(dims, i);
    if (!bytes)
      return std::nullopt;
    most = std::max(most, *bytes);
  }
  return most;
}

DitherStatus *dither_artifact_arena_bytes(const DitherArtifact *artifact,
                                          uint32_t function,
                                          const int64_t *dims, size_t dim_count,
                                          uint64_t *bytes) {
  if (!artifact || !bytes)
    return toStatus(nullArgument(__func__, artifact ? "bytes" : "artifact"));
  if (Error error = checkFunction(*artifact->artifact, function))
    return toStatus(error);
  const FunctionSpec &spec = artifact->artifact->manifest().functions[function];
  if (Error error = checkDims(spec, dims, dim_count))
    return toStatus(error);
  std::optional<uint64_t> total =
      getArenaBytes(*artifact->artifact, spec, dims);
  if (!total)
    return toStatus(Error(Code::InvalidArgument,
                          concat("function ", inQuotes(spec.name),
                                 ": the arena for these sizes is larger than "
                                 "any memory")));
  *bytes = *total;
  return nullptr;
}
