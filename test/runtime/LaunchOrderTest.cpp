//===- LaunchOrderTest.cpp - Which launches of a call follow which --------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/device/LaunchOrder.h"

#include "Support.h"

using namespace dither::runtime;
using namespace dither::test;

namespace {

using Numbers = std::vector<uint32_t>;

class LaunchOrderTest : public testing::Test {
protected:
  /// Adds a launch with these distances.
  Numbers add(Numbers distances) {
    distances.push_back(0);
    return *order.add(distances.data());
  }
  Numbers addAll() { return *order.add(nullptr); }

  LaunchOrder order;
};

TEST_F(LaunchOrderTest, DistancesAreNumbers) {
  EXPECT_EQ(add({}), Numbers({}));
  EXPECT_EQ(add({}), Numbers({}));
  EXPECT_EQ(add({1, 2}), Numbers({1, 0}));
  EXPECT_EQ(add({3}), Numbers({0}));
  EXPECT_EQ(order.size(), 4u);
}

/// One without distances follows all that nothing follows yet, and others
/// follow it whatever they say.
TEST_F(LaunchOrderTest, WithoutDistances) {
  EXPECT_EQ(addAll(), Numbers({}));
  EXPECT_EQ(add({}), Numbers({0}));
  EXPECT_EQ(add({}), Numbers({0}));
  EXPECT_EQ(add({2}), Numbers({1}));
  EXPECT_EQ(addAll(), Numbers({2, 3}));
  EXPECT_EQ(addAll(), Numbers({4}));
  EXPECT_EQ(add({}), Numbers({5}));
  // What is before it, it follows; and each is said once.
  EXPECT_EQ(add({7, 6, 3}), Numbers({5}));
  EXPECT_EQ(add({1, 5}), Numbers({7, 5}));
}

TEST_F(LaunchOrderTest, EachOnce) {
  add({});
  EXPECT_EQ(add({1, 1}), Numbers({0}));
}

TEST_F(LaunchOrderTest, NoneSoFarBack) {
  add({});
  const uint32_t two[] = {2, 0};
  auto added = order.add(two);
  EXPECT_TRUE(failsWith(added, "launch 1 of a call follows the one 2 before "
                               "it, which does not exist; compile the artifact "
                               "again"));
  EXPECT_EQ(added.error().code(), Code::Corrupt);
  // Of another call there are none.
  order.start();
  const uint32_t one[] = {1, 0};
  EXPECT_TRUE(failsWith(order.add(one), "launch 0 of a call"));
  EXPECT_EQ(add({}), Numbers({}));
}

} // namespace
