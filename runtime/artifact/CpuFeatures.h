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
  uint64_t xcr0 = 0; // register states that the system saves

  /// Of the processor that runs this code.
  static CpuState host();
};

/// Whether `name`, an x86 feature name of LLVM, is usable: the processor has it
/// and the system saves its registers. An unknown name is an error.
Expected<bool> hasCpuFeature(std::string_view name, const CpuState &state);

/// Says which of `features` are lacking or unknown. Where AMX is asked for,
/// asks the system, once in a process, for the right to use it.
Error requireCpuFeatures(const std::vector<std::string> &features,
                         const CpuState &state);

} // namespace dither::runtime

#endif // DITHER_RUNTIME_ARTIFACT_CPUFEATURES_H
