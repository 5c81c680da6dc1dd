//===- Execute.cpp - Calls, compiled and interpreted ----------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/dither/Execute.h"
#include "compiler/Interpreter/Interpreter.h"

using namespace mlir;
using namespace dither;

//===- Interpreted --------------------------------------------------------===//

std::vector<std::string> dither::getInputNames(func::FuncOp function) {
  std::vector<std::string> names;
  for (unsigned i = 0; i < function.getNumArguments(); ++i)
    if (function.getArgAttrOfType<StringAttr>(i, "dither.kind") == "input")
      names.push_back(
          function.getArgAttrOfType<StringAttr>(i, "dither.name").str());
  return names;
}

/// Inputs, parameters and the seed, as bindings ordered them.
static SmallVector<HostTensor> makeArguments(func::FuncOp function,
                                             std::vector<HostTensor> inputs,
                                             const ConstantMap &constants,
                                             uint64_t seed) {
  SmallVector<HostTensor> arguments;
  size_t next = 0;
  for (unsigned i = 0; i < function.getNumArguments(); ++i) {
    StringRef kind =
        function.getArgAttrOfType<StringAttr>(i, "dither.kind").getValue();
    if (kind == "input") {
      arguments.push_back(inputs[next++]);
    } else if (kind == "constant") {
      auto name = function.getArgAttrOfType<StringAttr>(i, "dither.name");
      arguments.push_back(constants.at(name.str()));
    } else {
      HostTensor rng(IntegerType::get(function.getContext(), 64), {2});
      rng.set(0, Scalar::ofInt(int64_t(seed)));
      arguments.push_back(rng);
    }
  }
  return arguments;
}

FailureOr<NamedTensors> dither::callInterpreted(func::FuncOp function,
                                                std::vector<HostTensor> inputs,
                                                const ConstantMap &constants,
                                                uint64_t seed) {
  auto results = interpret(
      function, makeArguments(function, std::move(inputs), constants, seed));
  if (failed(results))
    return failure();
  NamedTensors outputs;
  for (auto [i, result] : llvm::enumerate(*results)) {
    auto name = function.getResultAttrOfType<StringAttr>(i, "dither.name");
    outputs.names.push_back(name ? name.str() : std::to_string(i));
    outputs.values.push_back(result);
  }
  return outputs;
}

//===- Compiled -----------------------------------------------------------===//

FailureOr<std::vector<std::string>>
dither::getInputNames(LiveSession &session, const std::string &function) {
  auto index = session.find(function);
  DitherFunctionInfo info;
  if (failed(index) || reportStatus(dither_artifact_function_info(
                           session.getArtifact(), *index, &info)))
    return failure();
  std::vector<std::string> names;
  for (uint32_t i = 0; i < info.input_count; ++i) {
    DitherTensorInfo input;
    if (reportStatus(dither_artifact_input_info(session.getArtifact(), *index,
                                                i, &input)))
      return failure();
    names.push_back(input.name);
  }
  return names;
}

/// Memory for the results, given what the inputs say of dynamic extents.
static FailureOr<NamedTensors> makeOutputs(DitherArtifact *artifact,
                                           uint32_t function,
                                           ArrayRef<DLTensor> arguments,
                                           MLIRContext *context) {
  DitherFunctionInfo info;
  if (reportStatus(dither_artifact_function_info(artifact, function, &info)))
    return failure();
  std::vector<int64_t> dims(info.dim_count);
  if (reportStatus(dither_artifact_resolve_dims(
          artifact, function, arguments.data(), arguments.size(), dims.data())))
    return failure();
  NamedTensors outputs;
  for (uint32_t i = 0; i < info.output_count; ++i) {
    DitherTensorInfo output;
    if (reportStatus(
            dither_artifact_output_info(artifact, function, i, &output)))
      return failure();
    SmallVector<int64_t> shape(output.rank);
    if (reportStatus(dither_artifact_output_shape(
            artifact, function, i, dims.data(), dims.size(), shape.data())))
      return failure();
    outputs.values.emplace_back(getMLIRType(output.dtype, context), shape);
    outputs.names.push_back(output.name);
  }
  return outputs;
}

FailureOr<NamedTensors> dither::callCompiled(LiveSession &session,
                                             const std::string &function,
                                             std::vector<HostTensor> inputs,
                                             uint64_t seed,
                                             MLIRContext *context) {
  auto index = session.find(function);
  if (failed(index))
    return failure();
  std::vector<TensorRef> refs(inputs.begin(), inputs.end());
  std::vector<DLTensor> arguments, results;
  for (TensorRef &ref : refs)
    arguments.push_back(ref.get());
  auto outputs = makeOutputs(session.getArtifact(), *index, arguments, context);
  if (failed(outputs))
    return failure();
  std::vector<TensorRef> outputRefs(outputs->values.begin(),
                                    outputs->values.end());
  for (TensorRef &ref : outputRefs)
    results.push_back(ref.get());
  dither_session_set_seed(session.get(), seed);
  if (reportStatus(dither_session_call(session.get(), *index, arguments.data(),
                                       arguments.size(), results.data(),
                                       results.size())))
    return failure();
  return outputs;
}

/// From so many elements on, compiling costs less than interpreting: a few
/// tenths of a second, where the interpreter takes a microsecond for an
/// element.
static constexpr int64_t kCompiledElements = 1 << 18;

static int64_t countElements(func::FuncOp function) {
  int64_t count = 0;
  for (TypeRange types :
       {function.getArgumentTypes(), function.getResultTypes()})
    for (Type type : types)
      count += cast<RankedTensorType>(type).getNumElements();
  return count;
}

FailureOr<SmallVector<HostTensor>>
dither::evaluateCompiled(func::FuncOp function,
                         ArrayRef<HostTensor> arguments) {
  if (countElements(function) < kCompiledElements)
    return interpret(function, arguments);
  MLIRContext *context = function.getContext();
  OwningOpRef<ModuleOp> module = ModuleOp::create(function.getLoc());
  OpBuilder b(module->getBodyRegion());
  auto model = ModelOp::create(b, function.getLoc(), "evaluated");
  if (model.getBody().empty())
    model.getBody().emplaceBlock();
  b.setInsertionPointToStart(&model.getBody().front());
  auto clone = cast<func::FuncOp>(b.clone(*function));
  clone.setPublic();
  LiveSession session;
  if (failed(session.compile(*module, CompileOptions(), /*threads=*/0)))
    return failure();
  auto results =
      callCompiled(session, clone.getName().str(),
                   {arguments.begin(), arguments.end()}, /*seed=*/0, context);
  if (failed(results))
    return failure();
  return SmallVector<HostTensor>(results->values.begin(),
                                 results->values.end());
}
