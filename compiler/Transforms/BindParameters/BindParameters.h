//===- BindParameters.h - Parameters as arguments ---------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_COMPILER_TRANSFORMS_BINDPARAMETERS_H
#define DITHER_COMPILER_TRANSFORMS_BINDPARAMETERS_H

#include "Dither/IR/Dither.h"

namespace dither {

/// A parameter that has become a state of a function.
struct BoundParameter {
  ParamOp param;
  /// What the optimizer moves: the dense value or, where a recipe trains them,
  /// the packed ones.
  mlir::BlockArgument value;
  /// The name of that state.
  std::string name;
  /// Null where there is no pattern, or values are packed.
  mlir::Value mask;
  /// What the recipe remembers: full name and the value after this call.
  llvm::SmallVector<std::pair<std::string, mlir::Value>> recipeStates;
};

/// Makes the parameters that a function reads states, in the order of the
/// model, and dither.rng an argument. Calls are inlined. Arguments that the
/// function has are named before, those of results after.
llvm::FailureOr<llvm::SmallVector<BoundParameter>>
bindForTraining(mlir::func::FuncOp function, ModelOp model);

/// Makes them constants. Gives the number of parameters bound.
llvm::FailureOr<unsigned> bindForDeployment(mlir::func::FuncOp function,
                                            ModelOp model);

} // namespace dither

#endif // DITHER_COMPILER_TRANSFORMS_BINDPARAMETERS_H
