//===- Session.cpp - One user of an artifact ------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/session/Session.h"

#include <algorithm>
#include <cstring>

namespace dither::runtime {

Session::Session(std::shared_ptr<const Artifact> artifact)
    : image(std::move(artifact)), chosen(image->version()) {}

Session::~Session() {
  for (Tensor &tensor : tensors)
    if (tensor.bound && tensor.bound->deleter)
      tensor.bound->deleter(tensor.bound);
}

Expected<std::unique_ptr<Session>>
Session::create(std::shared_ptr<const Artifact> artifact,
                const DitherSessionOptions &options) {
  std::unique_ptr<Session> session(new Session(std::move(artifact)));
  if (!session->manifest().device.empty()) {
    if (Error error = session->openDevice(options.device))
      return error;
  } else if (options.parallel_for) {
    session->context.parallel_for = options.parallel_for;
    session->context.host = options.parallel_for_host;
  } else {
    auto pool = ThreadPool::create(options.threads);
    if (!pool)
      return pool.takeError();
    session->pool = std::move(*pool);
    session->context.parallel_for = parallelFor;
    session->context.host = session->pool.get();
  }
  if (Error error = session->allocateTensors())
    return error;
  const std::vector<FunctionSpec> &functions = session->manifest().functions;
  session->frames.resize(functions.size());
  for (size_t i = 0; i < functions.size(); ++i) {
    session->buildFrame(functions[i], session->frames[i]);
    session->fillTensors(functions[i], session->frames[i]);
  }
  return session;
}

void Session::parallelFor(DitherContext *context, DitherParallelBody body,
                          void *env, int64_t extent) {
  static_cast<ThreadPool *>(context->host)->parallelFor(body, env, extent);
}

/// Fresh memory lies where the thread runs that touches it first. A tensor that
/// one thread fills would be in the memory of one socket, and all others would
/// read it from there: threads touch it in as many parts as they cut work into,
/// which for panels of a packed matrix are those that they will read.
void Session::touchPages(Buffer &buffer) {
  if (!buffer.isUntouched())
    return;
  constexpr size_t page = 4096;
  auto touch = [](void *memory, int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i)
      *(static_cast<volatile uint8_t *>(memory) + size_t(i) * page) = 0;
  };
  context.parallel_for(&context, touch, buffer.data(),
                       int64_t((buffer.size() + page - 1) / page));
}

Error Session::allocateTensors() {
  tensors.resize(manifest().tensors.size());
  for (size_t i = 0; i < tensors.size(); ++i) {
    const TensorSpec &spec = manifest().tensors[i];
    Tensor &tensor = tensors[i];
    HostTensor dense = denseTensor(nullptr, spec.element, spec.shape.data(),
                                   spec.shape.size());
    tensor.strides.assign(dense.strides, dense.strides + dense.rank);
    // Constants are read in place. The descriptor has no const.
    const uint8_t *data = image->data() + spec.offset;
    if (device)
      if (Error error = allocateOnDevice(uint32_t(i)))
        return error;
    if (spec.kind == DITHER_CONSTANT) {
      tensor.data = const_cast<uint8_t *>(data);
      continue;
    }
    Expected<Buffer> memory =
        Buffer::allocate(spec.bytes, concat("tensor ", inQuotes(spec.name)));
    if (!memory)
      return memory.takeError();
    tensor.owned = std::move(*memory);
    if (!device)
      touchPages(tensor.owned);
    tensor.data = tensor.owned.data();
    if (spec.hasData && spec.bytes != 0)
      memcpy(tensor.data, data, spec.bytes);
  }
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Frames
//===----------------------------------------------------------------------===//

static constexpr size_t headerWords = sizeof(DitherDescriptorHeader) / 8;

void Session::buildFrame(const FunctionSpec &function, Frame &frame) {
  size_t words = 0;
  for (const Argument &argument : function.arguments) {
    frame.begins.push_back(words);
    size_t rank =
        argument.spec.kind == DITHER_ARENA ? 1 : argument.spec.shape.size();
    words += headerWords + 2 * rank;
  }
  frame.words.resize(words);
  for (size_t begin : frame.begins)
    frame.pointers.push_back(frame.words.data() + begin);
  frame.inputs.resize(function.inputs.size());
  frame.outputs.resize(function.outputs.size());
  frame.inputCopies.resize(function.inputs.size());
  frame.outputCopies.resize(function.outputs.size());
  frame.sources.resize(function.inputs.size());
  frame.sinks.resize(function.outputs.size());
  frame.dims.resize(function.dims.size());
  frame.seen = SeenTensors(function.inputs.size() + function.outputs.size());
}

void Session::fillDescriptor(Frame &frame, size_t argument,
                             const HostTensor &tensor) {
  int64_t *words = frame.words.data() + frame.begins[argument];
  DitherDescriptorHeader header = {tensor.data, tensor.data, 0};
  memcpy(words, &header, sizeof(header));
  memcpy(words + headerWords, tensor.shape, tensor.rank * sizeof(int64_t));
  memcpy(words + headerWords + tensor.rank, tensor.strides,
         tensor.rank * sizeof(int64_t));
}

/// Fills what does not change from call to call.
void Session::fillTensors(const FunctionSpec &function, Frame &frame) {
  frame.seen.forget();
  frame.recording = nullptr;
  constexpr int64_t rngShape[1] = {2};
  for (size_t i = 0; i < function.arguments.size(); ++i) {
    const Argument &argument = function.arguments[i];
    if (argument.spec.kind == DITHER_RNG) {
      void *numbers = device ? static_cast<void *>(deviceRng.data()) : rng;
      fillDescriptor(frame, i, denseTensor(numbers, Element::I64, rngShape, 1));
    } else if (argument.spec.kind == DITHER_CONSTANT ||
               argument.spec.kind == DITHER_STATE) {
      HostTensor tensor = hostView(argument.tensor);
      if (device)
        tensor.data = tensors[argument.tensor].onDevice.data();
      fillDescriptor(frame, i, tensor);
    }
  }
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

Error Session::findTensor(std::string_view name, uint32_t &index) const {
  const TensorSpec *spec = manifest().findTensor(name);
  if (!spec)
    return Error(Code::NotFound,
                 concat("model ", inQuotes(manifest().model), " has no tensor ",
                        inQuotes(name),
                        "; see dither_artifact_tensor_info for what it has"));
  index = static_cast<uint32_t>(spec - manifest().tensors.data());
  return Error::success();
}

HostTensor Session::hostView(uint32_t tensor) const {
  const TensorSpec &spec = manifest().tensors[tensor];
  return denseTensor(tensors[tensor].data, spec.element, spec.shape.data(),
                     spec.shape.size());
}

static Error notState(const TensorSpec &spec) {
  return Error(Code::InvalidArgument,
               concat("tensor ", inQuotes(spec.name),
                      " is a constant of the artifact and cannot be changed; "
                      "compile the model with other data"));
}

Error Session::bind(std::string_view name, DLManagedTensor *tensor) {
  Hold hold(*this);
  if (!hold)
    return Hold::busyError();
  uint32_t index;
  if (Error error = findTensor(name, index))
    return error;
  const TensorSpec &spec = manifest().tensors[index];
  if (spec.kind != DITHER_STATE)
    return notState(spec);
  if (!tensor)
    return Error(Code::InvalidArgument, "bind: the tensor is a null pointer");
  if (device)
    return Error(Code::Unsupported,
                 concat("tensor ", inQuotes(spec.name), ": a session on ",
                        device->name(),
                        " keeps its tensors there; use dither_session_set"));
  std::string where = concat("tensor ", inQuotes(spec.name));
  HostTensor checked;
  if (Error error =
          checkHostTensor(tensor->dl_tensor, spec, {}, nullptr, where, checked))
    return error;
  if (!checked.rowMajor ||
      reinterpret_cast<uintptr_t>(checked.data) % Buffer::alignment != 0)
    return Error(Code::InvalidArgument,
                 concat(where,
                        ": memory to bind must be row-major without gaps and "
                        "aligned to ",
                        Buffer::alignment,
                        " bytes; use dither_session_set to copy instead"));
  for (uint32_t i = 0; i < tensors.size(); ++i)
    if (i != index && checked.overlaps(hostView(i)))
      return Error(Code::InvalidArgument,
                   concat(where, ": its memory overlaps that of tensor ",
                          inQuotes(manifest().tensors[i].name)));
  if (spec.element == Element::I1 && !hasOnlyBooleans(checked))
    return Error(Code::InvalidArgument,
                 concat(where, ": a byte is neither 0 nor 1"));

  Tensor &slot = tensors[index];
  DLManagedTensor *old = slot.bound;
  slot.bound = tensor;
  slot.data = checked.data;
  slot.owned = Buffer();
  for (size_t i = 0; i < frames.size(); ++i)
    fillTensors(manifest().functions[i], frames[i]);
  if (old && old != tensor && old->deleter)
    old->deleter(old);
  return Error::success();
}

Error Session::set(std::string_view name, const DLTensor &source) {
  Hold hold(*this);
  if (!hold)
    return Hold::busyError();
  uint32_t index;
  if (Error error = findTensor(name, index))
    return error;
  const TensorSpec &spec = manifest().tensors[index];
  if (spec.kind != DITHER_STATE)
    return notState(spec);
  std::string where = concat("tensor ", inQuotes(spec.name));
  HostTensor from;
  if (Error error = checkHostTensor(source, spec, {}, nullptr, where, from))
    return error;
  if (spec.element == Element::I1 && !hasOnlyBooleans(from))
    return Error(Code::InvalidArgument,
                 concat(where, ": a byte is neither 0 nor 1"));
  HostTensor to = hostView(index);
  if (!from.rowMajor && to.overlaps(from))
    return Error(Code::InvalidArgument,
                 concat(where, ": the source overlaps the tensor; copy it"));
  copyTensor(to, from);
  tensors[index].current = Current::Host;
  return Error::success();
}

Error Session::get(std::string_view name, const DLTensor &destination) {
  Hold hold(*this);
  if (!hold)
    return Hold::busyError();
  uint32_t index;
  if (Error error = findTensor(name, index))
    return error;
  const TensorSpec &spec = manifest().tensors[index];
  std::string where = concat("tensor ", inQuotes(spec.name), ", destination");
  HostTensor to;
  if (Error error = checkHostTensor(destination, spec, {}, nullptr, where, to))
    return error;
  if (Error error = download(index))
    return error;
  HostTensor from = hostView(index);
  if (!hasDistinctElements(to) || to.overlaps(from))
    return Error(Code::InvalidArgument,
                 concat(where, ": its elements overlap each other or the "
                               "tensor; give it memory of its own"));
  copyTensor(to, from);
  return Error::success();
}

Error Session::view(std::string_view name, DLTensor &out) {
  Hold hold(*this);
  if (!hold)
    return Hold::busyError();
  uint32_t index;
  if (Error error = findTensor(name, index))
    return error;
  const TensorSpec &spec = manifest().tensors[index];
  if (Error error = download(index))
    return error;
  out = {};
  out.data = tensors[index].data;
  out.device = {kDLCPU, 0};
  out.ndim = static_cast<int>(spec.shape.size());
  out.dtype = toDLPack(spec.element);
  out.shape = const_cast<int64_t *>(spec.shape.data());
  out.strides = tensors[index].strides.data();
  return Error::success();
}

void Session::memory(DitherMemory &out) const {
  out = {};
  out.arena = arenaSize();
  for (size_t i = 0; i < tensors.size(); ++i) {
    uint64_t bytes = manifest().tensors[i].bytes;
    if (manifest().tensors[i].kind == DITHER_CONSTANT)
      out.constants += bytes;
    else
      (tensors[i].bound ? out.bound : out.state) += bytes;
  }
  for (const Frame &frame : frames) {
    for (const Buffer &copy : frame.inputCopies)
      out.staging += copy.size();
    for (const Buffer &copy : frame.outputCopies)
      out.staging += copy.size();
    for (const DeviceMemory &copy : frame.inputMemory)
      out.staging += copy.size();
    for (const DeviceMemory &copy : frame.outputMemory)
      out.staging += copy.size();
  }
  out.resident = out.arena + out.state + out.constants + out.staging;
}

} // namespace dither::runtime
