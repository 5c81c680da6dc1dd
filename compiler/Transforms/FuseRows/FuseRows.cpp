//===- FuseRows.cpp - One loop for ops on the same rows -------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/KernelPlan.h"
#include "compiler/Passes.h"
#include "compiler/Transforms/Support/Counts.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StructuredOpsUtils.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include <numeric>
#include <vector>

namespace dither {
#define GEN_PASS_DEF_FUSEROWS
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

/// Parts at least, of which threads get equal shares.
static constexpr int64_t kFewestParts = 8;
/// Bytes of all buffers that are in the first cache anyway; what a part should
/// take at most, and what it may take if rows are long.
static constexpr int64_t kSmall = 32 << 10, kPart = 32 << 10,
                         kMostPart = 512 << 10;
/// Bytes of a part that are worth an iteration: a prime number of rows has no
/// larger parts than one of them.
static constexpr int64_t kLeastPart = 512;
/// Bytes of temporaries of a part, which may be on a thread's stack.
static constexpr int64_t kMostStack = 192 << 10;

//===- Buffers ------------------------------------------------------------===//

static bool isDynamic(int64_t count) { return ShapedType::isDynamic(count); }

/// Elements of a row: of an index of the first dimension.
static int64_t getRowElements(Value buffer) {
  auto shape = cast<MemRefType>(buffer.getType()).getShape();
  return ShapedType::getNumElements(shape.drop_front());
}

/// Whether all but the number of rows is known.
static bool hasUnknownRows(MemRefType type) {
  return type.getRank() > 0 && type.isDynamicDim(0) &&
         type.getNumDynamicDims() == 1;
}

/// The buffer that a value is a view of all of, in the same order; null if that
/// is not known. If the number of its rows is not known, the view has as many.
static Value getBase(Value value) {
  Value base = value;
  while (Operation *op = base.getDefiningOp()) {
    if (isa<memref::AllocOp>(op))
      break;
    if (!isa<memref::ExpandShapeOp, memref::CollapseShapeOp>(op))
      return {};
    base = op->getOperand(0);
  }
  auto type = cast<MemRefType>(base.getType());
  if (!type.getLayout().isIdentity())
    return {};
  if (type.hasStaticShape())
    return type.getNumElements() > 0 ? base : Value();
  bool hasSameRows = hasUnknownRows(type) &&
                     hasUnknownRows(cast<MemRefType>(value.getType())) &&
                     getRowElements(value) == getRowElements(base) &&
                     getRowElements(base) > 0;
  return hasSameRows ? base : Value();
}

/// Bytes of a buffer, or of one of its parts.
static int64_t getBytes(Value base, int64_t parts = 1) {
  auto type = cast<MemRefType>(base.getType());
  auto bytes = int64_t(llvm::divideCeil(type.getElementTypeBitWidth(), 8));
  if (type.hasStaticShape())
    return type.getNumElements() / parts * bytes;
  return getRowElements(base) * bytes * (isDynamic(parts) ? 1 : assumedRows);
}

namespace {
/// What an op does with a buffer.
struct Use {
  OpOperand *operand;
  Value base;
  /// Whether the outermost loop goes along the first dimension: if not, it goes
  /// along none.
  bool isCut;
  bool isWritten;
};

/// An op that can be done part by part.
struct Candidate {
  linalg::LinalgOp op;
  int64_t rows;
  SmallVector<Use> uses;
  /// What the body loads from, at positions of its own.
  SmallVector<Value, 1> loaded;

  static std::optional<Candidate> get(Operation *op);
  bool usesBase(Value base) const {
    return llvm::is_contained(loaded, base) ||
           llvm::any_of(uses, [&](const Use &use) { return use.base == base; });
  }

private:
  bool collectLoaded();
};
} // namespace

/// Whether an operand is indexed by the outermost loop as its first dimension,
/// or not at all; nothing if otherwise.
static std::optional<bool> isCut(linalg::LinalgOp op, OpOperand &operand,
                                 int64_t rows) {
  AffineMap map = op.getMatchingIndexingMap(&operand);
  if (!map.isFunctionOfDim(0))
    return false;
  auto first = dyn_cast<AffineDimExpr>(map.getResult(0));
  bool isFirst =
      first && first.getPosition() == 0 &&
      cast<MemRefType>(operand.get().getType()).getDimSize(0) == rows;
  for (AffineExpr other : map.getResults().drop_front())
    isFirst &= !other.isFunctionOfDim(0);
  return isFirst ? std::optional(true) : std::nullopt;
}

/// Finds what the body loads from, as that of a gather does. It must do nothing
/// else to memory.
bool Candidate::collectLoaded() {
  bool onlyLoads = true;
  op->walk([&](Operation *inner) {
    auto load = dyn_cast<memref::LoadOp>(inner);
    if (load)
      loaded.push_back(getBase(load.getMemRef()));
    onlyLoads &=
        inner == op || (load && loaded.back()) || isMemoryEffectFree(inner);
  });
  return onlyLoads;
}

std::optional<Candidate> Candidate::get(Operation *operation) {
  auto op = dyn_cast<linalg::LinalgOp>(operation);
  if (!op || !op.hasPureBufferSemantics() || op.getNumLoops() == 0 ||
      op.getIteratorTypesArray()[0] != utils::IteratorType::parallel)
    return std::nullopt;
  Candidate candidate{op, op.getStaticLoopRanges()[0], {}, {}};
  if (llvm::any_of(llvm::drop_begin(op.getStaticLoopRanges()), isDynamic) ||
      !candidate.collectLoaded())
    return std::nullopt;
  for (OpOperand &operand : op->getOpOperands()) {
    if (!isa<MemRefType>(operand.get().getType()))
      continue;
    Value base = getBase(operand.get());
    std::optional<bool> cut = ::isCut(op, operand, candidate.rows);
    bool isWritten = op.isDpsInit(&operand);
    if (!base || !cut || (isWritten && !*cut))
      return std::nullopt;
    bool isStatic = cast<MemRefType>(base.getType()).hasStaticShape();
    if (*cut && isStatic == isDynamic(candidate.rows))
      return std::nullopt;
    candidate.uses.push_back({&operand, base, *cut, isWritten});
  }
  return candidate;
}

//===- Groups -------------------------------------------------------------===//

namespace {
/// Ops that become one loop.
class Group {
public:
  /// Adds ops, if parts of all ops stay independent of each other.
  bool add(ArrayRef<Candidate> candidates);
  /// The number of parts; 0 if a loop is not worth it.
  int64_t chooseParts() const;
  /// Replaces the ops by a loop; says how many temporaries shrank.
  int64_t emit(int64_t parts, int64_t parallelElements);

  size_t size() const { return members.size(); }
  /// Whether an op of the group reads or writes a buffer.
  bool uses(Value base) const {
    return cut.contains(base) || whole.contains(base);
  }

private:
  bool isTemporary(Value base) const;
  template <typename Op>
  void emitLocals(ImplicitLocOpBuilder &b, ArrayRef<Value> temporaries,
                  int64_t parts);
  Value emitRows(ImplicitLocOpBuilder &b) const;
  Value emitPart(ImplicitLocOpBuilder &b, Value value, Value part,
                 int64_t parts) const;

  SmallVector<Candidate> members;
  DenseSet<Operation *> ops;
  /// A divisor of the rows of all ops.
  int64_t units = 0;
  llvm::SetVector<Value> cut;
  DenseSet<Value> written, whole;
  /// Of buffers that shrink, the memory of a part.
  DenseMap<Value, Value> local;
};
} // namespace

/// The parts that two numbers of rows can have, of which the first may be 0 for
/// none yet.
static int64_t getCommon(int64_t a, int64_t b) {
  if (isDynamic(a) || isDynamic(b))
    return a == b || a == 0 ? b : 1;
  return std::gcd(a, b);
}

bool Group::add(ArrayRef<Candidate> candidates) {
  bool isRelated = members.empty(), isIndependent = true;
  int64_t common = units;
  DenseSet<Value> nextWritten(written), nextWhole(whole);
  for (const Candidate &candidate : candidates) {
    common = getCommon(common, candidate.rows);
    for (const Use &use : candidate.uses) {
      isRelated |= cut.contains(use.base);
      if (use.isWritten)
        nextWritten.insert(use.base);
      if (!use.isCut)
        nextWhole.insert(use.base);
    }
    nextWhole.insert(candidate.loaded.begin(), candidate.loaded.end());
  }
  for (Value base : nextWhole)
    isIndependent &= !nextWritten.contains(base);
  // What has nothing to do with the others must at least not make parts larger.
  if (!isIndependent || (!isRelated && common != units) ||
      (isDynamic(common) ? !isRelated : common < kFewestParts))
    return false;
  units = common;
  written = std::move(nextWritten);
  whole = std::move(nextWhole);
  for (const Candidate &candidate : candidates) {
    for (const Use &use : candidate.uses)
      if (use.isCut)
        cut.insert(use.base);
    ops.insert(candidate.op);
    members.push_back(candidate);
  }
  return true;
}

int64_t Group::chooseParts() const {
  int64_t bytes = 0, least = 0, computing = 0;
  for (Value base : cut) {
    bytes += getBytes(base);
    least += getBytes(base, units);
  }
  for (Candidate member : members)
    computing += !isa<linalg::FillOp>(member.op.getOperation());
  if (computing < 2 || bytes <= kSmall || least > kMostPart)
    return 0;
  if (isDynamic(units))
    return units;
  for (int64_t parts = kFewestParts; parts < units; ++parts)
    if (units % parts == 0 && bytes / parts <= kPart)
      return parts;
  return bytes / units >= kLeastPart ? units : 0;
}

/// Whether an op writes each element of an output without reading it before.
static bool overwrites(linalg::LinalgOp op, OpOperand &output) {
  AffineMap map = op.getMatchingIndexingMap(&output);
  auto type = cast<MemRefType>(output.get().getType());
  if (!map.isProjectedPermutation() ||
      !op.getMatchingBlockArgument(&output).use_empty())
    return false;
  SmallVector<int64_t> ranges = op.getStaticLoopRanges();
  for (auto [d, result] : llvm::enumerate(map.getResults()))
    if (ranges[cast<AffineDimExpr>(result).getPosition()] != type.getDimSize(d))
      return false;
  return op.getNumReductionLoops() == 0;
}

/// Whether nothing but the ops of this group sees a buffer, and its first op
/// writes all of it.
bool Group::isTemporary(Value base) const {
  if (!base.getDefiningOp<memref::AllocOp>())
    return false;
  SmallVector<Value> views = {base};
  while (!views.empty())
    for (Operation *user : views.pop_back_val().getUsers()) {
      if (isa<memref::ExpandShapeOp, memref::CollapseShapeOp>(user))
        views.push_back(user->getResult(0));
      else if (!ops.contains(user))
        return false;
    }
  for (const Candidate &member : members) {
    const Use *output = nullptr;
    for (const Use &use : member.uses) {
      if (use.base != base)
        continue;
      if (!use.isWritten)
        return false;
      output = &use;
    }
    if (output)
      return overwrites(member.op, *output->operand);
  }
  return false;
}

//===- Loops --------------------------------------------------------------===//

/// The number of rows, where it is not known.
Value Group::emitRows(ImplicitLocOpBuilder &b) const {
  for (const Use &use : members.back().uses)
    if (use.isCut)
      return memref::DimOp::create(b, use.operand->get(), 0);
  llvm_unreachable("each op writes something");
}

/// The part of an operand, whose first dimension is a multiple of the parts.
Value Group::emitPart(ImplicitLocOpBuilder &b, Value value, Value part,
                      int64_t parts) const {
  auto type = cast<MemRefType>(value.getType());
  SmallVector<int64_t> shape(type.getShape());
  shape[0] = isDynamic(parts) ? 1 : shape[0] / parts;
  if (Value memory = local.lookup(getBase(value))) {
    auto view = MemRefType::get(shape, type.getElementType());
    auto [strides, offset] = view.getStridesAndOffset();
    return memref::ReinterpretCastOp::create(b, view, memory, offset, shape,
                                             strides);
  }
  SmallVector<OpFoldResult> offsets(shape.size(), b.getIndexAttr(0));
  SmallVector<OpFoldResult> strides(shape.size(), b.getIndexAttr(1));
  Value rows = arith::ConstantIndexOp::create(b, shape[0]);
  offsets[0] = arith::MulIOp::create(b, part, rows).getResult();
  return memref::SubViewOp::create(
      b, value, offsets, getAsIndexOpFoldResult(b.getContext(), shape),
      strides);
}

/// Memory for a part of each temporary.
template <typename Op>
void Group::emitLocals(ImplicitLocOpBuilder &b, ArrayRef<Value> temporaries,
                       int64_t parts) {
  int64_t sum = 0;
  for (Value base : temporaries) {
    int64_t bytes = getBytes(base, parts);
    if (sum + bytes > kMostStack)
      continue;
    sum += bytes;
    auto type = cast<MemRefType>(base.getType());
    int64_t elements =
        isDynamic(parts) ? getRowElements(base) : type.getNumElements() / parts;
    local[base] =
        Op::create(b, MemRefType::get({elements}, type.getElementType()),
                   b.getI64IntegerAttr(64));
  }
}

int64_t Group::emit(int64_t parts, int64_t parallelElements) {
  Operation *last = members.back().op;
  ImplicitLocOpBuilder b(last->getLoc(), last);
  int64_t iterations = 0;
  for (Candidate &member : members) {
    SmallVector<int64_t> ranges = member.op.getStaticLoopRanges();
    if (isDynamic(ranges[0]))
      ranges[0] = assumedRows;
    iterations += ShapedType::getNumElements(ranges);
  }
  // Before the extents of some are asked for.
  auto temporaries = llvm::to_vector(llvm::make_filter_range(
      cut, [&](Value base) { return isTemporary(base); }));
  Value zero = arith::ConstantIndexOp::create(b, 0);
  Value one = arith::ConstantIndexOp::create(b, 1);
  Value end =
      isDynamic(parts) ? emitRows(b) : arith::ConstantIndexOp::create(b, parts);
  bool isParallel = iterations >= parallelElements;
  // One thread has memory of the function for a part, others their stacks.
  if (!isParallel)
    emitLocals<memref::AllocOp>(b, temporaries, parts);
  Value part;
  if (isParallel) {
    auto loop = scf::ParallelOp::create(b, zero, end, one);
    b.setInsertionPointToStart(loop.getBody());
    part = loop.getInductionVars()[0];
    emitLocals<memref::AllocaOp>(b, temporaries, parts);
  } else {
    auto loop = scf::ForOp::create(b, zero, end, one);
    b.setInsertionPointToStart(loop.getBody());
    part = loop.getInductionVar();
  }
  for (Candidate &member : members) {
    SmallVector<Value> operands(member.op->getOperands());
    for (const Use &use : member.uses)
      if (use.isCut)
        operands[use.operand->getOperandNumber()] =
            emitPart(b, use.operand->get(), part, parts);
    // Before the op, whose body may ask for it.
    Value rows = arith::ConstantIndexOp::create(
        b, isDynamic(parts) ? 1 : member.rows / parts);
    Value first = arith::MulIOp::create(b, part, rows);
    auto clone = cast<linalg::LinalgOp>(
        mlir::clone(b, member.op.getOperation(), TypeRange(), operands));
    if (!clone.hasIndexSemantics())
      continue;
    SmallVector<OpFoldResult> offsets(clone.getNumLoops(), b.getIndexAttr(0));
    offsets[0] = first;
    IRRewriter rewriter(b);
    linalg::offsetIndices(rewriter, clone, offsets);
  }
  for (Candidate &member : llvm::reverse(members))
    member.op->erase();
  return int64_t(local.size());
}

namespace {
struct FuseRows : dither::impl::FuseRowsBase<FuseRows> {
  using FuseRowsBase::FuseRowsBase;

  void runOnOperation() override {
    int64_t loops = 0, fused = 0, shrunk = 0;
    for (Block &block : getOperation().getBody()) {
      std::vector<Group> groups(1);
      // Values to start from wait for the op that they are for.
      SmallVector<Candidate> fills;
      for (Operation &op : block) {
        std::optional<Candidate> candidate = Candidate::get(&op);
        if (!candidate) {
          if (isMemoryEffectFree(&op) || isa<memref::AllocOp>(op))
            continue;
          groups.emplace_back();
          fills.clear();
        } else if (isa<linalg::FillOp>(op)) {
          addFill(groups, fills, *candidate);
        } else {
          SmallVector<Candidate> next = takeFills(fills, *candidate);
          if (groups.back().add(next))
            continue;
          // Without its fills, if those write what it reads all of. What cannot
          // begin a group, such as an op on few rows, stays where it is.
          groups.emplace_back();
          if (!groups.back().add(next))
            (void)groups.back().add(*candidate);
        }
      }
      for (Group &group : groups) {
        if (group.size() < 2)
          continue;
        int64_t parts = group.chooseParts();
        if (parts == 0)
          continue;
        ++loops;
        fused += int64_t(group.size());
        shrunk += group.emit(parts, parallelElements);
      }
    }
    reportCounts(*this, getOperation(),
                 {{"loops", loops}, {"fused", fused}, {"local", shrunk}});
  }

  /// A fill waits for the op that it is for, unless ops before it use the
  /// buffer, too: those must not come later.
  static void addFill(std::vector<Group> &groups,
                      SmallVectorImpl<Candidate> &fills,
                      const Candidate &fill) {
    bool isUsed = groups.back().uses(fill.uses[0].base);
    if (isUsed && groups.back().add(fill))
      return;
    if (isUsed)
      groups.emplace_back();
    fills.push_back(fill);
  }

  /// An op, and before it those of the waiting fills that write what it uses.
  static SmallVector<Candidate> takeFills(SmallVectorImpl<Candidate> &fills,
                                          const Candidate &candidate) {
    SmallVector<Candidate> taken;
    llvm::erase_if(fills, [&](const Candidate &fill) {
      bool isFor = candidate.usesBase(fill.uses[0].base);
      if (isFor)
        taken.push_back(fill);
      return isFor;
    });
    taken.push_back(candidate);
    return taken;
  }
};
} // namespace
