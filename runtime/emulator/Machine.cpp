//===- Machine.cpp - A device whose threads are fibers --------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/emulator/Machine.h"

namespace dither::runtime::emulator {

Error Machine::prepare() {
  // Descriptors of matrices have the low bits of addresses.
  auto created = Allocation::create(mostSharedBytes, "shared memory",
                                    Descriptor::windowBytes);
  if (!created)
    return created.takeError();
  shared = std::move(*created);
  return fibers.reserve(1);
}

//===----------------------------------------------------------------------===//
// Launches
//===----------------------------------------------------------------------===//

Error Machine::check(const DitherKernelEntry &entry,
                     const int64_t grid[3]) const {
  auto failure = [&](const std::string &text) {
    return Error(Code::Device,
                 concat("kernel ", inQuotes(entry.name), ": ", text));
  };
  const uint32_t *block = entry.threads;
  uint64_t product = uint64_t(block[0]) * block[1];
  if (product == 0 || product > mostThreads || block[2] == 0 || block[2] > 64 ||
      product * block[2] > mostThreads)
    return failure(concat("a block of ", block[0], " x ", block[1], " x ",
                          block[2], " threads is not possible; a device has ",
                          "1 to ", mostThreads, " of them, 64 in z"));
  if (entry.shared_bytes > mostSharedBytes)
    return failure(concat("it wants ", entry.shared_bytes,
                          " bytes of shared memory; a device has ",
                          mostSharedBytes));
  constexpr int64_t most[3] = {0x7fffffff, 65535, 65535};
  for (int i = 0; i < 3; ++i)
    if (grid[i] < 0 || grid[i] > most[i])
      return failure(
          concat("a grid of ", grid[0], " x ", grid[1], " x ", grid[2],
                 " blocks is not possible; a device has "
                 "at most 2147483647 of them in x, 65535 in y and z"));
  return Error::success();
}

Error Machine::launch(const DitherKernelEntry &entry, const int64_t grid[3],
                      const void *const *newArguments) {
  if (Error error = check(entry, grid))
    return error;
  uint32_t threadsOfBlock =
      entry.threads[0] * entry.threads[1] * entry.threads[2];
  if (Error error = fibers.reserve(entry.is_collective ? threadsOfBlock : 1))
    return error;
  arguments = newArguments;
  start(entry, grid);
  uint64_t total = uint64_t(blocks[0]) * blocks[1] * blocks[2];
  for (uint64_t order = 0; order < total; ++order) {
    startBlock(order);
    if (!(kernel->is_collective ? runBlock() : runThreadsInOrder()))
      break;
  }
  return std::exchange(fault, Error::success());
}

void Machine::start(const DitherKernelEntry &entry, const int64_t grid[3]) {
  kernel = &entry;
  for (int i = 0; i < 3; ++i)
    blocks[i] = static_cast<uint32_t>(grid[i]);
  count = entry.threads[0] * entry.threads[1] * entry.threads[2];
  sharedBytes = entry.shared_bytes;
  // Long before clocks overflow, all start anew.
  if (latest > uint32_t(1) << 31) {
    memory.forgetAccesses();
    shared->forgetAccesses();
    latest = 0;
  }
  launchStart = latest;
  memory.startLaunch(launchStart);
  blockStarts.clear();

  forgetThreads();
  threads.resize(count);
  knowledge.reset(count);
  for (uint32_t i = 0; i < count; ++i) {
    Thread &thread = threads[i];
    thread.emulator = &instructions;
    thread.shared = shared->start;
    thread.machine = this;
    thread.fiber = &fibers[entry.is_collective ? i : 0];
    thread.index = i;
    thread.warp = i / warpLanes;
    thread.lane = i % warpLanes;
    thread.thread[0] = i % entry.threads[0];
    thread.thread[1] = i / entry.threads[0] % entry.threads[1];
    thread.thread[2] = i / entry.threads[0] / entry.threads[1];
    for (int k = 0; k < 3; ++k) {
      thread.threads[k] = entry.threads[k];
      thread.blocks[k] = blocks[k];
    }
  }
}

/// Those of the last launch, which may have ended in the middle.
void Machine::forgetThreads() {
  resetSynchronization();
  for (Thread &thread : threads) {
    knowledge.drop(thread.knowledge);
    for (TileStore &store : thread.stores)
      knowledge.drop(store.known);
  }
  threads.clear();
}

void Machine::resetSynchronization() {
  barriers.reset();
  warps.reset();
  groups.reset();
  mbarriers.reset();
  products.reset();
}

/// The coordinates of the block that runs as the order-th.
void Machine::placeBlock(uint64_t order, uint32_t block[3]) const {
  uint64_t total = uint64_t(blocks[0]) * blocks[1] * blocks[2];
  uint64_t number = schedule.startsWithLastBlock() ? total - 1 - order : order;
  block[0] = static_cast<uint32_t>(number % blocks[0]);
  block[1] = static_cast<uint32_t>(number / blocks[0] % blocks[1]);
  block[2] = static_cast<uint32_t>(number / blocks[0] / blocks[1]);
}

void Machine::startBlock(uint64_t order) {
  uint32_t block[3];
  placeBlock(order, block);
  blockStart = everyone = latest;
  blockStarts.push_back(latest);
  ++latest;
  running = count;
  left.fill(0);
  shared->shadow.clearWritten(sharedBytes);
  resetSynchronization();
  registers.start();
  schedule.start(order, count);
  for (Thread &thread : threads) {
    std::copy(block, block + 3, thread.block);
    thread.clock = latest;
    knowledge.drop(thread.knowledge);
    thread.initFences.clear();
    thread.proxyFences.clear();
    thread.products = {};
  }
}

//===----------------------------------------------------------------------===//
// Threads
//===----------------------------------------------------------------------===//

/// Threads that do not wait for each other need but one stack.
bool Machine::runThreadsInOrder() {
  Fiber &fiber = fibers[0];
  fiber.start(threadsMain, this);
  fiber.enter();
  return !fault;
}

void Machine::threadsMain(void *pointer) {
  auto *machine = static_cast<Machine *>(pointer);
  for (Thread &thread : machine->threads) {
    machine->kernel->emulated(&thread, machine->arguments);
    if (!machine->finish(thread))
      break;
  }
  machine->fibers[0].leave(true);
}

bool Machine::runBlock() {
  for (Thread &thread : threads) {
    thread.fiber->start(threadMain, &thread);
    schedule.setReady(thread.index);
  }
  while (running != 0) {
    uint32_t next = schedule.next();
    if (next == Schedule::nobody) {
      reportDeadlock();
      return false;
    }
    threads[next].fiber->enter();
    if (fault)
      return false;
  }
  return true;
}

void Machine::threadMain(void *pointer) {
  auto *thread = static_cast<Thread *>(pointer);
  Machine *machine = thread->machine;
  machine->kernel->emulated(thread, machine->arguments);
  machine->schedule.setWaiting(thread->index);
  machine->finish(*thread);
  thread->fiber->leave(true);
}

/// The thread has returned from the kernel.
bool Machine::finish(Thread &thread) {
  if (!thread.copies.empty()) {
    report(thread, thread.copies.front().where,
           "ends before the bytes of this copy have arrived; commit it and "
           "wait for it (cp.async.wait_group 0)");
    return false;
  }
  thread.groups.clear();
  if (!finishStores(thread) || !products.finish(thread))
    return false;
  left[thread.warp] |= uint32_t(1) << thread.lane;
  --running;
  return running != 0 || mbarriers.finish(thread);
}

void Machine::abandon(Thread &thread) {
  thread.fiber->leave(true);
  __builtin_unreachable();
}

bool Machine::mayWait(Thread &thread, const char *where) {
  if (kernel->is_collective)
    return true;
  report(thread, where,
         "waits for other threads, but the kernel's entry says that its "
         "threads do not (is_collective is 0)");
  return false;
}

void Machine::wait(Thread &thread, const Wait &wait) {
  thread.wait = wait;
  schedule.setWaiting(thread.index);
  thread.fiber->leave(false);
}

void Machine::wake(Thread &thread) { schedule.setReady(thread.index); }

//===----------------------------------------------------------------------===//
// Reports
//===----------------------------------------------------------------------===//

namespace {
std::string inBrackets(const uint32_t at[3]) {
  return concat("(", at[0], ",", at[1], ",", at[2], ")");
}
} // namespace

std::string inHexadecimal(uint64_t number) {
  char digits[2 + 16 + 1];
  snprintf(digits, sizeof(digits), "0x%llx",
           static_cast<unsigned long long>(number));
  return digits;
}

std::string atWhere(const char *where) {
  return where ? concat(" at ", inQuotes(where)) : " at an unknown place";
}

/// Of a thread or an actor.
std::string Machine::nameThread(uint32_t number) const {
  if (number < count)
    return concat("thread ", inBrackets(threads[number].thread));
  number -= count;
  return number < groupCount() ? concat("a product of warp group ", number)
                               : std::string("a bulk copy");
}

/// With its block, where that is another one.
std::string Machine::nameThread(const Conflict &conflict) const {
  std::string name = nameThread(threadOf(conflict.mark));
  if (conflict.clock > blockStart)
    return name;
  auto behind =
      std::lower_bound(blockStarts.begin(), blockStarts.end(), conflict.clock);
  uint32_t block[3];
  placeBlock(static_cast<uint64_t>(behind - blockStarts.begin()) - 1, block);
  return concat(name, " of block ", inBrackets(block));
}

void Machine::report(const Thread &thread, const char *where,
                     const std::string &text) {
  fault = Error(Code::Device,
                concat("kernel ", inQuotes(kernel->name), ": block ",
                       inBrackets(thread.block), ", ", nameThread(thread.index),
                       atWhere(where), ": ", text));
}

namespace {
/// "threads 0 to 31", of threads that are in the same state.
std::string nameRange(uint32_t first, uint32_t last) {
  return first == last ? concat("thread ", first)
                       : concat("threads ", first, " to ", last);
}

} // namespace

bool Machine::areAlike(const Thread &a, const Thread &b) const {
  if (hasLeft(a) || hasLeft(b))
    return hasLeft(a) && hasLeft(b);
  return a.wait.instruction == b.wait.instruction &&
         a.wait.where == b.wait.where && a.wait.kind == b.wait.kind &&
         a.wait.which == b.wait.which;
}

std::string Machine::describe(const Wait &wait) const {
  std::string text = concat(atWhere(wait.where), " for ", wait.instruction);
  switch (wait.kind) {
  case Wait::Lanes:
    return concat(text, " of lanes ", inHexadecimal(wait.which));
  case Wait::Barrier:
    return concat(text, " ", wait.which, ", to which ",
                  barriers.describe(wait.which));
  case Wait::Mbarrier:
    return concat(text, " ", mbarriers.describe(wait.which));
  case Wait::Group:
    return concat(text, " of warp group ", wait.which, ", to which ",
                  groups.describe(wait.which));
  case Wait::Registers:
    break;
  }
  return concat(text, ", ", registers.describe(wait.which));
}

void Machine::reportDeadlock() {
  std::string text =
      concat("kernel ", inQuotes(kernel->name), ": block ",
             inBrackets(threads[0].block), ": threads wait for ever: ");
  for (uint32_t first = 0; first < count;) {
    const Thread &thread = threads[first];
    uint32_t behind = first + 1;
    while (behind < count && areAlike(thread, threads[behind]))
      ++behind;
    text += concat(first == 0 ? "" : "; ", nameRange(first, behind - 1));
    text += hasLeft(thread) ? " left the kernel" : describe(thread.wait);
    first = behind;
  }
  text += ". All threads of a barrier have to come to it, and all lanes of a "
          "mask to the same instruction";
  fault = Error(Code::Device, std::move(text));
}

} // namespace dither::runtime::emulator
