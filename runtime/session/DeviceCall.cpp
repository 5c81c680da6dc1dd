//===- DeviceCall.cpp - Calls whose kernels run on a device ---------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A session on a device has each tensor twice: on the host, for whoever sets,
// reads or saves it, and on the device, for kernels. Either may be behind the
// other; it is brought up to date when somebody looks at it.
//
//===----------------------------------------------------------------------===//

#include "runtime/session/Session.h"

#include <algorithm>
#include <utility>

namespace dither::runtime {

void Session::launch(DitherContext *context, uint32_t kernel,
                     const int64_t grid[3], const void *const *arguments,
                     const uint32_t *after) {
  static_cast<Device *>(context->device)
      ->launch(kernel, grid, arguments, after);
}

Error Session::openDevice(uint32_t number) {
  auto opened =
      runtime::openDevice(manifest().device, number, image->embedded());
  if (!opened)
    return opened.takeError();
  device = std::move(*opened);
  if (Error error = adoptVersion())
    return error;
  context.device = device.get();
  context.launch = launch;
  Expected<DeviceMemory> memory =
      DeviceMemory::allocate(*device, sizeof(rng), "the seed and the step");
  if (!memory)
    return memory.takeError();
  deviceRng = std::move(*memory);
  return Error::success();
}

Error Session::adoptVersion() {
  if (!device->version())
    return Error::success();
  std::optional<uint32_t> index = manifest().findVersion(device->version());
  if (!index)
    return Error(Code::Corrupt,
                 concat("the artifact has no version ",
                        inQuotes(device->version()), "; compile it again"));
  std::string_view missing = image->missing(*index);
  if (!missing.empty())
    return Error(Code::Unsupported,
                 concat("the version ", inQuotes(device->version()),
                        " of the artifact, which ", device->name(),
                        " runs, is not for this CPU: it lacks ", missing,
                        "; compile it on this machine"));
  chosen = *index;
  return Error::success();
}

Error Session::allocateOnDevice(uint32_t index) {
  const TensorSpec &spec = manifest().tensors[index];
  Expected<DeviceMemory> memory = DeviceMemory::allocate(
      *device, spec.bytes, concat("tensor ", inQuotes(spec.name)));
  if (!memory)
    return memory.takeError();
  Tensor &tensor = tensors[index];
  tensor.onDevice = std::move(*memory);
  // What is zero needs no copy, and no page of the host's.
  tensor.current = Current::Both;
  if (spec.kind == DITHER_CONSTANT || spec.hasData)
    tensor.current = Current::Host;
  else
    return device->clear(tensor.onDevice.data(), spec.bytes);
  return Error::success();
}

Error Session::upload(uint32_t index) {
  Tensor &tensor = tensors[index];
  if (tensor.current != Current::Host)
    return Error::success();
  if (Error error = device->copyIn(tensor.onDevice.data(), tensor.data,
                                   manifest().tensors[index].bytes))
    return error;
  tensor.current = Current::Both;
  return Error::success();
}

Error Session::download(uint32_t index) {
  Tensor &tensor = tensors[index];
  if (tensor.current != Current::Device)
    return Error::success();
  if (Error error = device->copyOut(tensor.data, tensor.onDevice.data(),
                                    manifest().tensors[index].bytes))
    return error;
  tensor.current = Current::Both;
  return Error::success();
}

/// Memory of the device for a tensor of the host's, kept from call to call.
static Error reserveFor(Device &device, DeviceMemory &memory, uint64_t bytes,
                        std::string_view kind, std::string_view name) {
  if (memory.size() >= bytes)
    return Error::success();
  memory = DeviceMemory();
  Expected<DeviceMemory> larger =
      DeviceMemory::allocate(device, bytes, concat(kind, " ", inQuotes(name)));
  if (!larger)
    return larger.takeError();
  memory = std::move(*larger);
  return Error::success();
}

Error Session::stageOnDevice(const FunctionSpec &function, Frame &frame) {
  auto stage = [&](std::string_view kind, const std::vector<uint32_t> &places,
                   const std::vector<HostTensor> &tensors,
                   std::vector<DeviceMemory> &memory) -> Error {
    for (size_t i = 0; i < places.size(); ++i) {
      if (tensors[i].onDevice)
        continue;
      const TensorSpec &spec = function.arguments[places[i]].spec;
      if (Error error =
              reserveFor(*device, memory[i], tensors[i].bytes, kind, spec.name))
        return error;
      fillDescriptor(frame, places[i],
                     denseTensor(memory[i].data(), spec.element,
                                 tensors[i].shape, tensors[i].rank));
    }
    return Error::success();
  };
  frame.inputMemory.resize(function.inputs.size());
  frame.outputMemory.resize(function.outputs.size());
  if (Error error =
          stage("input", function.inputs, frame.sources, frame.inputMemory))
    return error;
  return stage("output", function.outputs, frame.sinks, frame.outputMemory);
}

Error Session::launchAll(uint32_t index, Frame &frame) {
  DitherFunction function = image->function(index, chosen);
  bool isAgain = std::exchange(frame.hasRun, true);
  if (Error error = device->takeError())
    return error;
  device->startCall();
  // What the host computes follows from the extents alone. Where nothing can be
  // recorded, the kernels run one by one, and say what is wrong with them.
  if (!frame.recording && isAgain && frame.mayRecord && device->canRecord() &&
      !device->beginCapture()) {
    function(&context, frame.pointers.data());
    if (auto recording = device->endCapture())
      frame.recording = std::move(*recording);
    else
      frame.mayRecord = false;
  }
  if (!frame.recording)
    function(&context, frame.pointers.data());
  else
    return device->replay(*frame.recording);
  return Error::success();
}

Error Session::launchAndWait(uint32_t index, Frame &frame) {
  Error launched = launchAll(index, frame);
  return launched ? std::move(launched) : device->synchronize();
}

Error Session::uploadArguments(const FunctionSpec &function, Frame &frame) {
  for (const Argument &argument : function.arguments)
    if (argument.spec.kind == DITHER_CONSTANT ||
        argument.spec.kind == DITHER_STATE)
      if (Error error = upload(argument.tensor))
        return error;
  for (size_t i = 0; i < frame.sources.size(); ++i)
    if (!frame.sources[i].onDevice)
      if (Error error =
              device->copyIn(frame.inputMemory[i].data(), frame.sources[i].data,
                             frame.sources[i].bytes))
        return error;
  return device->copyIn(deviceRng.data(), rng, sizeof(rng));
}

Error Session::finishBegun(Error waited) {
  const FunctionSpec *begun = std::exchange(underWay, nullptr);
  if (!waited || !begun)
    return waited;
  return std::move(waited).in(concat("function ", inQuotes(begun->name)));
}

Error Session::endBegun(Error error) {
  if (error && device)
    (void)finishBegun(device->synchronize());
  return error;
}

Error Session::beginOnDevice(uint32_t index, const FunctionSpec &function,
                             Frame &frame) {
  // What is wrong then is what ran before.
  if (Error error = uploadArguments(function, frame))
    return finishBegun(std::move(error));
  Error launched = launchAll(index, frame);
  for (const Argument &argument : function.arguments)
    if (argument.spec.kind == DITHER_STATE)
      tensors[argument.tensor].current = Current::Device;
  if (!launched)
    launched = device->takeError();
  if (launched)
    return std::move(launched).in(concat("function ", inQuotes(function.name)));
  for (size_t i = 0; i < frame.sinks.size(); ++i)
    if (!frame.sinks[i].onDevice)
      if (Error error = device->copyOutLater(frame.sinks[i].data,
                                             frame.outputMemory[i].data(),
                                             frame.sinks[i].bytes))
        return error;
  Error before = finishBegun(device->turn());
  underWay = &function;
  return before;
}

Error Session::runOnDevice(uint32_t index, const FunctionSpec &function,
                           Frame &frame) {
  if (Error error = uploadArguments(function, frame))
    return finishBegun(std::move(error));
  // An error of what was begun before is told by what follows.
  underWay = nullptr;
  Error result = run(index, function, frame);
  for (const Argument &argument : function.arguments)
    if (argument.spec.kind == DITHER_STATE)
      tensors[argument.tensor].current = Current::Device;
  if (result)
    return result;
  for (size_t i = 0; i < frame.sinks.size(); ++i)
    if (!frame.sinks[i].onDevice)
      if (Error error =
              device->copyOut(frame.sinks[i].data, frame.outputMemory[i].data(),
                              frame.sinks[i].bytes))
        return error;
  return Error::success();
}

} // namespace dither::runtime
