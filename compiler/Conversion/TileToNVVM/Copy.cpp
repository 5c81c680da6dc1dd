//===- Copy.cpp - Blocks of matrices to shared memory ---------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Tile/Layout/RegisterLayouts.h"
#include "compiler/Conversion/TileToNVVM/Emitter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace dither::tile;

static constexpr unsigned globalSpace = 1;
/// The bytes of a copy, and of the smallest one that is asynchronous.
static constexpr int64_t mostBytes = 16, leastBytes = 4;

namespace {
/// Emits one copy: each thread has some of the chunks of a tile. The *major*
/// index of an element is that of its row in the matrix, the *minor* one counts
/// along that row.
class CopyEmitter {
public:
  CopyEmitter(ImplicitLocOpBuilder &b, Emitter &emitter, CopyOp op,
              Value memory)
      : b(b), emitter(emitter), op(op), memory(memory),
        tiles(op.getTiles().getType()),
        elementBytes(tiles.getElementType().getIntOrFloatBitWidth() / 8),
        layout(cantFail(getCoalescedLayout(
            tiles.getShape()[0], tiles.getShape()[1], elementBytes,
            countWarps(op), tiles.isColumnMajor(), reason))) {
    LinearLayout shared = tiles.getLayout().getLayout();
    places = cantFail(layout.invertAndCompose(shared, reason));
    auto matrix = cast<MemRefType>(op.getMatrix().getType());
    auto metadata = memref::ExtractStridedMetadataOp::create(b, op.getMatrix());
    stride = metadata.getStrides()[0];
    base = metadata.getOffset();
    auto getExtent = [&](Value memory, int64_t dim) -> Value {
      return b.createOrFold<memref::DimOp>(memory, dim);
    };
    majorExtent = op.getRows() ? getExtent(op.getRows(), 0)
                               : getExtent(op.getMatrix(), 0);
    minorExtent = getExtent(op.getMatrix(), 1);
    width = std::min(chooseWidth(matrix), tiles.getConsecutive());
    if (width * elementBytes < leastBytes)
      width = 1;
  }

  void emit() {
    Value lane = emitter.emitLane(), warp = emitter.emitWarp();
    Input inputs[] = {{dim::lane, lane}, {dim::warp, warp}};
    row = emitter.emitCoordinate(layout, inputs, dim::row);
    column = emitter.emitCoordinate(layout, inputs, dim::column);
    offset = emitter.emitCoordinate(places, inputs, dim::offset);
    emitOnce(lane, warp, [&] {
      for (uint64_t i = 0; i < layout.getInputSize(dim::reg); i += width)
        emitChunk(i);
    });
  }

private:
  static LinearLayout cantFail(FailureOr<LinearLayout> layout) {
    assert(succeeded(layout) && "verified tiles have such layouts");
    return *layout;
  }

  /// As many as begin at multiples of their size in all rows of the matrix,
  /// whose buffer does; elements that are not side by side go one by one.
  int64_t chooseWidth(MemRefType matrix) const {
    auto [strides, first] = matrix.getStridesAndOffset();
    int64_t width = strides[1] == 1 ? mostBytes / elementBytes : 1;
    for (int64_t number : {matrix.getDimSize(1), strides[0], first})
      while (width > 1 &&
             (ShapedType::isDynamic(number) || number % width != 0))
        width /= 2;
    return width;
  }

  /// Where there are more threads than chunks, some have what others have.
  void emitOnce(Value lane, Value warp, function_ref<void()> body) {
    Value isCopy;
    for (auto [name, value] : {std::pair(dim::lane, lane), {dim::warp, warp}}) {
      uint64_t bits = layout.getFreeBits(name);
      if (bits == 0)
        continue;
      Value copy =
          arith::AndIOp::create(b, value, emitter.emitInt(int64_t(bits)));
      isCopy =
          isCopy ? arith::OrIOp::create(b, isCopy, copy).getResult() : copy;
    }
    if (!isCopy)
      return body();
    Value isFirst = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, isCopy,
                                          emitter.emitInt(0));
    auto branch = scf::IfOp::create(b, isFirst, /*withElseRegion=*/false);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(branch.thenBlock());
    body();
  }

  Value isBelow(Value x, Value extent) {
    return arith::CmpIOp::create(b, arith::CmpIPredicate::ult, x, extent);
  }

  /// The elements from register `i` on.
  void emitChunk(uint64_t i) {
    auto at = [&](Value base, StringRef output, Value first) {
      Value place = emitter.emitWith(base, layout, dim::reg, i, output);
      return arith::AddIOp::create(b, first, emitter.emitIndex(place))
          .getResult();
    };
    Value major = at(row, dim::row, op.getRow());
    Value minor = at(column, dim::column, op.getColumn());
    if (tiles.isColumnMajor())
      std::swap(major, minor);
    Value exists = arith::AndIOp::create(b, isBelow(major, majorExtent),
                                         isBelow(minor, minorExtent));
    Value none = arith::ConstantIndexOp::create(b, 0);
    major = arith::SelectOp::create(b, exists, major, none);
    minor = arith::SelectOp::create(b, exists, minor, none);
    Value place = emitter.emitWith(offset, places, dim::reg, i, dim::offset);
    place = emitter.emitInStage(tiles, op.getStage(), emitter.emitIndex(place));
    if (width == 1)
      return emitElement(major, minor, exists, place);
    emitAsync(emitRow(major), minor, exists, place);
  }

  /// Matrices without rows have no row 0 to read the position of.
  Value emitRow(Value major) {
    if (!op.getRows())
      return major;
    Value row = memref::LoadOp::create(b, op.getRows(), major);
    return arith::IndexCastOp::create(b, b.getIndexType(), row);
  }

  void emitAsync(Value major, Value minor, Value exists, Value place) {
    Value element =
        arith::AddIOp::create(b, arith::AddIOp::create(b, base, minor),
                              arith::MulIOp::create(b, major, stride));
    Value from = emitter.emitAddress(op.getMatrix(), element);
    from = LLVM::AddrSpaceCastOp::create(
        b, LLVM::LLVMPointerType::get(b.getContext(), globalSpace), from);
    uint32_t bytes = uint32_t(width) * elementBytes;
    Value read = arith::SelectOp::create(b, exists, emitter.emitInt(bytes),
                                         emitter.emitInt(0));
    // The first cache is passed by, where that can be said.
    auto cache = bytes == 16 ? NVVM::LoadCacheModifierKind::CG
                             : NVVM::LoadCacheModifierKind::CA;
    NVVM::CpAsyncOp::create(b, emitter.emitAddress(memory, place), from, bytes,
                            cache, read);
  }

  /// As an integer: see ExpandMasks.
  void emitElement(Value major, Value minor, Value exists, Value place) {
    Type type = b.getIntegerType(8 * elementBytes);
    auto branch = scf::IfOp::create(b, type, exists, /*withElseRegion=*/true);
    {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(branch.thenBlock());
      Value element = memref::LoadOp::create(b, op.getMatrix(),
                                             ValueRange{emitRow(major), minor});
      scf::YieldOp::create(
          b, arith::BitcastOp::create(b, type, element).getResult());
      b.setInsertionPointToStart(branch.elseBlock());
      Value zero = arith::ConstantOp::create(b, b.getZeroAttr(type));
      scf::YieldOp::create(b, zero);
    }
    LLVM::StoreOp::create(b, branch.getResult(0),
                          emitter.emitAddress(memory, place), elementBytes);
  }

  ImplicitLocOpBuilder &b;
  Emitter &emitter;
  CopyOp op;
  Value memory;
  SharedType tiles;
  std::string reason;
  unsigned elementBytes;
  /// (register, lane, warp) -> (row, column) of the tile, and -> offset.
  LinearLayout layout, places;
  Value row, column, offset;
  Value base, stride, majorExtent, minorExtent;
  /// Elements that are copied at once.
  int64_t width;
};
} // namespace

void dither::tile::emitCopy(ImplicitLocOpBuilder &b, Emitter &emitter,
                            CopyOp op, Value memory) {
  CopyEmitter(b, emitter, op, memory).emit();
}
