//===- LaunchOrder.h - Which launches of a call follow which ----*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_DEVICE_LAUNCHORDER_H
#define DITHER_RUNTIME_DEVICE_LAUNCHORDER_H

#include "runtime/io/Error.h"

#include <cstdint>
#include <vector>

namespace dither::runtime {

/// What code says with `after` of DitherContext's launch, as numbers of
/// launches: those of a call are 0, 1, 2 and so on.
class LaunchOrder {
public:
  /// What is added from here on is of another call.
  void start() {
    isFollowed.clear();
    barrier = none;
  }

  /// Adds a launch and gives those that it follows and that nothing between
  /// says already, each once. Errors: Corrupt, where there are none so far
  /// back.
  Expected<std::vector<uint32_t>> add(const uint32_t *after);

  /// The number of the next launch.
  uint32_t size() const { return static_cast<uint32_t>(isFollowed.size()); }

private:
  static constexpr uint32_t none = ~uint32_t(0);
  std::vector<uint32_t> addBarrier();

  /// Of each launch, whether another one follows it.
  std::vector<bool> isFollowed;
  /// The last launch that follows all before it and that all behind it follow.
  uint32_t barrier = none;
};

} // namespace dither::runtime

#endif // DITHER_RUNTIME_DEVICE_LAUNCHORDER_H
