//===- ListedProducts.cpp - Products with listed elements -----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which elements of x a column of w meets differs from column to column, but
// all rows of x meet the same. So a register holds one column of some rows, and
// each kept element is one number that multiplies it:
//
//   for each chunk of rows
//     stage the transpose of x: [K][rows of the chunk]
//     for each column of w: for each element w[k, j] of it
//       y'[j] += w[k, j] * x'[k]       x w
//       dx'[k] += w[k, j] * dy'[j]     dy w'
//       dw[k, j] += x'[k] . dy'[j]     x' dy
//     write back the transpose of the result
//
// The time is that of the kept elements, and of staging. Each result is summed
// in one order, whatever the chunks and threads.
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/Schedules/ListedProducts.h"
#include "compiler/Codegen/CPU/KernelPlan.h"
#include "compiler/Codegen/CPU/Schedules/Epilogue.h"
#include "compiler/Codegen/CPU/Schedules/Staging.h"
#include "compiler/Codegen/CPU/Weights/PackedFields.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace dither;

/// Rows of a chunk: as many sums as keep the multipliers busy and leave
/// registers; a sampled product has but two sums for its rows.
static constexpr int64_t kRows = 64, kSampledRows = 128;
/// A multiple of any target's vector.
static constexpr int64_t kLanes = 16;
/// Chunks that threads work on at the same time, each with scratch memory.
static constexpr int64_t kSharedChunks = 8;
/// Columns that a thread takes at a time.
static constexpr int64_t kSharedColumns = 64;
/// Operations of a dense product in the time of one with a kept element, and
/// in that of staging an element and writing it back.
static constexpr int64_t kFlopsPerKept = 4, kFlopsPerStaged = 32;

static int64_t getRows(Value x) {
  int64_t rows = cast<ShapedType>(x.getType()).getDimSize(0);
  return ShapedType::isDynamic(rows) ? assumedRows : rows;
}

/// Registers of rows that an element multiplies at most: their sums overlap as
/// much as more would, and columns of more rows would crowd the second cache.
static constexpr int64_t kVectors = 4;

static bool isWorthThreads(Value x, int64_t kept, int64_t staged,
                           int64_t parallelFlops) {
  return getRows(x) * (kFlopsPerKept * kept + kFlopsPerStaged * staged) >=
         parallelFlops / 2;
}

bool dither::isListed(ContractOp op) {
  return isa_and_present<ListPatternAttrInterface>(op.getPatternAttr());
}

bool dither::isListedWorthThreads(ContractOp op, int64_t parallelFlops) {
  auto dense = cast<ShapedType>(*op.getDense());
  int64_t kept = cast<ShapedType>(op.getParts()[0].getType()).getNumElements();
  return isWorthThreads(op.getX(), kept,
                        dense.getDimSize(0) + dense.getDimSize(1),
                        parallelFlops);
}

//===- Scratch memory -----------------------------------------------------===//

/// Rows of a chunk of a product of `rows` rows.
static int64_t getChunkRows(int64_t rows, int64_t most) {
  if (ShapedType::isDynamic(rows))
    return most;
  return std::min(most,
                  int64_t(llvm::alignTo(std::max<int64_t>(rows, 1), kLanes)));
}

/// Elements of the staged operands of a chunk.
static int64_t getChunkScratch(int64_t depth, int64_t columns, int64_t rows) {
  return (llvm::alignTo(depth, kLanes) + llvm::alignTo(columns, kLanes)) * rows;
}

namespace {
/// How a product is cut by rows.
struct Chunks {
  int64_t depth, columns, rows, shared = 1;

  Chunks(ContractOp op) {
    auto dense = cast<ShapedType>(*op.getDense());
    depth = dense.getDimSize(0);
    columns = dense.getDimSize(1);
    int64_t all = cast<ShapedType>(op.getX().getType()).getDimSize(0);
    rows = getChunkRows(all, kRows);
    if (op.getPlan().getTasks() == 0)
      return;
    shared =
        ShapedType::isDynamic(all)
            ? kSharedChunks
            : std::min(kSharedChunks, int64_t(llvm::divideCeil(all, rows)));
  }
  int64_t getScratch() const { return getChunkScratch(depth, columns, rows); }
};
} // namespace

int64_t dither::getListedScratch(ContractOp op) {
  Chunks chunks(op);
  return chunks.shared * chunks.getScratch();
}

int64_t dither::getListedScratch(SampledContractOp op) {
  auto x = cast<ShapedType>(op.getX().getType());
  return getChunkScratch(x.getDimSize(1),
                         cast<ShapedType>(op.getY().getType()).getDimSize(1),
                         getChunkRows(x.getDimSize(0), kSampledRows));
}

//===- Emitter ------------------------------------------------------------===//

namespace {
/// Rows from `row` on, in `vectors` registers; some may not exist.
struct Chunk {
  Value row;
  int64_t vectors = 0;
  bool isRagged = false;
};

/// A matrix and its staged transpose, from `base` of the scratch memory on.
struct Staged {
  Value matrix, base;
  int64_t columns = 0;
};

class ListEmitter {
public:
  ListEmitter(Operation *op, int64_t lanes, Value scratch, Value rows,
              Value offsets)
      : b(op->getLoc(), op), lanes(lanes), scratch(scratch), rows(rows),
        offsets(offsets), type(VectorType::get({lanes}, b.getF32Type())) {}

protected:
  using Body = function_ref<void(Value)>;

  Value emitIndex(int64_t value) {
    return arith::ConstantIndexOp::create(b, value);
  }
  Value emitAdd(Value x, Value y) { return arith::AddIOp::create(b, x, y); }
  Value emitAdd(Value x, int64_t y) {
    return y == 0 ? x : emitAdd(x, emitIndex(y));
  }
  Value emitMul(Value x, int64_t y) {
    return arith::MulIOp::create(b, x, emitIndex(y));
  }
  Value emitExtent(Value matrix) {
    return b.createOrFold<memref::DimOp>(matrix, 0);
  }
  void emitLoop(Value from, Value to, int64_t step, Body body) {
    auto loop = scf::ForOp::create(b, from, to, emitIndex(step));
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    body(loop.getInductionVar());
  }
  void emitLoop(int64_t to, int64_t step, Body body) {
    emitLoop(emitIndex(0), emitIndex(to), step, body);
  }
  /// The same, shared among threads if `isShared`.
  void emitSharedLoop(int64_t to, int64_t step, bool isShared, Body body) {
    if (!isShared || to <= step)
      return emitLoop(to, step, body);
    auto loop = scf::ParallelOp::create(b, emitIndex(0), emitIndex(to),
                                        emitIndex(step));
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    body(loop.getInductionVars()[0]);
  }

  //===- Staging ----------------------------------------------------------===//

  /// The position of a row in a column of the transpose.
  Value emitAt(const Staged &staged, const Chunk &chunk, Value column,
               Value row) {
    Value at = emitMul(column, chunk.vectors * lanes);
    return emitAdd(emitAdd(staged.base, at), row);
  }
  Value emitAt(const Staged &staged, const Chunk &chunk, Value column,
               int64_t vector) {
    return emitAt(staged, chunk, column, emitIndex(vector * lanes));
  }
  Value emitLoad(Value at) {
    return vector::LoadOp::create(b, type, scratch, at);
  }
  void emitStore(Value value, Value at) {
    vector::StoreOp::create(b, value, scratch, at);
  }
  SmallVector<Value> emitLoads(const Staged &staged, const Chunk &chunk,
                               Value column) {
    SmallVector<Value> vectors;
    for (int64_t v = 0; v < chunk.vectors; ++v)
      vectors.push_back(emitLoad(emitAt(staged, chunk, column, v)));
    return vectors;
  }

  /// Calls `body` for all columns, as many as lanes at a time: at the end there
  /// may be fewer.
  void emitColumns(int64_t columns, bool isShared,
                   function_ref<void(Value, bool)> body) {
    int64_t full = columns / lanes * lanes;
    if (full > 0)
      emitSharedLoop(full, lanes, isShared,
                     [&](Value column) { body(column, false); });
    if (full < columns)
      body(emitIndex(full), true);
  }

  /// Of a row that may not exist: one that does, and the mask of the elements
  /// from a column on that exist. Null if all do.
  std::pair<Value, Value> emitMask(const Staged &staged, const Chunk &chunk,
                                   Value row, Value column, bool isRagged) {
    if (!chunk.isRagged && !isRagged)
      return {row, Value()};
    Value left = emitIndex(lanes);
    if (isRagged)
      left = arith::SubIOp::create(b, emitIndex(staged.columns), column);
    if (chunk.isRagged) {
      Value count = emitExtent(staged.matrix);
      Value exists =
          arith::CmpIOp::create(b, arith::CmpIPredicate::ult, row, count);
      left = arith::SelectOp::create(b, exists, left, emitIndex(0));
      row = arith::MinUIOp::create(b, row, emitAdd(count, -1));
    }
    auto maskType = VectorType::get({lanes}, b.getI1Type());
    return {row, vector::CreateMaskOp::create(b, maskType, left)};
  }

  /// Stages the transpose. What does not exist is zero.
  void emitStage(const Staged &staged, const Chunk &chunk,
                 bool isShared = false) {
    emitColumns(staged.columns, isShared, [&](Value column, bool isRagged) {
      emitLoop(chunk.vectors * lanes, lanes, [&](Value first) {
        SmallVector<Value> square;
        Value from = emitAdd(chunk.row, first);
        for (int64_t i = 0; i < lanes; ++i) {
          auto [row, mask] =
              emitMask(staged, chunk, emitAdd(from, i), column, isRagged);
          square.push_back(
              dither::emitLoad(b, staged.matrix, {row, column}, mask, lanes));
        }
        emitTranspose(b, square);
        for (int64_t i = 0; i < lanes; ++i)
          emitStore(square[i],
                    emitAt(staged, chunk, emitAdd(column, i), first));
      });
    });
  }

  /// What becomes of elements of the result, of a row and of columns.
  using Epilogue = function_ref<Value(Value row, Panel panel, Value elements)>;

  /// Writes the staged transpose back.
  void emitUnstage(const Staged &staged, const Chunk &chunk,
                   Epilogue epilogue) {
    emitColumns(staged.columns, false, [&](Value column, bool isRagged) {
      emitLoop(chunk.vectors * lanes, lanes, [&](Value first) {
        SmallVector<Value> square;
        Value from = emitAdd(chunk.row, first);
        for (int64_t i = 0; i < lanes; ++i)
          square.push_back(
              emitLoad(emitAt(staged, chunk, emitAdd(column, i), first)));
        emitTranspose(b, square);
        for (int64_t i = 0; i < lanes; ++i) {
          auto [row, mask] =
              emitMask(staged, chunk, emitAdd(from, i), column, isRagged);
          SmallVector<Value, 2> position = {row, column};
          Value elements = epilogue(row, Panel{column, mask}, square[i]);
          if (mask)
            vector::MaskedStoreOp::create(b, staged.matrix, position, mask,
                                          elements);
          else
            vector::StoreOp::create(b, elements, staged.matrix, position);
        }
      });
    });
  }

  //===- Lists ------------------------------------------------------------===//

  Value emitElement(Value list, Value at) {
    return memref::LoadOp::create(b, list, at);
  }
  /// Emits a loop over the elements of a column; `body` gets the position, the
  /// row and what is carried.
  SmallVector<Value>
  emitList(Value column, ValueRange carried,
           function_ref<SmallVector<Value>(Value, Value, ValueRange)> body) {
    auto emitOffset = [&](Value at) -> Value {
      return arith::IndexCastOp::create(b, b.getIndexType(),
                                        emitElement(offsets, at));
    };
    Value from = emitOffset(column), to = emitOffset(emitAdd(column, 1));
    auto loop = scf::ForOp::create(b, from, to, emitIndex(1), carried);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    Value p = loop.getInductionVar();
    Value row =
        arith::IndexCastUIOp::create(b, b.getIndexType(), emitElement(rows, p));
    SmallVector<Value> next = body(p, row, loop.getRegionIterArgs());
    if (!carried.empty())
      scf::YieldOp::create(b, next);
    return SmallVector<Value>(loop.getResults());
  }

  Value emitZero() { return arith::ConstantOp::create(b, b.getZeroAttr(type)); }

  ImplicitLocOpBuilder b;
  int64_t lanes;
  Value scratch, rows, offsets;
  VectorType type;
};

//===- Products -----------------------------------------------------------===//

class ListedProduct : public ListEmitter {
public:
  ListedProduct(ContractOp op, int64_t lanes)
      : ListEmitter(op, lanes, op.getScratch()[0], op.getParts()[1],
                    op.getParts()[2]),
        op(op), chunks(op) {
    chunks.rows = std::min(chunks.rows, kVectors * lanes);
  }

  /// Chunks that threads share have scratch memory of their own.
  void emit() {
    Value count = emitExtent(op.getInit());
    int64_t group = chunks.shared * chunks.rows;
    emitLoop(emitIndex(0), count, group, [&](Value first) {
      emitSharedLoop(chunks.shared, 1, true, [&](Value i) {
        emitChunk(emitAdd(first, emitMul(i, chunks.rows)),
                  emitMul(i, chunks.getScratch()));
      });
    });
  }

private:
  /// What is left of the rows, if no chunk is full, takes few registers.
  void emitChunk(Value row, Value base) {
    auto type = cast<MemRefType>(op.getInit().getType());
    bool isKnown = !type.isDynamicDim(0);
    // Threads take as many chunks at a time as they share.
    int64_t group = chunks.shared * chunks.rows;
    if (isKnown && type.getDimSize(0) % group == 0)
      return emitProduct({row, chunks.rows / lanes, false}, base);
    Value left = arith::SubIOp::create(b, emitExtent(op.getInit()), row);
    emitIfMore(left, 0, [&]() { emitLeft(row, left, 1, base); }, []() {});
  }

  /// As many registers as hold the rows, in powers of two.
  void emitLeft(Value row, Value left, int64_t vectors, Value base) {
    int64_t most = chunks.rows / lanes;
    if (vectors >= most)
      return emitProduct({row, most, true}, base);
    emitIfMore(
        left, vectors * lanes,
        [&]() { emitLeft(row, left, 2 * vectors, base); },
        [&]() { emitProduct({row, vectors, true}, base); });
  }

  void emitIfMore(Value left, int64_t bound, function_ref<void()> then,
                  function_ref<void()> other) {
    Value holds = arith::CmpIOp::create(b, arith::CmpIPredicate::sgt, left,
                                        emitIndex(bound));
    auto branch = scf::IfOp::create(b, holds, /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPoint(branch.thenYield());
    then();
    b.setInsertionPoint(branch.elseYield());
    other();
  }

  void emitProduct(const Chunk &chunk, Value base) {
    int64_t depth = llvm::alignTo(chunks.depth, kLanes);
    Value behind = emitAdd(base, depth * chunk.vectors * lanes);
    // The side of the rows of w, and that of its columns.
    Staged deep{op.getX(), base, chunks.depth};
    Staged wide{op.getInit(), behind, chunks.columns};
    if (op.getTransposeW())
      std::swap(deep.matrix, wide.matrix);
    emitStage(op.getTransposeW() ? wide : deep, chunk);
    if (op.getTransposeW())
      emitScatter(deep, wide, chunk);
    else
      emitGather(deep, wide, chunk);
    emitUnstage(op.getTransposeW() ? deep : wide, chunk,
                [&](Value row, Panel panel, Value elements) {
                  if (op.getEpilogue().empty())
                    return elements;
                  return emitEpilogue(b, op, row, panel, elements);
                });
  }

  Value emitWeight(Value p) {
    return vector::BroadcastOp::create(b, type,
                                       emitElement(op.getParts()[0], p));
  }

  /// y'[j] = sum of w[k, j] x'[k]
  void emitGather(const Staged &x, const Staged &y, const Chunk &chunk) {
    emitLoop(chunks.columns, 1, [&](Value column) {
      SmallVector<Value> sums(chunk.vectors, emitZero());
      sums = emitList(column, sums, [&](Value p, Value row, ValueRange before) {
        Value weight = emitWeight(p);
        SmallVector<Value> after;
        for (auto [sum, value] :
             llvm::zip_equal(before, emitLoads(x, chunk, row)))
          after.push_back(vector::FMAOp::create(b, weight, value, sum));
        return after;
      });
      for (auto [v, sum] : llvm::enumerate(sums))
        emitStore(sum, emitAt(y, chunk, column, int64_t(v)));
    });
  }

  /// dx'[k] += w[k, j] dy'[j]
  void emitScatter(const Staged &dx, const Staged &dy, const Chunk &chunk) {
    emitLoop(chunks.depth, 1, [&](Value row) {
      for (int64_t v = 0; v < chunk.vectors; ++v)
        emitStore(emitZero(), emitAt(dx, chunk, row, v));
    });
    emitLoop(chunks.columns, 1, [&](Value column) {
      SmallVector<Value> values = emitLoads(dy, chunk, column);
      emitList(column, {}, [&](Value p, Value row, ValueRange) {
        Value weight = emitWeight(p);
        for (auto [v, value] : llvm::enumerate(values)) {
          Value at = emitAt(dx, chunk, row, int64_t(v));
          emitStore(vector::FMAOp::create(b, weight, value, emitLoad(at)), at);
        }
        return SmallVector<Value>();
      });
    });
  }

  ContractOp op;
  Chunks chunks;
};

class SampledProduct : public ListEmitter {
public:
  SampledProduct(SampledContractOp op, int64_t lanes, int64_t parallelFlops)
      : ListEmitter(op, lanes, op.getScratch(), op.getRows(), op.getOffsets()),
        op(op) {
    auto x = cast<MemRefType>(op.getX().getType());
    all = x.getDimSize(0);
    depth = x.getDimSize(1);
    columns = cast<MemRefType>(op.getY().getType()).getDimSize(1);
    kept = cast<MemRefType>(op.getInit().getType()).getNumElements();
    chunkRows = getChunkRows(all, kSampledRows);
    isShared = isWorthThreads(op.getX(), kept, depth + columns, parallelFlops);
  }

  /// The first chunk replaces what the result holds, the others add to it.
  void emit() {
    Value count = emitExtent(op.getX());
    emitClear();
    emitLoop(emitIndex(0), count, chunkRows, [&](Value row) {
      bool isRagged = ShapedType::isDynamic(all) || all % chunkRows != 0;
      emitChunk(Chunk{row, chunkRows / lanes, isRagged});
    });
  }

private:
  void emitClear() {
    Value zero = arith::ConstantOp::create(b, b.getF32FloatAttr(0));
    emitLoop(kept, 1, [&](Value p) {
      memref::StoreOp::create(b, zero, op.getInit(), p);
    });
  }

  void emitChunk(const Chunk &chunk) {
    int64_t aligned = llvm::alignTo(depth, kLanes);
    Staged x{op.getX(), emitIndex(0), depth};
    Staged y{op.getY(), emitIndex(aligned * chunk.vectors * lanes), columns};
    emitStage(x, chunk, isShared);
    emitStage(y, chunk, isShared);
    emitSharedLoop(columns, kSharedColumns, isShared, [&](Value first) {
      Value end = arith::MinUIOp::create(b, emitAdd(first, kSharedColumns),
                                         emitIndex(columns));
      emitLoop(first, end, 1,
               [&](Value column) { emitColumn(x, y, chunk, column); });
    });
  }

  void emitColumn(const Staged &x, const Staged &y, const Chunk &chunk,
                  Value column) {
    SmallVector<Value> values = emitLoads(y, chunk, column);
    emitList(column, {}, [&](Value p, Value row, ValueRange) {
      // Two sums overlap.
      SmallVector<Value, 2> sums;
      for (auto [v, value] : llvm::enumerate(emitLoads(x, chunk, row))) {
        if (v < 2)
          sums.push_back(arith::MulFOp::create(b, value, values[v]));
        else
          sums[v % 2] = vector::FMAOp::create(b, value, values[v], sums[v % 2]);
      }
      Value sum = sums.size() < 2
                      ? sums[0]
                      : arith::AddFOp::create(b, sums[0], sums[1]).getResult();
      Value total = vector::ReductionOp::create(
          b, vector::CombiningKind::ADD, sum, arith::FastMathFlags::reassoc);
      Value before = emitElement(op.getInit(), p);
      memref::StoreOp::create(b, arith::AddFOp::create(b, before, total),
                              op.getInit(), p);
      return SmallVector<Value>();
    });
  }

  SampledContractOp op;
  int64_t all, depth, columns, kept, chunkRows;
  bool isShared;
};
} // namespace

void dither::emitListedProduct(ContractOp op, int64_t lanes) {
  ListedProduct(op, lanes).emit();
}

void dither::emitSampledProduct(SampledContractOp op, int64_t lanes,
                                int64_t parallelFlops) {
  SampledProduct(op, lanes, parallelFlops).emit();
}
