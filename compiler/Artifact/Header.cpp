//===- Header.cpp - A C header for embedders ------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Pipelines/Pipelines.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace dither;

/// A name that C takes: "fit.step" becomes "fit_step".
static std::string toIdentifier(StringRef name) {
  std::string result = name.str();
  for (char &c : result)
    if (!llvm::isAlnum(c))
      c = '_';
  return result;
}

static std::string describe(const ManifestArgument &argument) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << argument.type.getElementType() << "[";
  llvm::interleaveComma(argument.type.getShape(), stream, [&](int64_t extent) {
    if (ShapedType::isDynamic(extent))
      stream << "batch";
    else
      stream << extent;
  });
  stream << "] " << argument.name;
  return text;
}

/// A wrapper that finds the function by name and passes its tensors on.
static void printFunction(llvm::raw_ostream &stream, StringRef model,
                          const ManifestFunction &function) {
  std::string inputs, outputs;
  unsigned inputCount = 0, outputCount = 0;
  for (const ManifestArgument &argument : function.arguments) {
    bool isInput = argument.kind == "input";
    if (!isInput && argument.kind != "output")
      continue;
    ++(isInput ? inputCount : outputCount);
    (isInput ? inputs : outputs) += "///   " + describe(argument) + "\n";
  }
  stream << llvm::formatv(R"(
/// Inputs:
{0}/// Outputs:
{1}static inline DitherStatus *{2}_{3}(DitherSession *session,
    const DitherArtifact *artifact, const DLTensor inputs[{4}],
    const DLTensor outputs[{5}]) {{
  uint32_t index;
  DitherStatus *status =
      dither_artifact_find_function(artifact, "{6}", &index);
  if (status)
    return status;
  return dither_session_call(session, index, inputs, {4}, outputs, {5});
}
)",
                          inputs, outputs, toIdentifier(model),
                          toIdentifier(function.name), inputCount, outputCount,
                          function.name);
}

FailureOr<std::string> dither::makeHeader(ModuleOp module,
                                          const CompileOptions &options) {
  auto functions = planFunctions(module, options);
  if (failed(functions))
    return failure();
  std::string model = findModel(module).getSymName().str();
  std::string guard =
      "DITHER_MODEL_" + StringRef(toIdentifier(model)).upper() + "_H";
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << "// How to call the functions of the model '" << model << "'.\n"
         << "// Open the artifact with dither_artifact_open, make a session, "
            "then call.\n"
         << "#ifndef " << guard << "\n#define " << guard
         << "\n\n#include \"dither/runtime.h\"\n";
  for (const ManifestFunction &function : *functions)
    printFunction(stream, model, function);
  stream << "\n#endif // " << guard << "\n";
  return text;
}
