//===- Devices.cpp - dither devices ---------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dither/runtime.h"
#include "tools/dither/Commands.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

using namespace dither;
namespace json = llvm::json;

namespace {
/// The devices of a target, or why there are none.
struct TargetDevices {
  std::string target, error;
  std::vector<DitherDeviceInfo> devices;
};
} // namespace

static TargetDevices listDevices(const char *target) {
  TargetDevices list = {target, "", {}};
  uint32_t count = 0;
  DitherStatus *status = dither_device_count(target, &count);
  for (uint32_t number = 0; !status && number < count; ++number) {
    DitherDeviceInfo info;
    status = dither_device_info(target, number, &info);
    if (!status)
      list.devices.push_back(info);
  }
  list.error = dither_status_message(status);
  dither_status_free(status);
  return list;
}

static json::Value toJSON(const TargetDevices &list) {
  json::Array devices;
  for (const DitherDeviceInfo &info : list.devices)
    devices.push_back(
        json::Object{{"number", int64_t(info.number)},
                     {"name", info.name},
                     {"chip", info.chip},
                     {"memory_bytes", int64_t(info.memory)},
                     {"free_bytes", int64_t(info.free_memory)},
                     {"multiprocessors", int64_t(info.multiprocessors)},
                     {"driver", int64_t(info.driver)}});
  json::Object entry{{"target", list.target}, {"devices", std::move(devices)}};
  if (!list.error.empty())
    entry["error"] = list.error;
  return entry;
}

static void print(const TargetDevices &list) {
  constexpr double gibi = 1 << 30;
  for (const DitherDeviceInfo &info : list.devices) {
    llvm::outs() << llvm::formatv(
        "{0} {1}: {2}, {3}, {4:f1} of {5:f1} GiB free", list.target,
        info.number, info.name, info.chip, double(info.free_memory) / gibi,
        double(info.memory) / gibi);
    // The emulator has none.
    if (info.driver)
      llvm::outs() << llvm::formatv(
          ", {0} multiprocessors, driver for CUDA {1}.{2}",
          info.multiprocessors, info.driver / 1000, info.driver % 1000 / 10);
    llvm::outs() << "\n";
  }
  if (!list.error.empty())
    llvm::outs() << list.target << ": " << list.error << "\n";
}

int dither::runDevices(const DevicesOptions &options) {
  json::Array targets;
  for (const char *target : {"cuda", "cuda-emulator"}) {
    TargetDevices list = listDevices(target);
    if (options.json)
      targets.push_back(toJSON(list));
    else
      print(list);
  }
  if (options.json)
    llvm::outs() << llvm::formatv(
        "{0:2}\n", json::Value(json::Object{{"targets", std::move(targets)}}));
  // That there is none is an answer, too.
  return 0;
}
