//===- Sorting.cpp - Sorting to loops -------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Elements become keys, unsigned integers in their order. Few places, or few
// elements, are found by insertion into a sorted list; else, rows are sorted by
// the digits of their keys from the last to the first, each time with equal
// ones in the order that they had: time is linear in the number of elements.
// What this takes of memory lies outside of the loops over rows, so that it is
// that of one row.
//
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/DitherToLinalg/LoopBuilder.h"
#include "compiler/Conversion/DitherToLinalg/Patterns.h"

using namespace mlir;
using namespace dither;

/// Up to so many places are found by insertion, of any number of elements, and
/// up to so many elements are sorted by it.
static constexpr int64_t kFewPlaces = 16, kFewElements = 48;
/// Elements that are compared with the list at a time.
static constexpr int64_t kBlock = 64;
/// A digit of a key.
static constexpr int64_t kDigitBits = 8, kDigits = 1 << kDigitBits;

static Value createExtent(ImplicitLocOpBuilder &b, Value x, int64_t dim) {
  return getValueOrCreateConstantIndexOp(
      b, b.getLoc(), tensor::getMixedSize(b, b.getLoc(), x, dim));
}

//===- Keys ---------------------------------------------------------------===//

namespace {
/// Makes unsigned integers that are in the order of elements.
class KeyBuilder {
public:
  KeyBuilder(LoopBuilder &l, Type element, bool descending)
      : l(l), b(l.b), element(element), descending(descending),
        bits(std::max(8u, element.getIntOrFloatBitWidth())) {}

  unsigned getWidth() const { return bits; }
  Type getType() { return b.getIntegerType(bits); }

  Value emit(Value x) {
    if (isa<FloatType>(element))
      return emitFloat(arith::BitcastOp::create(b, getType(), x));
    if (element.isInteger(1))
      return turn(arith::ExtUIOp::create(b, getType(), x));
    return turn(
        arith::XOrIOp::create(b, x, constant(APInt::getSignMask(bits))));
  }

private:
  /// Negative numbers are in reverse order, below the others. NaN comes last.
  Value emitFloat(Value word) {
    APInt infinity =
        APFloat::getInf(cast<FloatType>(element).getFloatSemantics())
            .bitcastToAPInt();
    Value size = arith::AndIOp::create(
        b, word, constant(APInt::getSignedMaxValue(bits)));
    Value zero = constant(APInt::getZero(bits));
    Value isZero = l.compare(arith::CmpIPredicate::eq, size, zero);
    Value isNaN =
        l.compare(arith::CmpIPredicate::ugt, size, constant(infinity));
    word = arith::SelectOp::create(b, isZero, zero, word);
    Value sign =
        arith::ShRSIOp::create(b, word, constant(APInt(bits, bits - 1)));
    Value flip =
        arith::OrIOp::create(b, sign, constant(APInt::getSignMask(bits)));
    Value key = turn(arith::XOrIOp::create(b, word, flip));
    return arith::SelectOp::create(b, isNaN, constant(APInt::getMaxValue(bits)),
                                   key);
  }

  Value turn(Value key) {
    if (!descending)
      return key;
    return arith::XOrIOp::create(b, key, constant(APInt::getMaxValue(bits)));
  }

  Value constant(const APInt &value) {
    return arith::ConstantOp::create(b, b.getIntegerAttr(getType(), value));
  }

  LoopBuilder &l;
  ImplicitLocOpBuilder &b;
  Type element;
  bool descending;
  unsigned bits;
};

//===- Argsort ------------------------------------------------------------===//

using Values = SmallVector<Value>;

class ArgsortLowering {
public:
  ArgsortLowering(ArgsortOp op, OpBuilder &builder)
      : l(op.getLoc(), builder), b(l.b), x(op.getX()),
        type(cast<RankedTensorType>(op.getType())), dim(int64_t(op.getDim())),
        key(l, getElementTypeOrSelf(x), op.getDescending()) {
    extent = cast<RankedTensorType>(x.getType()).getDimSize(dim);
    count = type.getDimSize(dim);
  }

  Value emit() {
    Value result = createEmpty(b, b.getLoc(), type, x);
    if (llvm::is_contained(type.getShape(), 0))
      return result;
    position.resize(type.getRank());
    Values state = {result};
    if (isByInsertion())
      state.push_back(createBuffer(key.getType(), count));
    else
      llvm::append_range(state, createDigitBuffers());
    return emitRows(0, state)[0];
  }

private:
  bool isByInsertion() const {
    return count <= kFewPlaces || extent <= kFewElements;
  }

  Value createBuffer(Type element, int64_t size) {
    return tensor::EmptyOp::create(b, ArrayRef(size), element);
  }

  /// Loops over all dimensions but one.
  Values emitRows(int64_t d, ValueRange state) {
    if (d == type.getRank())
      return isByInsertion() ? emitByInsertion(state) : emitByDigits(state);
    if (d == dim)
      return emitRows(d + 1, state);
    return l.loop(l.index(0), createExtent(b, x, d), state,
                  [&](Value i, ValueRange carried) {
                    position[d] = i;
                    return emitRows(d + 1, carried);
                  });
  }

  /// The position of an element of the row.
  Values at(Value i) const {
    Values all(position);
    all[dim] = i;
    return all;
  }

  Value emitKey(Value i) { return key.emit(l.extract(x, at(i))); }

  Value toNumber(Value index) {
    return arith::IndexCastUIOp::create(b, b.getI32Type(), index);
  }

  //===- By insertion -----------------------------------------------------===//

  /// The state is the result and a list of keys, which is sorted.
  Values emitByInsertion(ValueRange state) {
    Values first = l.loop(l.index(0), l.index(count), state,
                          [&](Value i, ValueRange carried) {
                            return emitInsert(emitKey(i), i, i, carried);
                          });
    if (count == extent)
      return first;
    int64_t blocks = llvm::divideCeil(extent - count, kBlock);
    return l.loop(l.index(0), l.index(blocks), first,
                  [&](Value block, ValueRange carried) {
                    return emitBlock(block, carried);
                  });
  }

  /// Whether a block has anything for the list is found without branches, so
  /// that several elements are compared at a time.
  Values emitBlock(Value block, ValueRange state) {
    Value last = l.index(count - 1);
    Value from = arith::MulIOp::create(b, block, l.index(kBlock));
    from = arith::AddIOp::create(b, from, l.index(count));
    Value to = arith::AddIOp::create(b, from, l.index(kBlock));
    to = arith::MinSIOp::create(b, to, l.index(extent));
    Value greatest = l.integer(-1, key.getWidth());
    Value least =
        l.loop(from, to, greatest, [&](Value i, ValueRange carried) -> Values {
          return {arith::MinUIOp::create(b, emitKey(i), carried[0])};
        })[0];
    auto emitElement = [&](Value i, ValueRange carried) {
      Value next = emitKey(i);
      return emitIfListed(next, carried, [&](ValueRange inner) {
        return emitInsert(next, i, last, inner);
      });
    };
    return emitIfListed(least, state, [&](ValueRange carried) {
      return l.loop(from, to, carried, emitElement);
    });
  }

  /// Emits something that is for keys before the last one of the list. A loop
  /// that runs once or not at all stays in the memory of what it carries; a
  /// branch would not.
  Values emitIfListed(Value next, ValueRange state,
                      function_ref<Values(ValueRange)> body) {
    Value worst = l.extract(state[1], l.index(count - 1));
    Value isListed = l.compare(arith::CmpIPredicate::ult, next, worst);
    Value times = arith::IndexCastUIOp::create(b, b.getIndexType(), isListed);
    return l.loop(l.index(0), times, state,
                  [&](Value, ValueRange carried) { return body(carried); });
  }

  /// Inserts element `i` into the list, which then ends with `last`.
  Values emitInsert(Value next, Value i, Value last, ValueRange state) {
    Value place = emitPlace(next, last, state[1]);
    Values moved = l.loop(l.index(0), arith::SubIOp::create(b, last, place),
                          state, [&](Value step, ValueRange carried) -> Values {
                            Value to = arith::SubIOp::create(b, last, step);
                            Value from =
                                arith::SubIOp::create(b, to, l.index(1));
                            Value number = l.extract(carried[0], at(from));
                            Value other = l.extract(carried[1], from);
                            return {l.insert(number, carried[0], at(to)),
                                    l.insert(other, carried[1], to)};
                          });
    return {l.insert(toNumber(i), moved[0], at(place)),
            l.insert(next, moved[1], place)};
  }

  /// Where a key comes, behind those that equal it, looked for from the end.
  Value emitPlace(Value next, Value last, Value keys) {
    auto loop = scf::WhileOp::create(
        b, TypeRange(b.getIndexType()), ValueRange(last),
        [&](OpBuilder &builder, Location loc, ValueRange place) {
          ImplicitLocOpBuilder inner(loc, builder);
          Value isInside =
              arith::CmpIOp::create(inner, arith::CmpIPredicate::ugt, place[0],
                                    arith::ConstantIndexOp::create(inner, 0));
          // Nothing has been written before the first place.
          auto goesOn = scf::IfOp::create(
              inner, isInside,
              [&](OpBuilder &builder, Location loc) {
                ImplicitLocOpBuilder branch(loc, builder);
                Value one = arith::ConstantIndexOp::create(branch, 1);
                Value before = arith::SubIOp::create(branch, place[0], one);
                Value other = tensor::ExtractOp::create(branch, keys, before);
                Value isLarger = arith::CmpIOp::create(
                    branch, arith::CmpIPredicate::ugt, other, next);
                scf::YieldOp::create(branch, isLarger);
              },
              [](OpBuilder &builder, Location loc) {
                Value no = arith::ConstantIntOp::create(builder, loc, 0, 1);
                scf::YieldOp::create(builder, loc, no);
              });
          scf::ConditionOp::create(inner, goesOn.getResult(0), place);
        },
        [](OpBuilder &builder, Location loc, ValueRange place) {
          Value one = arith::ConstantIndexOp::create(builder, loc, 1);
          Value before = arith::SubIOp::create(builder, loc, place[0], one);
          scf::YieldOp::create(builder, loc, before);
        });
    return loop.getResult(0);
  }

  //===- By digits --------------------------------------------------------===//

  /// Slots of the state. Those of keys and numbers are two each: they are moved
  /// from one to the other.
  enum Slot {
    result,
    counts,
    keys,
    numbers = keys + 2,
    numSlots = numbers + 2
  };

  int64_t getNumPasses() const { return key.getWidth() / kDigitBits; }

  /// All slots but the result.
  Values createDigitBuffers() {
    Type number = b.getI32Type();
    Values buffers = {createBuffer(number, getNumPasses() * kDigits)};
    for (Type element : {key.getType(), key.getType(), number, number})
      buffers.push_back(createBuffer(element, extent));
    return buffers;
  }

  Values emitByDigits(ValueRange carried) {
    Values state(carried);
    Value zero = l.integer(0);
    state[counts] = linalg::FillOp::create(b, zero, state[counts]).getResult(0);
    emitCounts(state);
    for (int64_t pass = 0; pass < getNumPasses(); ++pass) {
      emitStarts(state, pass);
      emitPass(state, pass);
    }
    if (count < extent)
      copyFirst(state, state[numbers + getNumPasses() % 2]);
    return state;
  }

  /// Where a digit of a key is counted.
  Value emitDigit(Value word, int64_t pass) {
    unsigned bits = key.getWidth();
    Value digit =
        arith::ShRUIOp::create(b, word, l.integer(pass * kDigitBits, bits));
    digit = arith::AndIOp::create(b, digit, l.integer(kDigits - 1, bits));
    Value index = arith::IndexCastUIOp::create(b, b.getIndexType(), digit);
    return arith::AddIOp::create(b, index, l.index(pass * kDigits));
  }

  /// Adds 1 to a count and gives what it was.
  Value emitIncrement(Value &counters, Value place) {
    Value before = l.extract(counters, place);
    Value after = arith::AddIOp::create(b, before, l.integer(1));
    counters = l.insert(after, counters, place);
    return before;
  }

  /// Keys, and how often each digit occurs at each place.
  void emitCounts(Values &state) {
    Values made =
        l.loop(l.index(0), l.index(extent), {state[counts], state[keys]},
               [&](Value i, ValueRange carried) -> Values {
                 Value word = emitKey(i), counters = carried[0];
                 for (int64_t pass = 0; pass < getNumPasses(); ++pass)
                   emitIncrement(counters, emitDigit(word, pass));
                 return {counters, l.insert(word, carried[1], i)};
               });
    state[counts] = made[0];
    state[keys] = made[1];
  }

  /// Counts of digits to where the first key with each one goes.
  void emitStarts(Values &state, int64_t pass) {
    state[counts] =
        l.loop(l.index(pass * kDigits), l.index((pass + 1) * kDigits),
               {state[counts], l.integer(0)},
               [&](Value digit, ValueRange carried) -> Values {
                 Value found = l.extract(carried[0], digit);
                 return {l.insert(carried[1], carried[0], digit),
                         arith::AddIOp::create(b, carried[1], found)};
               })[0];
  }

  /// Moves keys and numbers to where a digit wants them; the last pass needs no
  /// keys.
  void emitPass(Values &state, int64_t pass) {
    int64_t source = pass % 2, target = 1 - source;
    bool isLast = pass + 1 == getNumPasses();
    bool isDirect = isLast && count == extent;
    SmallVector<int64_t> slots = {counts, isDirect ? result : numbers + target};
    if (!isLast)
      slots.push_back(keys + target);
    Values initial;
    for (int64_t slot : slots)
      initial.push_back(state[slot]);
    auto move = [&](Value i, ValueRange carried) -> Values {
      Value word = l.extract(state[keys + source], i);
      Value number =
          pass == 0 ? toNumber(i) : l.extract(state[numbers + source], i);
      Value counters = carried[0];
      Value place = emitIncrement(counters, emitDigit(word, pass));
      place = arith::IndexCastUIOp::create(b, b.getIndexType(), place);
      Values next = {counters, l.insert(number, carried[1],
                                        isDirect ? at(place) : Values{place})};
      if (!isLast)
        next.push_back(l.insert(word, carried[2], place));
      return next;
    };
    Values moved = l.loop(l.index(0), l.index(extent), initial, move);
    for (auto [slot, value] : llvm::zip_equal(slots, moved))
      state[slot] = value;
  }

  void copyFirst(Values &state, Value sorted) {
    state[result] =
        l.loop(l.index(0), l.index(count), state[result],
               [&](Value i, ValueRange carried) -> Values {
                 return {l.insert(l.extract(sorted, i), carried[0], at(i))};
               })[0];
  }

  LoopBuilder l;
  ImplicitLocOpBuilder &b;
  Value x;
  RankedTensorType type;
  int64_t dim, extent, count;
  KeyBuilder key;
  /// Of the row, in all dimensions but one.
  Values position;
};

struct LowerArgsort : OpRewritePattern<ArgsortOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ArgsortOp op,
                                PatternRewriter &rewriter) const override {
    rewriter.replaceOp(op, ArgsortLowering(op, rewriter).emit());
    return success();
  }
};

//===- Positions along a dimension ----------------------------------------===//

struct LowerTakeAlong : OpRewritePattern<TakeAlongOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(TakeAlongOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(op.getType());
    int64_t rank = type.getRank();
    auto dim = int64_t(op.getDim());
    Value init = createEmpty(rewriter, loc, type, op.getIndices());
    Value extent = arith::ConstantIndexOp::create(
        rewriter, loc,
        cast<RankedTensorType>(op.getX().getType()).getDimSize(dim));
    AffineMap map = rewriter.getMultiDimIdentityMap(rank);
    rewriter.replaceOpWithNewOp<linalg::GenericOp>(
        op, TypeRange(type), ValueRange(op.getIndices()), ValueRange(init),
        ArrayRef{map, map}, getParallel(rank),
        [&](OpBuilder &b, Location loc, ValueRange v) {
          Values at;
          for (int64_t d = 0; d < rank; ++d)
            at.push_back(d == dim ? createClamped(b, loc, v[0], extent)
                                  : linalg::IndexOp::create(b, loc, d));
          Value element = tensor::ExtractOp::create(b, loc, op.getX(), at);
          linalg::YieldOp::create(b, loc, element);
        });
    return success();
  }
};

/// One addition after the other, in the memory of x where nothing else reads it
/// later.
struct LowerScatterAddAlong : OpRewritePattern<ScatterAddAlongOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ScatterAddAlongOp op,
                                PatternRewriter &rewriter) const override {
    LoopBuilder l(op.getLoc(), rewriter);
    auto type = cast<RankedTensorType>(op.getType());
    auto indices = cast<RankedTensorType>(op.getIndices().getType());
    if (llvm::is_contained(type.getShape(), 0) ||
        llvm::is_contained(indices.getShape(), 0)) {
      rewriter.replaceOp(op, op.getX());
      return success();
    }
    // Sums of many elements are rounded once.
    Value x = buildWide(l.b, op.getX());
    Values position;
    Value sums = emitLoops(l, op, position, x);
    rewriter.replaceOp(op, buildCast(l.b, sums, type.getElementType()));
    return success();
  }

private:
  static Value emitLoops(LoopBuilder &l, ScatterAddAlongOp op, Values &position,
                         Value sums) {
    auto d = int64_t(position.size());
    if (d == cast<RankedTensorType>(op.getType()).getRank())
      return emitAddition(l, op, position, sums);
    auto body = [&](Value i, ValueRange carried) -> Values {
      position.push_back(i);
      Value next = emitLoops(l, op, position, carried[0]);
      position.pop_back();
      return {next};
    };
    return l.loop(l.index(0), createExtent(l.b, op.getIndices(), d), sums,
                  body)[0];
  }

  static Value emitAddition(LoopBuilder &l, ScatterAddAlongOp op,
                            const Values &position, Value sums) {
    ImplicitLocOpBuilder &b = l.b;
    auto dim = int64_t(op.getDim());
    Value extent = createExtent(b, op.getX(), dim);
    Value update = l.extract(op.getUpdates(), position);
    Value index = l.extract(op.getIndices(), position);
    Values at(position);
    at[dim] = createClamped(b, b.getLoc(), index, extent);
    index = arith::IndexCastOp::create(b, b.getIndexType(), index);
    Value exists = l.compare(arith::CmpIPredicate::eq, index, at[dim]);
    Value before = l.extract(sums, at);
    Value after = createAdded(b, b.getLoc(), update, before);
    // What has no place leaves the element that is read instead as it is.
    return l.insert(arith::SelectOp::create(b, exists, after, before), sums,
                    at);
  }
};
} // namespace

void dither::populateSortingToLinalg(RewritePatternSet &patterns) {
  patterns.add<LowerArgsort, LowerTakeAlong, LowerScatterAddAlong>(
      patterns.getContext());
}
