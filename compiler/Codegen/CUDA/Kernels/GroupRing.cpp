//===- GroupRing.cpp - Tiles that one role brings to others ---------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/Kernels/GroupRing.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

using namespace mlir;
using namespace dither;

static unsigned getBytes(Type element) {
  return element.getIntOrFloatBitWidth() / 8;
}

Value GroupRing::emitPlace(Launch &launch, int64_t rows, int64_t columns,
                           Type element, const tile::LinearLayout &layout) {
  return emitShared(b, launch, stages, rows, columns, element, layout);
}

Value GroupRing::emitTiles(Launch &launch, int64_t rows, int64_t columns,
                           Type element, tile::Order order) {
  std::string reason;
  return emitPlace(launch, rows, columns, element,
                   getLayout(tile::chooseTmaLayout(
                       rows, columns, getBytes(element), order, reason)));
}

Value GroupRing::emitPlain(Launch &launch, int64_t rows, int64_t columns,
                           Type element) {
  return emitPlace(launch, rows, columns, element,
                   getPlainLayout(rows, columns, element));
}

Value GroupRing::emitMap(Value matrix, Value tiles) {
  auto type = cast<tile::SharedType>(tiles.getType());
  std::string reason;
  auto tile = tile::matchTmaLayout(type.getLayout().getLayout(),
                                   getBytes(type.getElementType()), reason);
  assert(succeeded(tile) && "emitTiles made it");
  int64_t box[] = {int64_t(tile->boxRows), int64_t(tile->boxColumns)};
  return tile::DescribeOp::create(b,
                                  tile::MapType::get(b.getContext(), box,
                                                     type.getElementType(),
                                                     tile->modeBytes),
                                  matrix);
}

void GroupRing::emitFetch(Value map, Value row, Value column, Value tiles,
                          Value stage) {
  tile::FetchOp::create(b, map, row, column, tiles, stage, full, stage);
}

void GroupRing::emitRole(int64_t first, int64_t warps, int64_t registers,
                         function_ref<void()> body) {
  auto role = tile::RoleOp::create(
      b, b.getI64IntegerAttr(first), b.getI64IntegerAttr(warps),
      registers ? b.getI64IntegerAttr(registers) : IntegerAttr());
  OpBuilder::InsertionGuard guard(b);
  b.createBlock(&role.getBody());
  body();
}

/// Registers of a thread of each role where sums take many: 128 of them leave
/// no room for others among the 168 that 384 threads have at the launch.
static constexpr int64_t manySums = 128, producerRegisters = 40,
                         consumerRegisters = 232;

void GroupRing::emitRoles(Launch &launch, Value depth, int64_t step,
                          const Work &work) {
  full = launch.addShared({stages}, b.getI64Type());
  empty = launch.addShared({stages}, b.getI64Type());
  int64_t producerWarps = groupWarps,
          consumerWarps = groupWarps * partition.groups;
  int64_t fetching = producers == Producers::copy ? 0 : 1;
  int64_t bringing = producers == Producers::fetch ? 0 : producerWarps;
  tile::InitBarriersOp::create(b, full, fetching + bringing);
  tile::InitBarriersOp::create(b, empty, consumerWarps);
  gpu::BarrierOp::create(b);
  int64_t sums = partition.rows * partition.columns /
                 (partition.groups * groupWarps * warpThreads);
  // Who decodes needs registers, too.
  bool moves = sums >= manySums && producers == Producers::fetch;
  emitRole(0, producerWarps, moves ? producerRegisters : 0, [&] {
    if (producers == Producers::copy)
      emitCopies(depth, step, work);
    else
      emitProducers(launch.thread, depth, step, work);
  });
  emitRole(producerWarps, consumerWarps, moves ? consumerRegisters : 0,
           [&] { emitConsumers(depth, step, work); });
}

/// Emits the wait for what was multiplied in a stage the last time, if it was.
static void emitWaitForEmpty(ImplicitLocOpBuilder &b, Value empty, Value number,
                             Value stage) {
  Value last = arith::SubIOp::create(b, emitDiv(b, number, GroupRing::stages),
                                     emitConstant(b, 1));
  tile::WaitOp::create(b, empty, stage, last);
}

void GroupRing::emitProducers(Value thread, Value depth, int64_t step,
                              const Work &work) {
  Value isFirst = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, thread,
                                        emitConstant(b, 0));
  auto emitStages = [&] {
    emitFor(b, emitConstant(b, 0), depth, step, {},
            [&](Value k, ValueRange) -> SmallVector<Value> {
              Value number = emitDiv(b, k, step);
              Value stage = emitRem(b, number, stages);
              emitWaitForEmpty(b, empty, number, stage);
              auto fetch = [&] {
                tile::ExpectOp::create(b, full, stage, work.fetchedBytes);
                work.fetch(k, stage);
              };
              if (producers == Producers::fetch) {
                fetch();
                return {};
              }
              emitIf(b, isFirst, fetch);
              work.bring(k, stage);
              tile::PublishOp::create(b);
              tile::ArriveOp::create(b, full, stage);
              return {};
            });
  };
  if (producers == Producers::fetch)
    emitIf(b, isFirst, emitStages);
  else
    emitStages();
}

/// Copies of as many stages are on their way while another one is asked for.
static constexpr int64_t copiesAhead = 2;

void GroupRing::emitCopies(Value depth, int64_t step, const Work &work) {
  auto emitArrival = [&](Value number, uint32_t pending) {
    NVVM::CpAsyncWaitGroupOp::create(b, pending);
    tile::PublishOp::create(b);
    tile::ArriveOp::create(b, full, emitRem(b, number, stages));
  };
  auto isAtLeast = [&](Value number, int64_t least) -> Value {
    return arith::CmpIOp::create(b, arith::CmpIPredicate::uge, number,
                                 emitConstant(b, least));
  };
  emitFor(b, emitConstant(b, 0), depth, step, {},
          [&](Value k, ValueRange) -> SmallVector<Value> {
            Value number = emitDiv(b, k, step);
            Value stage = emitRem(b, number, stages);
            emitWaitForEmpty(b, empty, number, stage);
            work.bring(k, stage);
            NVVM::CpAsyncCommitGroupOp::create(b);
            emitIf(b, isAtLeast(number, copiesAhead), [&] {
              emitArrival(arith::SubIOp::create(b, number,
                                                emitConstant(b, copiesAhead)),
                          copiesAhead);
            });
            return {};
          });
  // The last ones, of which there may be fewer.
  Value count = emitParts(b, depth, step);
  for (int64_t left = copiesAhead; left > 0; --left)
    emitIf(b, isAtLeast(count, left), [&] {
      emitArrival(arith::SubIOp::create(b, count, emitConstant(b, left)),
                  uint32_t(left - 1));
    });
}

void GroupRing::emitConsumers(Value depth, int64_t step, const Work &work) {
  std::string reason;
  tile::LinearLayout layout = getLayout(
      tile::getGroupAccumulatorLayout(partition.rows, partition.columns,
                                      unsigned(partition.groups), 1, reason));
  if (!work.rowImages.empty())
    layout = tile::mapOutput(layout, tile::dim::row, work.rowImages);
  Type element = work.areIntegers ? Type(b.getI32Type()) : b.getF32Type();
  auto type =
      getRegisters({partition.rows, partition.columns}, element, layout);
  Value zero = tile::FillOp::create(b, type, b.getF32FloatAttr(0));
  Value sums = emitFor(
      b, emitConstant(b, 0), depth, step, zero,
      [&](Value k, ValueRange carried) -> SmallVector<Value> {
        Value number = emitDiv(b, k, step);
        Value stage = emitRem(b, number, stages);
        tile::WaitOp::create(b, full, stage, emitDiv(b, number, stages));
        Value next = work.multiply(k, stage, carried[0]);
        // What threads have in registers, they change while nothing reads it.
        if (work.hasRegisters) {
          next = tile::GroupWaitOp::create(b, type, next, 0);
          tile::ArriveOp::create(b, empty, stage);
          return {next};
        }
        // While this product goes on, the one before has ended.
        next = tile::GroupWaitOp::create(b, type, next, 1);
        Value isLater = arith::CmpIOp::create(b, arith::CmpIPredicate::ne,
                                              number, emitConstant(b, 0));
        emitIf(b, isLater, [&] {
          Value before = arith::SubIOp::create(b, number, emitConstant(b, 1));
          tile::ArriveOp::create(b, empty, emitRem(b, before, stages));
        });
        return {next};
      })[0];
  if (!work.hasRegisters)
    sums = tile::GroupWaitOp::create(b, type, sums, 0);
  work.finish(sums);
}
