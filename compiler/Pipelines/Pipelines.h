//===- Pipelines.h - From a model to an artifact ----------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the driver calls. A compilation takes a module with one dither.model,
// and gives an artifact, or fails with diagnostics at their locations.
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_COMPILER_PIPELINES_PIPELINES_H
#define DITHER_COMPILER_PIPELINES_PIPELINES_H

#include "Dither/IR/Dither.h"
#include "compiler/Artifact/Artifact.h"
#include "compiler/Pipelines/Tuning.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/StringMap.h"

namespace dither {

/// Where the parameters of a compiled function live.
enum class ParameterMode {
  /// State of a session, dense, under its representation at each read.
  train,
  /// Constants of the artifact, packed.
  deploy
};

struct CompileOptions {
  ParameterMode mode = ParameterMode::deploy;
  /// Values of the parameters by name, for `deploy`. A parameter that is
  /// absent is an error.
  llvm::StringMap<HostTensor> parameters;
  /// Functions to compile; empty says all public ones (and, for `train`, the
  /// step of each training declaration, named "<declaration>.step").
  llvm::SmallVector<std::string> functions;
  /// What the code is compiled for, a version of it for each: CPUs of LLVM such
  /// as "x86-64-v3", "native" for the host, "portable" for a few that cover
  /// what kernels distinguish. Empty says "native".
  llvm::SmallVector<std::string> targets;
  /// The device that runs the kernels: "cuda", "cuda-emulator"; empty says that
  /// the CPU does. With it, `targets` are those of the code that launches them.
  std::string device;
  /// Chips that there is code for, such as "sm_90a", with a version for each of
  /// their generations; empty says `defaultChips` or, for the emulator, which
  /// is one chip, a chip of its own.
  llvm::SmallVector<std::string> chips;
  /// In place of `targets`, LLVM features such as "+avx512f,-amx-tile".
  std::string features;
  /// Plans of kernels that were measured. They serve the target whose features
  /// they are for; where there is none, compilation fails.
  std::optional<Tuning> tuning;
  /// Bytes that the arena of a function may have, where dynamic extents are the
  /// batch that the model is trained with, 64 if it is not.
  std::optional<int64_t> memoryBudget;
  /// How parameters are packed.
  Evaluator evaluate = interpret;
  /// Keep the IR after each pass on llvm::errs().
  bool printIR = false;
};

/// PTX that every device takes which can run it at all, and Hopper's own.
constexpr llvm::StringLiteral defaultChips[] = {"sm_90a", "sm_80"};

/// Registers the dialects, interfaces and translations that compilation needs.
void registerCompilerDialects(mlir::DialectRegistry &registry);

/// The one model of a module, or null after a diagnostic.
ModelOp findModel(mlir::ModuleOp module);

/// Front half: inlines, differentiates, binds parameters, decomposes. Leaves
/// functions of core ops whose arguments say what they are: see
/// docs/rationale/bindings.md. Works in place.
llvm::LogicalResult lowerToCore(mlir::ModuleOp module,
                                const CompileOptions &options);

/// Where a compilation stops. Buffers, kernels and PTX of a device are those
/// for the first of its chips.
enum class EmitStage {
  core,
  buffers,
  kernels, ///< of a device, before they are translated to LLVM
  llvmIR,
  ptx, ///< of a device
  assembly,
  object
};

/// Compiles to text (core, buffers, llvmIR, assembly) or to a relocatable
/// object. Works on a clone.
llvm::FailureOr<llvm::SmallVector<char, 0>>
compileTo(mlir::ModuleOp module, const CompileOptions &options,
          EmitStage stage);

/// What a function computes again to stay within a budget of memory.
struct Recomputation {
  struct Op {
    mlir::Location location;
    std::string name, type;
    int64_t operations = 0;
  };
  std::string function;
  std::vector<Op> ops;
  /// Of the whole function, without and with them.
  int64_t operationsBefore = 0, operationsAfter = 0;
};

/// Compiles the first version as far as the memory plan: what each function
/// takes and the size of its arena; and what it computes again, if that is
/// asked for. Works on a clone.
llvm::FailureOr<std::vector<ManifestFunction>>
planFunctions(mlir::ModuleOp module, const CompileOptions &options,
              std::vector<Recomputation> *recomputed = nullptr);

/// A product of a function, as a kernel of the first version.
struct PlannedProduct {
  std::string function, key;
  KernelAttr plan;
  /// Other plans, worth a measurement.
  llvm::SmallVector<KernelAttr> neighbours;
};

/// Compiles the first version as far as the plans of its kernels, and gives
/// them and the version's features. Works on a clone.
struct ProductPlans {
  std::vector<std::string> features;
  /// f32 elements of a vector register.
  int64_t lanes = 0;
  std::vector<PlannedProduct> products;
};
llvm::FailureOr<ProductPlans> planProducts(mlir::ModuleOp module,
                                           const CompileOptions &options);

/// Compiles to a relocatable object that holds code, manifest and packed
/// parameters. Works on a clone.
llvm::FailureOr<llvm::SmallVector<char, 0>>
compileToObject(mlir::ModuleOp module, const CompileOptions &options);

/// Links an object into a shared-object artifact at `path`; atomic.
llvm::LogicalResult writeArtifact(llvm::ArrayRef<char> object,
                                  llvm::StringRef path);

/// Links an object with the runtime into a stand-alone executable; atomic.
/// `runtimeFolder` holds libdither_exe_main.a and libdither_runtime.a.
llvm::LogicalResult writeExecutable(llvm::ArrayRef<char> object,
                                    llvm::StringRef path,
                                    llvm::StringRef runtimeFolder);

/// A C header that declares how to call the artifact's functions.
llvm::FailureOr<std::string> makeHeader(mlir::ModuleOp module,
                                        const CompileOptions &options);

} // namespace dither

#endif // DITHER_COMPILER_PIPELINES_PIPELINES_H
