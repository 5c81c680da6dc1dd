//===- MutationSupport.cpp - Kernels with planted bugs --------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MutationSupport.h"
#include "compiler/Pipelines/Lowering.h"
#include "dither/runtime.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include <cmath>
#include <cstring>

using namespace mlir;
using namespace dither;
using namespace dither::test;

static constexpr uint64_t schedules = 8;

void dither::test::PrintTo(const Outcome &outcome, std::ostream *os) {
  static const char *const kinds[] = {"right", "wrong", "faulted", "failed"};
  *os << kinds[outcome.kind] << " under schedule " << outcome.schedule << ": "
      << outcome.message;
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

static HostTensor makeIntegers(Type type, int64_t most, unsigned seed) {
  HostTensor tensor = makeRandom(type, -double(most), double(most) + 1, seed);
  for (int64_t i = 0; i < tensor.getNumElements(); ++i)
    tensor.set(i, Scalar::of(std::floor(tensor.getDouble(i))));
  return tensor;
}

/// Integers for which all formats have exact scales, the greatest of each group
/// being 7 times a power of two. Groups differ in it.
static HostTensor makeParameter(Type type, unsigned seed) {
  constexpr int64_t group = 32;
  auto tensorType = cast<RankedTensorType>(type);
  int64_t columns = tensorType.getDimSize(1);
  HostTensor tensor = makeIntegers(type, 6, seed);
  for (int64_t i = 0; i < tensor.getNumElements(); ++i) {
    int64_t row = i / columns;
    double value = tensor.getDouble(i);
    if (row % group == 0)
      value = 7;
    // Whatever a pattern keeps, it counts.
    if (value == 0)
      value = 5;
    tensor.set(i, Scalar::of(std::ldexp(value, int(row / group))));
  }
  return tensor;
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

namespace {
struct Artifact {
  ~Artifact() { dither_artifact_close(artifact); }
  DitherArtifact *artifact = nullptr;
};
struct Session {
  ~Session() { dither_session_destroy(session); }
  DitherSession *session = nullptr;
};
/// A file that is gone when it goes out of scope.
struct TemporaryArtifact {
  SmallString<128> path;
  llvm::FileRemover remover;
};
} // namespace

static DLTensor view(HostTensor &tensor) {
  Type type = tensor.getElementType();
  uint8_t code = type.isBF16()          ? uint8_t(kDLBfloat)
                 : isa<FloatType>(type) ? uint8_t(kDLFloat)
                                        : uint8_t(kDLInt);
  DLTensor result = {};
  result.data = tensor.data();
  result.device = {kDLCPU, 0};
  result.ndim = int32_t(tensor.getRank());
  result.dtype = {code, uint8_t(type.getIntOrFloatBitWidth()), 1};
  result.shape = const_cast<int64_t *>(tensor.getShape().data());
  return result;
}

/// Runs the one function of an artifact.
static Outcome call(const Artifact &opened, Tensors &inputs, Tensors &outputs) {
  auto check = [](DitherStatus *status) {
    Outcome outcome = {Outcome::right, dither_status_message(status)};
    if (status)
      outcome.kind = dither_status_code(status) == DITHER_DEVICE_FAULT
                         ? Outcome::faulted
                         : Outcome::failed;
    dither_status_free(status);
    return outcome;
  };
  Session made;
  DitherSessionOptions options = {};
  options.threads = 1;
  Outcome outcome =
      check(dither_session_create(opened.artifact, &options, &made.session));
  if (outcome.kind != Outcome::right)
    return outcome;
  auto views = [](Tensors &tensors) {
    return llvm::map_to_vector(tensors,
                               [](HostTensor &each) { return view(each); });
  };
  SmallVector<DLTensor> from = views(inputs), to = views(outputs);
  return check(dither_session_call(made.session, 0, from.data(), from.size(),
                                   to.data(), to.size()));
}

static Tensors makeLike(ArrayRef<Type> types) {
  Tensors tensors;
  for (Type type : types) {
    auto tensorType = cast<RankedTensorType>(type);
    tensors.emplace_back(tensorType.getElementType(), tensorType.getShape());
  }
  return tensors;
}

static bool open(ArrayRef<char> object, Artifact &artifact) {
  TemporaryArtifact file;
  if (llvm::sys::fs::createTemporaryFile("dither", "so", file.path))
    return false;
  file.remover.setFile(file.path);
  if (failed(writeArtifact(object, file.path)))
    return false;
  // Mapped files outlive their names.
  DitherStatus *status =
      dither_artifact_open(file.path.c_str(), nullptr, &artifact.artifact);
  dither_status_free(status);
  return artifact.artifact != nullptr;
}

static bool isSame(ArrayRef<HostTensor> tensors, ArrayRef<HostTensor> wanted) {
  return llvm::all_of(llvm::zip_equal(tensors, wanted), [](auto pair) {
    auto &[x, y] = pair;
    return std::memcmp(x.data(), y.data(), y.getNumBytes()) == 0;
  });
}

//===----------------------------------------------------------------------===//
// Compilation
//===----------------------------------------------------------------------===//

MutableKernels::MutableKernels(StringRef text, StringRef chip)
    : program(text), chip(chip) {
  DialectRegistry registry;
  registerCompilerDialects(registry);
  program.getContext()->appendDialectRegistry(registry);
  isReady = program && computeExpected() && compile();
}

bool MutableKernels::computeExpected() {
  unsigned seed = 1;
  program.getModule().walk([&](ParamOp param) {
    options.parameters[param.getSymName()] =
        makeParameter(param.getTensorType(), seed++);
  });
  func::FuncOp function = program.get("f");
  for (Type type : function.getArgumentTypes())
    inputs.push_back(makeIntegers(type, 8, seed++));
  expected = makeLike(function.getResultTypes());
  // Code that has nothing in common with kernels of devices but the ops that
  // both are made of.
  auto object = compileToObject(program.getModule(), options);
  Artifact artifact;
  return succeeded(object) && open(*object, artifact) &&
         call(artifact, inputs, expected).kind == Outcome::right;
}

bool MutableKernels::compile() {
  options.device = "cuda-emulator";
  kernels = program.getModule().clone();
  ModelOp model = findModel(*kernels);
  auto packed = packParameters(model, options.parameters);
  if (failed(packed) || failed(lowerToCore(*kernels, options)) ||
      failed(lowerToLaunches(*kernels, options, chip)))
    return false;
  constants = std::move(*packed);
  functions = collectFunctions(*kernels);
  return succeeded(lowerLaunchesToLLVMDialect(*kernels, options));
}

std::vector<Outcome> MutableKernels::run(const Mutation &mutate) {
  OwningOpRef<ModuleOp> changed = kernels->clone();
  if (mutate && !mutate(*changed))
    return {{Outcome::failed, "there is nothing to change"}};
  program.diagnostics.clear();
  std::vector<DeviceVersion> versions(1);
  versions[0].generation = chip;
  versions[0].module = std::move(changed);
  versions[0].functions = functions;
  auto object =
      finishForDevice(versions, options, EmitStage::object, constants, "m");
  Artifact artifact;
  if (failed(object) || !open(*object, artifact))
    return {{Outcome::failed, program.diagnostics}};
  std::vector<Outcome> outcomes;
  for (uint64_t schedule = 0; schedule < schedules; ++schedule) {
    setenv("DITHER_EMULATOR_SCHEDULE", std::to_string(schedule).c_str(), 1);
    Tensors results = makeLike(program.get("f").getResultTypes());
    Outcome outcome = call(artifact, inputs, results);
    if (outcome.kind == Outcome::right && !isSame(results, expected))
      outcome.kind = Outcome::wrong;
    outcome.schedule = schedule;
    outcomes.push_back(outcome);
  }
  unsetenv("DITHER_EMULATOR_SCHEDULE");
  return outcomes;
}
