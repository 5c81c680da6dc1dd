//===- Session.cpp - An artifact and a session on it ----------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/dither/Session.h"
#include "tools/dither/Errors.h"
#include "tools/dither/Tensors.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;
using namespace dither;

Session::~Session() {
  dither_session_destroy(session);
  dither_artifact_close(artifact);
}

LogicalResult Session::open(const std::string &path, uint32_t threads) {
  if (failed(check(dither_artifact_open(path.c_str(), &artifact))))
    return failure();
  DitherSessionOptions options = {};
  options.threads = threads;
  return check(dither_session_create(artifact, &options, &session));
}

LogicalResult Session::compile(ModuleOp module, const CompileOptions &options,
                               uint32_t threads) {
  auto object = compileToObject(module, options);
  if (failed(object))
    return failure();
  SmallString<128> path;
  if (std::error_code error =
          llvm::sys::fs::createTemporaryFile("dither", "so", path))
    return fail("cannot create a temporary file: " + error.message() +
                "; set TMPDIR to a writable folder");
  llvm::FileRemover remover(path); // A mapped file outlives its name.
  if (failed(writeArtifact(*object, path)))
    return failure();
  return open(path.str().str(), threads);
}

FailureOr<FunctionHandle> Session::find(const std::string &name) {
  FunctionHandle handle;
  if (failed(check(dither_artifact_find_function(artifact, name.c_str(),
                                                 &handle.index))) ||
      failed(check(dither_artifact_function_info(artifact, handle.index,
                                                 &handle.info))))
    return failure();
  handle.inputs.resize(handle.info.input_count);
  handle.outputs.resize(handle.info.output_count);
  for (auto [i, info] : llvm::enumerate(handle.inputs))
    if (failed(check(dither_artifact_input_info(artifact, handle.index,
                                                uint32_t(i), &info))))
      return failure();
  for (auto [i, info] : llvm::enumerate(handle.outputs))
    if (failed(check(dither_artifact_output_info(artifact, handle.index,
                                                 uint32_t(i), &info))))
      return failure();
  return handle;
}

static std::vector<TensorRef> makeRefs(ArrayRef<HostTensor> tensors) {
  return {tensors.begin(), tensors.end()};
}

static SmallVector<DLTensor> makeViews(ArrayRef<TensorRef> refs) {
  return llvm::map_to_vector(refs, [](const TensorRef &r) { return r.get(); });
}

FailureOr<std::vector<HostTensor>>
Session::makeOutputs(const FunctionHandle &function,
                     ArrayRef<HostTensor> inputs, MLIRContext *context) {
  std::vector<TensorRef> refs = makeRefs(inputs);
  SmallVector<DLTensor> views = makeViews(refs);
  SmallVector<int64_t> dims(function.info.dim_count);
  if (failed(check(dither_artifact_resolve_dims(artifact, function.index,
                                                views.data(), views.size(),
                                                dims.data()))))
    return failure();
  std::vector<HostTensor> outputs;
  for (auto [i, info] : llvm::enumerate(function.outputs)) {
    SmallVector<int64_t> shape(info.rank);
    if (failed(check(dither_artifact_output_shape(
            artifact, function.index, uint32_t(i), dims.data(), dims.size(),
            shape.data()))))
      return failure();
    outputs.emplace_back(toType(info.dtype, context), shape);
  }
  return outputs;
}

LogicalResult Session::call(const FunctionHandle &function,
                            ArrayRef<HostTensor> inputs,
                            ArrayRef<HostTensor> outputs) {
  std::vector<TensorRef> inputRefs = makeRefs(inputs);
  std::vector<TensorRef> outputRefs = makeRefs(outputs);
  SmallVector<DLTensor> inputViews = makeViews(inputRefs);
  SmallVector<DLTensor> outputViews = makeViews(outputRefs);
  return check(dither_session_call(session, function.index, inputViews.data(),
                                   inputViews.size(), outputViews.data(),
                                   outputViews.size()));
}

bool dither::isArtifact(const std::string &path) {
  auto file = llvm::MemoryBuffer::getFileSlice(path, 4, 0);
  return file && (*file)->getBuffer() == "\x7f"
                                         "ELF";
}
