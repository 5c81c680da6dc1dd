//===- Async.cpp - Barriers, TMA and wgmma --------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Tile/Layout/GroupTiles.h"
#include "compiler/Conversion/TileToNVVM/Patterns.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace dither::tile;

/// Rows of an instruction, and its bytes along the contraction.
static constexpr int64_t groupRows = 64, stepBytes = 32;
static constexpr unsigned clusterSpace = 7;
/// How long an instruction waits at most, in nanoseconds, before it is asked
/// again.
static constexpr int64_t waitTicks = 10'000'000;

static void emitIf(ImplicitLocOpBuilder &b, Value condition,
                   function_ref<void()> body) {
  auto branch = scf::IfOp::create(b, condition, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  body();
}

static unsigned getBytes(SharedType tiles) {
  return tiles.getElementType().getIntOrFloatBitWidth() / 8;
}

static Value isEqual(ImplicitLocOpBuilder &b, Value x, Value y) {
  return arith::CmpIOp::create(b, arith::CmpIPredicate::eq, x, y);
}

namespace {
//===----------------------------------------------------------------------===//
// Barriers
//===----------------------------------------------------------------------===//

struct LowerInitBarriers : TilePattern<InitBarriersOp> {
  using TilePattern::TilePattern;
  LogicalResult
  matchAndRewrite(InitBarriersOp op, OpAdaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Emitter emitter(b, converter);
    int64_t count = cast<MemRefType>(op.getBarriers().getType()).getDimSize(0);
    emitIf(b, isEqual(b, emitter.emitThread(), emitter.emitInt(0)), [&] {
      Value arrivals = emitter.emitInt(op.getCount());
      for (int64_t i = 0; i < count; ++i)
        NVVM::MBarrierInitOp::create(
            b,
            emitter.emitAddress(op.getBarriers(),
                                arith::ConstantIndexOp::create(b, i)),
            arrivals, Value());
      NVVM::FenceMbarrierInitOp::create(b);
    });
    rewriter.eraseOp(op);
    return success();
  }
};

struct LowerArrive : TilePattern<ArriveOp> {
  using TilePattern::TilePattern;
  LogicalResult
  matchAndRewrite(ArriveOp op, OpAdaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Emitter emitter(b, converter);
    NVVM::SyncWarpOp::create(b, emitter.emitInt(-1));
    emitIf(b, isEqual(b, emitter.emitLane(), emitter.emitInt(0)), [&] {
      NVVM::MBarrierArriveOp::create(
          b, b.getI64Type(),
          emitter.emitAddress(op.getBarriers(), op.getNumber()), Value());
    });
    rewriter.eraseOp(op);
    return success();
  }
};

struct LowerExpect : TilePattern<ExpectOp> {
  using TilePattern::TilePattern;
  LogicalResult
  matchAndRewrite(ExpectOp op, OpAdaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Emitter emitter(b, converter);
    NVVM::MBarrierArriveExpectTxOp::create(
        b, Type(), emitter.emitAddress(op.getBarriers(), op.getNumber()),
        emitter.emitInt(op.getBytes()), NVVM::MemScopeKind::CTA,
        /*relaxed=*/false, Value());
    rewriter.eraseOp(op);
    return success();
  }
};

struct LowerWait : TilePattern<WaitOp> {
  using TilePattern::TilePattern;
  LogicalResult
  matchAndRewrite(WaitOp op, OpAdaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Emitter emitter(b, converter);
    Value phase = arith::IndexCastOp::create(b, b.getI32Type(), op.getPhase());
    NVVM::MBarrierTryWaitParityOp::create(
        b, emitter.emitAddress(op.getBarriers(), op.getNumber()),
        arith::AndIOp::create(b, phase, emitter.emitInt(1)),
        emitter.emitInt(waitTicks));
    rewriter.eraseOp(op);
    return success();
  }
};

struct LowerPublish : TilePattern<PublishOp> {
  using TilePattern::TilePattern;
  LogicalResult
  matchAndRewrite(PublishOp op, OpAdaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<NVVM::FenceProxyOp>(
        op,
        NVVM::ProxyKindAttr::get(op.getContext(),
                                 NVVM::ProxyKind::async_shared),
        NVVM::SharedSpaceAttr::get(op.getContext(),
                                   NVVM::SharedSpace::shared_cta));
    return success();
  }
};

//===----------------------------------------------------------------------===//
// TMA
//===----------------------------------------------------------------------===//

struct LowerFetch : TilePattern<FetchOp> {
  using TilePattern::TilePattern;
  LogicalResult
  matchAndRewrite(FetchOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Emitter emitter(b, converter);
    SharedType tiles = op.getTiles().getType();
    std::string reason;
    auto tile =
        matchTmaLayout(tiles.getLayout().getLayout(), getBytes(tiles), reason);
    assert(succeeded(tile) && "the op is verified");
    auto pointer = LLVM::LLVMPointerType::get(op.getContext());
    Value map = UnrealizedConversionCastOp::create(b, pointer, op.getMap())
                    .getResult(0);
    Value barrier = emitter.emitAddress(op.getBarriers(), op.getNumber());
    auto narrow = [&](Value index) -> Value {
      return arith::IndexCastOp::create(b, b.getI32Type(), index);
    };
    Value major = narrow(op.getRow()), minor = narrow(op.getColumn());
    if (tile->order == Order::ColumnMajor)
      std::swap(major, minor);
    for (uint64_t i = 0; i < tile->panels; ++i) {
      int64_t offset = int64_t(i * tile->boxRows * tile->boxColumns);
      Value to = emitter.emitAddress(
          adaptor.getTiles(),
          emitter.emitInStage(tiles, op.getStage(),
                              arith::ConstantIndexOp::create(b, offset)));
      to = LLVM::AddrSpaceCastOp::create(
          b, LLVM::LLVMPointerType::get(op.getContext(), clusterSpace), to);
      Value first = b.createOrFold<arith::AddIOp>(
          minor, emitter.emitInt(int64_t(i * tile->boxColumns)));
      NVVM::CpAsyncBulkTensorGlobalToSharedClusterOp::create(
          b, to, map, ValueRange{first, major}, barrier, ValueRange(), Value(),
          Value(), NVVM::TMALoadMode::TILE, /*isCTAOnly=*/false,
          NVVM::CTAGroupKindAttr(), Value());
    }
    rewriter.eraseOp(op);
    return success();
  }
};

//===----------------------------------------------------------------------===//
// wgmma
//===----------------------------------------------------------------------===//

/// A tile of a stage as the instruction reads it.
class GroupOperand {
public:
  /// `layout` is that of the tiles, as the instruction sees it.
  GroupOperand(ImplicitLocOpBuilder &b, Emitter &emitter, SharedType tiles,
               const LinearLayout &layout, Value memory, Value stage,
               Operand operand)
      : b(b), places(invert(layout)), elementBytes(getBytes(tiles)) {
    std::string reason;
    descriptor = *getDescriptor(layout, operand, elementBytes, reason);
    address = emitter.emitAddress(
        memory, emitter.emitInStage(tiles, stage,
                                    arith::ConstantIndexOp::create(b, 0)));
  }

  bool isTransposed() const { return descriptor.transposed; }

  /// The rows of a group of warps are `rows` behind those of the one before.
  void moveByGroup(Emitter &emitter, int64_t rows) {
    Value group =
        arith::ShRUIOp::create(b, emitter.emitWarp(), emitter.emitInt(2));
    Input input = {dim::row,
                   arith::MulIOp::create(b, group, emitter.emitInt(rows))};
    Value offset = emitter.emitCoordinate(places, input, dim::offset);
    address = LLVM::GEPOp::create(
        b, address.getType(), b.getIntegerType(8 * elementBytes), address,
        ArrayRef<LLVM::GEPArg>{
            arith::ExtUIOp::create(b, b.getI64Type(), offset).getResult()});
  }

  /// The descriptor from an element of the tile on.
  Value emitAt(int64_t row, int64_t column) {
    if (!first)
      first = emitFirst();
    uint64_t offset = 0;
    for (auto [name, index] : {std::pair(dim::row, row), {dim::column, column}})
      offset ^= getCoordinate(places, name, uint64_t(index), dim::offset);
    return b.createOrFold<arith::AddIOp>(
        first, emitLong(int64_t(offset * elementBytes / 16)));
  }

private:
  static LinearLayout invert(const LinearLayout &layout) {
    std::string reason;
    return *layout.invert(reason);
  }

  Value emitLong(int64_t value) {
    return arith::ConstantIntOp::create(b, value, 64);
  }

  /// It has 14 bits for an address without its lowest four.
  Value emitFirst() {
    constexpr int64_t addressMask = 0x3FFFF;
    Value place = LLVM::PtrToIntOp::create(b, b.getI64Type(), address);
    place = arith::AndIOp::create(b, place, emitLong(addressMask));
    place = arith::ShRUIOp::create(b, place, emitLong(4));
    return arith::OrIOp::create(b, place,
                                emitLong(int64_t(descriptor.encode())));
  }

  ImplicitLocOpBuilder &b;
  LinearLayout places;
  unsigned elementBytes;
  MatrixDescriptor descriptor;
  Value address, first;
};

/// The first operand of a step of the contraction, in 64 rows of a group.
struct FirstOperand {
  ValueRange registers;
  Value matrix;
  bool isTransposed;
};

/// Emits the fence before products, behind which the registers that they read
/// have their values.
void emitFence(ImplicitLocOpBuilder &b, SmallVectorImpl<Value> &sums,
               SmallVectorImpl<Value> &registers) {
  SmallVector<Value> all(sums.begin(), sums.end());
  llvm::append_range(all, registers);
  auto fence = WgmmaFenceOp::create(b, ValueRange(all).getTypes(), all);
  ValueRange results = fence.getResults();
  llvm::copy(results.take_front(sums.size()), sums.begin());
  llvm::copy(results.drop_front(sums.size()), registers.begin());
}

/// Emits the products of a group's rows, and what they are added to.
void emitProducts(ImplicitLocOpBuilder &b, Type element, int64_t rows,
                  int64_t depth, ArrayRef<Value> metadata, GroupOperand &w,
                  SmallVectorImpl<Value> &sums,
                  function_ref<FirstOperand(int64_t, int64_t)> getFirst) {
  int64_t step = stepBytes * 8 / element.getIntOrFloatBitWidth();
  if (!metadata.empty())
    step *= 2;
  int64_t blocks = rows / groupRows, each = int64_t(sums.size()) / blocks;
  for (int64_t k = 0; k < depth; k += step)
    for (int64_t block = 0; block < blocks; ++block) {
      MutableArrayRef<Value> part =
          MutableArrayRef(sums).slice(block * each, each);
      FirstOperand a = getFirst(block * groupRows, k);
      auto product = WgmmaOp::create(
          b, SmallVector<Type>(part.size(), part[0].getType()), element,
          2 * each, step, a.registers, a.matrix, w.emitAt(k, 0),
          metadata.empty() ? Value() : metadata[0],
          metadata.empty() ? 0 : k / step, ArrayRef<Value>(part),
          a.isTransposed, w.isTransposed());
      llvm::copy(product.getResults(), part.begin());
    }
  NVVM::WgmmaGroupSyncAlignedOp::create(b);
}

int64_t countGroups(Operation *op) { return int64_t(countWarps(op)) / 4; }

struct LowerGroupMma : TilePattern<GroupMmaOp> {
  using TilePattern::TilePattern;
  LogicalResult
  matchAndRewrite(GroupMmaOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Emitter emitter(b, converter);
    SharedType left = op.getA().getType(), right = op.getB().getType();
    GroupOperand a(b, emitter, left, left.getLayout().getLayout(),
                   adaptor.getA(), op.getAStage(), Operand::A);
    GroupOperand w(b, emitter, right, right.getLayout().getLayout(),
                   adaptor.getB(), op.getBStage(), Operand::B);
    int64_t groups = countGroups(op);
    int64_t rows = op.getC().getType().getShape()[0] / groups;
    if (groups > 1)
      a.moveByGroup(emitter, rows);
    SmallVector<Value> sums = split(b, adaptor.getC()), metadata;
    if (op.getMetadata())
      metadata = split(b, adaptor.getMetadata());
    emitFence(b, sums, metadata);
    emitProducts(b, left.getElementType(), rows, right.getShape()[0], metadata,
                 w, sums, [&](int64_t row, int64_t k) -> FirstOperand {
                   // Of four columns, a sparse operand has two.
                   Value at = a.emitAt(row, metadata.empty() ? k : k / 2);
                   return {ValueRange(), at, a.isTransposed()};
                 });
    rewriter.replaceOpWithNewOp<vector::FromElementsOp>(
        op, getHeld(op.getD().getType()), sums);
    return success();
  }
};

struct LowerAssemble : TilePattern<AssembleOp> {
  using TilePattern::TilePattern;
  LogicalResult
  matchAndRewrite(AssembleOp op, OpAdaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<vector::BitCastOp>(
        op, getHeld(op.getTile().getType()), op.getValues());
    return success();
  }
};

struct LowerGroupMmaRegisters : TilePattern<GroupMmaRegistersOp> {
  using TilePattern::TilePattern;
  LogicalResult
  matchAndRewrite(GroupMmaRegistersOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Emitter emitter(b, converter);
    RegistersType left = op.getA().getType();
    SharedType right = op.getB().getType();
    std::string reason;
    unsigned bits = left.getElementType().getIntOrFloatBitWidth();
    auto order = matchGroupOperand(left.getLayout().getLayout(), bits, reason);
    assert(succeeded(order) && "the op is verified");
    GroupOperand w(b, emitter, right,
                   undoDepth(right.getLayout().getLayout(), *order),
                   adaptor.getB(), op.getStage(), Operand::B);
    SmallVector<Value> sums = split(b, adaptor.getC()),
                       registers = split(b, adaptor.getA());
    int64_t rows = op.getC().getType().getShape()[0] / countGroups(op);
    constexpr int64_t each = 4;
    emitFence(b, sums, registers);
    emitProducts(b, left.getElementType(), rows, right.getShape()[0], {}, w,
                 sums, [&](int64_t row, int64_t k) -> FirstOperand {
                   int64_t number =
                       k * bits / (8 * stepBytes) * (rows / groupRows) +
                       row / groupRows;
                   return {ArrayRef(registers).slice(number * each, each),
                           Value(), false};
                 });
    rewriter.replaceOpWithNewOp<vector::FromElementsOp>(
        op, getHeld(op.getD().getType()), sums);
    return success();
  }
};

struct LowerGroupWait : TilePattern<GroupWaitOp> {
  using TilePattern::TilePattern;
  LogicalResult
  matchAndRewrite(GroupWaitOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    auto elements = vector::ToElementsOp::create(b, adaptor.getTile());
    auto wait = WgmmaWaitOp::create(b, elements.getResultTypes(),
                                    op.getPending(), elements.getResults());
    rewriter.replaceOpWithNewOp<vector::FromElementsOp>(
        op, getHeld(op.getResult().getType()), wait.getResults());
    return success();
  }
};
} // namespace

void dither::tile::addAsyncPatterns(RewritePatternSet &patterns,
                                    const TypeConverter &types,
                                    const LLVMTypeConverter &converter) {
  patterns.add<LowerInitBarriers, LowerArrive, LowerExpect, LowerWait,
               LowerPublish, LowerFetch, LowerGroupMma, LowerAssemble,
               LowerGroupMmaRegisters, LowerGroupWait>(types, converter,
                                                       patterns.getContext());
}

//===----------------------------------------------------------------------===//
// Roles
//===----------------------------------------------------------------------===//

static void lowerRole(RoleOp role) {
  ImplicitLocOpBuilder b(role.getLoc(), role);
  auto getInt = [&](int64_t value) {
    return arith::ConstantIntOp::create(b, value, 32);
  };
  constexpr int64_t warpBits = 5;
  Value thread = gpu::ThreadIdOp::create(b, gpu::Dimension::x);
  thread = arith::IndexCastOp::create(b, b.getI32Type(), thread);
  Value warp = arith::ShRUIOp::create(b, thread, getInt(warpBits));
  Value number =
      arith::SubIOp::create(b, warp, getInt(int64_t(role.getFirst())));
  Value isOne = arith::CmpIOp::create(b, arith::CmpIPredicate::ult, number,
                                      getInt(int64_t(role.getWarps())));
  auto branch = scf::IfOp::create(b, isOne, /*withElseRegion=*/false);
  Block *body = branch.thenBlock();
  body->getOperations().splice(body->begin(),
                               role.getBody().front().getOperations());
  // How many there are at the launch follows from the threads of a block: what
  // one has more, others have less.
  if (std::optional<uint64_t> registers = role.getRegisters()) {
    b.setInsertionPointToStart(body);
    constexpr uint64_t allRegisters = 65536, unit = 8;
    auto kernel = branch->getParentOfType<gpu::GPUFuncOp>();
    uint64_t threads = uint64_t((*kernel.getKnownBlockSize())[0]);
    uint64_t atLaunch = allRegisters / threads / unit * unit;
    if (*registers == atLaunch)
      return role.erase();
    auto action = *registers > atLaunch ? NVVM::SetMaxRegisterAction::increase
                                        : NVVM::SetMaxRegisterAction::decrease;
    NVVM::SetMaxRegisterOp::create(b, uint32_t(*registers), action);
  }
  role.erase();
}

void dither::tile::lowerRoles(Operation *root) {
  SmallVector<RoleOp> roles;
  root->walk([&](RoleOp role) { roles.push_back(role); });
  for (RoleOp role : roles)
    lowerRole(role);
}
