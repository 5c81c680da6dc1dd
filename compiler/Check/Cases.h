//===- Cases.h - Examples of ops, to check them --------------- -*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// Each group of ops has a file of small functions, Ops/<Group>/Checks.mlir,
// which is part of the compiler. A function is a case of the op that gives its
// first result. Its attributes say how it is checked:
//
//   dither.range = [low, high]  of an argument: what its elements are drawn
//                               from; [-2, 2] or, of integers, [-1, 3]
//   dither.first_order          its derivative has steps: no second one
//   dither.no_slope             its gradient is not the slope of its value
//
// Where arguments are f64, gradients with respect to them are checked, and
// what is compiled is the same function in f32.
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_COMPILER_CHECK_CASES_H
#define DITHER_COMPILER_CHECK_CASES_H

#include "Dither/IR/Dither.h"
#include "mlir/IR/OwningOpRef.h"

namespace dither {

class CheckCase {
public:
  CheckCase(std::string name, mlir::func::FuncOp function)
      : name(std::move(name)), function(function) {}

  /// "Elementwise/tanh".
  const std::string &getName() const { return name; }
  mlir::func::FuncOp getFunction() const { return function; }

  /// The op that it is a case of.
  mlir::Operation *getOp() const;
  /// Whether gradients of the op are checked, and whether also once more.
  bool hasFirstOrder() const;
  bool hasSecondOrder() const;

private:
  std::string name;
  mlir::func::FuncOp function;
};

/// The cases of all groups. Diagnostics say what is wrong with one.
class CheckCases {
public:
  static llvm::FailureOr<CheckCases> load(mlir::MLIRContext *context);
  /// Those of one file, which is named after its group.
  static llvm::FailureOr<CheckCases> parse(mlir::MLIRContext *context,
                                           llvm::StringRef group,
                                           llvm::StringRef text);
  llvm::ArrayRef<CheckCase> get() const { return cases; }

private:
  llvm::LogicalResult add(mlir::MLIRContext *context, llvm::StringRef group,
                          llvm::StringRef text);

  std::vector<mlir::OwningOpRef<mlir::ModuleOp>> modules;
  std::vector<CheckCase> cases;
};

/// Whether an op has, or says that it has, exact gradients.
bool isDifferentiable(mlir::RegisteredOperationName op);
/// Whether an op has a meaning by itself: others are the structure of models,
/// or made by lowering.
bool needsCase(mlir::RegisteredOperationName op);

/// What is missing, of the ops that `isAsked` accepts: "dither.exp has no
/// case".
std::vector<std::string>
findMissingCases(mlir::MLIRContext *context, llvm::ArrayRef<CheckCase> cases,
                 llvm::function_ref<bool(llvm::StringRef)> isAsked);

/// Makes every f64 of a function f32.
void narrowToSingle(mlir::func::FuncOp function);

/// Whether there is a dynamic extent among the arguments.
bool hasBatch(mlir::func::FuncOp function);

/// Elements for the arguments of a function that the batch and the seed
/// determine.
std::vector<HostTensor> drawArguments(mlir::func::FuncOp function,
                                      int64_t batch, uint64_t seed);

/// A tensor of elements in [low, high].
HostTensor drawTensor(mlir::RankedTensorType type, double low, double high,
                      uint64_t seed, uint32_t stream);

} // namespace dither

#endif // DITHER_COMPILER_CHECK_CASES_H
