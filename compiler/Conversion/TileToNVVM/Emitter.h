//===- Emitter.h - What a thread computes of layouts ------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CONVERSION_TILETONVVM_EMITTER_H
#define DITHER_CONVERSION_TILETONVVM_EMITTER_H

#include "Tile/IR/Tile.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace dither::tile {

/// A value of an input of a layout.
struct Input {
  llvm::StringRef name;
  mlir::Value value; ///< i32
};

/// Emits what layouts say, in 32 bits.
class Emitter {
public:
  Emitter(mlir::ImplicitLocOpBuilder &b,
          const mlir::LLVMTypeConverter &converter)
      : b(b), converter(converter) {}

  mlir::Value emitInt(int64_t value);
  mlir::Value emitIndex(mlir::Value value);
  /// The number of a thread in its block.
  mlir::Value emitThread();
  /// The lane and the warp of a thread; in a role, warps are counted from its
  /// first.
  mlir::Value emitLane();
  mlir::Value emitWarp();
  /// The coordinate that indices have in an output; inputs that are not given
  /// are 0.
  mlir::Value emitCoordinate(const LinearLayout &layout,
                             llvm::ArrayRef<Input> inputs,
                             llvm::StringRef output);
  /// The same, with a constant index of another input.
  mlir::Value emitWith(mlir::Value coordinate, const LinearLayout &layout,
                       llvm::StringRef input, uint64_t index,
                       llvm::StringRef output);

  /// The element of a ring that is an element of a stage.
  mlir::Value emitInStage(SharedType tiles, mlir::Value stage,
                          mlir::Value element);
  /// The address of an element of a buffer, counted from its start.
  mlir::Value emitAddress(mlir::Value memory, mlir::Value element);

private:
  /// The exclusive or of the images of an index's bits.
  mlir::Value emitImages(mlir::Value index, llvm::ArrayRef<uint64_t> images);

  mlir::ImplicitLocOpBuilder &b;
  const mlir::LLVMTypeConverter &converter;
};

/// The coordinate of a constant index.
uint64_t getCoordinate(const LinearLayout &layout, llvm::StringRef input,
                       uint64_t index, llvm::StringRef output);

/// Warps that run an op, of a role or of the block; 0 if it is not known to be
/// made of them.
unsigned countWarps(mlir::Operation *op);

/// Emits `tile.copy`.
void emitCopy(mlir::ImplicitLocOpBuilder &b, Emitter &emitter, CopyOp op,
              mlir::Value memory);

} // namespace dither::tile

#endif // DITHER_CONVERSION_TILETONVVM_EMITTER_H
