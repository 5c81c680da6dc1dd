//===- EmulatorSupport.h - Kernels by hand ----------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TEST_RUNTIME_EMULATORSUPPORT_H
#define DITHER_TEST_RUNTIME_EMULATORSUPPORT_H

#include "runtime/device/Device.h"

#include "Support.h"

#include <cstdlib>

namespace dither::test {

/// Which line of a kernel: "line 12".
#define DITHER_TEXT_OF(number) #number
#define DITHER_LINE(number) "line " DITHER_TEXT_OF(number)
#define HERE DITHER_LINE(__LINE__)

/// The schedules that have each their own rule, and some by chance.
constexpr int scheduleCount = 8;

//===----------------------------------------------------------------------===//
// In a kernel
//===----------------------------------------------------------------------===//

template <typename T>
T load(DitherThread *thread, const T *address, const char *where) {
  thread->emulator->access(thread, address, sizeof(T), alignof(T), DITHER_READ,
                           where);
  return *address;
}

template <typename T>
void store(DitherThread *thread, T *address, T value, const char *where) {
  thread->emulator->access(thread, address, sizeof(T), alignof(T), DITHER_WRITE,
                           where);
  *address = value;
}

template <typename T>
void add(DitherThread *thread, T *address, T value, const char *where) {
  thread->emulator->access(thread, address, sizeof(T), alignof(T),
                           DITHER_ATOMIC, where);
  *address += value;
}

inline void barrier(DitherThread *thread, const char *where, uint32_t id = 0,
                    uint32_t threads = 0) {
  thread->emulator->barrier(thread, id, threads, where);
}

/// Kernels of the tests have one argument, a structure.
template <typename T> const T &argumentOf(const void *const *arguments) {
  return *static_cast<const T *>(arguments[0]);
}

/// In the x dimension: the thread's number in its block, and in the grid.
inline uint32_t numberOf(const DitherThread *thread) {
  return thread->thread[0];
}
inline uint32_t globalNumberOf(const DitherThread *thread) {
  return thread->block[0] * thread->threads[0] + thread->thread[0];
}

//===----------------------------------------------------------------------===//
// Around kernels
//===----------------------------------------------------------------------===//

/// An environment variable, for as long as it lives.
class Variable {
public:
  Variable(const char *name, const std::string &value) : name(name) {
    setenv(name, value.c_str(), 1);
  }
  Variable(const Variable &) = delete;
  ~Variable() { unsetenv(name); }

private:
  const char *name;
};

/// A device with one kernel.
class Emulated {
public:
  Emulated(DitherEmulatedKernel kernel, uint32_t threads,
           uint32_t sharedBytes = 0, int schedule = 0, bool isCollective = true)
      : entry{"hand",       "sm_80", {threads, 1, 1}, sharedBytes, 1,
              isCollective, 0,       nullptr,         kernel} {
    Variable variable("DITHER_EMULATOR_SCHEDULE", std::to_string(schedule));
    embedded = {};
    embedded.kernel_count = 1;
    embedded.kernels = &entry;
    embedded.data = constants;
    embedded.data_size = sizeof(constants);
    auto opened = runtime::openEmulator(0, embedded);
    EXPECT_TRUE(opened) << opened.error().message();
    device = std::move(*opened);
  }
  Emulated(const Emulated &) = delete;

  template <typename T>
  T *allocate(size_t count, const char *purpose = "data") {
    auto memory = device->allocate(count * sizeof(T), purpose);
    EXPECT_TRUE(memory) << memory.error().message();
    return static_cast<T *>(*memory);
  }
  template <typename T>
  T *copyIn(const std::vector<T> &values, const char *purpose = "data") {
    T *memory = allocate<T>(values.size(), purpose);
    auto error =
        device->copyIn(memory, values.data(), values.size() * sizeof(T));
    EXPECT_FALSE(error) << error.message();
    return memory;
  }
  template <typename T> std::vector<T> copyOut(const T *memory, size_t count) {
    std::vector<T> values(count);
    auto error = device->copyOut(values.data(), memory, count * sizeof(T));
    EXPECT_FALSE(error) << error.message();
    return values;
  }

  template <typename T>
  void launch(uint32_t blocks, const T &argument, uint32_t kernel = 0,
              const uint32_t *after = nullptr) {
    const void *arguments[] = {&argument};
    int64_t grid[3] = {blocks, 1, 1};
    device->launch(kernel, grid, arguments, after);
  }
  template <typename T> runtime::Error run(uint32_t blocks, const T &argument) {
    launch(blocks, argument);
    return device->synchronize();
  }

  std::unique_ptr<runtime::Device> device;
  DitherKernelEntry entry;
  alignas(64) unsigned char constants[64] = {1, 2, 3, 4};

private:
  DitherEmbedded embedded;
};

} // namespace dither::test

#endif // DITHER_TEST_RUNTIME_EMULATORSUPPORT_H
