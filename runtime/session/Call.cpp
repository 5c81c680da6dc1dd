//===- Call.cpp - Calls of compiled functions -----------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/session/Session.h"

#include <algorithm>
#include <cstring>
#include <ctime>

namespace dither::runtime {

static Error wrongCount(const FunctionSpec &function, std::string_view what,
                        const std::vector<uint32_t> &wanted, size_t given) {
  std::string names;
  for (uint32_t index : wanted)
    names += (names.empty() ? "" : ", ") +
             inQuotes(function.arguments[index].spec.name);
  return Error(Code::InvalidArgument,
               concat("function ", inQuotes(function.name), " has ",
                      wanted.size(), ' ', what, "s (", names, "), ", given,
                      " were given"));
}

static std::string describe(const FunctionSpec &function, std::string_view what,
                            const TensorSpec &spec) {
  return concat("function ", inQuotes(function.name), ", ", what, ' ',
                inQuotes(spec.name));
}

Error checkInputs(const FunctionSpec &function, const DLTensor *inputs,
                  size_t count, int64_t *dims, HostTensor *checked,
                  const DLDevice *device) {
  if (count != function.inputs.size() || (count != 0 && !inputs))
    return wrongCount(function, "input", function.inputs, inputs ? count : 0);
  std::fill_n(dims, function.dims.size(), -1);
  for (size_t i = 0; i < count; ++i) {
    const TensorSpec &spec = function.arguments[function.inputs[i]].spec;
    // The text is only made where there is an error to tell.
    Error error = checkHostTensor(inputs[i], spec, function.dims, dims, "",
                                  checked[i], device);
    if (error)
      return Error(error.code(),
                   describe(function, "input", spec) + error.message());
  }
  return Error::success();
}

void resolveShape(const TensorSpec &spec, const int64_t *dims, int64_t *shape) {
  for (size_t i = 0; i < spec.shape.size(); ++i)
    shape[i] = spec.shape[i] >= 0 ? spec.shape[i] : dims[-1 - spec.shape[i]];
}

//===----------------------------------------------------------------------===//
// Before the call
//===----------------------------------------------------------------------===//

const DLDevice *Session::dlpackDevice(DLDevice &storage) const {
  if (!device)
    return nullptr;
  storage = device->dlpack();
  return &storage;
}

Error Session::checkOutputs(const FunctionSpec &function, Frame &frame,
                            const DLTensor *outputs) {
  for (size_t i = 0; i < frame.outputs.size(); ++i) {
    const TensorSpec &spec = function.arguments[function.outputs[i]].spec;
    DLDevice where;
    Error error =
        checkHostTensor(outputs[i], spec, function.dims, frame.dims.data(), "",
                        frame.outputs[i], dlpackDevice(where));
    if (error)
      return Error(error.code(),
                   describe(function, "output", spec) + error.message());
    if (!hasDistinctElements(frame.outputs[i]))
      return Error(Code::InvalidArgument,
                   describe(function, "output", spec) +
                       ": its elements overlap each other; give it memory "
                       "without stride 0");
  }
  return Error::success();
}

/// Generated code reads and writes as if nothing were aliased.
Error Session::checkOverlaps(const FunctionSpec &function,
                             const Frame &frame) const {
  auto fail = [&](std::string_view what, const TensorSpec &spec,
                  std::string_view other) {
    return Error(Code::InvalidArgument, concat(describe(function, what, spec),
                                               ": its memory overlaps ", other,
                                               "; give it memory of its own"));
  };
  auto specOf = [&](uint32_t argument) -> const TensorSpec & {
    return function.arguments[argument].spec;
  };
  for (const Argument &argument : function.arguments) {
    if (argument.spec.kind != DITHER_STATE &&
        argument.spec.kind != DITHER_CONSTANT)
      continue;
    auto low = reinterpret_cast<uintptr_t>(tensors[argument.tensor].data);
    uintptr_t high = low + argument.spec.bytes;
    for (size_t i = 0; i < frame.outputs.size(); ++i)
      if (frame.outputs[i].overlaps(low, high))
        return fail("output", specOf(function.outputs[i]),
                    concat("tensor ", inQuotes(argument.spec.name)));
    for (size_t i = 0; i < frame.inputs.size(); ++i)
      if (argument.spec.kind == DITHER_STATE &&
          frame.inputs[i].overlaps(low, high))
        return fail("input", specOf(function.inputs[i]),
                    concat("tensor ", inQuotes(argument.spec.name)));
  }
  for (size_t i = 0; i < frame.outputs.size(); ++i) {
    for (size_t j = 0; j < frame.inputs.size(); ++j)
      if (frame.outputs[i].overlaps(frame.inputs[j]))
        return fail(
            "output", specOf(function.outputs[i]),
            concat("input ", inQuotes(specOf(function.inputs[j]).name)));
    for (size_t j = 0; j < i; ++j)
      if (frame.outputs[i].overlaps(frame.outputs[j]))
        return fail(
            "output", specOf(function.outputs[i]),
            concat("output ", inQuotes(specOf(function.outputs[j]).name)));
  }
  return Error::success();
}

/// The row-major stand-in of a tensor, in memory kept from call to call.
static Expected<HostTensor> standIn(const TensorSpec &spec,
                                    const HostTensor &tensor, Buffer &memory) {
  if (memory.size() < tensor.bytes) {
    Expected<Buffer> larger = Buffer::allocate(
        tensor.bytes, concat("a row-major copy of ", inQuotes(spec.name)));
    if (!larger)
      return larger.takeError();
    memory = std::move(*larger);
  }
  return denseTensor(memory.data(), spec.element, tensor.shape, tensor.rank);
}

/// Whether nothing but addresses and shapes is looked at before a call:
/// no tensor is copied, and none must have booleans.
bool Session::isDirect(const FunctionSpec &function,
                       const std::vector<HostTensor> &inputs,
                       const std::vector<HostTensor> &outputs) const {
  auto areDirect = [&](const std::vector<uint32_t> &arguments,
                       const std::vector<HostTensor> &tensors) {
    for (size_t i = 0; i < tensors.size(); ++i) {
      const TensorSpec &spec = function.arguments[arguments[i]].spec;
      if (!isTaken(tensors[i], spec))
        return false;
    }
    return true;
  };
  for (uint32_t input : function.inputs)
    if (function.arguments[input].spec.element == Element::I1)
      return false;
  return areDirect(function.inputs, inputs) &&
         areDirect(function.outputs, outputs);
}

/// Fills the descriptors of inputs and outputs, with copies of those whose
/// layout the function does not take.
Error Session::stage(const FunctionSpec &function, Frame &frame) {
  for (size_t i = 0; i < frame.inputs.size(); ++i) {
    const TensorSpec &spec = function.arguments[function.inputs[i]].spec;
    const HostTensor &input = frame.inputs[i];
    if (spec.element == Element::I1 && !input.onDevice &&
        !hasOnlyBooleans(input))
      return Error(Code::InvalidArgument, describe(function, "input", spec) +
                                              ": a byte is neither 0 nor 1");
    frame.sources[i] = input;
    if (isTaken(input, spec)) {
      fillDescriptor(frame, function.inputs[i], input);
      continue;
    }
    Expected<HostTensor> copy = standIn(spec, input, frame.inputCopies[i]);
    if (!copy)
      return copy.takeError();
    copyTensor(*copy, input);
    frame.sources[i] = *copy;
    fillDescriptor(frame, function.inputs[i], *copy);
  }
  for (size_t i = 0; i < frame.outputs.size(); ++i) {
    const TensorSpec &spec = function.arguments[function.outputs[i]].spec;
    const HostTensor &output = frame.outputs[i];
    frame.sinks[i] = output;
    if (isTaken(output, spec)) {
      fillDescriptor(frame, function.outputs[i], output);
      continue;
    }
    Expected<HostTensor> copy = standIn(spec, output, frame.outputCopies[i]);
    if (!copy)
      return copy.takeError();
    frame.sinks[i] = *copy;
    fillDescriptor(frame, function.outputs[i], *copy);
  }
  return device ? stageOnDevice(function, frame) : Error::success();
}

/// Makes the arena large enough for the frame's dimensions and describes it.
Error Session::growArena(const FunctionSpec &function, Frame &frame) {
  std::optional<uint64_t> bytes =
      function.arenaBytes(frame.dims.data(), chosen);
  if (!bytes)
    return Error(Code::OutOfMemory,
                 concat("function ", inQuotes(function.name),
                        " would need an impossible arena for these sizes"));
  frame.arenaBytes = *bytes;
  std::string purpose =
      concat("the arena of function ", inQuotes(function.name));
  if (arenaSize() < *bytes) {
    // Frees the old one first: their sum may not fit.
    if (device) {
      deviceArena = DeviceMemory();
      auto larger = DeviceMemory::allocate(*device, *bytes, purpose);
      if (!larger)
        return larger.takeError();
      deviceArena = std::move(*larger);
    } else {
      arena = Buffer();
      Expected<Buffer> larger = Buffer::allocate(*bytes, purpose);
      if (!larger)
        return larger.takeError();
      arena = std::move(*larger);
    }
  }
  frame.arena = arenaStart();
  int64_t shape[1] = {static_cast<int64_t>(*bytes)};
  for (size_t i = 0; i < function.arguments.size(); ++i)
    if (function.arguments[i].spec.kind == DITHER_ARENA)
      fillDescriptor(frame, i,
                     denseTensor(const_cast<uint8_t *>(arenaStart()),
                                 Element::I8, shape, 1));
  return Error::success();
}

Error Session::reserve(uint32_t index, const int64_t *dims) {
  Hold hold(*this);
  if (!hold)
    return Hold::busyError();
  Frame &frame = frames[index];
  frame.seen.forget();
  std::copy_n(dims, frame.dims.size(), frame.dims.begin());
  return growArena(manifest().functions[index], frame);
}

/// Whether the last call had the same tensors, and left all as this one needs
/// it.
bool Session::isPrepared(const Frame &frame, const DLTensor *inputs,
                         size_t inputCount, const DLTensor *outputs,
                         size_t outputCount) const {
  return frame.seen.areSame(inputs, inputCount, outputs, outputCount) &&
         arenaStart() == frame.arena && arenaSize() >= frame.arenaBytes;
}

Error Session::prepare(const FunctionSpec &function, Frame &frame,
                       const DLTensor *inputs, size_t inputCount,
                       const DLTensor *outputs, size_t outputCount) {
  frame.seen.forget();
  DLDevice where;
  if (Error error = checkInputs(function, inputs, inputCount, frame.dims.data(),
                                frame.inputs.data(), dlpackDevice(where)))
    return error;
  if (outputCount != frame.outputs.size() || (outputCount != 0 && !outputs))
    return wrongCount(function, "output", function.outputs,
                      outputs ? outputCount : 0);
  if (Error error = checkOutputs(function, frame, outputs))
    return error;
  if (Error error = checkOverlaps(function, frame))
    return error;
  if (Error error = stage(function, frame))
    return error;
  if (Error error = growArena(function, frame))
    return error;
  if (isDirect(function, frame.inputs, frame.outputs))
    frame.seen.remember(inputs, inputCount, outputs, outputCount);
  // Launches have what descriptors say. On a device that is the same for other
  // tensors of the host.
  if (frame.launched != frame.words) {
    frame.launched = frame.words;
    frame.recording = nullptr;
    frame.hasRun = false;
    frame.mayRecord = true;
  }
  return Error::success();
}

Error Session::prepareUnlessSame(const FunctionSpec &function, Frame &frame,
                                 const DLTensor *inputs, size_t inputCount,
                                 const DLTensor *outputs, size_t outputCount) {
  rng[0] = static_cast<int64_t>(seed);
  rng[1] = static_cast<int64_t>(step);
  if (isPrepared(frame, inputs, inputCount, outputs, outputCount))
    return Error::success();
  return prepare(function, frame, inputs, inputCount, outputs, outputCount);
}

//===----------------------------------------------------------------------===//
// The call
//===----------------------------------------------------------------------===//

Error Session::call(uint32_t index, const DLTensor *inputs, size_t inputCount,
                    const DLTensor *outputs, size_t outputCount) {
  Hold hold(*this);
  if (!hold)
    return Hold::busyError();
  const FunctionSpec &function = manifest().functions[index];
  Frame &frame = frames[index];
  if (Error error = prepareUnlessSame(function, frame, inputs, inputCount,
                                      outputs, outputCount))
    return endBegun(std::move(error));
  return endBegun(runPrepared(index, function, frame));
}

Error Session::runPrepared(uint32_t index, const FunctionSpec &function,
                           Frame &frame) {
  if (Error error = device ? runOnDevice(index, function, frame)
                           : run(index, function, frame))
    return error;
  for (size_t i = 0; i < frame.outputs.size(); ++i) {
    const TensorSpec &spec = function.arguments[function.outputs[i]].spec;
    const HostTensor &output = frame.outputs[i];
    if (isTaken(output, spec))
      continue;
    copyTensor(output, denseTensor(frame.outputCopies[i].data(), spec.element,
                                   output.shape, output.rank));
  }
  return Error::success();
}

Error Session::begin(uint32_t index, const DLTensor *inputs, size_t inputCount,
                     const DLTensor *outputs, size_t outputCount) {
  // A profile says how long calls take.
  if (!device || recording)
    return call(index, inputs, inputCount, outputs, outputCount);
  Hold hold(*this);
  if (!hold)
    return Hold::busyError();
  const FunctionSpec &function = manifest().functions[index];
  Frame &frame = frames[index];
  if (Error error = prepareUnlessSame(function, frame, inputs, inputCount,
                                      outputs, outputCount))
    return endBegun(std::move(error));
  size_t whole = 0;
  while (whole < frame.outputs.size() &&
         isTaken(frame.outputs[whole],
                 function.arguments[function.outputs[whole]].spec))
    ++whole;
  // Elements that go to other places are copied by the host.
  bool isWhole = whole == frame.outputs.size();
  return endBegun(isWhole ? beginOnDevice(index, function, frame)
                          : runPrepared(index, function, frame));
}

Error Session::wait() {
  Hold hold(*this);
  if (!hold)
    return Hold::busyError();
  return device ? finishBegun(device->synchronize()) : Error::success();
}

static uint64_t nanoseconds() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return uint64_t(time.tv_sec) * 1000000000u + uint64_t(time.tv_nsec);
}

Error Session::run(uint32_t index, const FunctionSpec &function, Frame &frame) {
  uint64_t begin = recording ? nanoseconds() : 0;
  if (!device)
    image->function(index, chosen)(&context, frame.pointers.data());
  else if (Error error = launchAndWait(index, frame))
    return std::move(error).in(concat("function ", inQuotes(function.name)));
  if (recording)
    record(function, begin, nanoseconds(), frame.arenaBytes);
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Profile
//===----------------------------------------------------------------------===//

void Session::record(const FunctionSpec &function, uint64_t begin, uint64_t end,
                     uint64_t arenaBytes) {
  if ((recorded + 1) * sizeof(DitherProfileEvent) > eventMemory.size()) {
    ++dropped;
    return;
  }
  DitherProfileEvent event = {function.name.c_str(), begin, end - begin,
                              arenaBytes};
  memcpy(eventMemory.data() + recorded++ * sizeof(event), &event,
         sizeof(event));
}

Error Session::startProfile(size_t capacity) {
  constexpr size_t most = size_t(1) << 24;
  if (capacity == 0 || capacity > most)
    return Error(Code::InvalidArgument,
                 concat("a profile of ", capacity,
                        " events is out of range; use 1 to ", most));
  Hold hold(*this);
  if (!hold)
    return Hold::busyError();
  // Now, so that recording allocates nothing.
  Expected<Buffer> memory =
      Buffer::allocate(capacity * sizeof(DitherProfileEvent), "a profile");
  if (!memory)
    return memory.takeError();
  eventMemory = std::move(*memory);
  recorded = 0;
  dropped = 0;
  recording = true;
  return Error::success();
}

} // namespace dither::runtime
