//===- Interpreter.h - The reference meaning, executed ----------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs a function op by op on host tensors: what every kernel is tested
// against. Clarity before speed.
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_COMPILER_INTERPRETER_INTERPRETER_H
#define DITHER_COMPILER_INTERPRETER_INTERPRETER_H

#include "Dither/IR/Dither.h"
#include <functional>

namespace dither {

/// Runs `function` on `arguments`, one for each argument of the function.
/// Composite ops are decomposed on a clone; the function stays as it is. Calls
/// are followed. Fails, with a diagnostic at the op, where an op has no
/// reference meaning, an argument does not fit its type, or extents that the
/// types leave open disagree.
llvm::FailureOr<llvm::SmallVector<HostTensor>>
interpret(mlir::func::FuncOp function, llvm::ArrayRef<HostTensor> arguments);

/// What runs a function of core ops, which names no parameters: the
/// interpreter, or who compiles it first.
using Evaluator = std::function<llvm::FailureOr<llvm::SmallVector<HostTensor>>(
    mlir::func::FuncOp, llvm::ArrayRef<HostTensor>)>;

/// Runs the initializer of a parameter. `stream` is the parameter's position
/// among the parameters of its model.
llvm::FailureOr<HostTensor>
evaluateInitializer(ParamOp param, int64_t seed,
                    const Evaluator &evaluate = interpret);

} // namespace dither

#endif // DITHER_COMPILER_INTERPRETER_INTERPRETER_H
