//===- TileAsyncOps.cpp - What roles, barriers and groups must be ---------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Tile/IR/Tile.h"
#include "Tile/Layout/GroupTiles.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace dither::tile;

/// Of a phase, the most arrivals, and the most bytes.
static constexpr int64_t mostOfPhase = (1 << 20) - 1;
/// Products of a group that may be on their way when it goes on.
static constexpr int64_t mostPending = 7;

static unsigned getBytes(Type element) {
  return element.getIntOrFloatBitWidth() / 8;
}

LogicalResult
MapType::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                ArrayRef<int64_t> shape, Type element, int64_t swizzle) {
  bool isKnown =
      element.isIntOrFloat() &&
      llvm::is_contained({8, 16, 32}, int(element.getIntOrFloatBitWidth()));
  if (!isKnown)
    return emitError() << "elements of " << element
                       << " have not 8, 16 or 32 bits (C3)";
  if (shape.size() != 2 || shape[0] < 1 || shape[0] > 256 || shape[1] < 1 ||
      shape[1] > 256)
    return emitError()
           << "the box does not have 1 to 256 rows and columns (C2)";
  if (!llvm::is_contained({32, 64, 128}, swizzle) ||
      shape[1] * getBytes(element) != swizzle)
    return emitError() << "rows of " << shape[1] * getBytes(element)
                       << " bytes do not have a swizzle of " << swizzle
                       << " bytes (C1)";
  return success();
}

LogicalResult RoleOp::verify() {
  if (auto registers = getRegisters())
    if (getFirst() % 4 != 0 || getWarps() % 4 != 0 || *registers < 24 ||
        *registers > 256 || *registers % 8 != 0)
      return emitOpError() << "gives " << *registers << " registers to warps "
                           << getFirst() << " to "
                           << getFirst() + getWarps() - 1
                           << "; groups of four have 24 to 256, a multiple of "
                              "8 (C1)";
  if ((*this)->getParentOfType<RoleOp>())
    return emitOpError("is in another role (C2)");
  if (int64_t(getFirst()) < 0 || int64_t(getWarps()) < 1)
    return emitOpError() << "is of " << int64_t(getWarps())
                         << " warps from warp " << int64_t(getFirst())
                         << " on; it wants one at least, from 0 on (C3)";
  return success();
}

//===- Barriers -----------------------------------------------------------===//

static LogicalResult verifyBarriers(Operation *op, Value barriers,
                                    StringRef constraint) {
  auto type = cast<MemRefType>(barriers.getType());
  auto space =
      dyn_cast_if_present<gpu::AddressSpaceAttr>(type.getMemorySpace());
  if (!space || space.getValue() != gpu::AddressSpace::Workgroup ||
      !type.hasStaticShape())
    return op->emitOpError("has barriers that are not in memory of the "
                           "workgroup whose extent is known (")
           << constraint << ")";
  return success();
}

/// Of stages and barriers: whether there is the one that a constant names.
static LogicalResult verifyNumber(Operation *op, Value number, int64_t count,
                                  StringRef what, StringRef constraint) {
  APInt known;
  if (!matchPattern(number, m_ConstantInt(&known)) ||
      (known.sge(0) && known.slt(count)))
    return success();
  return op->emitOpError() << "names " << what << " " << known.getSExtValue()
                           << " of " << count << " (" << constraint << ")";
}

static LogicalResult verifyBarrier(Operation *op, Value barriers, Value number,
                                   StringRef constraint) {
  if (failed(verifyBarriers(op, barriers, constraint)))
    return failure();
  return verifyNumber(op, number,
                      cast<MemRefType>(barriers.getType()).getDimSize(0),
                      "barrier", constraint);
}

LogicalResult InitBarriersOp::verify() {
  if (failed(verifyBarriers(*this, getBarriers(), "C1")))
    return failure();
  int64_t count = int64_t(getCount());
  if (count < 1 || count > mostOfPhase)
    return emitOpError() << "waits for " << count
                         << " to arrive, of 1 to 2^20 - 1 (C2)";
  if ((*this)->getParentOfType<RoleOp>())
    return emitOpError("is in a role, and all threads run it (C3)");
  return success();
}

LogicalResult ArriveOp::verify() {
  return verifyBarrier(*this, getBarriers(), getNumber(), "C1");
}

LogicalResult ExpectOp::verify() {
  int64_t bytes = int64_t(getBytes());
  if (bytes < 1 || bytes > mostOfPhase)
    return emitOpError() << "waits for " << bytes
                         << " bytes, of 1 to 2^20 - 1 (C2)";
  return verifyBarrier(*this, getBarriers(), getNumber(), "C1");
}

LogicalResult WaitOp::verify() {
  APInt phase;
  if (matchPattern(getPhase(), m_ConstantInt(&phase)) && phase.slt(-1))
    return emitOpError() << "waits for phase " << phase.getSExtValue()
                         << ", of -1 and those behind it (C2)";
  return verifyBarrier(*this, getBarriers(), getNumber(), "C1");
}

//===- TMA ----------------------------------------------------------------===//

bool dither::tile::isForTma(MemRefType matrix) {
  auto isMultiple = [&](int64_t elements) {
    return !ShapedType::isDynamic(elements) &&
           elements * getBytes(matrix.getElementType()) % 16 == 0;
  };
  SmallVector<int64_t> strides;
  int64_t offset;
  return matrix.getRank() == 2 &&
         succeeded(matrix.getStridesAndOffset(strides, offset)) &&
         strides[1] == 1 && isMultiple(strides[0]) && isMultiple(offset);
}

LogicalResult DescribeOp::verify() {
  auto matrix = cast<MemRefType>(getMatrix().getType());
  MapType map = getMap().getType();
  if (matrix.getElementType() != map.getElementType())
    return emitOpError() << "describes " << matrix.getElementType() << " as "
                         << map.getElementType() << " (C1)";
  if (!isForTma(matrix))
    return emitOpError("describes a matrix of which not all rows are known to "
                       "begin at multiples of 16 bytes (C2)");
  return success();
}

LogicalResult FetchOp::verify() {
  MapType map = getMap().getType();
  SharedType tiles = getTiles().getType();
  std::string reason;
  auto tile = matchTmaLayout(tiles.getLayout().getLayout(),
                             getBytes(tiles.getElementType()), reason);
  if (failed(tile))
    return emitOpError("fetches to tiles whose layout TMA does not write: ")
           << reason << " (C1)";
  int64_t box[] = {int64_t(tile->boxRows), int64_t(tile->boxColumns)};
  if (map.getElementType() != tiles.getElementType() ||
      map.getShape() != ArrayRef<int64_t>(box) ||
      map.getSwizzle() != tile->modeBytes)
    return emitOpError("fetches boxes of ")
           << map << " to tiles that have boxes of " << box[0] << "x" << box[1]
           << " " << tiles.getElementType() << " with a swizzle of "
           << tile->modeBytes << " bytes (C1)";
  if (failed(verifyNumber(*this, getStage(), tiles.getStages(), "stage", "C2")))
    return failure();
  return verifyBarrier(*this, getBarriers(), getNumber(), "C3");
}

//===- Products -----------------------------------------------------------===//

/// Groups of four warps along the rows of an accumulator.
static unsigned countGroups(RegistersType tile) {
  return unsigned(tile.getLayout().getLayout().getInputSize(dim::warp) / 4);
}

LogicalResult GroupMmaOp::verify() {
  SharedType a = getA().getType(), b = getB().getType();
  RegistersType c = getC().getType();
  int64_t rows = c.getShape()[0], columns = c.getShape()[1],
          depth = b.getShape()[0];
  Type element = a.getElementType();
  bool isInteger = element.isInteger(8);
  int64_t each = getMetadata() || isInteger ? 32 : 16;
  if (a.getShape()[0] != rows || b.getShape()[1] != columns ||
      a.getShape()[1] * (getMetadata() ? 2 : 1) != depth || depth % each != 0)
    return emitOpError() << "has shapes that are not those of a product over a "
                            "multiple of "
                         << each << " elements (C1)";
  bool areTypes = isInteger ? c.getElementType().isInteger(32) && !getMetadata()
                            : (element.isBF16() || element.isF16()) &&
                                  c.getElementType().isF32();
  if (element != b.getElementType() || !areTypes)
    return emitOpError("multiplies bf16, or f16, and adds f32, or i8 and i32 "
                       "without metadata (C2)");
  std::string reason;
  unsigned bytes = getBytes(element);
  if (failed(getDescriptor(a.getLayout().getLayout(), Operand::A, bytes,
                           reason)) ||
      failed(
          getDescriptor(b.getLayout().getLayout(), Operand::B, bytes, reason)))
    return emitOpError("has tiles that wgmma does not read: ")
           << reason << " (C3)";
  auto sums =
      getGroupAccumulatorLayout(rows, columns, countGroups(c), 1, reason);
  if (columns < 8 || columns > 256 || failed(sums) ||
      c.getLayout().getLayout() != *sums)
    return emitOpError("has a layout that is not of the instruction's "
                       "accumulators (C4)");
  if (failed(verifyNumber(*this, getAStage(), a.getStages(), "stage", "C6")) ||
      failed(verifyNumber(*this, getBStage(), b.getStages(), "stage", "C6")))
    return failure();
  if (!getMetadata())
    return success();
  RegistersType metadata = getMetadata().getType();
  auto layout = getSparseMetadataLayout(rows, 4 * countGroups(c), 1, reason);
  if (depth != 64 || rows != 64 * countGroups(c) ||
      !metadata.getElementType().isInteger(16) ||
      metadata.getShape() != ArrayRef<int64_t>{rows / 16, 64} ||
      failed(layout) || metadata.getLayout().getLayout() != *layout)
    return emitOpError(
        "has metadata that are not those of 64 elements in their "
        "layout (C5)");
  return success();
}

LogicalResult AssembleOp::verify() {
  auto values = cast<VectorType>(getValues().getType());
  RegistersType tile = getTile().getType();
  if (values.getNumElements() == tile.getCount() &&
      values.getElementType() == tile.getElementType())
    return success();
  return emitOpError() << "assembles " << values << " where a thread has "
                       << tile.getCount() << " " << tile.getElementType()
                       << " (C1)";
}

LogicalResult GroupMmaRegistersOp::verify() {
  RegistersType a = getA().getType(), c = getC().getType();
  SharedType b = getB().getType();
  int64_t rows = c.getShape()[0], columns = c.getShape()[1],
          depth = b.getShape()[0];
  if (a.getShape() != ArrayRef<int64_t>{rows, depth} ||
      b.getShape()[1] != columns || depth % 16 != 0)
    return emitOpError("has shapes that are not those of a product over a "
                       "multiple of 16 elements (C1)");
  Type element = a.getElementType();
  if (element != b.getElementType() || !(element.isBF16() || element.isF16()) ||
      !c.getElementType().isF32())
    return emitOpError("multiplies bf16, or f16, and adds f32 (C2)");
  std::string reason;
  auto order = matchGroupOperand(a.getLayout().getLayout(), 16, reason);
  if (failed(order) ||
      failed(getDescriptor(undoDepth(b.getLayout().getLayout(), *order),
                           Operand::B, 2, reason)))
    return emitOpError("has operands that wgmma does not read: ")
           << reason << " (C3)";
  auto sums =
      getGroupAccumulatorLayout(rows, columns, countGroups(c), 1, reason);
  if (columns < 8 || columns > 256 || failed(sums) ||
      c.getLayout().getLayout() != mapOutput(*sums, dim::row, order->rows))
    return emitOpError("has a layout that is not of the instruction's "
                       "accumulators (C4)");
  return verifyNumber(*this, getStage(), b.getStages(), "stage", "C5");
}

static LogicalResult verifyPending(Operation *op, int64_t pending) {
  if (pending < 0 || pending > mostPending)
    return op->emitOpError()
           << "leaves " << pending << " products, of 0 to 7 (C1)";
  return success();
}

LogicalResult GroupWaitOp::verify() {
  return verifyPending(*this, int64_t(getPending()));
}

LogicalResult WgmmaWaitOp::verify() {
  return verifyPending(*this, int64_t(getPending()));
}

LogicalResult WgmmaOp::verify() {
  bool isInteger = getElement().isInteger(8);
  auto isSum = [&](Type type) {
    return isInteger ? type.isInteger(32) : type.isF32();
  };
  if (getSums().size() != size_t(getN() / 2) ||
      !llvm::equal(getSums().getTypes(), getResults().getTypes()) ||
      !llvm::all_of(getSums().getTypes(), isSum))
    return emitOpError() << "has " << getSums().size() << " sums and "
                         << getResults().size() << " results for n " << getN()
                         << " (C1)";
  if (getMatrix() ? !getRegisters().empty()
                  : getRegisters().size() != 4 || getTransposedA())
    return emitOpError("has neither four registers nor a matrix alone (C2)");
  if (isInteger && (getMetadata() || getTransposedA() || getTransposedB()))
    return emitOpError("has metadata of bytes, or transposes them (C3)");
  if (getK() != (getMetadata() || isInteger ? 32 : 16) || getSelector() > 1 ||
      (!getMetadata() && getSelector() != 0))
    return emitOpError() << "has k " << getK() << " and selector "
                         << getSelector()
                         << (getMetadata() ? " with" : " without")
                         << " metadata (C3)";
  if (getN() < 8 || getN() > 256 ||
      getN() % (isInteger && getN() > 32 ? 16 : 8) != 0)
    return emitOpError() << "has n " << getN()
                         << ", of multiples of 8 from 8 to 256, for bytes of "
                            "16 above 32 (C4)";
  if (!isInteger && !getElement().isBF16() && !getElement().isF16())
    return emitOpError() << "multiplies " << getElement()
                         << ", of bf16, f16 and i8 (C5)";
  return success();
}
