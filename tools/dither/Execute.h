//===- Execute.h - Calls, compiled and interpreted --------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TOOLS_DITHER_EXECUTE_H
#define DITHER_TOOLS_DITHER_EXECUTE_H

#include "compiler/Artifact/Artifact.h"
#include "tools/dither/Session.h"

namespace dither {

struct NamedTensors {
  std::vector<std::string> names;
  std::vector<HostTensor> values;
};

/// The inputs of a function of an artifact, and of one lowered to core ops.
llvm::FailureOr<std::vector<std::string>>
getInputNames(LiveSession &session, const std::string &function);
std::vector<std::string> getInputNames(mlir::func::FuncOp function);

/// Calls a function of an artifact.
llvm::FailureOr<NamedTensors> callCompiled(LiveSession &session,
                                           const std::string &function,
                                           std::vector<HostTensor> inputs,
                                           uint64_t seed,
                                           mlir::MLIRContext *context);

/// Interprets a function lowered to core ops in deployment.
llvm::FailureOr<NamedTensors> callInterpreted(mlir::func::FuncOp function,
                                              std::vector<HostTensor> inputs,
                                              const ConstantMap &constants,
                                              uint64_t seed);

/// An evaluator (compiler/Interpreter/Interpreter.h): interprets what is small,
/// and compiles what is large, such as the packing of a large matrix. Both give
/// the same bits, but for scales that are means (docs/numerics.md).
llvm::FailureOr<llvm::SmallVector<HostTensor>>
evaluateCompiled(mlir::func::FuncOp function,
                 llvm::ArrayRef<HostTensor> arguments);

} // namespace dither

#endif // DITHER_TOOLS_DITHER_EXECUTE_H
