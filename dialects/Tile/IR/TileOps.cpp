//===- TileOps.cpp - What types and ops of tiles must be ------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Tile/IR/Tile.h"
#include "Tile/Layout/RegisterLayouts.h"
#include "Tile/Layout/SharedLayouts.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"

using namespace mlir;
using namespace dither::tile;

//===- Types --------------------------------------------------------------===//

/// Whether a layout has these inputs and gives rows and columns of a shape.
static bool isOfShape(const LinearLayout &layout,
                      ArrayRef<llvm::StringRef> inputs,
                      ArrayRef<int64_t> shape) {
  auto isOne = [&](const Dim &input) {
    return llvm::is_contained(inputs, input.name);
  };
  return shape.size() == 2 && layout.getInputs().size() == inputs.size() &&
         llvm::all_of(layout.getInputs(), isOne) &&
         layout.getOutputs().size() == 2 &&
         layout.getOutputs()[0] == Dim{"row", uint64_t(shape[0])} &&
         layout.getOutputs()[1] == Dim{"column", uint64_t(shape[1])};
}

/// What products are added to.
static bool isSum(Type type) { return type.isF32() || type.isInteger(32); }

LogicalResult
RegistersType::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                      ArrayRef<int64_t> shape, Type element,
                      LinearAttr layout) {
  if (!isOfShape(layout.getLayout(), {dim::reg, dim::lane, dim::warp}, shape))
    return emitError() << "the layout is not from register, lane and warp to "
                          "row and column of the tile (C1)";
  if (!layout.getLayout().isSurjective())
    return emitError() << "no register holds some of the elements (C2)";
  bool isHalf = element.isIntOrFloat() && element.getIntOrFloatBitWidth() == 16;
  uint64_t count = layout.getLayout().getInputSize(dim::reg);
  if (!isSum(element) && !(isHalf && count >= 2) &&
      !(element.isInteger(8) && count >= 4))
    return emitError() << "elements are neither f32 or i32, nor pairs of 16 "
                          "bits or fours of i8 (C3)";
  return success();
}

LogicalResult
SharedType::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                   int64_t stages, ArrayRef<int64_t> shape, Type element,
                   LinearAttr layout) {
  if (!isOfShape(layout.getLayout(), {dim::offset}, shape) ||
      !layout.getLayout().isBijective())
    return emitError() << "the layout is not one to one from offset to row and "
                          "column of the tile (C1)";
  if (stages < 1)
    return emitError() << "there is no stage (C2)";
  if (layout.getLayout().getNumConsecutive(dim::offset, dim::row) < 2 &&
      layout.getLayout().getNumConsecutive(dim::offset, dim::column) < 2)
    return emitError() << "consecutive elements are neither of a row nor of a "
                          "column (C3)";
  return success();
}

//===- Ops ----------------------------------------------------------------===//

static bool isShort(Type type) { return type.isBF16() || type.isF16(); }
/// What tensor cores multiply.
static bool isMultiplied(Type type) {
  return isShort(type) || type.isInteger(8);
}

static unsigned getBytes(Type element) {
  return element.getIntOrFloatBitWidth() / 8;
}

/// Whether words of elements are the same in registers and in memory.
static bool haveSameWords(const LinearLayout &registers,
                          const LinearLayout &shared, uint64_t perWord) {
  std::string reason;
  auto places = registers.invertAndCompose(shared, reason);
  return succeeded(places) &&
         places->getNumConsecutive(dim::reg, dim::offset) >= perWord;
}

/// Whether `count` elements at consecutive offsets are a row, a column or a
/// block, from each of its multiples on.
static bool areBlock(const LinearLayout &shared, int64_t count) {
  uint64_t size = shared.getInputSize(dim::offset);
  if (!llvm::isPowerOf2_64(uint64_t(count)) || uint64_t(count) > size)
    return false;
  uint64_t rows = 0, columns = 0, otherRows = 0, otherColumns = 0;
  for (unsigned bit = 0; uint64_t(1) << bit < size; ++bit) {
    bool isInside = int64_t(1) << bit < count;
    (isInside ? rows : otherRows) |=
        shared.getBasis(dim::offset, bit, dim::row);
    (isInside ? columns : otherColumns) |=
        shared.getBasis(dim::offset, bit, dim::column);
  }
  return (rows + 1) * (columns + 1) == uint64_t(count) &&
         (rows & otherRows) == 0 && (columns & otherColumns) == 0;
}

LogicalResult PlaceOp::verify() {
  SharedType tiles = getTiles().getType();
  auto memory = cast<MemRefType>(getMemory().getType());
  auto space =
      dyn_cast_if_present<gpu::AddressSpaceAttr>(memory.getMemorySpace());
  if (!space || space.getValue() != gpu::AddressSpace::Workgroup ||
      !memory.getLayout().isIdentity())
    return emitOpError("has memory that is not of the workgroup, element after "
                       "element (C2)");
  if (memory.getElementType() != tiles.getElementType() ||
      memory.getDimSize(0) != tiles.getStages() * tiles.getCount())
    return emitOpError() << "has memory of " << memory.getDimSize(0) << " "
                         << memory.getElementType() << " for "
                         << tiles.getStages() * tiles.getCount() << " "
                         << tiles.getElementType() << " (C1)";
  return success();
}

LogicalResult CopyOp::verify() {
  if (!cast<MemRefType>(getMatrix().getType()).isStrided())
    return emitOpError("has a matrix without strides (C3)");
  Type element = cast<MemRefType>(getMatrix().getType()).getElementType();
  if (element != getTiles().getType().getElementType() ||
      !isMultiplied(element))
    return emitOpError() << "copies " << element << " to "
                         << getTiles().getType().getElementType()
                         << "; both are bf16, f16 or i8 (C1)";
  return success();
}

LogicalResult WriteOp::verify() {
  auto values = cast<VectorType>(getValues().getType());
  SharedType tiles = getTiles().getType();
  if (values.getElementType() != tiles.getElementType() ||
      !(isMultiplied(values.getElementType()) ||
        values.getElementType().isInteger(16)))
    return emitOpError() << "writes " << values.getElementType()
                         << " to tiles of " << tiles.getElementType()
                         << " (C1)";
  if (!areBlock(tiles.getLayout().getLayout(), values.getNumElements()))
    return emitOpError() << "writes " << values.getNumElements()
                         << " elements, of which " << tiles.getConsecutive()
                         << " are consecutive (C2)";
  return success();
}

LogicalResult LoadOp::verify() {
  SharedType from = getTiles().getType();
  RegistersType to = getTile().getType();
  if (from.getShape() != to.getShape() ||
      from.getElementType() != to.getElementType() ||
      !(isMultiplied(to.getElementType()) || to.getElementType().isInteger(16)))
    return emitOpError("loads a tile of another shape or of other elements "
                       "than it gives (C1)");
  std::string reason;
  unsigned bytes = getBytes(to.getElementType());
  if (failed(matchMatrixAccess(to.getLayout().getLayout(),
                               from.getLayout().getLayout(), bytes, reason)) &&
      !haveSameWords(to.getLayout().getLayout(), from.getLayout().getLayout(),
                     4 / bytes))
    return emitOpError("has layouts that ldmatrix does not serve: ")
           << reason << " (C2)";
  return success();
}

LogicalResult FillOp::verify() {
  Type element = getTile().getType().getElementType();
  if (!isSum(element) || (element.isInteger() && !getValue().isInteger()))
    return emitOpError("gives a tile of f32, or of i32 and an integer (C1)");
  return success();
}

/// The warps of an accumulator along its rows and columns.
static std::pair<unsigned, unsigned> getWarps(RegistersType tile) {
  const LinearLayout &layout = tile.getLayout().getLayout();
  unsigned rows = 1, columns = 1;
  for (unsigned bit = 0; uint64_t(1) << bit < layout.getInputSize(dim::warp);
       ++bit)
    (layout.getBasis(dim::warp, bit, dim::row) ? rows : columns) *= 2;
  return {rows, columns};
}

LogicalResult MmaOp::verify() {
  RegistersType a = getA().getType(), b = getB().getType(),
                c = getC().getType();
  bool isInteger = a.getElementType().isInteger(8);
  int64_t depth = isInteger ? 32 : 16;
  if (a.getShape()[0] != c.getShape()[0] ||
      a.getShape()[1] != b.getShape()[0] ||
      b.getShape()[1] != c.getShape()[1] || a.getShape()[1] % depth != 0)
    return emitOpError("has shapes that are not those of a product over a "
                       "multiple of ")
           << depth << " elements (C1)";
  if (a.getElementType() != b.getElementType() ||
      !isMultiplied(a.getElementType()) ||
      !(isInteger ? c.getElementType().isInteger(32)
                  : c.getElementType().isF32()))
    return emitOpError(
        "multiplies bf16, or f16, and adds f32, or i8 and i32 (C2)");
  unsigned bits = 8 * getBytes(a.getElementType());
  auto [rows, columns] = getWarps(c);
  std::string reason;
  auto isAs = [&](RegistersType tile, llvm::FailureOr<LinearLayout> layout) {
    return succeeded(layout) && tile.getLayout().getLayout() == *layout;
  };
  if (!isAs(c, getAccumulatorLayout(c.getShape()[0], c.getShape()[1], rows,
                                    columns, reason)) ||
      !isAs(a, getOperandLayout(Operand::A, a.getShape()[0], a.getShape()[1],
                                rows, columns, bits, reason)) ||
      !isAs(b, getOperandLayout(Operand::B, b.getShape()[0], b.getShape()[1],
                                rows, columns, bits, reason)))
    return emitOpError("has a layout that is not of the instruction's "
                       "fragments (C3)");
  return success();
}

LogicalResult MmaSparseOp::verify() {
  RegistersType a = getA().getType(), b = getB().getType(),
                c = getC().getType(), metadata = getMetadata().getType();
  int64_t rows = c.getShape()[0], columns = c.getShape()[1];
  if (a.getShape() != ArrayRef<int64_t>{rows, 32} ||
      b.getShape() != ArrayRef<int64_t>{64, columns} ||
      metadata.getShape() != ArrayRef<int64_t>{rows / 16, 64})
    return emitOpError("has shapes that are not those of a product over 64 "
                       "elements (C1)");
  if (a.getElementType() != b.getElementType() ||
      !isShort(a.getElementType()) || !c.getElementType().isF32() ||
      !metadata.getElementType().isInteger(16))
    return emitOpError("multiplies bf16, or f16, adds f32, and has metadata of "
                       "i16 (C2)");
  auto [alongRows, alongColumns] = getWarps(c);
  std::string reason;
  auto isAs = [&](RegistersType tile, llvm::FailureOr<LinearLayout> layout) {
    return succeeded(layout) && tile.getLayout().getLayout() == *layout;
  };
  if (!isAs(c, getAccumulatorLayout(rows, columns, alongRows, alongColumns,
                                    reason)) ||
      !isAs(a, getOperandLayout(Operand::A, rows, 32, alongRows, alongColumns,
                                16, reason)) ||
      !isAs(b, getOperandLayout(Operand::B, 64, columns, alongRows,
                                alongColumns, 16, reason)) ||
      !isAs(metadata,
            getSparseMetadataLayout(rows, alongRows, alongColumns, reason)))
    return emitOpError("has a layout that is not of the instruction's "
                       "fragments (C3)");
  return success();
}

/// Whether a thread has elements of sums that are side by side.
static bool areSumPairs(RegistersType tile) {
  return isSum(tile.getElementType()) &&
         tile.getLayout().getLayout().getNumConsecutive(dim::reg,
                                                        dim::column) >= 2;
}

LogicalResult ForEachOp::verify() {
  RegistersType tile = getTile().getType();
  Type index = IndexType::get(getContext());
  Type pair = VectorType::get({2}, tile.getElementType());
  if (getBody().front().getArgumentTypes() !=
      ArrayRef<Type>{index, index, pair})
    return emitOpError(
               "has a body whose arguments are not a row, a column and ")
           << pair << " (C1)";
  if (!areSumPairs(tile))
    return emitOpError("visits elements of f32 or i32 whose columns are side "
                       "by side in pairs of registers (C2)");
  return success();
}

LogicalResult CombineOp::verify() {
  RegistersType a = getA().getType(), b = getB().getType();
  Type index = IndexType::get(getContext());
  Type as = VectorType::get({2}, a.getElementType()),
       bs = VectorType::get({2}, b.getElementType());
  Block &body = getBody().front();
  auto yield = dyn_cast<YieldOp>(body.back());
  if (body.getArgumentTypes() != ArrayRef<Type>{index, index, as, bs} ||
      !yield || yield.getValues().getType() != as)
    return emitOpError("has a body that does not make ")
           << as << " of a row, a column, " << as << " and " << bs << " (C1)";
  if (a.getShape() != b.getShape() || a.getLayout() != b.getLayout() ||
      !areSumPairs(a) || !areSumPairs(b))
    return emitOpError("is of tiles that have not one layout, of elements of "
                       "f32 or i32 whose columns are side by side in pairs of "
                       "registers (C2)");
  return success();
}
