//===- TileToNVVM.cpp - Tiles to instructions of a thread -----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Tile/Layout/SharedLayouts.h"
#include "compiler/Conversion/TileToNVVM/Patterns.h"
#include "compiler/Passes.h"
#include "mlir/Conversion/GPUCommon/GPUCommonPass.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/SCF/Transforms/Patterns.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace dither {
#define GEN_PASS_DEF_TILETONVVM
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither::tile;

static constexpr unsigned sharedSpace = 3;
static constexpr int64_t wordBytes = 4;
/// Of mma.sync, whose operands have 32 bytes along the contraction.
static constexpr int64_t mmaRows = 16, mmaColumns = 8, mmaBytes = 32,
                         mmaDepth = 16;
/// Registers of its fragments.
static constexpr int64_t aRegisters = 4, bRegisters = 2, cRegisters = 4;

static int64_t getBytes(Type element) {
  return element.getIntOrFloatBitWidth() / 8;
}

VectorType dither::tile::getHeld(RegistersType tile) {
  Type element = tile.getElementType();
  int64_t perWord = wordBytes / getBytes(element);
  if (perWord == 1)
    return VectorType::get({tile.getCount()}, element);
  return VectorType::get({tile.getCount() / perWord},
                         IntegerType::get(tile.getContext(), 32));
}

SmallVector<Value> dither::tile::split(ImplicitLocOpBuilder &b, Value held) {
  return SmallVector<Value>(vector::ToElementsOp::create(b, held).getResults());
}

namespace {
struct LowerPlace : TilePattern<PlaceOp> {
  using TilePattern::TilePattern;
  LogicalResult
  matchAndRewrite(PlaceOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOp(op, adaptor.getMemory());
    return success();
  }
};

struct LowerCopy : TilePattern<CopyOp> {
  using TilePattern::TilePattern;
  LogicalResult
  matchAndRewrite(CopyOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Emitter emitter(b, converter);
    emitCopy(b, emitter, op, adaptor.getTiles());
    rewriter.eraseOp(op);
    return success();
  }
};

struct LowerWrite : TilePattern<WriteOp> {
  using TilePattern::TilePattern;
  LogicalResult
  matchAndRewrite(WriteOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Emitter emitter(b, converter);
    SharedType tiles = op.getTiles().getType();
    std::string reason;
    auto places = tiles.getLayout().getLayout().invert(reason);
    assert(succeeded(places) && "the layout is bijective");
    auto narrow = [&](Value index) -> Value {
      return arith::IndexCastOp::create(b, b.getI32Type(), index);
    };
    Input inputs[] = {{dim::row, narrow(op.getRow())},
                      {dim::column, narrow(op.getColumn())}};
    Value place =
        emitter.emitIndex(emitter.emitCoordinate(*places, inputs, dim::offset));
    place = emitter.emitInStage(tiles, op.getStage(), place);
    // As integers: not every host that emulates a device stores vectors of
    // bf16. Bytes go by words.
    auto type = cast<VectorType>(op.getValues().getType());
    int64_t bytes = type.getNumElements() * getBytes(type.getElementType());
    Value address = emitter.emitAddress(adaptor.getTiles(), place);
    Value values;
    if (type.getElementType().isInteger(8))
      values = vector::BitCastOp::create(
          b, VectorType::get({bytes / wordBytes}, b.getI32Type()),
          op.getValues());
    else
      values = arith::BitcastOp::create(b, type.clone(b.getI16Type()),
                                        op.getValues());
    LLVM::StoreOp::create(b, values, address, unsigned(bytes));
    rewriter.eraseOp(op);
    return success();
  }
};

struct LowerLoad : TilePattern<LoadOp> {
  using TilePattern::TilePattern;
  LogicalResult
  matchAndRewrite(LoadOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Emitter emitter(b, converter);
    SharedType tiles = op.getTiles().getType();
    RegistersType tile = op.getTile().getType();
    std::string reason;
    auto access = matchMatrixAccess(
        tile.getLayout().getLayout(), tiles.getLayout().getLayout(),
        unsigned(getBytes(tile.getElementType())), reason);
    if (failed(access)) {
      rewriter.replaceOp(op, emitWords(b, emitter, op, adaptor.getTiles()));
      return success();
    }
    Input inputs[] = {{dim::lane, emitter.emitLane()},
                      {dim::warp, emitter.emitWarp()}};
    Value first =
        emitter.emitCoordinate(access->addresses, inputs, dim::offset);
    Value stage = arith::MulIOp::create(
        b, op.getStage(), arith::ConstantIndexOp::create(b, tiles.getCount()));
    VectorType held = getHeld(tile);
    SmallVector<Value> registers;
    for (int64_t i = 0; i < held.getNumElements() / access->count; ++i) {
      Value place =
          emitter.emitWith(first, access->addresses, dim::reg, i, dim::offset);
      place = arith::AddIOp::create(b, stage, emitter.emitIndex(place));
      emitMatrices(b, emitter.emitAddress(adaptor.getTiles(), place), *access,
                   registers);
    }
    rewriter.replaceOpWithNewOp<vector::FromElementsOp>(op, held, registers);
    return success();
  }

  /// The tile word by word.
  static Value emitWords(ImplicitLocOpBuilder &b, Emitter &emitter, LoadOp op,
                         Value memory) {
    SharedType tiles = op.getTiles().getType();
    RegistersType tile = op.getTile().getType();
    std::string reason;
    auto places = tile.getLayout().getLayout().invertAndCompose(
        tiles.getLayout().getLayout(), reason);
    assert(succeeded(places) && "the op is verified");
    Input inputs[] = {{dim::lane, emitter.emitLane()},
                      {dim::warp, emitter.emitWarp()}};
    Value first = emitter.emitCoordinate(*places, inputs, dim::offset);
    Value stage = arith::MulIOp::create(
        b, op.getStage(), arith::ConstantIndexOp::create(b, tiles.getCount()));
    SmallVector<Value> words;
    int64_t perWord = wordBytes / getBytes(tile.getElementType());
    for (int64_t i = 0; i < tile.getCount(); i += perWord) {
      Value place = emitter.emitWith(first, *places, dim::reg, i, dim::offset);
      place = arith::AddIOp::create(b, stage, emitter.emitIndex(place));
      words.push_back(LLVM::LoadOp::create(b, b.getI32Type(),
                                           emitter.emitAddress(memory, place),
                                           unsigned(wordBytes)));
    }
    return vector::FromElementsOp::create(b, getHeld(tile), words);
  }

  static void emitMatrices(ImplicitLocOpBuilder &b, Value address,
                           const MatrixAccess &access,
                           SmallVectorImpl<Value> &registers) {
    Type word = b.getI32Type();
    Type result = word;
    if (access.count > 1)
      result = LLVM::LLVMStructType::getLiteral(
          b.getContext(), SmallVector<Type>(access.count, word));
    auto layout =
        access.transposed ? NVVM::MMALayout::col : NVVM::MMALayout::row;
    Value matrices = NVVM::LdMatrixOp::create(
        b, result, address, access.count, layout,
        NVVM::LdStMatrixShapeAttr::get(b.getContext(), 8, 8),
        NVVM::LdStMatrixEltType::B16);
    if (access.count == 1)
      return registers.push_back(matrices);
    for (unsigned i = 0; i < access.count; ++i)
      registers.push_back(
          LLVM::ExtractValueOp::create(b, matrices, ArrayRef<int64_t>{i}));
  }
};

struct LowerFill : TilePattern<FillOp> {
  using TilePattern::TilePattern;
  LogicalResult
  matchAndRewrite(FillOp op, OpAdaptor,
                  ConversionPatternRewriter &rewriter) const override {
    VectorType held = getHeld(op.getTile().getType());
    Attribute value = op.getValueAttr();
    if (held.getElementType().isInteger())
      value =
          rewriter.getI32IntegerAttr(int32_t(op.getValue().convertToDouble()));
    rewriter.replaceOpWithNewOp<arith::ConstantOp>(
        op, held, DenseElementsAttr::get(held, value));
    return success();
  }
};

/// Each warp multiplies its rows of a by its columns of b.
struct LowerMma : TilePattern<MmaOp> {
  using TilePattern::TilePattern;
  LogicalResult
  matchAndRewrite(MmaOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    auto count = [](Value held) {
      return cast<VectorType>(held.getType()).getNumElements();
    };
    Type element = op.getA().getType().getElementType();
    int64_t depth = mmaBytes / getBytes(element);
    int64_t steps = op.getA().getType().getShape()[1] / depth;
    int64_t rows = count(adaptor.getA()) / aRegisters / steps;
    int64_t columns = count(adaptor.getB()) / bRegisters / steps;
    SmallVector<Value> a = split(b, adaptor.getA()),
                       w = split(b, adaptor.getB()),
                       sums = split(b, adaptor.getC());
    for (int64_t k = 0; k < steps; ++k)
      for (int64_t i = 0; i < rows; ++i)
        for (int64_t j = 0; j < columns; ++j)
          emitProduct(
              b, element, depth,
              ArrayRef(a).slice((k * rows + i) * aRegisters, aRegisters),
              ArrayRef(w).slice((k * columns + j) * bRegisters, bRegisters),
              MutableArrayRef(sums).slice((i * columns + j) * cRegisters,
                                          cRegisters));
    rewriter.replaceOpWithNewOp<vector::FromElementsOp>(
        op, getHeld(op.getD().getType()), sums);
    return success();
  }

  static NVVM::MMATypes getType(Type element) {
    if (element.isInteger(8))
      return NVVM::MMATypes::s8;
    return element.isBF16() ? NVVM::MMATypes::bf16 : NVVM::MMATypes::f16;
  }

  static void emitProduct(ImplicitLocOpBuilder &b, Type element, int64_t depth,
                          ValueRange a, ValueRange w,
                          MutableArrayRef<Value> sums) {
    // Operands of f16 are vectors of two, others words.
    SmallVector<Value> as(a), ws(w);
    if (element.isF16()) {
      auto pair = VectorType::get({2}, b.getF16Type());
      for (SmallVector<Value> *values : {&as, &ws})
        for (Value &value : *values)
          value = LLVM::BitcastOp::create(b, pair, value);
    }
    auto result = LLVM::LLVMStructType::getLiteral(
        b.getContext(), SmallVector<Type>(cRegisters, sums[0].getType()));
    std::optional<NVVM::MMAIntOverflow> overflow;
    if (element.isInteger())
      overflow = NVVM::MMAIntOverflow::wrapped;
    Value d = NVVM::MmaOp::create(
        b, result, as, ws, ValueRange(SmallVector<Value>(sums)),
        {mmaRows, mmaColumns, depth}, std::nullopt, overflow,
        std::array{getType(element), getType(element)},
        std::array{NVVM::MMALayout::row, NVVM::MMALayout::col});
    for (int64_t i = 0; i < cRegisters; ++i)
      sums[i] = LLVM::ExtractValueOp::create(b, d, ArrayRef<int64_t>{i});
  }
};

/// The instruction's second operand has the fragments of two steps of 16.
struct LowerMmaSparse : TilePattern<MmaSparseOp> {
  using TilePattern::TilePattern;
  LogicalResult
  matchAndRewrite(MmaSparseOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    SmallVector<Value> a = split(b, adaptor.getA()),
                       w = split(b, adaptor.getB()),
                       sums = split(b, adaptor.getC()),
                       metadata = split(b, adaptor.getMetadata());
    constexpr int64_t steps = 2;
    int64_t rows = a.size() / aRegisters / steps;
    int64_t columns = w.size() / bRegisters / (2 * steps);
    Type element = op.getA().getType().getElementType();
    if (element.isF16()) {
      auto pair = VectorType::get({2}, element);
      for (SmallVector<Value> *values : {&a, &w})
        for (Value &value : *values)
          value = LLVM::BitcastOp::create(b, pair, value);
    }
    auto type = element.isBF16() ? NVVM::MMATypes::bf16 : NVVM::MMATypes::f16;
    for (int64_t k = 0; k < steps; ++k) {
      Value selector =
          LLVM::ConstantOp::create(b, b.getI32Type(), b.getI32IntegerAttr(k));
      for (int64_t i = 0; i < rows; ++i)
        for (int64_t j = 0; j < columns; ++j) {
          SmallVector<Value> both;
          for (int64_t half : {2 * k, 2 * k + 1})
            llvm::append_range(
                both, ArrayRef(w).slice((half * columns + j) * bRegisters,
                                        bRegisters));
          MutableArrayRef<Value> sum = MutableArrayRef(sums).slice(
              (i * columns + j) * cRegisters, cRegisters);
          auto result = LLVM::LLVMStructType::getLiteral(
              b.getContext(), SmallVector<Type>(cRegisters, b.getF32Type()));
          Value d = NVVM::MmaSpOp::create(
              b, result,
              ValueRange(
                  ArrayRef(a).slice((k * rows + i) * aRegisters, aRegisters)),
              both, SmallVector<Value>(sum), metadata[i], selector,
              {mmaRows, mmaColumns, 2 * mmaDepth}, std::nullopt,
              std::array{type, type});
          for (int64_t r = 0; r < cRegisters; ++r)
            sum[r] = LLVM::ExtractValueOp::create(b, d, ArrayRef<int64_t>{r});
        }
    }
    rewriter.replaceOpWithNewOp<vector::FromElementsOp>(
        op, getHeld(op.getD().getType()), sums);
    return success();
  }
};

/// Where the elements of a thread are.
class PairPlaces {
public:
  PairPlaces(ImplicitLocOpBuilder &b, const LLVMTypeConverter &converter,
             RegistersType tile)
      : emitter(b, converter), layout(tile.getLayout().getLayout()) {
    Input inputs[] = {{dim::lane, emitter.emitLane()},
                      {dim::warp, emitter.emitWarp()}};
    row = emitter.emitCoordinate(layout, inputs, dim::row);
    column = emitter.emitCoordinate(layout, inputs, dim::column);
  }

  /// The arguments of a body: the place of register `i`, and pairs of elements.
  IRMapping map(ImplicitLocOpBuilder &b, Block &body, unsigned i,
                ArrayRef<std::array<Value, 2>> pairs) {
    auto at = [&](Value base, StringRef output) {
      return emitter.emitIndex(
          emitter.emitWith(base, layout, dim::reg, i, output));
    };
    IRMapping mapping;
    mapping.map(body.getArgument(0), at(row, dim::row));
    mapping.map(body.getArgument(1), at(column, dim::column));
    for (auto [number, pair] : llvm::enumerate(pairs)) {
      BlockArgument argument = body.getArgument(2 + unsigned(number));
      mapping.map(argument, vector::FromElementsOp::create(
                                b, argument.getType(), ValueRange(pair)));
    }
    return mapping;
  }

private:
  Emitter emitter;
  const LinearLayout &layout;
  Value row, column;
};

struct LowerForEach : TilePattern<ForEachOp> {
  using TilePattern::TilePattern;
  LogicalResult
  matchAndRewrite(ForEachOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    PairPlaces places(b, converter, op.getTile().getType());
    SmallVector<Value> elements = split(b, adaptor.getTile());
    for (unsigned i = 0; i < elements.size(); i += 2) {
      IRMapping mapping = places.map(b, op.getBody().front(), i,
                                     {{elements[i], elements[i + 1]}});
      for (Operation &inner : op.getBody().front())
        b.clone(inner, mapping);
    }
    rewriter.eraseOp(op);
    return success();
  }
};

struct LowerCombine : TilePattern<CombineOp> {
  using TilePattern::TilePattern;
  LogicalResult
  matchAndRewrite(CombineOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    PairPlaces places(b, converter, op.getA().getType());
    SmallVector<Value> as = split(b, adaptor.getA()),
                       bs = split(b, adaptor.getB()), ds;
    for (unsigned i = 0; i < as.size(); i += 2) {
      IRMapping mapping = places.map(b, op.getBody().front(), i,
                                     {{as[i], as[i + 1]}, {bs[i], bs[i + 1]}});
      for (Operation &inner : op.getBody().front().without_terminator())
        b.clone(inner, mapping);
      auto yield = cast<YieldOp>(op.getBody().front().getTerminator());
      llvm::append_range(ds,
                         split(b, mapping.lookupOrDefault(yield.getValues())));
    }
    rewriter.replaceOpWithNewOp<vector::FromElementsOp>(
        op, getHeld(op.getD().getType()), ds);
    return success();
  }
};

/// Whether those who run an op, the block of a kernel or a role, have the warps
/// that its layouts name.
static bool hasItsWarps(Operation *op) {
  unsigned warps = countWarps(op);
  auto fits = [&](Type type) {
    auto tile = dyn_cast<RegistersType>(type);
    return !tile ||
           tile.getLayout().getLayout().getInputSize(dim::warp) == warps;
  };
  auto isShared = [](Type type) { return isa<RegistersType>(type); };
  bool shares = isa<CopyOp>(op) ||
                llvm::any_of(op->getOperandTypes(), isShared) ||
                llvm::any_of(op->getResultTypes(), isShared);
  return (!shares || llvm::isPowerOf2_32(warps)) &&
         llvm::all_of(op->getOperandTypes(), fits) &&
         llvm::all_of(op->getResultTypes(), fits);
}

static LogicalResult verifyWarps(Operation *op) {
  if (!isa_and_present<TileDialect>(op->getDialect()))
    return success();
  // How many registers a thread has follows from them, too.
  if (auto role = dyn_cast<RoleOp>(op);
      role && role.getFirst() + role.getWarps() > countWarps(role))
    return op->emitOpError("is of warps that the block of its kernel is not "
                           "known to have");
  if (!hasItsWarps(op))
    return op->emitOpError("is in a kernel whose block does not have the warps "
                           "of its layout, a power of two");
  return success();
}

struct TileToNVVM : dither::impl::TileToNVVMBase<TileToNVVM> {
  void runOnOperation() override {
    LLVMTypeConverter converter(&getContext());
    populateGpuMemorySpaceAttributeConversions(
        converter, [](gpu::AddressSpace space) -> unsigned {
          return space == gpu::AddressSpace::Workgroup ? sharedSpace : 0;
        });
    TypeConverter types;
    types.addConversion([](Type type) { return type; });
    types.addConversion([](RegistersType tile) { return getHeld(tile); });
    types.addConversion([](SharedType tiles) {
      auto space = gpu::AddressSpaceAttr::get(tiles.getContext(),
                                              gpu::AddressSpace::Workgroup);
      return MemRefType::get({tiles.getStages() * tiles.getCount()},
                             tiles.getElementType(),
                             MemRefLayoutAttrInterface(), Attribute(space));
    });
    ConversionTarget target(getContext());
    target.addIllegalDialect<TileDialect>();
    // What is in a role counts its warps, so that roles go last. Maps are
    // arguments, of which `dither-lower-launches` makes pointers.
    target.addLegalOp<RoleOp, WgmmaOp, WgmmaFenceOp, WgmmaWaitOp>();
    target.markUnknownOpDynamicallyLegal([](Operation *) { return true; });
    RewritePatternSet patterns(&getContext());
    scf::populateSCFStructuralTypeConversionsAndLegality(types, patterns,
                                                         target);
    patterns.add<LowerPlace, LowerCopy, LowerWrite, LowerLoad, LowerFill,
                 LowerMma, LowerMmaSparse, LowerForEach, LowerCombine>(
        types, converter, &getContext());
    addAsyncPatterns(patterns, types, converter);
    WalkResult checked = getOperation()->walk([](Operation *op) {
      return failed(verifyWarps(op)) ? WalkResult::interrupt()
                                     : WalkResult::advance();
    });
    if (checked.wasInterrupted() ||
        failed(applyPartialConversion(getOperation(), target,
                                      std::move(patterns))))
      return signalPassFailure();
    lowerRoles(getOperation());
  }
};
} // namespace
