//===- Runner.cpp - Times of a function on a device -----------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   dither-device-bench TARGET
//   dither-device-bench TARGET ARTIFACT FUNCTION SETS BYTES
//
// The first describes the device. The second makes sets of all that the
// function reads and writes, at least SETS, and so many that they have BYTES
// together: then what one call reads is not in a cache from the call before. It
// prints a line about them, and one for each line of its input:
//
//   queued N   N calls, one behind the other and each on another set, and one
//              wait at the end; the seconds of a call. With the launches, as
//              far as they take longer than the kernels.
//   call N     N times dither_session_call; the seconds of each, with launch
//              and wait.
//
// Time is that of the host, since the C ABI knows no events. It has no memory
// of devices either, and waits in each call, so that this takes the runtime's
// own class for a device.
//
//===----------------------------------------------------------------------===//

#include "runtime/device/Device.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <dlfcn.h>
#include <vector>

using namespace dither::runtime;

[[noreturn]] static void fail(const std::string &message) {
  fprintf(stderr, "error: %s\n", message.c_str());
  exit(1);
}

static void check(DitherStatus *status) {
  if (status)
    fail(dither_status_message(status));
}

static void check(const Error &error) {
  if (error)
    fail(error.message());
}

template <typename T> static T check(Expected<T> value) {
  if (!value)
    fail(value.error().message());
  return std::move(*value);
}

static double getSeconds() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return double(time.tv_sec) + 1e-9 * double(time.tv_nsec);
}

static std::string describeDevice(const char *target) {
  uint32_t count = 0;
  check(dither_device_count(target, &count));
  if (count == 0)
    fail(concat("there is no device of the target '", target, "'"));
  DitherDeviceInfo info;
  check(dither_device_info(target, 0, &info));
  return concat("\"device\": \"", info.name, "\", \"chip\": \"", info.chip,
                "\", \"driver\": ", info.driver,
                ", \"multiprocessors\": ", info.multiprocessors);
}

//===----------------------------------------------------------------------===//
// What a function reads and writes
//===----------------------------------------------------------------------===//

namespace {
struct Argument {
  std::string name;
  DitherKind kind;
  DLDataType type;
  std::vector<int64_t> shape;
  uint64_t bytes;
};

class Random {
public:
  explicit Random(uint64_t seed) : state(seed * 0x9e3779b97f4a7c15 + 1) {}
  uint32_t bits() {
    state = state * 6364136223846793005 + 1442695040888963407;
    return uint32_t(state >> 32);
  }
  /// In [-1, 1).
  float uniform() { return float(int32_t(bits())) * 0x1p-31F; }

private:
  uint64_t state;
};

using Bytes = std::vector<uint8_t>;
} // namespace

template <typename T, typename Make> static void fill(Bytes &bytes, Make make) {
  for (size_t i = 0; i + sizeof(T) <= bytes.size(); i += sizeof(T)) {
    T value = make();
    memcpy(&bytes[i], &value, sizeof(T));
  }
}

/// Small numbers; an argument 'rate' is a thousandth.
static Bytes makeRandom(const Argument &argument, float scale, Random random) {
  Bytes bytes(argument.bytes);
  bool isFloat = argument.type.code == kDLFloat;
  if (isFloat && argument.type.bits == 32)
    fill<float>(bytes, [&] {
      return argument.name == "rate" ? 1e-3F : scale * random.uniform();
    });
  else if (isFloat && argument.type.bits == 16)
    // From 0.5 to 1, of either sign.
    fill<uint16_t>(bytes,
                   [&] { return uint16_t(0x3800 | (random.bits() & 0x83ff)); });
  else if (argument.type.code == kDLBfloat)
    fill<uint16_t>(bytes, [&] {
      float value = scale * random.uniform();
      uint32_t bits;
      memcpy(&bits, &value, sizeof(bits));
      return uint16_t(bits >> 16);
    });
  else if (argument.type.bits == 32)
    fill<int32_t>(bytes, [&] { return int32_t(random.bits() % 10); });
  else if (argument.type.bits == 8)
    fill<uint8_t>(bytes, [&] { return uint8_t(random.bits() % 10); });
  else
    fail(concat("no numbers for input ", inQuotes(argument.name)));
  return bytes;
}

namespace {
/// A function of an artifact, for calls by a session and by itself.
class Function {
public:
  Function(const char *target, const char *path, const char *name);
  ~Function() {
    dither_session_destroy(session);
    dither_artifact_close(artifact);
  }

  void addSets(size_t least, uint64_t bytes);
  std::string describe() const;
  double runQueued(size_t count);
  double runCall();

private:
  /// Memory for all arguments, what they are for generated code, and for the C
  /// ABI.
  struct Set {
    std::vector<DeviceMemory> memory;
    std::vector<Bytes> host;
    std::vector<std::vector<int64_t>> descriptors;
    std::vector<void *> pointers;
    std::vector<DLTensor> inputs, outputs;
  };

  Bytes makeBytes(const Argument &argument, size_t set, size_t index);
  void addArgument(Set &set, Argument &argument, size_t index);
  uint64_t countBytes(DitherKind kind) const;
  static void launch(DitherContext *context, uint32_t kernel,
                     const int64_t grid[3], const void *const *arguments,
                     const uint32_t *after) {
    static_cast<Device *>(context->device)
        ->launch(kernel, grid, arguments, after);
  }

  DitherArtifact *artifact = nullptr;
  DitherSession *session = nullptr;
  std::unique_ptr<Device> device;
  DitherContext context = {};
  DitherFunction code = nullptr;
  uint32_t number = 0;
  std::vector<Argument> arguments;
  std::vector<Set> sets;
  size_t next = 0;
};
} // namespace

Function::Function(const char *target, const char *path, const char *name) {
  check(dither_artifact_open(path, nullptr, &artifact));
  check(dither_session_create(artifact, nullptr, &session));
  dither_session_set_step(session, 1);
  check(dither_artifact_find_function(artifact, name, &number));
  DitherFunctionInfo info;
  check(dither_artifact_function_info(artifact, number, &info));
  for (uint32_t i = 0; i < info.argument_count; ++i) {
    DitherTensorInfo tensor;
    check(dither_artifact_argument_info(artifact, number, i, &tensor));
    Argument argument = {tensor.name,
                         tensor.kind,
                         tensor.dtype,
                         {tensor.shape, tensor.shape + tensor.rank},
                         tensor.bytes};
    if (argument.kind == DITHER_ARENA) {
      check(dither_artifact_arena_bytes(artifact, number, nullptr, 0,
                                        &argument.bytes));
      argument.shape = {int64_t(argument.bytes)};
    } else if (argument.kind == DITHER_RNG) {
      argument.bytes = 2 * sizeof(int64_t);
      argument.shape = {2};
    }
    arguments.push_back(std::move(argument));
  }
  // The code itself, which the C ABI does not give out: what it is called with
  // is in abi.h.
  std::unique_ptr<char, decltype(&free)> file(realpath(path, nullptr), free);
  void *library = file ? dlopen(file.get(), RTLD_NOW | RTLD_LOCAL) : nullptr;
  if (!library)
    fail(file ? dlerror() : systemText(errno));
  auto *embedded =
      static_cast<const DitherEmbedded *>(dlsym(library, "dither_embedded"));
  if (!embedded)
    fail(concat(path, " has no code"));
  device = check(openDevice(target, 0, *embedded));
  for (uint32_t i = 0; i < embedded->function_count; ++i) {
    const DitherFunctionEntry &entry = embedded->functions[i];
    bool isVersion =
        !device->version() || !strcmp(entry.version, device->version());
    if (!strcmp(entry.name, name) && isVersion)
      code = entry.function;
  }
  if (!code)
    fail(concat(path, " has no code of ", inQuotes(name)));
  context.launch = launch;
  context.device = device.get();
}

Bytes Function::makeBytes(const Argument &argument, size_t set, size_t index) {
  bool isParameter = argument.kind == DITHER_STATE &&
                     argument.name.find('.') == std::string::npos;
  if (argument.kind == DITHER_INPUT || isParameter)
    return makeRandom(argument, isParameter ? 0.02F : 1.0F,
                      Random(set * 64 + index));
  Bytes bytes(argument.bytes);
  if (argument.kind == DITHER_CONSTANT || argument.kind == DITHER_STATE) {
    DLTensor tensor = {};
    tensor.data = bytes.data();
    tensor.device = {kDLCPU, 0};
    tensor.ndim = int32_t(argument.shape.size());
    tensor.dtype = argument.type;
    tensor.shape = const_cast<int64_t *>(argument.shape.data());
    check(dither_session_get(session, argument.name.c_str(), &tensor));
  } else if (argument.kind == DITHER_RNG) {
    const int64_t seedAndStep[] = {0, 1};
    memcpy(bytes.data(), seedAndStep, sizeof(seedAndStep));
  }
  return bytes;
}

void Function::addArgument(Set &set, Argument &argument, size_t index) {
  set.memory.push_back(
      check(DeviceMemory::allocate(*device, argument.bytes, argument.name)));
  DeviceMemory &memory = set.memory.back();
  Bytes bytes;
  if (argument.kind != DITHER_OUTPUT && argument.kind != DITHER_ARENA) {
    bytes = makeBytes(argument, sets.size(), index);
    check(device->copyIn(memory.data(), bytes.data(), bytes.size()));
  }
  auto address = int64_t(reinterpret_cast<uintptr_t>(memory.data()));
  std::vector<int64_t> descriptor = {address, address, 0};
  descriptor.insert(descriptor.end(), argument.shape.begin(),
                    argument.shape.end());
  for (size_t i = 0; i < argument.shape.size(); ++i) {
    int64_t stride = 1;
    for (size_t j = i + 1; j < argument.shape.size(); ++j)
      stride *= argument.shape[j];
    descriptor.push_back(stride);
  }
  set.descriptors.push_back(std::move(descriptor));
  set.pointers.push_back(set.descriptors.back().data());
  if (argument.kind != DITHER_INPUT && argument.kind != DITHER_OUTPUT)
    return;
  DLTensor tensor = {};
  tensor.data = memory.data();
  tensor.device = device->dlpack();
  tensor.ndim = int32_t(argument.shape.size());
  tensor.dtype = argument.type;
  tensor.shape = argument.shape.data();
  // A session on the emulator knows no memory of others.
  if (tensor.device.device_type != kDLCUDA) {
    bytes.resize(std::max<size_t>(argument.bytes, 1));
    set.host.push_back(std::move(bytes));
    tensor.data = set.host.back().data();
    tensor.device = {kDLCPU, 0};
  }
  (argument.kind == DITHER_INPUT ? set.inputs : set.outputs).push_back(tensor);
}

void Function::addSets(size_t least, uint64_t bytes) {
  uint64_t each = 0;
  for (const Argument &argument : arguments) {
    each += argument.bytes;
    if (argument.bytes == 0 && argument.kind != DITHER_ARENA)
      fail(concat("argument ", inQuotes(argument.name),
                  " has a dynamic shape or no elements"));
  }
  size_t count = std::max<size_t>(least, std::min<uint64_t>(bytes / each, 64));
  for (size_t i = 0; i < count; ++i) {
    Set set;
    for (size_t j = 0; j < arguments.size(); ++j)
      addArgument(set, arguments[j], j);
    sets.push_back(std::move(set));
  }
}

uint64_t Function::countBytes(DitherKind kind) const {
  uint64_t bytes = 0;
  for (const Argument &argument : arguments)
    if (argument.kind == kind)
      bytes += argument.bytes;
  return bytes;
}

std::string Function::describe() const {
  bool isOnDevice = device->dlpack().device_type == kDLCUDA;
  return concat(
      "\"sets\": ", sets.size(), ", \"inputs\": ", countBytes(DITHER_INPUT),
      ", \"outputs\": ", countBytes(DITHER_OUTPUT),
      ", \"constants\": ", countBytes(DITHER_CONSTANT),
      ", \"states\": ", countBytes(DITHER_STATE),
      ", \"arena\": ", countBytes(DITHER_ARENA), ", \"tensors_of_calls\": \"",
      isOnDevice ? "device" : "host", '"');
}

double Function::runQueued(size_t count) {
  double begin = getSeconds();
  for (size_t i = 0; i < count; ++i) {
    device->startCall();
    code(&context, sets[next].pointers.data());
    next = (next + 1) % sets.size();
  }
  check(device->synchronize());
  return (getSeconds() - begin) / double(count);
}

double Function::runCall() {
  Set &set = sets[next];
  next = (next + 1) % sets.size();
  double begin = getSeconds();
  check(dither_session_call(session, number, set.inputs.data(),
                            set.inputs.size(), set.outputs.data(),
                            set.outputs.size()));
  return getSeconds() - begin;
}

int main(int argc, char **argv) {
  if (argc != 2 && argc != 6)
    fail("usage: dither-device-bench TARGET [ARTIFACT FUNCTION SETS BYTES]");
  std::string description = describeDevice(argv[1]);
  if (argc == 2) {
    printf("{%s}\n", description.c_str());
    return 0;
  }
  Function function(argv[1], argv[2], argv[3]);
  function.addSets(size_t(strtoul(argv[4], nullptr, 10)),
                   strtoull(argv[5], nullptr, 10));
  printf("{%s, %s}\n", description.c_str(), function.describe().c_str());
  fflush(stdout);
  char line[64];
  while (fgets(line, sizeof(line), stdin)) {
    char what[16];
    size_t count = 0;
    if (sscanf(line, "%15s %zu", what, &count) != 2 || count == 0)
      fail("a line is 'queued N' or 'call N'");
    printf("{\"seconds\": [");
    if (!strcmp(what, "queued"))
      printf("%.9g", function.runQueued(count));
    else
      for (size_t i = 0; i < count; ++i)
        printf("%s%.9g", i ? ", " : "", function.runCall());
    printf("]}\n");
    fflush(stdout);
  }
  return 0;
}
