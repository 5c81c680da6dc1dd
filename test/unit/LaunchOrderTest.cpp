//===- LaunchOrderTest.cpp - Orders of launches that have to be found -----===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The emulator runs launches one by one, whatever they follow. So an order that
// the compiler forgets has to show as a fault.
//
//===----------------------------------------------------------------------===//

#include "MutationSupport.h"
#include <gtest/gtest.h>

using namespace mlir;
using namespace dither;
using namespace dither::test;

/// Two products that are apart, and others of both.
static constexpr const char model[] = R"(dither.model @m {
  func.func @f(%x: tensor<9x32xf32>, %v: tensor<32x16xf32>, %w: tensor<32x9xf32>) -> (tensor<9x16xf32>, tensor<9xf32>) {
    %a = dither.matmul %x, %w : tensor<9x32xf32>, tensor<32x9xf32>
    %b = dither.matmul %x, %v : tensor<9x32xf32>, tensor<32x16xf32>
    %c = dither.matmul %a, %b : tensor<9x9xf32>, tensor<9x16xf32>
    %s = dither.reduce sum %a {dims = array<i64: 1>} : tensor<9x9xf32>
    return %c, %s : tensor<9x16xf32>, tensor<9xf32>
  }
})";

/// Drops what one launch says that it follows: the n-th in all. False where
/// there are fewer.
static bool dropOrder(ModuleOp module, size_t n) {
  bool isDropped = false;
  module.walk([&](LLVM::AddressOfOp address) {
    auto table =
        module.lookupSymbol<LLVM::GlobalOp>(address.getGlobalNameAttr());
    if (isDropped || !table || !table.getName().starts_with("dither.after"))
      return;
    SmallVector<int32_t> distances(
        cast<DenseIntElementsAttr>(*table.getValue()).getValues<int32_t>());
    // The last one is a 0.
    size_t count = distances.size() - 1;
    if (n >= count) {
      n -= count;
      return;
    }
    distances.erase(distances.begin() + ptrdiff_t(n));
    OpBuilder b(table);
    LLVM::GlobalOp::create(
        b, table.getLoc(),
        LLVM::LLVMArrayType::get(b.getI32Type(), unsigned(count)),
        /*isConstant=*/true, LLVM::Linkage::Private, "dropped",
        b.getI32TensorAttr(distances));
    address.setGlobalName("dropped");
    isDropped = true;
  });
  return isDropped;
}

TEST(LaunchOrder, EachIsNeeded) {
  MutableKernels kernels(model, "sm_80");
  ASSERT_TRUE(kernels) << kernels.getDiagnostics();
  for (const Outcome &outcome : kernels.run({}))
    EXPECT_EQ(outcome.kind, Outcome::right) << testing::PrintToString(outcome);
  size_t count = 0;
  auto drop = [&](ModuleOp module) { return dropOrder(module, count); };
  for (auto outcomes = kernels.run(drop); outcomes.size() > 1;
       outcomes = kernels.run(drop)) {
    for (const Outcome &outcome : outcomes) {
      EXPECT_EQ(outcome.kind, Outcome::faulted)
          << count << ": " << testing::PrintToString(outcome);
      EXPECT_NE(outcome.message.find("neither follows the other"),
                std::string::npos)
          << outcome.message;
    }
    ++count;
  }
  // Both products that the third one is of, and the one that is summed.
  EXPECT_GE(count, 3u);
}
