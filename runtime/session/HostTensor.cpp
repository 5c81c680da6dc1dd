//===- HostTensor.cpp - Checking and copying DLPack tensors ---------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/session/HostTensor.h"

#include <algorithm>
#include <cstring>

namespace dither::runtime {

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

DLDataType toDLPack(Element element) {
  auto make = [](int code, int bits) {
    return DLDataType{static_cast<uint8_t>(code), static_cast<uint8_t>(bits),
                      1};
  };
  switch (element) {
  case Element::F64:
    return make(kDLFloat, 64);
  case Element::F32:
    return make(kDLFloat, 32);
  case Element::F16:
    return make(kDLFloat, 16);
  case Element::BF16:
    return make(kDLBfloat, 16);
  case Element::I64:
    return make(kDLInt, 64);
  case Element::I32:
    return make(kDLInt, 32);
  case Element::I16:
    return make(kDLInt, 16);
  case Element::I8:
    return make(kDLInt, 8);
  case Element::I1:
    return make(DITHER_DL_BOOL, 8);
  default: // occur in files only
    return make(kDLOpaqueHandle, static_cast<int>(elementSize(element) * 8));
  }
}

std::optional<Element> fromDLPack(DLDataType type) {
  if (type.lanes != 1)
    return std::nullopt;
  for (int i = 0; i <= static_cast<int>(Element::I1); ++i) {
    DLDataType candidate = toDLPack(static_cast<Element>(i));
    if (candidate.code == type.code && candidate.bits == type.bits)
      return static_cast<Element>(i);
  }
  // What producers of DLPack before 1.0 call a boolean.
  if (type.code == kDLUInt && type.bits == 8)
    return Element::I1;
  return std::nullopt;
}

static std::string typeText(DLDataType type) {
  if (std::optional<Element> element = fromDLPack(type))
    return std::string(elementName(*element));
  return concat("DLPack type ", int(type.code), " of ", int(type.bits),
                " bits and ", int(type.lanes), " lanes");
}

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

namespace {
Error unfit(std::string_view where, std::string_view what) {
  return Error(Code::InvalidArgument, concat(where, ": ", what));
}

/// "batchx64": the shape of a specification.
std::string specText(const TensorSpec &spec,
                     const std::vector<std::string> &dimNames) {
  if (spec.shape.empty())
    return "scalar";
  std::string text;
  for (int64_t size : spec.shape) {
    text += text.empty() ? "" : "x";
    text += size >= 0 ? std::to_string(size)
                      : dimNames[static_cast<size_t>(-1 - size)];
  }
  return text;
}

Error checkShape(const DLTensor &tensor, const TensorSpec &spec,
                 const std::vector<std::string> &dimNames, int64_t *dims,
                 std::string_view where) {
  size_t rank = spec.shape.size();
  bool fits = tensor.ndim >= 0 && static_cast<size_t>(tensor.ndim) == rank;
  if (fits && rank != 0 && !tensor.shape)
    return unfit(where, "its shape is a null pointer");
  for (size_t i = 0; fits && i < rank; ++i)
    fits = tensor.shape[i] >= 0 &&
           (spec.shape[i] < 0 || tensor.shape[i] == spec.shape[i]);
  if (!fits) {
    size_t shown = tensor.shape && tensor.ndim > 0
                       ? std::min<size_t>(tensor.ndim, maxRank)
                       : 0;
    return unfit(where, concat("its shape is ", shapeText(tensor.shape, shown),
                               ", it must be ", specText(spec, dimNames)));
  }
  for (size_t i = 0; i < rank; ++i) {
    if (spec.shape[i] >= 0)
      continue;
    size_t dim = static_cast<size_t>(-1 - spec.shape[i]);
    if (dims[dim] < 0)
      dims[dim] = tensor.shape[i];
    if (dims[dim] != tensor.shape[i])
      return unfit(where, concat("dimension ", i, " is ", tensor.shape[i],
                                 ", but ", inQuotes(dimNames[dim]), " is ",
                                 dims[dim], " in this call"));
  }
  return Error::success();
}

/// Fills strides and the range of addresses, without overflow.
Error checkLayout(const DLTensor &tensor, std::string_view where,
                  HostTensor &out) {
  int64_t dense = 1;
  bool rowMajor = true;
  __int128 lowest = 0, highest = 0; // offsets of elements
  for (size_t i = out.rank; i-- > 0;) {
    int64_t size = out.shape[i];
    out.strides[i] = tensor.strides ? tensor.strides[i] : dense;
    if (size > 1) {
      rowMajor &= out.strides[i] == dense;
      __int128 last = __int128(size - 1) * out.strides[i];
      (last < 0 ? lowest : highest) += last;
    }
    dense *= std::max<int64_t>(size, 1);
  }
  out.rowMajor = rowMajor || out.bytes == 0;
  if (out.bytes == 0)
    return Error::success();
  __int128 address = reinterpret_cast<uintptr_t>(out.data);
  __int128 low = address + lowest * __int128(out.elementBytes);
  __int128 high = address + (highest + 1) * __int128(out.elementBytes);
  if (low < 0 || high > __int128(UINTPTR_MAX))
    return unfit(where, "its strides reach beyond the memory");
  out.low = static_cast<uintptr_t>(low);
  out.high = static_cast<uintptr_t>(high);
  return Error::success();
}
} // namespace

Error checkHostTensor(const DLTensor &tensor, const TensorSpec &spec,
                      const std::vector<std::string> &dimNames, int64_t *dims,
                      std::string_view where, HostTensor &out,
                      const DLDevice *device) {
  out.onDevice = device && tensor.device.device_type == device->device_type &&
                 tensor.device.device_id == device->device_id;
  if (!out.onDevice && tensor.device.device_type != kDLCPU &&
      tensor.device.device_type != kDLCUDAHost)
    return unfit(where, concat("it is on DLPack device ",
                               int(tensor.device.device_type),
                               "; copy it to the CPU"));
  std::optional<Element> element = fromDLPack(tensor.dtype);
  if (!element || *element != spec.element)
    return unfit(where, concat("its type is ", typeText(tensor.dtype),
                               ", it must be ", elementName(spec.element)));
  if (Error error = checkShape(tensor, spec, dimNames, dims, where))
    return error;
  out.rank = spec.shape.size();
  std::copy_n(tensor.shape, out.rank, out.shape);
  out.elementBytes = elementSize(*element);
  std::optional<uint64_t> bytes = denseBytes(*element, out.shape, out.rank);
  if (!bytes)
    return unfit(where, concat("its shape ", shapeText(out.shape, out.rank),
                               " is too large"));
  out.bytes = *bytes;
  if (!tensor.data && out.bytes != 0)
    return unfit(where, "its data are a null pointer");
  // By numbers: an offset from null, of an empty tensor, is no pointer.
  uintptr_t address = reinterpret_cast<uintptr_t>(tensor.data);
  if (out.bytes != 0)
    address += tensor.byte_offset;
  if (address % out.elementBytes != 0)
    return unfit(where, concat("its data are not aligned to their element of ",
                               out.elementBytes, " bytes; copy it"));
  // NOLINTNEXTLINE(performance-no-int-to-ptr)
  out.data = reinterpret_cast<uint8_t *>(address);
  if (Error error = checkLayout(tensor, where, out))
    return error;
  constexpr uintptr_t deviceAlignment = 16;
  if (out.onDevice && (!out.rowMajor || address % deviceAlignment != 0))
    return unfit(where, concat("it is on the device, and not row-major without "
                               "gaps or not aligned to ",
                               deviceAlignment, " bytes; copy it"));
  return Error::success();
}

HostTensor denseTensor(void *data, Element element, const int64_t *shape,
                       size_t rank) {
  HostTensor tensor;
  tensor.data = static_cast<uint8_t *>(data);
  tensor.rank = rank;
  tensor.elementBytes = elementSize(element);
  int64_t stride = 1;
  for (size_t i = rank; i-- > 0;) {
    tensor.shape[i] = shape[i];
    tensor.strides[i] = stride;
    stride *= std::max<int64_t>(shape[i], 1);
  }
  tensor.bytes = denseBytes(element, shape, rank).value_or(0);
  tensor.rowMajor = true;
  if (tensor.bytes != 0) {
    tensor.low = reinterpret_cast<uintptr_t>(data);
    tensor.high = tensor.low + tensor.bytes;
  }
  return tensor;
}

bool hasDistinctElements(const HostTensor &tensor) {
  if (tensor.rowMajor)
    return true;
  // Sorted by stride, each dimension must step over all that lie inside it.
  std::pair<uint64_t, int64_t> dims[maxRank];
  size_t count = 0;
  for (size_t i = 0; i < tensor.rank; ++i) {
    if (tensor.shape[i] <= 1)
      continue;
    int64_t stride = tensor.strides[i];
    uint64_t magnitude = static_cast<uint64_t>(stride);
    dims[count++] = {stride < 0 ? 0 - magnitude : magnitude, tensor.shape[i]};
  }
  std::sort(dims, dims + count);
  unsigned __int128 reach = 0;
  for (size_t i = 0; i < count; ++i) {
    if (dims[i].first <= reach)
      return false;
    reach += static_cast<unsigned __int128>(dims[i].first) *
             static_cast<uint64_t>(dims[i].second - 1);
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

/// Calls `row(offsets...)` for each innermost row of tensors of equal shape.
template <typename Row>
static void forEachRow(const HostTensor &a, const HostTensor &b, Row row) {
  int64_t index[maxRank] = {};
  int64_t offsetA = 0, offsetB = 0;
  size_t outer = a.rank == 0 ? 0 : a.rank - 1;
  while (true) {
    row(offsetA, offsetB);
    size_t i = outer;
    for (; i-- > 0;) {
      offsetA += a.strides[i];
      offsetB += b.strides[i];
      if (++index[i] < a.shape[i])
        break;
      offsetA -= a.strides[i] * a.shape[i];
      offsetB -= b.strides[i] * a.shape[i];
      index[i] = 0;
    }
    if (i == SIZE_MAX)
      return;
  }
}

template <typename T>
static void copyRow(uint8_t *to, int64_t toStride, const uint8_t *from,
                    int64_t fromStride, int64_t size) {
  T *out = reinterpret_cast<T *>(to);
  const T *in = reinterpret_cast<const T *>(from);
  for (int64_t i = 0; i < size; ++i)
    out[i * toStride] = in[i * fromStride];
}

void copyTensor(const HostTensor &to, const HostTensor &from) {
  if (to.bytes == 0)
    return;
  if (to.rowMajor && from.rowMajor) {
    memmove(to.data, from.data, to.bytes);
    return;
  }
  size_t last = to.rank - 1; // rank 0 is always row-major
  int64_t size = to.shape[last], stepTo = to.strides[last],
          stepFrom = from.strides[last];
  int64_t width = static_cast<int64_t>(to.elementBytes);
  forEachRow(to, from, [&](int64_t offsetTo, int64_t offsetFrom) {
    uint8_t *out = to.data + offsetTo * width;
    const uint8_t *in = from.data + offsetFrom * width;
    if (width == 8)
      copyRow<uint64_t>(out, stepTo, in, stepFrom, size);
    else if (width == 4)
      copyRow<uint32_t>(out, stepTo, in, stepFrom, size);
    else if (width == 2)
      copyRow<uint16_t>(out, stepTo, in, stepFrom, size);
    else
      copyRow<uint8_t>(out, stepTo, in, stepFrom, size);
  });
}

bool hasOnlyBooleans(const HostTensor &tensor) {
  if (tensor.bytes == 0)
    return true;
  uint8_t all = 0;
  if (tensor.rowMajor) {
    for (uint64_t i = 0; i < tensor.bytes; ++i)
      all |= tensor.data[i];
    return all <= 1;
  }
  size_t last = tensor.rank - 1;
  forEachRow(tensor, tensor, [&](int64_t offset, int64_t) {
    for (int64_t i = 0; i < tensor.shape[last]; ++i)
      all |= tensor.data[offset + i * tensor.strides[last]];
  });
  return all <= 1;
}

} // namespace dither::runtime
