//===- CpuFeatures.h - What this processor can do ---------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_ARTIFACT_CPUFEATURES_H
#define DITHER_RUNTIME_ARTIFACT_CPUFEATURES_H

#include "runtime/io/Error.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace dither::runtime {

/// What CPUID and XGETBV say; tests make their own.
struct CpuState {
  using Registers = std::array<uint32_t, 4>; // eax, ebx, ecx, edx

  Registers leaf1{}, leaf7{}, leaf7sub1{}, leaf13sub1{}, leaf14{}, leaf19{};
  Registers leaf1e{}, leaf24{}, extended1{}, extended8{};
  uint64_t xcr0 = 0;               // register states that the system saves
  std::vector<std::string> masked; // features that are taken for absent

  /// Of the processor that runs this code.
  static CpuState host();

  /// The host without the features that `words` takes away, such as
  /// "-amx-tile,-avx512vnni". Null stands for what the environment variable
  /// DITHER_CPU_FEATURES says, which takes away nothing where it is not set. A
  /// word of another form, or an unknown feature, is an error.
  static Expected<CpuState> maskedHost(const char *words = nullptr);
};

/// One version of an artifact's code: a name and the features it needs.
struct CodeVersion {
  std::string name;
  std::vector<std::string> features;
};

/// Whether `name`, an x86 feature name of LLVM, is usable: the processor has
/// it, the system saves its registers, and nobody masked it. An unknown name is
/// an error.
Expected<bool> hasCpuFeature(std::string_view name, const CpuState &state);

/// Those of `features` that are not usable, separated by commas. Where AMX is
/// asked for, asks the system, once in a process, for the right to use it.
Expected<std::string>
listMissingFeatures(const std::vector<std::string> &features,
                    const CpuState &state);

/// The index of the first version that is usable. Where none is, the error
/// tells what each lacks.
Expected<uint32_t> chooseVersion(const std::vector<CodeVersion> &versions,
                                 const CpuState &state);

} // namespace dither::runtime

#endif // DITHER_RUNTIME_ARTIFACT_CPUFEATURES_H
