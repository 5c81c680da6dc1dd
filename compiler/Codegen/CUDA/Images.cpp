//===- Images.cpp - Kernels as code of devices ----------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/Images.h"
#include "compiler/Codegen/CUDA/Kernels.h"
#include "compiler/Passes.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/ExecutionEngine/OptUtils.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"

using namespace mlir;
using namespace dither;

namespace {
/// A chip that code is made for, what its kernels are formed for, the PTX that
/// it needs and the least driver that takes it.
struct Chip {
  StringLiteral name, generation, ptx;
  uint32_t driver;
};
} // namespace

/// Before PTX 8.1, a kernel has 4 KiB of parameters. Before sm_80 there are no
/// products of bf16, nor asynchronous copies. What sm_90a has more than that,
/// of which sparse `wgmma` needs PTX 8.2, no other chip has.
static constexpr Chip chipTable[] = {
    {"sm_80", "sm_80", "+ptx81", 12010},   {"sm_86", "sm_80", "+ptx81", 12010},
    {"sm_89", "sm_80", "+ptx81", 12010},   {"sm_90", "sm_80", "+ptx81", 12010},
    {"sm_90a", "sm_90a", "+ptx82", 12020}, {"sm_100", "sm_80", "+ptx86", 12070},
    {"sm_100a", "sm_80", "+ptx86", 12070}, {"sm_120", "sm_80", "+ptx87", 12080},
    {"sm_120a", "sm_80", "+ptx87", 12080},
};

static const Chip *findChip(StringRef name) {
  const Chip *found =
      llvm::find_if(chipTable, [&](const Chip &c) { return c.name == name; });
  return found == std::end(chipTable) ? nullptr : found;
}

StringRef dither::getGeneration(StringRef chip) {
  return findChip(chip)->generation;
}

LogicalResult dither::verifyChips(ArrayRef<std::string> chips,
                                  Location location) {
  for (const std::string &chip : chips) {
    if (findChip(chip))
      continue;
    auto diagnostic = emitError(location)
                      << "no chip is named '" << chip << "'; there are ";
    llvm::interleaveComma(chipTable, diagnostic,
                          [&](const Chip &c) { diagnostic << c.name; });
    return diagnostic;
  }
  return success();
}

/// Whether threads wait for each other at an op, or do something together. Of
/// the NVVM dialect only reads of registers are known to be a thread's own, and
/// of what is assembly nothing is known.
static bool isCollective(Operation *op) {
  if (isa<LLVM::InlineAsmOp>(op))
    return true;
  return isa_and_present<NVVM::NVVMDialect>(op->getDialect()) &&
         !op->getName().getStringRef().starts_with("nvvm.read.ptx.sreg.");
}

/// The arguments of a kernel that are tensor maps.
static LogicalResult collectMaps(LLVM::LLVMFuncOp function,
                                 std::vector<DitherTensorMap> &maps) {
  auto attr = function->getAttrOfType<ArrayAttr>(tensorMapsName);
  for (Attribute each : attr ? attr.getValue() : ArrayRef<Attribute>()) {
    auto fields = dyn_cast<DenseI32ArrayAttr>(each);
    if (!fields || fields.size() != 5)
      return function.emitError()
             << "has '" << tensorMapsName
             << "' that is not a list of array<i32: argument, element, rows, "
                "columns, swizzle>: "
             << each;
    DitherTensorMap map = {uint32_t(fields[0]), uint32_t(fields[1]),
                           uint32_t(fields[2]), uint32_t(fields[3]),
                           uint32_t(fields[4])};
    if (map.argument >= function.getNumArguments() ||
        !function.getArgAttr(map.argument,
                             LLVM::LLVMDialect::getByValAttrName()))
      return function.emitError()
             << "has a tensor map as argument " << map.argument
             << ", which is not a pointer with llvm.byval";
    if (!maps.empty() && maps.back().argument >= map.argument)
      return function.emitError()
             << "has tensor maps that are not in the order "
                "of its arguments";
    maps.push_back(map);
  }
  return success();
}

FailureOr<std::vector<ManifestKernel>> dither::collectKernels(ModuleOp module) {
  std::vector<ManifestKernel> kernels;
  WalkResult result = module.walk([&](LLVM::LLVMFuncOp function) {
    if (!function->getParentOfType<gpu::GPUModuleOp>() || function.isExternal())
      return WalkResult::advance();
    ManifestKernel kernel;
    kernel.name = function.getName().str();
    auto threads = function->getAttrOfType<DenseI32ArrayAttr>("nvvm.maxntid");
    if (!threads) {
      function.emitError("is a kernel whose block is of unknown size");
      return WalkResult::interrupt();
    }
    llvm::copy(threads.asArrayRef(), kernel.threads);
    if (auto bytes = function->getAttrOfType<IntegerAttr>(sharedBytesName))
      kernel.sharedBytes = bytes.getInt();
    kernel.arguments = function.getNumArguments();
    if (failed(collectMaps(function, kernel.maps)))
      return WalkResult::interrupt();
    function.walk(
        [&](Operation *op) { kernel.isCollective |= isCollective(op); });
    kernels.push_back(kernel);
    return WalkResult::advance();
  });
  if (result.wasInterrupted())
    return failure();
  return kernels;
}

//===- PTX ----------------------------------------------------------------===//

static FailureOr<std::unique_ptr<llvm::TargetMachine>>
createMachine(const Chip &chip, Location location) {
  LLVMInitializeNVPTXTargetInfo();
  LLVMInitializeNVPTXTarget();
  LLVMInitializeNVPTXTargetMC();
  LLVMInitializeNVPTXAsmPrinter();
  llvm::Triple triple("nvptx64-nvidia-cuda");
  std::string error;
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(triple, error);
  if (!target)
    return emitError(location)
           << "LLVM has no code for NVIDIA's devices: " << error;
  llvm::TargetOptions options;
  // A product that is added is rounded twice, as the interpreter does it.
  options.AllowFPOpFusion = llvm::FPOpFusion::Strict;
  return std::unique_ptr<llvm::TargetMachine>(target->createTargetMachine(
      triple, chip.name, chip.ptx, options, llvm::Reloc::PIC_, std::nullopt,
      llvm::CodeGenOptLevel::Aggressive));
}

/// Writes as assembly what LLVM has no intrinsics for.
static LogicalResult expandInstructions(gpu::GPUModuleOp kernels) {
  PassManager pm(kernels.getContext(), gpu::GPUModuleOp::getOperationName());
  pm.addPass(createExpandInstructions());
  pm.addPass(createConvertNVVMToLLVMPass());
  return pm.run(kernels);
}

/// The kernels alone, as a module of LLVM.
static std::unique_ptr<llvm::Module> translate(ModuleOp module,
                                               llvm::LLVMContext &context) {
  OpBuilder b(module.getContext());
  OwningOpRef<ModuleOp> alone = ModuleOp::create(b, module.getLoc());
  b.setInsertionPointToEnd(alone->getBody());
  for (auto kernels : module.getOps<gpu::GPUModuleOp>()) {
    OwningOpRef<gpu::GPUModuleOp> copies = kernels.clone();
    if (failed(expandInstructions(*copies)))
      return nullptr;
    for (Operation &op : llvm::make_early_inc_range(*copies->getBody())) {
      // Not LLVM's.
      op.removeAttr(sharedBytesName);
      op.removeAttr(tensorMapsName);
      op.moveBefore(alone->getBody(), alone->getBody()->end());
    }
  }
  return translateModuleToLLVMIR(*alone, context);
}

FailureOr<std::string> dither::emitPtx(ModuleOp module, StringRef name) {
  Location location = module.getLoc();
  const Chip *chip = findChip(name);
  auto machine = createMachine(*chip, location);
  if (failed(machine))
    return failure();
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> code = translate(module, context);
  if (!code)
    return failure();
  code->setTargetTriple((*machine)->getTargetTriple());
  code->setDataLayout((*machine)->createDataLayout());
  if (llvm::Error error =
          makeOptimizingTransformer(3, 0, machine->get())(code.get()))
    return emitError(location)
           << "optimization failed: " << llvm::toString(std::move(error));
  for (llvm::Function &function : *code)
    if (function.isDeclaration() && !function.isIntrinsic() &&
        !function.use_empty())
      return emitError(location)
             << "kernels would call the function '" << function.getName()
             << "', which no device has; compile for the CPU";
  llvm::SmallString<0> text;
  llvm::raw_svector_ostream stream(text);
  llvm::legacy::PassManager passes;
  if ((*machine)->addPassesToEmitFile(passes, stream, nullptr,
                                      llvm::CodeGenFileType::AssemblyFile))
    return emitError(location) << "LLVM emits no PTX";
  passes.run(*code);
  return std::string(text);
}

//===- ptxas --------------------------------------------------------------===//

/// What ptxas says goes to `report`. No code where there is no ptxas.
static FailureOr<std::string> assemble(const std::string &ptx, StringRef chip,
                                       Location location) {
  auto program = llvm::sys::findProgramByName("ptxas");
  if (!program)
    return std::string();
  SmallString<128> input, output, report;
  llvm::scope_exit remove([&] {
    for (StringRef path : {input.str(), output.str(), report.str()})
      if (!path.empty())
        llvm::sys::fs::remove(path);
  });
  int file = -1;
  std::error_code error =
      llvm::sys::fs::createTemporaryFile("dither", "ptx", file, input);
  if (!error) {
    llvm::raw_fd_ostream stream(file, /*shouldClose=*/true);
    stream << ptx;
    stream.close();
    error = stream.error();
    stream.clear_error();
  }
  if (!error)
    error = llvm::sys::fs::createTemporaryFile("dither", "cubin", output);
  if (!error)
    error = llvm::sys::fs::createTemporaryFile("dither", "log", report);
  if (error)
    return emitError(location)
           << "cannot write a temporary file: " << error.message()
           << "; make room there, or set TMPDIR to another folder";
  StringRef arguments[] = {*program, "-arch", chip, input, "-o", output};
  std::optional<StringRef> redirects[] = {std::nullopt, report.str(),
                                          report.str()};
  std::string message;
  int status = llvm::sys::ExecuteAndWait(*program, arguments, std::nullopt,
                                         redirects, 0, 0, &message);
  auto read = [](StringRef path) -> std::string {
    auto buffer = llvm::MemoryBuffer::getFile(path);
    return buffer ? (*buffer)->getBuffer().str() : std::string();
  };
  if (status != 0)
    return emitError(location) << *program << " takes no PTX for " << chip
                               << ": " << message << read(report);
  return read(output);
}

/// The least driver for what ptxas makes, from its version: "release 13.0".
static uint32_t getAssemblerDriver() {
  auto program = llvm::sys::findProgramByName("ptxas");
  SmallString<128> output;
  if (!program ||
      llvm::sys::fs::createTemporaryFile("dither", "version", output))
    return std::numeric_limits<uint32_t>::max();
  llvm::FileRemover remover(output);
  std::optional<StringRef> redirects[] = {std::nullopt, output.str(),
                                          std::nullopt};
  llvm::sys::ExecuteAndWait(*program, {*program, "--version"}, std::nullopt,
                            redirects);
  auto text = llvm::MemoryBuffer::getFile(output);
  StringRef version = text ? (*text)->getBuffer() : "";
  uint32_t major = 0;
  version = version.split("release ").second;
  if (version.consumeInteger(10, major))
    return std::numeric_limits<uint32_t>::max();
  return major * 1000;
}

FailureOr<std::vector<DeviceImage>>
dither::emitImages(ModuleOp module, ArrayRef<std::string> chips,
                   StringRef version) {
  std::vector<DeviceImage> images;
  for (const std::string &chip : chips) {
    auto ptx = emitPtx(module, chip);
    if (failed(ptx))
      return failure();
    auto code = assemble(*ptx, chip, module.getLoc());
    if (failed(code))
      return failure();
    uint32_t driver = findChip(chip)->driver;
    // A driver takes cubins of its own major version of CUDA, and of those
    // before.
    if (!code->empty())
      images.push_back({chip, version.str(), DITHER_IMAGE_CUBIN,
                        std::max(driver, getAssemblerDriver()),
                        std::move(*code)});
    ptx->push_back('\0');
    images.push_back(
        {chip, version.str(), DITHER_IMAGE_PTX, driver, std::move(*ptx)});
  }
  return images;
}
