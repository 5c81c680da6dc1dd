//===- OpSupport.h - What the ops of the dialect share ----------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_IR_OPSUPPORT_H
#define DITHER_IR_OPSUPPORT_H

#include "Dither/Interfaces/HostTensor.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/TypeUtilities.h"

namespace dither {
using mlir::getElementTypeOrSelf;

//===- Shapes -------------------------------------------------------------===//

/// The broadcast of two shapes, or failure. A dynamic extent equals whatever
/// it meets but 1: it never stretches.
llvm::FailureOr<llvm::SmallVector<int64_t>>
broadcastTypes(llvm::ArrayRef<int64_t> a, llvm::ArrayRef<int64_t> b);

/// Infers one result: the broadcast of the operands with `element`. The
/// element types of all operands must agree, but for i1 ones.
llvm::LogicalResult inferElementwise(std::optional<mlir::Location> location,
                                     mlir::ValueRange operands,
                                     mlir::Type element,
                                     llvm::SmallVectorImpl<mlir::Type> &types);

/// The broadcast of concrete shapes, which are known to agree.
llvm::SmallVector<int64_t> broadcastShapes(llvm::ArrayRef<HostTensor> operands);

/// Runs `op.evaluateScalar` for each element.
llvm::LogicalResult
evaluateElementwise(ElementwiseOpInterface op,
                    llvm::ArrayRef<HostTensor> operands,
                    llvm::MutableArrayRef<HostTensor> results);

/// The dimensions of an optional list, or all of the type's.
llvm::SmallVector<int64_t>
getReducedDims(mlir::Type type, std::optional<llvm::ArrayRef<int64_t>> dims);

/// Whether dimensions are distinct, ascending and of a type.
bool areDims(llvm::ArrayRef<int64_t> dims, mlir::RankedTensorType type);

/// Calls `body` with each index of a shape in row-major order.
void forEachIndex(llvm::ArrayRef<int64_t> shape,
                  llvm::function_ref<void(llvm::ArrayRef<int64_t>)> body);

/// The row-major position of an index in a shape; extents of 1 stretch.
int64_t linearize(llvm::ArrayRef<int64_t> index, llvm::ArrayRef<int64_t> shape);

/// Whether an op reads of an operand nothing but its shape.
bool readsShapeAlone(mlir::OpOperand &use);

//===- Building -----------------------------------------------------------===//

/// A constant tensor whose elements are all the same.
mlir::Value buildSplat(mlir::ImplicitLocOpBuilder &b, double value,
                       mlir::RankedTensorType type);
/// A constant tensor of rank 0.
mlir::Value buildScalar(mlir::ImplicitLocOpBuilder &b, double value,
                        mlir::Type element);
/// The same, of the element type of `like`.
mlir::Value buildScalarLike(mlir::ImplicitLocOpBuilder &b, double value,
                            mlir::Value like);

/// Zeros of the shape and type of a value.
mlir::Value buildZerosLike(mlir::ImplicitLocOpBuilder &b, mlir::Value like);

/// Sums a gradient over the dimensions along which an operand of `type` was
/// stretched.
mlir::Value buildUnbroadcast(mlir::ImplicitLocOpBuilder &b,
                             mlir::Value gradient, mlir::Value operand);

/// The type of a tensor with other elements.
mlir::RankedTensorType withElement(mlir::Type type, mlir::Type element);

/// Converts the elements, unless they are of the type.
mlir::Value buildCast(mlir::ImplicitLocOpBuilder &b, mlir::Value x,
                      mlir::Type element);

/// Widens floats of 16 bits to f32, of which sums are taken.
mlir::Value buildWide(mlir::ImplicitLocOpBuilder &b, mlir::Value x);
/// The type that they are widened to; others stay.
mlir::Type getWideElement(mlir::Type type);

/// Reshapes to static extents.
mlir::Value buildReshape(mlir::ImplicitLocOpBuilder &b, mlir::Value x,
                         llvm::ArrayRef<int64_t> shape);

/// Builds the body of a loop, from the number of the run, the carried values
/// and the rows, and gives what it yields.
using BuildRun = llvm::function_ref<llvm::SmallVector<mlir::Value>(
    mlir::Value, mlir::ValueRange, mlir::ValueRange)>;

/// A `dither.for` over rows; all else that the body yields is stacked.
llvm::SmallVector<mlir::Value> buildFor(mlir::ImplicitLocOpBuilder &b,
                                        mlir::ValueRange carried,
                                        mlir::ValueRange rows, BuildRun build,
                                        bool reverse = false);

/// Marks the ops of an estimate of a gradient, which has no derivative.
constexpr llvm::StringLiteral estimateAttr = "dither.estimate";

//===- Verifying ----------------------------------------------------------===//

/// Checks that an op has no attribute but its own and those of a dialect: one
/// that is misspelt would be taken for nothing.
llvm::LogicalResult verifyKnownAttributes(mlir::Operation *op);

template <typename Op>
class KnownAttributes : public mlir::OpTrait::TraitBase<Op, KnownAttributes> {
public:
  static llvm::LogicalResult verifyTrait(mlir::Operation *op) {
    return verifyKnownAttributes(op);
  }
};

/// Marks a decomposable op without a derivative of its own: a gradient passes
/// through its decomposition.
template <typename Op>
class DifferentiatedByParts
    : public mlir::OpTrait::TraitBase<Op, DifferentiatedByParts> {};

/// Checks an optional estimator attribute against the op that carries it.
llvm::LogicalResult verifyEstimator(mlir::Operation *op,
                                    mlir::Attribute estimator);

/// The extent of `count` fields of `bits` bits after packing into bytes.
int64_t packedExtent(int64_t count, int64_t bits);

/// The widths of the planes of a field, powers of two, largest first.
llvm::SmallVector<int64_t> planeWidths(int64_t bits);

/// A part of a packed tensor: the suffix of its name and its type.
using PackedPart = std::pair<std::string, mlir::RankedTensorType>;

/// The parts of a packed tensor in the order of `dither.pack`. Either of
/// pattern and format may be null, not both.
llvm::SmallVector<PackedPart> getPackedParts(mlir::RankedTensorType type,
                                             PatternAttrInterface pattern,
                                             FormatAttrInterface format);

/// Checks that a pattern and a format can be composed; either may be null.
llvm::LogicalResult
verifyComposition(llvm::function_ref<mlir::InFlightDiagnostic()> emitError,
                  PatternAttrInterface pattern, FormatAttrInterface format);

/// Whether vectors can do lane by lane what an op does with scalars.
bool isElementwise(mlir::Operation &op);

/// Checks the representation that an op carries and the parts of a packed
/// tensor, which may be memrefs, against the dense type.
llvm::LogicalResult verifyPackedParts(mlir::Operation *op,
                                      mlir::RankedTensorType dense,
                                      mlir::Attribute pattern,
                                      mlir::Attribute format,
                                      mlir::TypeRange parts);

/// Checks the parts of codes that a packed matrix is multiplied with: none for
/// values, else scales and, without a pattern, starts. `constraint` is its
/// number in the op's doc.
llvm::LogicalResult verifyActivations(mlir::Operation *op, mlir::Type x,
                                      mlir::TypeRange parts,
                                      PatternAttrInterface pattern,
                                      FormatAttrInterface format,
                                      llvm::StringRef constraint);

/// The type of the kept elements.
mlir::RankedTensorType getSlotType(mlir::RankedTensorType type,
                                   PatternAttrInterface pattern);

/// The dimension along which codes and indices are packed into bytes.
int64_t getPackDim(PatternAttrInterface pattern);

/// How many of `count` things remain if `sparsity` of them are left out,
/// rounded to the nearest number, halves down.
int64_t countKept(int64_t count, double sparsity);

/// The types of `rows` and `offsets` of `dither.list_rows`, for `count`
/// elements of a matrix.
mlir::RankedTensorType getListedRowsType(mlir::RankedTensorType matrix,
                                         int64_t count);
mlir::RankedTensorType getListOffsetsType(mlir::RankedTensorType matrix);

} // namespace dither

#endif // DITHER_IR_OPSUPPORT_H
