//===- DeviceKernelsTest.cpp - What an artifact says of kernels -----------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/Images.h"
#include "compiler/Pipelines/Lowering.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "gtest/gtest.h"
#include <dlfcn.h>

using namespace mlir;
using namespace dither;

namespace {
/// A module with a kernel of two tensor maps and one of none.
std::string makeModule(StringRef maps, StringRef body = "") {
  return (R"(
gpu.module @kernels {
  llvm.func @f_0(%a: !llvm.ptr {llvm.align = 64 : i64, llvm.byval = !llvm.array<128 x i8>, nvvm.grid_constant}, %n: i64,
                 %b: !llvm.ptr {llvm.align = 64 : i64, llvm.byval = !llvm.array<128 x i8>, nvvm.grid_constant})
      attributes {gpu.kernel, nvvm.kernel, nvvm.maxntid = array<i32: 384, 1, 1>, dither.shared_bytes = 8 : i64,
                  dither.tensor_maps = )" +
          maps + R"(} {
)" + body +
          R"(
    llvm.return
  }
  llvm.func @f_1(%x: !llvm.ptr) attributes {gpu.kernel, nvvm.kernel, nvvm.maxntid = array<i32: 32, 1, 1>} {
    %t = nvvm.read.ptx.sreg.tid.x : i32
    llvm.store %t, %x : i32, !llvm.ptr
    llvm.return
  }
}
llvm.func @dither.entry.f(%context: !llvm.ptr, %arguments: !llvm.ptr) { llvm.return }
)")
      .str();
}

constexpr StringLiteral twoMaps =
    "[array<i32: 0, 1, 64, 32, 64>, array<i32: 2, 3, 128, 8, 0>]";

/// Such a module. Diagnostics are collected, not printed.
class Kernels {
public:
  explicit Kernels(StringRef maps, StringRef body = "") {
    DialectRegistry registry;
    registerCompilerDialects(registry);
    context.appendDialectRegistry(registry);
    context.getDiagEngine().registerHandler([this](Diagnostic &diagnostic) {
      diagnostics += diagnostic.str() + "\n";
      return success();
    });
    module = parseSourceString<ModuleOp>(makeModule(maps, body), &context);
  }
  Kernels(const Kernels &) = delete;
  explicit operator bool() const { return bool(module); }
  ModuleOp getModule() { return *module; }

  std::string diagnostics;

private:
  MLIRContext context;
  OwningOpRef<ModuleOp> module;
};

TEST(DeviceKernels, HaveTensorMaps) {
  Kernels program(twoMaps);
  ASSERT_TRUE(program) << program.diagnostics;
  auto kernels = collectKernels(program.getModule());
  ASSERT_TRUE(succeeded(kernels)) << program.diagnostics;
  ASSERT_EQ(kernels->size(), 2u);
  const ManifestKernel &first = (*kernels)[0];
  EXPECT_EQ(first.name, "f_0");
  EXPECT_EQ(first.threads[0], 384);
  EXPECT_EQ(first.sharedBytes, 8);
  EXPECT_EQ(first.arguments, 3u);
  ASSERT_EQ(first.maps.size(), 2u);
  EXPECT_EQ(first.maps[0].element, uint32_t(DITHER_BF16));
  EXPECT_EQ(first.maps[0].rows, 64u);
  EXPECT_EQ(first.maps[1].argument, 2u);
  EXPECT_EQ(first.maps[1].element, uint32_t(DITHER_F32));
  EXPECT_EQ(first.maps[1].rows, 128u);
  EXPECT_EQ(first.maps[1].columns, 8u);
  EXPECT_EQ(first.maps[1].swizzle, 0u);
  EXPECT_TRUE((*kernels)[1].maps.empty());
}

TEST(DeviceKernels, MapsAreValuesInPtx) {
  Kernels program(twoMaps);
  ASSERT_TRUE(program) << program.diagnostics;
  auto ptx = emitPtx(program.getModule(), "sm_90a");
  ASSERT_TRUE(succeeded(ptx)) << program.diagnostics;
  EXPECT_NE(ptx->find(".param .align 64 .b8 f_0_param_0[128]"),
            std::string::npos)
      << *ptx;
}

TEST(DeviceKernels, RefuseOddMaps) {
  auto expect = [](StringRef maps, StringRef message) {
    Kernels program(maps);
    ASSERT_TRUE(program) << program.diagnostics;
    EXPECT_TRUE(failed(collectKernels(program.getModule())));
    EXPECT_TRUE(StringRef(program.diagnostics).contains(message))
        << program.diagnostics;
  };
  expect("[array<i32: 0, 1, 64, 32>]", "that is not a list of array<i32:");
  expect("[7 : i32]", "that is not a list of array<i32:");
  expect("[array<i32: 1, 1, 64, 32, 64>]",
         "has a tensor map as argument 1, which is not a pointer with "
         "llvm.byval");
  expect("[array<i32: 3, 1, 64, 32, 64>]", "as argument 3, which is not");
  expect("[array<i32: 2, 1, 64, 32, 64>, array<i32: 0, 1, 64, 32, 64>]",
         "has tensor maps that are not in the order of its arguments");
}

/// Of instructions that are not known to be one thread's alone, threads may
/// wait.
TEST(DeviceKernels, Collective) {
  auto isCollective = [](StringRef body) {
    Kernels program("[]", body);
    EXPECT_TRUE(program) << program.diagnostics;
    auto kernels = collectKernels(program.getModule());
    return succeeded(kernels) && kernels->front().isCollective;
  };
  EXPECT_FALSE(isCollective(""));
  EXPECT_FALSE(isCollective("%t = nvvm.read.ptx.sreg.ctaid.x : i32"));
  EXPECT_TRUE(isCollective("nvvm.barrier"));
  EXPECT_TRUE(isCollective("%e = nvvm.elect.sync -> i1"));
  EXPECT_TRUE(isCollective("nvvm.setmaxregister increase 232"));
  EXPECT_TRUE(isCollective("nvvm.wgmma.commit.group.sync.aligned"));
  EXPECT_TRUE(isCollective("nvvm.cp.async.bulk.commit.group"));
  EXPECT_TRUE(
      isCollective("llvm.inline_asm has_side_effects \"nop;\", \"\" : () -> "
                   "()"));
}

/// What is written is what the runtime reads.
TEST(DeviceKernels, AreInTheArtifact) {
  Kernels program(twoMaps);
  ASSERT_TRUE(program) << program.diagnostics;
  std::vector<DeviceVersion> versions(1);
  versions[0].generation = "sm_90a";
  versions[0].module = program.getModule().clone();
  versions[0].functions.emplace_back();
  versions[0].functions[0].name = "f";
  CompileOptions options;
  options.device = "cuda-emulator";
  auto object = finishForDevice(versions, options, EmitStage::object, {}, "m");
  ASSERT_TRUE(succeeded(object)) << program.diagnostics;
  SmallString<128> path;
  ASSERT_FALSE(llvm::sys::fs::createTemporaryFile("dither", "so", path));
  llvm::FileRemover remover(path);
  ASSERT_TRUE(succeeded(writeArtifact(*object, path)));
  void *library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  ASSERT_TRUE(library) << dlerror();
  auto *embedded =
      static_cast<const DitherEmbedded *>(dlsym(library, "dither_embedded"));
  ASSERT_TRUE(embedded);
  ASSERT_EQ(embedded->kernel_count, 2u);
  const DitherKernelEntry &first = embedded->kernels[0];
  EXPECT_STREQ(first.name, "f_0");
  EXPECT_STREQ(first.version, "sm_90a");
  EXPECT_EQ(first.shared_bytes, 8u);
  EXPECT_EQ(first.argument_count, 3u);
  ASSERT_EQ(first.map_count, 2u);
  EXPECT_EQ(first.maps[0].argument, 0u);
  EXPECT_EQ(first.maps[0].swizzle, 64u);
  EXPECT_EQ(first.maps[1].argument, 2u);
  EXPECT_EQ(first.maps[1].rows, 128u);
  EXPECT_EQ(first.maps[1].columns, 8u);
  EXPECT_TRUE(first.emulated);
  const DitherKernelEntry &second = embedded->kernels[1];
  EXPECT_STREQ(second.version, "sm_90a");
  EXPECT_EQ(second.map_count, 0u);
  EXPECT_EQ(second.maps, nullptr);
  EXPECT_TRUE(second.emulated);
  dlclose(library);
}
} // namespace
