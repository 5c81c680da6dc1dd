//===- Device.cpp - What kernels run on -----------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/device/Device.h"

#include <cstring>

namespace dither::runtime {

std::vector<const DitherKernelEntry *>
listKernels(const DitherEmbedded &artifact, const char *version) {
  std::vector<const DitherKernelEntry *> kernels;
  for (uint32_t i = 0; version && i < artifact.kernel_count; ++i) {
    const DitherKernelEntry &kernel = artifact.kernels[i];
    if (kernel.version && std::strcmp(kernel.version, version) == 0)
      kernels.push_back(&kernel);
  }
  return kernels;
}

Error noSuchKernel(uint32_t kernel, size_t count) {
  return Error(Code::Corrupt,
               concat("kernel ", kernel, " does not exist; the artifact has ",
                      count, "; compile it again"));
}

Expected<std::unique_ptr<Device>> openDevice(std::string_view target,
                                             uint32_t number,
                                             const DitherEmbedded &artifact) {
  if (target == "cuda")
    return openCudaDevice(number, artifact);
  if (target == "cuda-emulator")
    return openEmulator(number, artifact);
  return Error(Code::Unsupported,
               concat("the artifact is for the target ", inQuotes(target),
                      ", which this runtime does not know; it knows 'cuda' and "
                      "'cuda-emulator'"));
}

} // namespace dither::runtime
