//===- Target.cpp - The machine that code is made for ---------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/Target.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"

using namespace mlir;
using namespace dither;

/// The features of the host that kernels profit from; those that only matter
/// to the operating system stay out, so that an artifact moves to a machine
/// with the same vector units. AVX512_BF16 stays out too: its conversions flush
/// denormals, which would differ from the reference.
static std::string getHostFeatures() {
  static const char *const useful[] = {
      "sse4.2",     "popcnt",     "avx",        "avx2",     "fma",
      "f16c",       "bmi",        "bmi2",       "lzcnt",    "gfni",
      "avx512f",    "avx512bw",   "avx512cd",   "avx512dq", "avx512vl",
      "avx512vbmi", "avx512vnni", "avx512fp16", "amx-tile", "amx-int8",
      "amx-bf16"};
  llvm::StringMap<bool> host = llvm::sys::getHostCPUFeatures();
  std::string features;
  for (const char *name : useful)
    if (host.lookup(name))
      features += (features.empty() ? "+" : ",+") + std::string(name);
  return features;
}

FailureOr<std::unique_ptr<llvm::TargetMachine>>
dither::createTargetMachine(const std::string &features, Location location) {
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  llvm::Triple triple(llvm::sys::getDefaultTargetTriple());
  std::string error;
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(triple, error);
  if (!target || !triple.isX86() || !triple.isArch64Bit()) {
    emitError(location) << "no code generator for " << triple.str() << ": "
                        << error << "; x86-64 Linux is supported";
    return failure();
  }
  std::string wanted = features.empty() ? getHostFeatures() : features;
  std::unique_ptr<llvm::TargetMachine> machine(target->createTargetMachine(
      triple, "x86-64", wanted, llvm::TargetOptions(), llvm::Reloc::PIC_,
      std::nullopt, llvm::CodeGenOptLevel::Aggressive));
  auto has = [&](const char *feature) {
    return machine->getMCSubtargetInfo()->checkFeatures(feature);
  };
  if (!has("+avx2") || !has("+fma")) {
    emitError(location)
        << "kernels need AVX2 and FMA: add them to --features, or leave it out "
           "for those of this machine; the features are '"
        << wanted << "'";
    return failure();
  }
  return machine;
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
  kernel.lanes = kernel.hasAVX512 ? 16 : 8;
  return kernel;
}
