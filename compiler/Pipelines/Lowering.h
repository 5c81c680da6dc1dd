//===- Lowering.h - The back half of compilation ----------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_COMPILER_PIPELINES_LOWERING_H
#define DITHER_COMPILER_PIPELINES_LOWERING_H

#include "compiler/Codegen/CPU/KernelPlan.h"
#include "compiler/Pipelines/Pipelines.h"
#include "llvm/Support/CodeGen.h"

namespace llvm {
class TargetMachine;
} // namespace llvm

namespace dither {

/// What the kernels may use.
struct KernelTarget {
  int64_t lanes = 8;
  bool hasAVX512 = false, hasVNNI = false, hasVBMI = false;
  /// Whether AMX multiplies integers of 8 bits, and bf16.
  bool hasTiles = false, hasFloatTiles = false;
  /// Bytes of a core's caches, of which code depends on features alone: the
  /// least that CPUs with these features have.
  int64_t firstCache = 32 << 10, secondCache = 512 << 10;
};

/// What kernels are planned by on a target.
KernelLimits getKernelLimits(const KernelTarget &target);

/// Core ops to buffers in one arena.
llvm::LogicalResult lowerToBuffers(mlir::ModuleOp module,
                                   const KernelTarget &target,
                                   const CompileOptions &options);

/// Core ops to kernels of a generation of devices, "sm_90a", launched on
/// buffers in one arena.
llvm::LogicalResult lowerToLaunches(mlir::ModuleOp module,
                                    const CompileOptions &options,
                                    llvm::StringRef generation);

/// Launches to the LLVM dialect: functions of the host with an entry point for
/// each, and a `gpu.module` of kernels in the NVVM dialect.
llvm::LogicalResult lowerLaunchesToLLVMDialect(mlir::ModuleOp module,
                                               const CompileOptions &options);

/// compileTo for a device.
llvm::FailureOr<llvm::SmallVector<char, 0>>
compileForDevice(mlir::ModuleOp module, const CompileOptions &options,
                 EmitStage stage, const ConstantMap &constants,
                 llvm::StringRef model);

/// The functions and kernels for a generation of devices, which names it.
struct DeviceVersion {
  std::string generation;
  /// That there is code for.
  llvm::SmallVector<std::string> chips;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  /// Those of the module before lowerLaunchesToLLVMDialect.
  std::vector<ManifestFunction> functions;
};

/// What remains of compileForDevice behind lowerLaunchesToLLVMDialect.
llvm::FailureOr<llvm::SmallVector<char, 0>>
finishForDevice(llvm::MutableArrayRef<DeviceVersion> versions,
                const CompileOptions &options, EmitStage stage,
                const ConstantMap &constants, llvm::StringRef model);

/// Prints IR after each pass where the options say so.
void setPrinting(mlir::PassManager &pm, const CompileOptions &options);

/// In which order, and how often, core ops are taken when memory is planned.
struct TensorOrder {
  bool reschedule = false;
  /// Bytes of tensors that may live at once before values are computed again;
  /// where there is none, nothing is asked.
  std::optional<int64_t> budget;
  /// A dynamic extent, where bytes are counted.
  int64_t batch = 64;
};

/// Core ops to ops on buffers; with `narrows`, products may end in elements of
/// 16 bits.
void addBufferPasses(mlir::PassManager &pm, bool narrows,
                     const TensorOrder &order);

/// Plans the memory of a module by `plan`, in the order given and rescheduled,
/// of which each function keeps the one with the smaller arena. Functions that
/// exceed the budget of the options compute values again until they fit; where
/// one cannot, that is an error.
llvm::LogicalResult planOrders(
    mlir::ModuleOp module, const CompileOptions &options,
    llvm::function_ref<llvm::LogicalResult(mlir::ModuleOp, const TensorOrder &)>
        plan);

/// Notes in the module the batch that its model is trained with, for
/// planOrders, which finds the model gone.
void noteBatch(mlir::ModuleOp module, ModelOp model);

/// What planned functions compute again.
std::vector<Recomputation> collectRecomputed(mlir::ModuleOp module);

/// Math as arithmetic, that of bf16 in f32. A host has no instruction that
/// rounds to bf16, and LLVM would call a library that is not there: with
/// `expandsBf16`, integers do it.
void addArithmeticPasses(mlir::PassManager &pm, bool expandsBf16);

/// Functions of the LLVM dialect that the runtime can call.
void addEntryPasses(mlir::PassManager &pm);

/// Optimized code of a module: text or a relocatable object.
llvm::FailureOr<llvm::SmallVector<char, 0>>
emitCode(llvm::Module &module, llvm::TargetMachine &target,
         llvm::CodeGenFileType type, mlir::Location location);

/// A version of the code, in the LLVM dialect, and what it is compiled for.
struct VersionCode {
  llvm::StringRef name;
  mlir::ModuleOp module;
  const llvm::TargetMachine *machine;
};

/// All versions in one module, of which nothing is seen from outside: a
/// function has as many symbols as there are versions, with getVersionSuffix.
llvm::FailureOr<std::unique_ptr<llvm::Module>>
joinVersions(llvm::ArrayRef<VersionCode> versions, llvm::LLVMContext &context);

/// Fails where versions differ in what their functions take: parameters are
/// packed once, and sessions call by one manifest.
llvm::LogicalResult verifySameArguments(const ManifestVersion &a,
                                        const ManifestVersion &b,
                                        mlir::Location location);

/// The text of a module.
llvm::SmallVector<char, 0> printModule(mlir::ModuleOp module);

/// Buffers to the LLVM dialect, with an entry point for each function.
llvm::LogicalResult lowerToLLVMDialect(mlir::ModuleOp module,
                                       const KernelTarget &target,
                                       const CompileOptions &options);

} // namespace dither

#endif // DITHER_COMPILER_PIPELINES_LOWERING_H
