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
  if (!element.isF32() &&
      (!isHalf || layout.getLayout().getInputSize(dim::reg) < 2))
    return emitError() << "elements are neither f32 nor pairs of 16 bits (C3)";
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

/// Whether words of two elements are the same in registers and in memory.
static bool haveSameWords(const LinearLayout &registers,
                          const LinearLayout &shared) {
  std::string reason;
  auto places = registers.invertAndCompose(shared, reason);
  return succeeded(places) &&
         places->getNumConsecutive(dim::reg, dim::offset) >= 2;
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
  if (element != getTiles().getType().getElementType() || !isShort(element))
    return emitOpError() << "copies " << element << " to "
                         << getTiles().getType().getElementType()
                         << "; both are bf16, or f16 (C1)";
  return success();
}

LogicalResult WriteOp::verify() {
  auto values = cast<VectorType>(getValues().getType());
  SharedType tiles = getTiles().getType();
  if (values.getElementType() != tiles.getElementType() ||
      !(isShort(values.getElementType()) ||
        values.getElementType().isInteger(16)))
    return emitOpError() << "writes " << values.getElementType()
                         << " to tiles of " << tiles.getElementType()
                         << " (C1)";
  if (tiles.getConsecutive() % values.getNumElements() != 0)
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
      !(isShort(to.getElementType()) || to.getElementType().isInteger(16)))
    return emitOpError("loads a tile of another shape or of other elements "
                       "than it gives (C1)");
  std::string reason;
  if (failed(matchMatrixAccess(to.getLayout().getLayout(),
                               from.getLayout().getLayout(), 2, reason)) &&
      !haveSameWords(to.getLayout().getLayout(), from.getLayout().getLayout()))
    return emitOpError("has layouts that ldmatrix does not serve: ")
           << reason << " (C2)";
  return success();
}

LogicalResult FillOp::verify() {
  if (!getTile().getType().getElementType().isF32())
    return emitOpError("gives a tile of f32 (C1)");
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
  if (a.getShape()[0] != c.getShape()[0] ||
      a.getShape()[1] != b.getShape()[0] ||
      b.getShape()[1] != c.getShape()[1] || a.getShape()[1] % 16 != 0)
    return emitOpError("has shapes that are not those of a product over a "
                       "multiple of 16 elements (C1)");
  if (a.getElementType() != b.getElementType() ||
      !isShort(a.getElementType()) || !c.getElementType().isF32())
    return emitOpError("multiplies bf16, or f16, and adds f32 (C2)");
  auto [rows, columns] = getWarps(c);
  std::string reason;
  auto isAs = [&](RegistersType tile, llvm::FailureOr<LinearLayout> layout) {
    return succeeded(layout) && tile.getLayout().getLayout() == *layout;
  };
  if (!isAs(c, getAccumulatorLayout(c.getShape()[0], c.getShape()[1], rows,
                                    columns, reason)) ||
      !isAs(a, getOperandLayout(Operand::A, a.getShape()[0], a.getShape()[1],
                                rows, columns, 16, reason)) ||
      !isAs(b, getOperandLayout(Operand::B, b.getShape()[0], b.getShape()[1],
                                rows, columns, 16, reason)))
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

LogicalResult ForEachOp::verify() {
  RegistersType tile = getTile().getType();
  Type index = IndexType::get(getContext());
  Type pair = VectorType::get({2}, tile.getElementType());
  if (getBody().front().getArgumentTypes() !=
      ArrayRef<Type>{index, index, pair})
    return emitOpError(
               "has a body whose arguments are not a row, a column and ")
           << pair << " (C1)";
  if (!tile.getElementType().isF32() ||
      tile.getLayout().getLayout().getNumConsecutive(dim::reg, dim::column) < 2)
    return emitOpError("visits elements of f32 whose columns are side by side "
                       "in pairs of registers (C2)");
  return success();
}
