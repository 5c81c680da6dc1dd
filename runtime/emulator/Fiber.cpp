//===- Fiber.cpp - Stacks that take turns
//----------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/emulator/Fiber.h"

#include <cerrno>
#include <sys/mman.h>

#if defined(__SANITIZE_ADDRESS__)
#define DITHER_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define DITHER_ADDRESS_SANITIZER 1
#endif
#endif

#if DITHER_ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

namespace dither::runtime::emulator {

namespace {
constexpr size_t pageBytes = 4096;
/// Frames are larger under the sanitizer. Pages that nobody touches cost
/// nothing.
#if DITHER_ADDRESS_SANITIZER
constexpr size_t usableBytes = 256 * 1024;
#else
constexpr size_t usableBytes = 128 * 1024;
#endif
} // namespace

//===----------------------------------------------------------------------===//
// The switch
//===----------------------------------------------------------------------===//

#if defined(__x86_64__)
// Saves what a callee must keep (and the modes of arithmetic) on the stack, the
// stack pointer in *from, and goes on where `to` was saved.
extern "C" void ditherSwitchStack(void **from, void *to);
extern "C" void ditherStartStack();

asm(R"(
.text
.p2align 4
.hidden ditherSwitchStack
.globl ditherSwitchStack
.type ditherSwitchStack, @function
ditherSwitchStack:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  subq $8, %rsp
  stmxcsr (%rsp)
  fnstcw 4(%rsp)
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  ldmxcsr (%rsp)
  fldcw 4(%rsp)
  addq $8, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size ditherSwitchStack, .-ditherSwitchStack

.p2align 4
.hidden ditherStartStack
.globl ditherStartStack
.type ditherStartStack, @function
ditherStartStack:
  movq %r12, %rdi
  callq *%r13
  ud2
.size ditherStartStack, .-ditherStartStack
)");

void Fiber::start(Main newMain, void *newArgument) {
  main = newMain;
  argument = newArgument;
  insideFrames = nullptr;
#if DITHER_ADDRESS_SANITIZER
  // The frames that were left for good are still marked.
  ASAN_UNPOISON_MEMORY_REGION(stack, stackBytes);
#endif
  // What ditherSwitchStack takes off, from low to high: modes, r15, r14, r13,
  // r12, rbx, rbp, the return address; above it, a call needs the stack
  // aligned.
  auto *top = reinterpret_cast<uint64_t *>(stack + stackBytes) - 10;
  uint32_t vectorMode;
  uint16_t oldMode;
  asm volatile("stmxcsr %0" : "=m"(vectorMode));
  asm volatile("fnstcw %0" : "=m"(oldMode));
  top[0] = uint64_t(oldMode) << 32 | vectorMode;
  top[1] = top[2] = 0;
  top[3] = reinterpret_cast<uint64_t>(&Fiber::run);
  top[4] = reinterpret_cast<uint64_t>(this);
  top[5] = top[6] = 0;
  top[7] = reinterpret_cast<uint64_t>(&ditherStartStack);
  inside = top;
}
#else
void Fiber::start(Main newMain, void *newArgument) {
  main = newMain;
  argument = newArgument;
  insideFrames = nullptr;
#if DITHER_ADDRESS_SANITIZER
  ASAN_UNPOISON_MEMORY_REGION(stack, stackBytes);
#endif
  getcontext(&inside);
  inside.uc_stack.ss_sp = stack;
  inside.uc_stack.ss_size = stackBytes;
  inside.uc_link = nullptr;
  // A function of makecontext takes integers.
  auto bits = reinterpret_cast<uintptr_t>(this);
  makecontext(
      &inside, reinterpret_cast<void (*)()>(+[](unsigned high, unsigned low) {
        run(reinterpret_cast<void *>(uintptr_t(high) << 16 << 16 | low));
      }),
      2, unsigned(bits >> 16 >> 16), unsigned(bits));
}

static void ditherSwitchStack(ucontext_t *from, ucontext_t &to) {
  swapcontext(from, &to);
}
#endif

void Fiber::run(void *pointer) {
  auto *fiber = static_cast<Fiber *>(pointer);
#if DITHER_ADDRESS_SANITIZER
  __sanitizer_finish_switch_fiber(nullptr, &fiber->outsideStack,
                                  &fiber->outsideBytes);
#endif
  fiber->main(fiber->argument);
}

void Fiber::enter() {
#if DITHER_ADDRESS_SANITIZER
  __sanitizer_start_switch_fiber(&outsideFrames, stack, stackBytes);
#endif
  ditherSwitchStack(&outside, inside);
#if DITHER_ADDRESS_SANITIZER
  __sanitizer_finish_switch_fiber(outsideFrames, nullptr, nullptr);
#endif
}

void Fiber::leave([[maybe_unused]] bool ends) {
#if DITHER_ADDRESS_SANITIZER
  __sanitizer_start_switch_fiber(ends ? nullptr : &insideFrames, outsideStack,
                                 outsideBytes);
#endif
  ditherSwitchStack(&inside, outside);
#if DITHER_ADDRESS_SANITIZER
  __sanitizer_finish_switch_fiber(insideFrames, &outsideStack, &outsideBytes);
#endif
}

bool Fiber::holds(const void *address) const {
  auto *byte = static_cast<const unsigned char *>(address);
  if (byte >= stack && byte < stack + stackBytes)
    return true;
#if DITHER_ADDRESS_SANITIZER
  // It may keep frames elsewhere.
  return __asan_addr_is_in_fake_stack(__asan_get_current_fake_stack(),
                                      const_cast<void *>(address), nullptr,
                                      nullptr) != nullptr;
#else
  return false;
#endif
}

//===----------------------------------------------------------------------===//
// Stacks
//===----------------------------------------------------------------------===//

FiberStacks::~FiberStacks() {
  for (const Mapping &mapping : mappings)
    munmap(mapping.start, mapping.bytes);
}

Error FiberStacks::reserve(size_t count) {
  if (count <= fibers.size())
    return Error::success();
  return map(count - fibers.size());
}

Error FiberStacks::map(size_t count) {
  // Each has a page below it that nobody may touch.
  constexpr size_t step = pageBytes + usableBytes;
  Mapping mapping = {nullptr, count * step};
  mapping.start = mmap(nullptr, mapping.bytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapping.start == MAP_FAILED)
    return Error(Code::OutOfMemory,
                 concat("no memory for the stacks of ", count,
                        " emulated threads: ", systemText(errno)));
  mappings.push_back(mapping);
  auto *start = static_cast<unsigned char *>(mapping.start);
  for (size_t i = 0; i < count; ++i) {
    if (mprotect(start + i * step, pageBytes, PROT_NONE) != 0)
      return Error(Code::OutOfMemory,
                   concat("cannot guard the stack of an emulated thread: ",
                          systemText(errno)));
    fibers.push_back(std::make_unique<Fiber>());
    fibers.back()->stack = start + i * step + pageBytes;
    // Were all stacks to begin at the same place of a page, their hottest bytes
    // would share a few lines of the cache.
    fibers.back()->stackBytes = usableBytes - fibers.size() * 448 % pageBytes;
  }
  return Error::success();
}

} // namespace dither::runtime::emulator
