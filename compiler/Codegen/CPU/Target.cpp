//===- Target.cpp - The machine that code is made for ---------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/Target.h"
#include "runtime/artifact/CpuFeatures.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"

using namespace mlir;
using namespace dither;

/// What `--target=portable` stands for: what kernels distinguish, and many
/// machines have.
static const char *const portableTargets[] = {"x86-64-v3", "cascadelake",
                                              "sapphirerapids"};

/// The features that kernels profit from; those that only matter to the
/// operating system stay out, so that an artifact moves to a machine with the
/// same vector units. AVX512_BF16 stays out too: its conversions flush
/// denormals, which would differ from the reference.
static const char *const usefulFeatures[] = {
    "sse4.2",     "popcnt",     "avx",        "avx2",     "fma",
    "f16c",       "bmi",        "bmi2",       "lzcnt",    "gfni",
    "avx512f",    "avx512bw",   "avx512cd",   "avx512dq", "avx512vl",
    "avx512vbmi", "avx512vnni", "avx512fp16", "amx-tile", "amx-int8",
    "amx-bf16"};

static void append(std::string &features, const Twine &word) {
  features += (features.empty() ? "" : ",") + word.str();
}

static FailureOr<std::string> getHostFeatures(Location location) {
  auto state = runtime::CpuState::maskedHost();
  if (!state)
    return emitError(location) << state.error().message();
  std::string features;
  for (const char *name : usefulFeatures)
    if (*runtime::hasCpuFeature(name, *state))
      append(features, Twine("+") + name);
  // What implies a masked feature goes with it.
  for (const std::string &name : state->masked)
    append(features, "-" + name);
  return features;
}

/// Of a CPU that LLVM knows.
static FailureOr<std::string> getFeatures(const llvm::Target &target,
                                          const llvm::Triple &triple,
                                          StringRef cpu, Location location) {
  std::unique_ptr<llvm::MCSubtargetInfo> info(
      target.createMCSubtargetInfo(triple, "x86-64", ""));
  if (!info->isCPUStringValid(cpu))
    return emitError(location)
           << "unknown target '" << cpu
           << "'; use 'native', 'portable', or CPUs by LLVM's names, such as "
              "x86-64-v3, cascadelake, sapphirerapids";
  info.reset(target.createMCSubtargetInfo(triple, cpu, ""));
  std::string features;
  for (const char *name : usefulFeatures)
    if (info->checkFeatures(std::string("+") + name))
      append(features, Twine("+") + name);
  return features;
}

/// Those that are enabled beyond those of every x86-64. The ones that the
/// runtime does not know are hints for scheduling.
static std::vector<std::string>
listFeatures(const llvm::TargetMachine &machine) {
  std::unique_ptr<llvm::MCSubtargetInfo> base(
      machine.getTarget().createMCSubtargetInfo(machine.getTargetTriple(),
                                                "x86-64", ""));
  std::vector<std::string> features;
  for (const llvm::SubtargetFeatureKV &feature :
       machine.getMCSubtargetInfo()->getEnabledProcessorFeatures()) {
    bool isKnown = bool(runtime::hasCpuFeature(feature.Key, {}));
    if (isKnown && !base->checkFeatures(std::string("+") + feature.Key))
      features.push_back(feature.Key);
  }
  return features;
}

static FailureOr<CpuTarget> createTarget(const llvm::Target &target,
                                         const llvm::Triple &triple,
                                         const std::string &name,
                                         const std::string &features,
                                         Location location) {
  CpuTarget result;
  result.name = name;
  result.machine.reset(target.createTargetMachine(
      triple, "x86-64", features, llvm::TargetOptions(), llvm::Reloc::PIC_,
      std::nullopt, llvm::CodeGenOptLevel::Aggressive));
  if (!result.machine->getMCSubtargetInfo()->checkFeatures("+avx2,+fma"))
    return emitError(location)
           << "kernels need AVX2 and FMA, which the target '" << name
           << "' lacks: its features are '" << features
           << "'; use --target=x86-64-v3 or a better CPU, or add them to "
              "--features";
  result.features = listFeatures(*result.machine);
  return result;
}

/// Names and features of what is asked for, in the order given.
static FailureOr<SmallVector<std::pair<std::string, std::string>>>
listTargets(const CompileOptions &options, const llvm::Target &target,
            const llvm::Triple &triple, Location location) {
  SmallVector<std::pair<std::string, std::string>> result;
  if (!options.features.empty()) {
    result.emplace_back("custom", options.features);
    return result;
  }
  SmallVector<std::string> names;
  for (const std::string &name : options.targets) {
    if (name == "portable")
      names.append(std::begin(portableTargets), std::end(portableTargets));
    else
      names.push_back(name);
  }
  if (names.empty())
    names.push_back("native");
  for (const std::string &name : names) {
    auto features = name == "native"
                        ? getHostFeatures(location)
                        : getFeatures(target, triple, name, location);
    if (failed(features))
      return failure();
    result.emplace_back(name, *features);
  }
  return result;
}

FailureOr<std::vector<CpuTarget>>
dither::createTargets(const CompileOptions &options, Location location) {
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  llvm::Triple triple(llvm::sys::getDefaultTargetTriple());
  std::string error;
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(triple, error);
  if (!target || !triple.isX86() || !triple.isArch64Bit())
    return emitError(location)
           << "no code generator for " << triple.str() << ": " << error
           << "; x86-64 Linux is supported";
  auto wanted = listTargets(options, *target, triple, location);
  if (failed(wanted))
    return failure();
  std::vector<CpuTarget> targets;
  for (auto &[name, features] : *wanted) {
    auto created = createTarget(*target, triple, name, features, location);
    if (failed(created))
      return failure();
    auto isSame = [&](const CpuTarget &other) {
      return other.features == created->features;
    };
    if (llvm::none_of(targets, isSame))
      targets.push_back(std::move(*created));
  }
  // A superset has more.
  llvm::stable_sort(targets, [](const CpuTarget &a, const CpuTarget &b) {
    return a.features.size() > b.features.size();
  });
  return targets;
}

KernelTarget dither::getKernelTarget(const llvm::TargetMachine &target) {
  KernelTarget kernel;
  kernel.hasAVX512 = target.getMCSubtargetInfo()->checkFeatures(
      "+avx512f,+avx512bw,+avx512dq,+avx512vl");
  kernel.hasVNNI = kernel.hasAVX512 &&
                   target.getMCSubtargetInfo()->checkFeatures("+avx512vnni");
  kernel.hasTiles =
      kernel.hasAVX512 &&
      target.getMCSubtargetInfo()->checkFeatures("+amx-tile,+amx-int8");
  kernel.hasFloatTiles =
      kernel.hasAVX512 &&
      target.getMCSubtargetInfo()->checkFeatures("+amx-tile,+amx-bf16");
  kernel.hasVBMI = kernel.hasAVX512 &&
                   target.getMCSubtargetInfo()->checkFeatures("+avx512vbmi");
  kernel.lanes = kernel.hasAVX512 ? 16 : 8;
  // AVX512_FP16 tells the cores that have AMX, too, where a hypervisor hides
  // it.
  if (kernel.hasTiles ||
      (kernel.hasAVX512 &&
       target.getMCSubtargetInfo()->checkFeatures("+avx512fp16"))) {
    kernel.firstCache = 48 << 10;
    kernel.secondCache = 2 << 20;
  } else if (kernel.hasAVX512) {
    kernel.secondCache = 1 << 20;
  }
  return kernel;
}
