//===- Mutations.h - Bugs to plant in kernels -------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Ops are counted in the order of the kernels; -1 is the last one.
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TEST_UNIT_MUTATIONS_H
#define DITHER_TEST_UNIT_MUTATIONS_H

#include "MutationSupport.h"

namespace dither::test {

//===----------------------------------------------------------------------===//
// In general
//===----------------------------------------------------------------------===//

/// The ops of a kind in all kernels.
template <typename Op>
llvm::SmallVector<Op> list(mlir::ModuleOp module,
                           llvm::function_ref<bool(Op)> isWanted = {}) {
  llvm::SmallVector<Op> found;
  module.walk([&](mlir::gpu::GPUModuleOp kernels) {
    kernels.walk([&](Op op) {
      if (!isWanted || isWanted(op))
        found.push_back(op);
    });
  });
  return found;
}

/// Does something to one op, or to all; false where there is none.
template <typename Op>
bool change(llvm::ArrayRef<Op> found, int index,
            llvm::function_ref<void(Op)> how) {
  int64_t size = int64_t(found.size());
  int64_t at = index < 0 ? size + index : index;
  if (at < 0 || at >= size)
    return false;
  how(found[at]);
  return true;
}
template <typename Op>
bool changeAll(llvm::ArrayRef<Op> found, llvm::function_ref<void(Op)> how) {
  llvm::for_each(found, how);
  return !found.empty();
}

/// An integer, or a vector of equal ones.
std::optional<int64_t> getConstant(mlir::Value value);
void setConstant(mlir::OpOperand &operand, int64_t number);
/// Users of an op get a constant instead.
void replaceByConstant(mlir::Operation *op, mlir::TypedAttr value);
/// Moves an address by some elements.
void moveAddress(mlir::OpOperand &address, mlir::Type element,
                 int32_t elements);
/// Whether an op is `mma.sync` or `mma.sp`.
bool isMatrixProduct(mlir::Operation *op);
/// Whether an address is in shared memory.
bool isShared(mlir::Value address);

/// An op whose second operand is a constant gets another one.
template <typename Op> Mutation replace(int64_t from, int64_t to, int index) {
  return [=](mlir::ModuleOp module) {
    auto has = [&](Op op) { return getConstant(op->getOperand(1)) == from; };
    return change<Op>(list<Op>(module, has), index,
                      [&](Op op) { setConstant(op->getOpOperand(1), to); });
  };
}

//===----------------------------------------------------------------------===//
// Order
//===----------------------------------------------------------------------===//

Mutation dropBarrier(int index);
/// The barrier of a ring is behind the copies to its next tiles.
bool moveBarrierBehindCopies(mlir::ModuleOp module);
/// Only those threads come to it that copy.
bool moveBarrierToCopies(mlir::ModuleOp module);
Mutation setWait(uint32_t groups);
bool moveWaitBehindBarrier(mlir::ModuleOp module);
Mutation dropCommit(int index);
/// Tiles that are read, or that are written ahead, go round a ring that has a
/// stage less.
bool readSmallerRing(mlir::ModuleOp module);
bool writeSmallerRing(mlir::ModuleOp module);

//===----------------------------------------------------------------------===//
// Places
//===----------------------------------------------------------------------===//

/// One bit of a thread's number moves a row, and nothing else in it.
Mutation dropSwizzle(int index);
/// All bits, where threads write what they decoded.
bool writeWithoutSwizzle(mlir::ModuleOp module);
/// A matrix that `ldmatrix` loads is a chunk of 16 bytes further.
Mutation moveMatrices(int index);
/// The first copy is from one element further.
bool copyFromNextElement(mlir::ModuleOp module);
/// There is no first copy.
bool dropCopy(mlir::ModuleOp module);
/// The first result is taken to lie at a multiple of 16.
bool overstateAlignment(mlir::ModuleOp module);
/// No copy stops where the matrix does.
bool copyAllBytes(mlir::ModuleOp module);
/// The second piece of shared memory begins where the first one does.
bool overlapShared(mlir::ModuleOp module);
/// A launch gives half of the shared memory, or of the threads.
bool halveShared(mlir::ModuleOp module);
bool halveThreads(mlir::ModuleOp module);
/// Threads are counted in pairs.
bool pairThreads(mlir::ModuleOp module);

//===----------------------------------------------------------------------===//
// Registers
//===----------------------------------------------------------------------===//

Mutation transposeLoad(int index);
/// Exchanges two results of a load or product, or operands of a product.
Mutation exchangeMatrices(int index, int64_t i, int64_t j);
Mutation exchangeSums(int index, int64_t i, int64_t j);
Mutation exchangeOperands(int index, unsigned i, unsigned j);
/// Other threads have the positions of a sparse product's elements.
bool exchangeSelectors(mlir::ModuleOp module);
/// All products take their operands for f16.
bool multiplyAsHalf(mlir::ModuleOp module);
/// All products of bytes take those of the second operand for unsigned ones.
bool multiplyUnsigned(mlir::ModuleOp module);

//===----------------------------------------------------------------------===//
// Bounds
//===----------------------------------------------------------------------===//

/// Checks ahead of the first product of a kernel, or behind the last one: of
/// what is loaded, or of results.
enum class Part { loads, results };

/// What has to be below a bound may be anything, or the bound.
Mutation dropBound(Part part, int64_t bound);
Mutation includeBound(Part part, int64_t bound);
/// Vectors are stored as if all of their columns existed.
bool dropMasks(mlir::ModuleOp module);
/// All threads do what is for those with a zero.
bool dropElection(mlir::ModuleOp module);

//===----------------------------------------------------------------------===//
// Packed weights and lists
//===----------------------------------------------------------------------===//

/// Fields of the words of a load of vectors are one bit further up.
Mutation moveFields(int load);
/// A load of vectors is from so many elements further.
Mutation moveLoad(int load, int32_t elements);
/// The loop over a list runs once more.
bool lengthenList(mlir::ModuleOp module);

//===----------------------------------------------------------------------===//
// Warps
//===----------------------------------------------------------------------===//

/// An operand of the first shuffle is another constant.
using ShuffleOperand = mlir::OpOperand &(mlir::NVVM::ShflOp::*)();
Mutation setShuffle(ShuffleOperand operand, int64_t number);
/// The last shuffle gives nothing that a sum would change by.
bool dropLastStep(mlir::ModuleOp module);
/// Each lane compares its own number in place of its warp's, and leaves.
Mutation compareThreads(int64_t bound);

/// The first loop that carries a value begins each iteration with the first.
bool dropCarry(mlir::ModuleOp module);

//===----------------------------------------------------------------------===//
// Launches
//===----------------------------------------------------------------------===//

/// Grids have a block less along each axis that has several.
bool shrinkGrid(mlir::ModuleOp module);
/// The last launch has a block more.
bool growGrid(mlir::ModuleOp module);
/// It has no blocks.
Mutation dropLaunch(int index);
/// The first two arguments that are memory.
bool exchangeArguments(mlir::ModuleOp module);

} // namespace dither::test

#endif // DITHER_TEST_UNIT_MUTATIONS_H
