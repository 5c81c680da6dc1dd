//===- Device.cpp - What kernels run on -----------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/device/Device.h"

namespace dither::runtime {

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
