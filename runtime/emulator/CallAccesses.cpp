//===- CallAccesses.cpp - What launches of a call touch ---------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/emulator/CallAccesses.h"

namespace dither::runtime::emulator {

void CallAccesses::start() {
  launchOrder.start();
  launches.clear();
  first = 0;
}

Error CallAccesses::order(const uint32_t *after) {
  uint32_t number = launchOrder.size();
  auto followed = launchOrder.add(after);
  if (!followed)
    return followed.takeError();
  // One that follows all, and that all behind it follow, is beside nothing.
  if (!after) {
    launches.clear();
    first = number + 1;
    return Error::success();
  }
  Launch launch;
  launch.follows.resize(launches.size());
  for (uint32_t other : *followed) {
    if (other < first)
      continue;
    launch.follows[other - first] = true;
    const std::vector<bool> &earlier = launches[other - first].follows;
    for (size_t i = 0; i < earlier.size(); ++i)
      launch.follows[i] = launch.follows[i] || earlier[i];
  }
  launches.push_back(std::move(launch));
  return Error::success();
}

Error CallAccesses::check(const DitherKernelEntry &kernel) {
  if (launches.empty())
    return Error::success();
  Launch &last = launches.back();
  last.kernel = &kernel;
  collect(last);
  for (size_t i = 0; i + 1 < launches.size(); ++i)
    if (!last.follows[i])
      if (Error error =
              compare(launches[i], last, first + static_cast<uint32_t>(i)))
        return error;
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Intervals
//===----------------------------------------------------------------------===//

void CallAccesses::append(Intervals &intervals, const Interval &bytes) {
  if (!intervals.empty() && intervals.back().end == bytes.begin)
    intervals.back().end = bytes.end;
  else
    intervals.push_back(bytes);
}

void CallAccesses::collect(Launch &launch) {
  memory.forLaunch([&](const unsigned char *start, size_t bytes, bool isRead,
                       bool isWritten) {
    auto begin = reinterpret_cast<uintptr_t>(start);
    if (isRead)
      append(launch.reads, {begin, begin + bytes});
    if (isWritten)
      append(launch.writes, {begin, begin + bytes});
  });
}

/// The first bytes that are in both, which are in order; false if there are
/// none.
bool CallAccesses::findCommon(const Intervals &a, const Intervals &b,
                              Interval &common) {
  for (auto x = a.begin(), y = b.begin(); x != a.end() && y != b.end();) {
    common = {std::max(x->begin, y->begin), std::min(x->end, y->end)};
    if (common.begin < common.end)
      return true;
    if (x->end <= y->end)
      ++x;
    else
      ++y;
  }
  return false;
}

//===----------------------------------------------------------------------===//
// Faults
//===----------------------------------------------------------------------===//

Error CallAccesses::compare(const Launch &earlier, const Launch &later,
                            uint32_t number) const {
  Interval bytes;
  if (findCommon(earlier.writes, later.writes, bytes))
    return report(earlier, later, number, "writes", "writes", bytes);
  if (findCommon(earlier.writes, later.reads, bytes))
    return report(earlier, later, number, "reads", "writes", bytes);
  if (findCommon(earlier.reads, later.writes, bytes))
    return report(earlier, later, number, "writes", "reads", bytes);
  return Error::success();
}

Error CallAccesses::report(const Launch &earlier, const Launch &later,
                           uint32_t number, const char *does, const char *did,
                           const Interval &bytes) const {
  // NOLINTNEXTLINE(performance-no-int-to-ptr)
  auto *begin = reinterpret_cast<const void *>(bytes.begin);
  const Allocation *place = memory.find(begin);
  return Error(
      Code::Device,
      concat("kernel ", inQuotes(later.kernel->name), ", launch ",
             launchOrder.size() - 1, " of the call, ", does, " bytes ",
             place->offsetOf(begin), " to ",
             place->offsetOf(begin) + (bytes.end - bytes.begin) - 1, " of ",
             place->purpose, ", which kernel ", inQuotes(earlier.kernel->name),
             ", launch ", number, ", ", did,
             ", and neither follows the other: a device may run both at the "
             "same time; it is an error of the compiler "
             "(dither-order-launches)"));
}

} // namespace dither::runtime::emulator
