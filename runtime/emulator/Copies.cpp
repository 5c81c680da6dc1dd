//===- Copies.cpp - Asynchronous copies into shared memory ----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/emulator/Machine.h"

#include <cstring>

namespace dither::runtime::emulator {

namespace {
void arrive(const Copy &copy) {
  std::memcpy(copy.to, copy.source, copy.sourceBytes);
  std::memset(copy.to + copy.sourceBytes, 0, copy.bytes - copy.sourceBytes);
}
} // namespace

bool issueCopy(Thread &thread, void *to, const void *from, uint32_t bytes,
               uint32_t sourceBytes, const char *where) {
  Machine &machine = *thread.machine;
  if ((bytes != 4 && bytes != 8 && bytes != 16) || sourceBytes > bytes) {
    machine.report(thread, where,
                   concat("copies ", sourceBytes, " of ", bytes,
                          " bytes; cp.async has 4, 8 or 16"));
    return false;
  }
  // No byte is read of a source that has none: it may be anywhere.
  if (sourceBytes != 0 &&
      !machine.access(thread, from, sourceBytes, bytes, DITHER_READ, where))
    return false;
  if (!machine.needsShared(thread, to, bytes, where) ||
      !machine.access(thread, to, bytes, bytes, DITHER_WRITE, where))
    return false;
  Copy copy = {static_cast<unsigned char *>(to),
               static_cast<const unsigned char *>(from),
               bytes,
               sourceBytes,
               where,
               {}};
  if (sourceBytes != 0)
    std::memcpy(copy.source, from, sourceBytes);
  if (machine.copiesAtOnce())
    arrive(copy);
  machine.setPending(copy);
  thread.copies.push_back(copy);
  return true;
}

void commitCopies(Thread &thread) {
  thread.groups.push_back(thread.copies.size());
}

bool waitForCopies(Thread &thread, uint32_t groups, const char *where) {
  if (thread.groups.size() <= groups)
    return true;
  Machine &machine = *thread.machine;
  size_t arrivedGroups = thread.groups.size() - groups;
  size_t arrived = thread.groups[arrivedGroups - 1];
  for (size_t i = 0; i < arrived; ++i) {
    const Copy &copy = thread.copies[i];
    if (copy.sourceBytes != 0 &&
        std::memcmp(copy.from, copy.source, copy.sourceBytes) != 0) {
      machine.report(thread, where,
                     concat("waits for the copy", atWhere(copy.where),
                            ", whose source changed before it arrived"));
      return false;
    }
    arrive(copy);
    machine.settle(thread, copy);
  }
  thread.copies.erase(thread.copies.begin(),
                      thread.copies.begin() +
                          static_cast<std::ptrdiff_t>(arrived));
  thread.groups.erase(thread.groups.begin(),
                      thread.groups.begin() +
                          static_cast<std::ptrdiff_t>(arrivedGroups));
  for (size_t &group : thread.groups)
    group -= arrived;
  return true;
}

void Machine::setPending(const Copy &copy) {
  shared->shadow.setPending(shared->offsetOf(copy.to), copy.bytes);
}

void Machine::settle(const Thread &thread, const Copy &copy) {
  View view = {thread.index, thread.clock, blockStart,
               blockStart,   everyone,     thread.knowledge};
  shared->shadow.settle(shared->offsetOf(copy.to), copy.bytes, view,
                        makeMark(copy.where, thread.index));
}

} // namespace dither::runtime::emulator
