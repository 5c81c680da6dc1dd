//===- Session.h - One user of an artifact ----------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_SESSION_SESSION_H
#define DITHER_RUNTIME_SESSION_SESSION_H

#include "runtime/artifact/Artifact.h"
#include "runtime/device/Device.h"
#include "runtime/session/HostTensor.h"
#include "runtime/session/SeenTensors.h"
#include "runtime/threads/ThreadPool.h"

#include <atomic>
#include <map>
#include <memory>
#include <vector>

namespace dither::runtime {

/// Sizes of the dynamic dimensions of a function.
using Dims = std::vector<int64_t>;

/// Resolves and checks the dynamic dimensions of a call. `checked` has room for
/// all inputs.
Error checkInputs(const FunctionSpec &function, const DLTensor *inputs,
                  size_t count, int64_t *dims, HostTensor *checked,
                  const DLDevice *device = nullptr);

/// The shape of a specification for given sizes.
void resolveShape(const TensorSpec &spec, const int64_t *dims, int64_t *shape);

class Session {
public:
  static Expected<std::unique_ptr<Session>>
  create(std::shared_ptr<const Artifact> artifact,
         const DitherSessionOptions &options);
  ~Session();
  Session(const Session &) = delete;

  const Artifact &artifact() const { return *image; }
  const Manifest &manifest() const { return image->manifest(); }
  /// The index of the version of the code that it calls.
  uint32_t version() const { return chosen; }

  Error bind(std::string_view name, DLManagedTensor *tensor);
  Error set(std::string_view name, const DLTensor &source);
  Error get(std::string_view name, const DLTensor &destination);
  Error view(std::string_view name, DLTensor &out);

  Error call(uint32_t function, const DLTensor *inputs, size_t inputCount,
             const DLTensor *outputs, size_t outputCount);
  /// As `call`, but on a device it may still be under way then; those before
  /// have ended.
  Error begin(uint32_t function, const DLTensor *inputs, size_t inputCount,
              const DLTensor *outputs, size_t outputCount);
  Error wait();
  Error reserve(uint32_t function, const int64_t *dims);

  Error setNote(std::string_view key, std::string_view value);
  Error save(const std::string &path);
  Error load(const std::string &path);

  void memory(DitherMemory &out) const;
  uint32_t threads() const { return pool ? pool->threads() : 0; }

  Error startProfile(size_t capacity);
  void stopProfile() { recording = false; }
  const DitherProfileEvent *events() const {
    return reinterpret_cast<const DitherProfileEvent *>(eventMemory.data());
  }
  size_t eventCount() const { return recorded; }
  uint64_t droppedEvents() const { return dropped; }

  uint64_t seed = 0;
  uint64_t step = 0;
  /// What the host wants to find again in a checkpoint.
  std::map<std::string, std::string> notes;

private:
  /// Where the values of a tensor are that count.
  enum class Current { Host, Device, Both };

  /// A tensor of the manifest as this session sees it.
  struct Tensor {
    uint8_t *data = nullptr;
    Buffer owned;
    DLManagedTensor *bound = nullptr;
    std::vector<int64_t> strides;
    /// Of a session on a device.
    DeviceMemory onDevice;
    Current current = Current::Host;
  };

  /// What one function is called with. Made once, so that a call allocates
  /// nothing; descriptors of tensors stay filled from call to call.
  struct Frame {
    std::vector<int64_t> words;       // all descriptors
    std::vector<size_t> begins;       // of each argument's in `words`
    std::vector<void *> pointers;     // what the function gets
    std::vector<HostTensor> inputs;   // of this call
    std::vector<HostTensor> outputs;  // of this call
    std::vector<Buffer> inputCopies;  // row-major copies of inputs
    std::vector<Buffer> outputCopies; // to be copied to outputs
    std::vector<HostTensor> sources;  // what the function reads of inputs
    std::vector<HostTensor> sinks;    // and writes of outputs
    std::vector<DeviceMemory> inputMemory, outputMemory; // for those
    std::unique_ptr<Recording> recording;  // of the launches of a call
    bool hasRun = false, mayRecord = true; // with these descriptors:
    std::vector<int64_t> launched;
    Dims dims;
    uint64_t arenaBytes = 0;
    const uint8_t *arena = nullptr; // that the descriptor says
    SeenTensors seen;
  };

  /// Holds the session for one thread; false where another has it.
  class Hold;

  explicit Session(std::shared_ptr<const Artifact> artifact);
  Error allocateTensors();
  void buildFrame(const FunctionSpec &function, Frame &frame);
  void fillTensors(const FunctionSpec &function, Frame &frame);
  void fillDescriptor(Frame &frame, size_t argument, const HostTensor &tensor);
  Error findTensor(std::string_view name, uint32_t &index) const;
  HostTensor hostView(uint32_t tensor) const;

  bool isPrepared(const Frame &frame, const DLTensor *inputs, size_t inputCount,
                  const DLTensor *outputs, size_t outputCount) const;
  Error prepare(const FunctionSpec &function, Frame &frame,
                const DLTensor *inputs, size_t inputCount,
                const DLTensor *outputs, size_t outputCount);
  Error checkOutputs(const FunctionSpec &function, Frame &frame,
                     const DLTensor *outputs);
  Error checkOverlaps(const FunctionSpec &function, const Frame &frame) const;
  /// Whether a function takes a tensor as it lies in memory.
  bool isTaken(const HostTensor &tensor, const TensorSpec &spec) const {
    return tensor.rowMajor || (spec.strided && !device);
  }
  bool isDirect(const FunctionSpec &function,
                const std::vector<HostTensor> &inputs,
                const std::vector<HostTensor> &outputs) const;
  Error stage(const FunctionSpec &function, Frame &frame);
  Error growArena(const FunctionSpec &function, Frame &frame);
  Error prepareUnlessSame(const FunctionSpec &function, Frame &frame,
                          const DLTensor *inputs, size_t inputCount,
                          const DLTensor *outputs, size_t outputCount);
  Error run(uint32_t index, const FunctionSpec &function, Frame &frame);
  void record(const FunctionSpec &function, uint64_t begin, uint64_t end,
              uint64_t arenaBytes);

  /// The tensors that `dlpack` may name, of the host or of the device.
  const DLDevice *dlpackDevice(DLDevice &storage) const;
  Error openDevice(uint32_t number);
  /// Takes the version of the code that the device has kernels of.
  Error adoptVersion();
  Error allocateOnDevice(uint32_t tensor);
  /// Bring a tensor up to date on the device, or on the host.
  Error upload(uint32_t tensor);
  Error download(uint32_t tensor);
  Error stageOnDevice(const FunctionSpec &function, Frame &frame);
  /// An error of waiting is that of the call that was begun before.
  Error finishBegun(Error waited);
  /// Waits for what was begun where a call fails: callers may free its outputs
  /// then.
  Error endBegun(Error error);
  Error uploadArguments(const FunctionSpec &function, Frame &frame);
  /// The call itself, whose descriptors are filled; then strided outputs.
  Error runPrepared(uint32_t index, const FunctionSpec &function, Frame &frame);
  Error runOnDevice(uint32_t index, const FunctionSpec &function, Frame &frame);
  Error beginOnDevice(uint32_t index, const FunctionSpec &function,
                      Frame &frame);
  /// Launches the kernels of a call; of those that follow one with the same
  /// tensors, from the second on as they were recorded.
  Error launchAll(uint32_t index, Frame &frame);
  Error launchAndWait(uint32_t index, Frame &frame);
  static void launch(DitherContext *context, uint32_t kernel,
                     const int64_t grid[3], const void *const *arguments,
                     const uint32_t *after);
  /// The arena, wherever it is.
  const uint8_t *arenaStart() const {
    return device ? deviceArena.data() : arena.data();
  }
  size_t arenaSize() const {
    return device ? deviceArena.size() : arena.size();
  }

  void touchPages(Buffer &buffer);
  static void parallelFor(DitherContext *context, DitherParallelBody body,
                          void *env, int64_t extent);

  std::shared_ptr<const Artifact> image;
  uint32_t chosen;
  std::unique_ptr<ThreadPool> pool;
  /// Null where the CPU runs the kernels. Outlives all of its memory.
  std::unique_ptr<Device> device;
  DitherContext context = {};
  std::vector<Tensor> tensors;
  std::vector<Frame> frames;
  /// The function that was begun last; null where it has ended.
  const FunctionSpec *underWay = nullptr;
  Buffer arena;
  DeviceMemory deviceArena, deviceRng;
  int64_t rng[2] = {};
  std::atomic<bool> busy{false};
  bool recording = false;
  Buffer eventMemory;
  size_t recorded = 0;
  uint64_t dropped = 0;
};

class Session::Hold {
public:
  explicit Hold(Session &session)
      : session(session),
        held(!session.busy.exchange(true, std::memory_order_acquire)) {}
  ~Hold() {
    if (held)
      session.busy.store(false, std::memory_order_release);
  }
  Hold(const Hold &) = delete;
  explicit operator bool() const { return held; }
  static Error busyError() {
    return Error(Code::Busy,
                 "the session is in a call of another thread; use one session "
                 "for each thread");
  }

private:
  Session &session;
  bool held;
};

} // namespace dither::runtime

#endif // DITHER_RUNTIME_SESSION_SESSION_H
