//===- LaunchOrder.cpp - Which launches of a call follow which ------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/device/LaunchOrder.h"

#include <algorithm>

namespace dither::runtime {

/// It follows those that nothing follows yet; they follow all others.
std::vector<uint32_t> LaunchOrder::addBarrier() {
  std::vector<uint32_t> last;
  for (uint32_t i = barrier == none ? 0 : barrier; i < size(); ++i)
    if (!isFollowed[i])
      last.push_back(i);
  barrier = size();
  return last;
}

Expected<std::vector<uint32_t>> LaunchOrder::add(const uint32_t *after) {
  std::vector<uint32_t> followed;
  if (!after)
    followed = addBarrier();
  for (; after && *after != 0; ++after) {
    if (*after > size())
      return Error(Code::Corrupt,
                   concat("launch ", size(), " of a call follows the one ",
                          *after,
                          " before it, which does not exist; compile "
                          "the artifact again"));
    // What is before a barrier, that follows.
    uint32_t other = size() - *after;
    if (barrier != none)
      other = std::max(other, barrier);
    if (std::find(followed.begin(), followed.end(), other) == followed.end())
      followed.push_back(other);
  }
  if (followed.empty() && barrier != none && barrier != size())
    followed.push_back(barrier);
  for (uint32_t other : followed)
    isFollowed[other] = true;
  isFollowed.push_back(false);
  return followed;
}

} // namespace dither::runtime
