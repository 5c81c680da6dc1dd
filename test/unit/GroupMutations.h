//===- GroupMutations.h - Bugs to plant in kernels of sm_90a ----*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Ops are counted in the order of the kernels; -1 is the last one. Producers
// come ahead of consumers.
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TEST_UNIT_GROUPMUTATIONS_H
#define DITHER_TEST_UNIT_GROUPMUTATIONS_H

#include "Mutations.h"

namespace dither::test {

//===----------------------------------------------------------------------===//
// Order
//===----------------------------------------------------------------------===//

/// An op of a kind is gone.
template <typename Op> Mutation drop(int index) {
  return [=](mlir::ModuleOp module) {
    return change<Op>(list<Op>(module), index, [](Op op) { op->erase(); });
  };
}
template <typename Op> bool dropAll(mlir::ModuleOp module) {
  return changeAll<Op>(list<Op>(module), [](Op op) { op->erase(); });
}

/// A wait for a phase is for the one before it or behind it.
Mutation changeParity(int wait);
/// All barriers that want as many arrivals want another number.
Mutation setArrivals(int64_t from, int64_t to);
/// Phases wait for so many bytes more.
Mutation expectMore(int64_t bytes);
/// A wait for products leaves some of them.
Mutation leaveProducts(int wait, int64_t pending);
/// There is no fence before products.
Mutation dropFence(int index);
/// An arrival is two times in a row.
Mutation repeatArrival(int index);
/// Stages are free one step of the contraction too early, with their product
/// still on its way.
bool arriveEarly(mlir::ModuleOp module);
/// In the first step of the contraction, too, there was one before.
bool arriveFirst(mlir::ModuleOp module);
/// All threads do what is for one of them, or for one of each warp.
Mutation dropElection(int index);
/// What is decoded is published before it is.
bool publishEarly(mlir::ModuleOp module);

//===----------------------------------------------------------------------===//
// Places
//===----------------------------------------------------------------------===//

/// Changes all descriptors of an operand, 0 or 1: fields of 14 or of 2 bits,
/// from bit `field` on.
Mutation setField(int operand, int field, uint64_t value);
/// Steps along the contraction of an operand are times `factor`.
Mutation scaleSteps(int operand, int64_t factor);
/// A coordinate of a copy, 0 for the columns, is some elements further.
Mutation moveCoordinate(int copy, unsigned coordinate, int64_t elements);
/// Rows are columns.
Mutation exchangeCoordinates(int copy);
/// A copy goes to bytes behind.
Mutation moveCopy(int copy, int32_t bytes);
/// The first copy signals another barrier.
bool signalNextBarrier(mlir::ModuleOp module);
/// A field of a map of the first kernel that has maps: rows, columns, swizzle.
enum class MapField { argument, element, rows, columns, swizzle };
Mutation setMap(int map, MapField field, int32_t value);
/// What the host says of a matrix: where it is, rows, columns, stride.
enum class MatrixField { data, rows, columns, stride };
Mutation setMatrix(int map, MatrixField field, int64_t value);
/// There is one stage less for who fetches, 0, who multiplies, 1, or where
/// stages become free, 2.
Mutation shrinkRing(int use);

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

/// All products take an operand, 0 or 1, for transposed, or do not.
Mutation transposeOperand(int operand);
/// All products take bits of bf16 for f16.
bool multiplyGroupsAsHalf(mlir::ModuleOp module);
/// Two results of a product change places.
Mutation exchangeResults(int product, unsigned i, unsigned j);
/// The operands of a product are exchanged.
bool exchangeDescriptors(mlir::ModuleOp module);
/// Two words of a first operand in registers change places, of all products.
Mutation exchangeWords(unsigned i, unsigned j);
/// Other threads have the positions of a sparse product's elements.
bool exchangeGroupSelectors(mlir::ModuleOp module);
/// The last one is missing.
bool dropProduct(mlir::ModuleOp module);

} // namespace dither::test

#endif // DITHER_TEST_UNIT_GROUPMUTATIONS_H
