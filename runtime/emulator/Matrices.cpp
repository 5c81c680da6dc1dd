//===- Matrices.cpp - Matrices between shared memory and registers --------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/emulator/Machine.h"

#include <cstring>

namespace dither::runtime::emulator {

namespace {
/// Eight rows of eight elements of two bytes; each row is where a lane says.
constexpr uint32_t rows = 8;
constexpr uint32_t rowBytes = 16;

struct MatrixOperands {
  unsigned char *row;
  uint32_t *registers;
};

MatrixOperands &operandsOf(Thread &lane) {
  return *static_cast<MatrixOperands *>(lane.operands);
}

/// The element in half `half` of a lane's register.
unsigned char *findElement(Thread *lanes, uint32_t matrix, uint32_t lane,
                           uint32_t half, bool isTransposed) {
  uint32_t row = lane / 4;
  uint32_t column = lane % 4 * 2 + half;
  if (isTransposed)
    std::swap(row, column);
  return operandsOf(lanes[matrix * rows + row]).row + column * 2;
}

bool accessRows(Machine &machine, Thread *lanes, uint32_t count,
                DitherAccess kind, const char *where) {
  for (uint32_t i = 0; i < count * rows; ++i) {
    const void *row = operandsOf(lanes[i]).row;
    if (!machine.needsShared(lanes[i], row, rowBytes, where) ||
        !machine.access(lanes[i], row, rowBytes, rowBytes, kind, where))
      return false;
  }
  return true;
}

template <uint32_t Count, bool IsTransposed>
bool executeLoad(Machine &machine, Thread *lanes, uint32_t, const char *where) {
  if (!accessRows(machine, lanes, Count, DITHER_READ, where))
    return false;
  for (uint32_t lane = 0; lane < warpLanes; ++lane)
    for (uint32_t matrix = 0; matrix < Count; ++matrix) {
      uint16_t halves[2];
      for (uint32_t half = 0; half < 2; ++half)
        std::memcpy(&halves[half],
                    findElement(lanes, matrix, lane, half, IsTransposed), 2);
      operandsOf(lanes[lane]).registers[matrix] =
          halves[0] | uint32_t(halves[1]) << 16;
    }
  return true;
}

template <uint32_t Count, bool IsTransposed>
bool executeStore(Machine &machine, Thread *lanes, uint32_t,
                  const char *where) {
  if (!accessRows(machine, lanes, Count, DITHER_WRITE, where))
    return false;
  for (uint32_t lane = 0; lane < warpLanes; ++lane)
    for (uint32_t matrix = 0; matrix < Count; ++matrix)
      for (uint32_t half = 0; half < 2; ++half) {
        auto element = static_cast<uint16_t>(
            operandsOf(lanes[lane]).registers[matrix] >> (16 * half));
        std::memcpy(findElement(lanes, matrix, lane, half, IsTransposed),
                    &element, 2);
      }
  return true;
}

using Execute = decltype(Collective::execute);

/// The function for a count of 1, 2, 4, or null.
Execute choose(uint32_t count, bool isTransposed,
               const Execute (&functions)[3][2]) {
  return count == 1   ? functions[0][isTransposed]
         : count == 2 ? functions[1][isTransposed]
         : count == 4 ? functions[2][isTransposed]
                      : nullptr;
}

bool gather(Thread &thread, const char *name, Execute execute, uint32_t count,
            MatrixOperands operands, const char *where) {
  if (!execute) {
    thread.machine->report(
        thread, where,
        concat(name, " of ", count, " matrices; there is one of 1, 2 and 4"));
    return false;
  }
  return thread.machine->warps.gather(thread, ~uint32_t(0), {name, 0, execute},
                                      &operands, where);
}
} // namespace

bool loadMatrices(Thread &thread, const void *row, uint32_t count,
                  bool isTransposed, uint32_t *registers, const char *where) {
  static constexpr Execute functions[3][2] = {
      {executeLoad<1, false>, executeLoad<1, true>},
      {executeLoad<2, false>, executeLoad<2, true>},
      {executeLoad<4, false>, executeLoad<4, true>}};
  auto *bytes = static_cast<unsigned char *>(const_cast<void *>(row));
  return gather(thread, "ldmatrix", choose(count, isTransposed, functions),
                count, {bytes, registers}, where);
}

bool storeMatrices(Thread &thread, void *row, uint32_t count, bool isTransposed,
                   const uint32_t *registers, const char *where) {
  static constexpr Execute functions[3][2] = {
      {executeStore<1, false>, executeStore<1, true>},
      {executeStore<2, false>, executeStore<2, true>},
      {executeStore<4, false>, executeStore<4, true>}};
  return gather(
      thread, "stmatrix", choose(count, isTransposed, functions), count,
      {static_cast<unsigned char *>(row), const_cast<uint32_t *>(registers)},
      where);
}

} // namespace dither::runtime::emulator
