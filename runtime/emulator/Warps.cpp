//===- Warps.cpp - What lanes of a warp do together ---------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/emulator/Warps.h"

#include "runtime/emulator/Machine.h"

#include <cstring>

namespace dither::runtime::emulator {

void Warps::reset() {
  for (std::vector<Gathering> &ofWarp : gatherings)
    ofWarp.clear();
}

bool Warps::gather(Thread &thread, uint32_t mask, const Collective &collective,
                   void *operands, const char *where) {
  if (!machine.mayWait(thread, where) ||
      !check(thread, mask, collective, where))
    return false;
  std::vector<Gathering> &ofWarp = gatherings[thread.warp];
  // Lanes may be further than others of the same mask, which come here behind
  // what they do among themselves: several gather at a time.
  size_t index = 0;
  while (index < ofWarp.size() &&
         !isSame(ofWarp[index], mask, collective, where))
    ++index;
  if (index == ofWarp.size())
    ofWarp.push_back({mask, 0, collective, where});
  ofWarp[index].came |= uint32_t(1) << thread.lane;
  thread.operands = operands;
  if (ofWarp[index].came != mask) {
    machine.wait(thread, {Wait::Lanes, collective.name, where, mask});
    return true;
  }

  ofWarp.erase(ofWarp.begin() + static_cast<std::ptrdiff_t>(index));
  uint32_t first = thread.warp * warpLanes;
  if (!collective.execute(machine, &machine.thread(first), mask, where))
    return false;
  for (uint32_t lane = 0; lane < warpLanes; ++lane)
    if ((mask >> lane & 1) && lane != thread.lane)
      machine.wake(machine.thread(first + lane));
  return true;
}

bool Warps::check(Thread &thread, uint32_t mask, const Collective &collective,
                  const char *where) {
  auto wrong = [&](const std::string &text) {
    machine.report(thread, where,
                   concat("takes part in ", collective.name, " of lanes ",
                          inHexadecimal(mask), ", ", text));
    return false;
  };
  if (!(mask >> thread.lane & 1))
    return wrong(concat("which do not include its own, ", thread.lane));
  uint32_t absent = mask & ~machine.lanesOf(thread.warp);
  if (absent != 0)
    return wrong(concat("of which its warp lacks ", inHexadecimal(absent),
                        ": the block has ", machine.threadCount(), " threads"));
  uint32_t left = mask & machine.leftLanesOf(thread.warp);
  if (left != 0)
    return wrong(
        concat("of which ", inHexadecimal(left), " have left the kernel"));
  return true;
}

bool Warps::isSame(const Gathering &gathering, uint32_t mask,
                   const Collective &collective, const char *where) {
  return gathering.mask == mask &&
         gathering.collective.execute == collective.execute &&
         gathering.collective.variant == collective.variant &&
         (gathering.where == where ||
          (gathering.where && where &&
           std::strcmp(gathering.where, where) == 0));
}

} // namespace dither::runtime::emulator
