//===- Run.cpp - dither run -----------------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/dither/Commands.h"
#include "tools/dither/Execute.h"
#include "llvm/Support/Format.h"

using namespace mlir;
using namespace dither;

static std::string formatElement(const HostTensor &tensor, int64_t i) {
  Scalar value = tensor.get(i);
  if (!value.isFloat)
    return std::to_string(value.i);
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%.9g", value.f);
  return text;
}

static void print(const HostTensor &tensor) {
  int64_t width = tensor.getRank() ? tensor.getShape().back() : 1;
  for (int64_t i = 0; i < tensor.getNumElements(); ++i)
    llvm::outs() << formatElement(tensor, i)
                 << ((i + 1) % std::max<int64_t>(width, 1) ? " " : "\n");
}

/// Where each result goes: a file, or nowhere, which prints it.
static FailureOr<std::vector<std::string>>
getOutputFiles(const RunOptions &options, ArrayRef<std::string> names) {
  std::vector<std::string> files(names.size());
  std::vector<StringRef> unnamed;
  for (StringRef output : options.outputs) {
    auto [name, path] = output.split('=');
    if (path.empty()) {
      unnamed.push_back(output);
      continue;
    }
    const auto *found = llvm::find(names, name);
    if (found == names.end()) {
      reportError("@" + options.function + " has no result '" + name +
                  "'; it gives " + llvm::join(names, ", "));
      return failure();
    }
    files[found - names.begin()] = path.str();
  }
  size_t next = 0;
  for (std::string &file : files)
    if (file.empty() && next < unnamed.size())
      file = unnamed[next++].str();
  if (next < unnamed.size()) {
    reportError("@" + options.function + " gives " + llvm::Twine(names.size()) +
                " results, but " + llvm::Twine(options.outputs.size()) +
                " files are given with --output");
    return failure();
  }
  return files;
}

/// Writes or prints the results. Names are printed where there are several.
static int deliver(const RunOptions &options, const NamedTensors &results) {
  auto files = getOutputFiles(options, results.names);
  if (failed(files))
    return 1;
  for (auto [name, file, result] :
       llvm::zip_equal(results.names, *files, results.values)) {
    if (!file.empty()) {
      if (failed(writeTensor(file, result)))
        return 1;
      continue;
    }
    if (!options.outputs.empty())
      continue;
    if (results.names.size() > 1)
      llvm::outs() << name << ":\n";
    print(result);
  }
  return 0;
}

/// Reads the inputs in the order of the function. One that is given as
/// name=FILE goes to its name, the others fill the places left.
static FailureOr<std::vector<HostTensor>>
readInputs(const RunOptions &options, ArrayRef<std::string> names,
           MLIRContext *context) {
  std::vector<std::optional<HostTensor>> places(names.size());
  std::vector<HostTensor> unnamed;
  for (StringRef input : options.inputs) {
    auto [name, path] = input.split('=');
    bool isNamed = !path.empty();
    auto tensor = readTensor((isNamed ? path : input).str(), context);
    if (failed(tensor))
      return failure();
    if (!isNamed) {
      unnamed.push_back(*tensor);
      continue;
    }
    const auto *found = llvm::find(names, name);
    if (found == names.end()) {
      reportError("@" + options.function + " has no input '" + name +
                  "'; it takes " +
                  (names.empty() ? "none" : llvm::join(names, ", ")));
      return failure();
    }
    places[found - names.begin()] = *tensor;
  }
  size_t next = 0, given = 0;
  for (auto &place : places) {
    if (!place && next < unnamed.size())
      place = unnamed[next++];
    given += bool(place);
  }
  if (given != names.size() || next != unnamed.size()) {
    reportError("@" + options.function + " takes " + llvm::Twine(names.size()) +
                " inputs" + (names.empty() ? "" : " (") +
                llvm::join(names, ", ") + (names.empty() ? "" : ")") +
                ", but " + llvm::Twine(options.inputs.size()) +
                " are given with --input");
    return failure();
  }
  std::vector<HostTensor> inputs;
  for (auto &place : places)
    inputs.push_back(*place);
  return inputs;
}

static int runInterpreted(LoadedModel &model, const CompileOptions &compile,
                          const RunOptions &options) {
  auto constants = packParameters(model.getModel(), compile.parameters);
  if (failed(constants) || failed(lowerToCore(model.getModule(), compile)))
    return 1;
  auto function =
      model.getModule().lookupSymbol<func::FuncOp>(options.function);
  auto inputs = readInputs(options, getInputNames(function),
                           model.getModule().getContext());
  if (failed(inputs))
    return 1;
  auto results = callInterpreted(function, *inputs, *constants, options.seed);
  return failed(results) ? 1 : deliver(options, *results);
}

static int runCompiled(LiveSession &session, const RunOptions &options,
                       MLIRContext *context) {
  auto names = getInputNames(session, options.function);
  if (failed(names))
    return 1;
  auto inputs = readInputs(options, *names, context);
  if (failed(inputs))
    return 1;
  auto results =
      callCompiled(session, options.function, *inputs, options.seed, context);
  return failed(results) ? 1 : deliver(options, *results);
}

int dither::runRun(const RunOptions &options) {
  LiveSession session;
  if (isArtifact(options.model)) {
    if (options.interpret)
      return reportError("--interpret runs a model description; " +
                         options.model + " is an artifact");
    if (!options.target.empty() || !options.chips.empty())
      return reportError("--target and --chips are for model descriptions; " +
                         options.model + " is compiled");
    MLIRContext context;
    if (failed(session.open(options.model, options.threads)))
      return 1;
    return runCompiled(session, options, &context);
  }
  LoadedModel model;
  if (failed(model.load(options)))
    return 1;
  if (options.params.empty() && !model.getModel().getOps<ParamOp>().empty())
    llvm::errs() << "note: no --params; the parameters are initialized with "
                    "seed "
                 << options.seed << "\n";
  auto values =
      options.params.empty()
          ? initializeParameters(model.getModel(), options.seed,
                                 options.interpret ? Evaluator(interpret)
                                                   : evaluateCompiled)
          : loadParameters(model.getModel(), options.params);
  if (failed(values))
    return 1;
  CompileOptions compile;
  compile.evaluate = evaluateCompiled;
  compile.parameters = std::move(*values);
  compile.functions.push_back(options.function);
  if (failed(setTarget(compile, options.target, options.chips)))
    return 1;
  if (options.interpret)
    return runInterpreted(model, compile, options);
  if (failed(session.compile(model.getModule(), compile, options.threads)))
    return 1;
  return runCompiled(session, options, model.getModule().getContext());
}
