//===- Arguments.h - What an argument is ------------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_COMPILER_TRANSFORMS_BINDPARAMETERS_ARGUMENTS_H
#define DITHER_COMPILER_TRANSFORMS_BINDPARAMETERS_ARGUMENTS_H

#include "Dither/IR/Dither.h"

namespace dither {

/// Attributes of arguments and results: see docs/rationale/bindings.md.
constexpr llvm::StringLiteral kindAttr = "dither.kind";
constexpr llvm::StringLiteral nameAttr = "dither.name";
constexpr llvm::StringLiteral updatesAttr = "dither.updates";

/// Values of `dither.kind`.
constexpr llvm::StringLiteral inputKind = "input";
constexpr llvm::StringLiteral stateKind = "state";
constexpr llvm::StringLiteral constantKind = "constant";
constexpr llvm::StringLiteral rngKind = "rng";

/// Marks the arguments that have no kind yet as inputs, and names them.
void nameInputs(mlir::func::FuncOp function);

/// Names the results that have neither a name nor a state to update by their
/// position.
void nameResults(mlir::func::FuncOp function);

/// Adds an argument behind the others, but before the seed and step.
mlir::BlockArgument addArgument(mlir::func::FuncOp function, mlir::Type type,
                                llvm::StringRef kind, llvm::StringRef name,
                                mlir::Location loc);

/// The argument with seed and step, or null.
mlir::BlockArgument findRng(mlir::func::FuncOp function);

/// The same; adds it where there is none.
mlir::BlockArgument getOrAddRng(mlir::func::FuncOp function);

/// The step, an i64 tensor of rank 0.
mlir::Value buildStep(mlir::ImplicitLocOpBuilder &b, mlir::Value rng);

/// Fails, with a diagnostic, where two arguments have one name.
llvm::LogicalResult checkNames(mlir::func::FuncOp function);

} // namespace dither

#endif // DITHER_COMPILER_TRANSFORMS_BINDPARAMETERS_ARGUMENTS_H
