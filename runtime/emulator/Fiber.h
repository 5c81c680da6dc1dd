//===- Fiber.h - Stacks that take turns ------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_EMULATOR_FIBER_H
#define DITHER_RUNTIME_EMULATOR_FIBER_H

#include "runtime/io/Error.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#if !defined(__x86_64__)
#include <ucontext.h>
#endif

namespace dither::runtime::emulator {

/// A stack, and a function that runs on it in turns with the one that entered
/// it. What is on the stack of a fiber that is never entered again is not
/// destroyed.
class Fiber {
public:
  using Main = void (*)(void *argument);

  Fiber() = default;
  Fiber(const Fiber &) = delete;

  /// The next `enter` calls `main`, whatever the fiber did before. `main` does
  /// not return: it ends in `leave(true)`.
  void start(Main main, void *argument);
  /// Runs the fiber until it leaves.
  void enter();
  /// Goes back to the one that entered; called on the fiber alone. With `ends`,
  /// it is not entered again before it is started anew.
  void leave(bool ends);

  /// Whether an address is in a frame of the fiber; called on it alone.
  bool holds(const void *address) const;

private:
  friend class FiberStacks;
  static void run(void *fiber);

#if defined(__x86_64__)
  void *inside = nullptr;
  void *outside = nullptr;
#else
  ucontext_t inside;
  ucontext_t outside;
#endif
  unsigned char *stack = nullptr;
  size_t stackBytes = 0;
  Main main = nullptr;
  void *argument = nullptr;
  /// For the address sanitizer: where the other side's stack is, and what the
  /// sanitizer keeps for each side.
  [[maybe_unused]] const void *outsideStack = nullptr;
  [[maybe_unused]] size_t outsideBytes = 0;
  [[maybe_unused]] void *insideFrames = nullptr;
  [[maybe_unused]] void *outsideFrames = nullptr;
};

/// The fibers of a machine. They are used again and again.
class FiberStacks {
public:
  FiberStacks() = default;
  FiberStacks(const FiberStacks &) = delete;
  ~FiberStacks();

  /// Makes sure that there are `count`.
  Error reserve(size_t count);
  Fiber &operator[](size_t index) { return *fibers[index]; }

private:
  Error map(size_t count);

  struct Mapping {
    void *start;
    size_t bytes;
  };
  std::vector<Mapping> mappings;
  std::vector<std::unique_ptr<Fiber>> fibers;
};

} // namespace dither::runtime::emulator

#endif // DITHER_RUNTIME_EMULATOR_FIBER_H
