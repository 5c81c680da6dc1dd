//===- SharedLayoutTest.cpp - Swizzles, bank conflicts and ldmatrix -------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LayoutSupport.h"
#include "Tile/Layout/RegisterLayouts.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include <gtest/gtest.h>
#include <map>
#include <random>
#include <set>

using namespace llvm;
using namespace dither::tile;

static std::string reason;

/// A result that has to be there.
template <typename T> static T get(FailureOr<T> result) {
  EXPECT_TRUE(succeeded(result)) << reason;
  return succeeded(result) ? *result : T();
}

/// Transactions of lanes that access `bytes` bytes from these addresses on, as
/// the hardware would count them: lane by lane, bank by bank.
static unsigned simulate(ArrayRef<uint64_t> addresses, unsigned bytes) {
  unsigned together = bytes <= 4 ? 32 : 128 / bytes, transactions = 0;
  for (unsigned first = 0; first < addresses.size(); first += together) {
    std::map<uint64_t, std::set<uint64_t>> words;
    for (uint64_t address :
         addresses.slice(first, std::min<size_t>(together, addresses.size())))
      for (unsigned byte = 0; byte < bytes; ++byte)
        words[(address + byte) / 4 % 32].insert((address + byte) / 4);
    size_t most = 0;
    for (auto &[bank, met] : words)
      most = std::max(most, met.size());
    transactions += most;
  }
  return transactions;
}

/// Simulates all instructions of all warps; each has to take `expected`.
static void expectTransactions(const LinearLayout &registers,
                               const LinearLayout &shared, unsigned bytes,
                               unsigned vector, unsigned expected) {
  LinearLayout conversion =
      get(registers.invertAndCompose(shared, reason))
          .transpose({dim::reg, dim::lane, dim::warp}, {dim::offset});
  for (uint64_t warp = 0; warp < registers.getInputSize(dim::warp); ++warp)
    for (uint64_t i = 0; i < registers.getInputSize(dim::reg); i += vector) {
      SmallVector<uint64_t> addresses;
      for (uint64_t lane = 0; lane < 32; ++lane) {
        addresses.push_back(conversion.apply({i, lane, warp})[0] * bytes);
        for (uint64_t j = 0; j < vector; ++j)
          EXPECT_EQ(conversion.apply({i + j, lane, warp})[0] * bytes,
                    addresses.back() + j * bytes);
      }
      EXPECT_EQ(simulate(addresses, bytes * vector), expected);
    }
}

/// Loads with ldmatrix as PTX describes it, and compares what each register of
/// each lane gets with the layout. Returns the transactions of an instruction.
static unsigned expectLoads(const MatrixAccess &access,
                            const LinearLayout &registers,
                            const LinearLayout &shared, unsigned bytes) {
  unsigned perWord = 4 / bytes, transactions = 0;
  const LinearLayout &addresses = access.addresses;
  for (uint64_t warp = 0; warp < registers.getInputSize(dim::warp); ++warp)
    for (uint64_t n = 0; n < addresses.getInputSize(dim::reg); ++n) {
      SmallVector<uint64_t> rows;
      for (uint64_t lane = 0; lane < 8 * access.count; ++lane) {
        rows.push_back(addresses.apply({lane, n, warp})[0]);
        EXPECT_EQ(rows.back() * bytes % 16, 0u);
      }
      for (uint64_t lane = 0; lane < 32; ++lane)
        for (uint64_t word = 0; word < access.count; ++word)
          for (uint64_t i = 0; i < perWord; ++i) {
            uint64_t row = lane / 4, column = lane % 4 * perWord + i;
            if (access.transposed)
              std::swap(row, column);
            uint64_t element = (n * access.count + word) * perWord + i;
            EXPECT_EQ(shared.apply({rows[8 * word + row] + column}),
                      registers.apply({element, lane, warp}));
          }
      for (uint64_t &row : rows)
        row *= bytes;
      transactions = std::max(transactions, simulate(rows, 16));
    }
  return transactions;
}

static LinearLayout chosen(uint64_t rows, uint64_t columns, unsigned bytes,
                           Order order = Order::RowMajor) {
  Swizzle swizzle = get(chooseSwizzle(rows, columns, bytes, order, reason));
  return get(getSharedLayout(rows, columns, bytes, swizzle, order, reason));
}
static LinearLayout plain(uint64_t rows, uint64_t columns, unsigned bytes,
                          Order order = Order::RowMajor) {
  return get(getSharedLayout(rows, columns, bytes, Swizzle{}, order, reason));
}

/// For each byte address of the matrix: the swizzle of TMA, chunks of 16 bytes
/// in rows of up to 128 bytes.
TEST(Swizzles, AreThoseOfTma) {
  for (unsigned mode : {32u, 64u, 128u}) {
    LinearLayout layout =
        get(getTmaLayout(32, mode / 2, 2, mode, Order::RowMajor, reason));
    for (uint64_t row = 0; row < 32; ++row)
      for (uint64_t column = 0; column < mode / 2; ++column) {
        uint64_t address = row * mode + column * 2;
        address ^= (address / 128 % (mode / 16)) * 16;
        EXPECT_EQ(layout.apply({address / 2}),
                  (SmallVector<uint64_t, 2>{row, column}));
      }
  }
}

TEST(Swizzles, OfWideTilesAreInPanels) {
  LinearLayout layout =
      get(getTmaLayout(16, 128, 2, 128, Order::RowMajor, reason));
  EXPECT_TRUE(layout.isBijective());
  EXPECT_EQ(layout.apply({16 * 64}), (SmallVector<uint64_t, 2>{0, 64}));
  EXPECT_EQ(layout.apply({64}), (SmallVector<uint64_t, 2>{1, 8}));
  layout = get(getTmaLayout(128, 16, 2, 128, Order::ColumnMajor, reason));
  EXPECT_EQ(layout.apply({16 * 64}), (SmallVector<uint64_t, 2>{64, 0}));
  EXPECT_EQ(layout.apply({64}), (SmallVector<uint64_t, 2>{8, 1}));
  layout = get(getTmaLayout(16, 128, 2, 0, Order::RowMajor, reason));
  EXPECT_EQ(layout, plain(16, 128, 2));
}

TEST(Swizzles, ChosenAreThoseOfTmaWhereThereAreSuch) {
  for (unsigned bytes : {1u, 2u, 4u})
    for (unsigned mode : {32u, 64u, 128u})
      EXPECT_EQ(chosen(64, mode / bytes, bytes),
                get(getTmaLayout(64, mode / bytes, bytes, mode, Order::RowMajor,
                                 reason)));
}

TEST(Swizzles, OfFewRowsAndOfNone) {
  auto choose = [](uint64_t rows, uint64_t columns) {
    return get(chooseSwizzle(rows, columns, 2, Order::RowMajor, reason));
  };
  EXPECT_EQ(choose(8, 128), (Swizzle{3, 4, 8}));
  EXPECT_EQ(choose(2, 128), (Swizzle{1, 4, 8}));
  EXPECT_EQ(choose(1, 128).bits, 0u);
  EXPECT_EQ(choose(64, 8).bits, 0u);
  EXPECT_EQ(choose(4, 4).bits, 0u);
}

TEST(Swizzles, AreBijective) {
  for (unsigned bytes : {1u, 2u, 4u, 8u, 16u})
    for (uint64_t rows = 1; rows <= 256; rows *= 2)
      for (uint64_t columns = 1; columns <= 256; columns *= 2)
        for (Order order : {Order::RowMajor, Order::ColumnMajor}) {
          LinearLayout layout = chosen(rows, columns, bytes, order);
          EXPECT_TRUE(layout.isBijective());
          // Chunks of 16 bytes stay whole.
          bool rowMajor = order == Order::RowMajor;
          EXPECT_GE(layout.getNumConsecutive(dim::offset,
                                             rowMajor ? dim::column : dim::row),
                    std::min<uint64_t>(16 / bytes, rowMajor ? columns : rows));
        }
}

TEST(Swizzles, Errors) {
  EXPECT_TRUE(failed(getTmaSwizzle(256, reason)));
  EXPECT_EQ(reason, "TMA has swizzles of 32, 64 and 128 bytes, not of 256");
  EXPECT_TRUE(failed(getTmaLayout(8, 32, 2, 128, Order::RowMajor, reason)));
  EXPECT_EQ(reason, "rows of 64 bytes are shorter than the swizzle of 128");
  EXPECT_TRUE(failed(chooseSwizzle(12, 32, 2, Order::RowMajor, reason)));
  EXPECT_EQ(reason, "a tile of 12 x 32 is not one of powers of two");
  EXPECT_TRUE(failed(chooseSwizzle(8, 32, 32, Order::RowMajor, reason)));
  EXPECT_TRUE(failed(
      getSharedLayout(8, 32, 2, Swizzle{4, 4, 7}, Order::RowMajor, reason)));
  EXPECT_EQ(reason, "the swizzle of 4 bits from bit 7 to bit 4 overlaps itself "
                    "or cuts elements");
}

/// Rows of 32 bytes and more, written by 16 bytes as they come from global
/// memory, and read by ldmatrix.
TEST(BankConflicts, ChosenSwizzlesHaveNone) {
  for (unsigned bytes : {1u, 2u, 4u})
    for (uint64_t rows : {32, 64, 128})
      for (uint64_t columns = 32 / bytes; columns <= 512 / bytes; columns *= 2)
        for (Order order : {Order::RowMajor, Order::ColumnMajor}) {
          bool columnMajor = order == Order::ColumnMajor;
          uint64_t height = columnMajor ? columns : rows;
          uint64_t width = columnMajor ? rows : columns;
          LinearLayout shared = chosen(height, width, bytes, order);
          LinearLayout copy = get(
              getCoalescedLayout(height, width, bytes, 2, columnMajor, reason));
          SharedTraffic writes =
              get(countBankConflicts(copy, shared, bytes, 16 / bytes, reason));
          EXPECT_EQ(writes.least, 4u);
          EXPECT_EQ(writes.getConflicts(), 0u);
          expectTransactions(copy, shared, bytes, 16 / bytes, 4);

          // Where the depth is consecutive, for either operand.
          Operand operand = columnMajor ? Operand::B : Operand::A;
          LinearLayout fragment =
              get(getOperandLayout(operand, height, width, columnMajor ? 1 : 2,
                                   columnMajor ? 2 : 1, 8 * bytes, reason));
          MatrixAccess access =
              get(matchMatrixAccess(fragment, shared, bytes, reason));
          EXPECT_FALSE(access.transposed);
          EXPECT_EQ(access.count, 4u);
          SharedTraffic reads = countBankConflicts(access, bytes);
          EXPECT_EQ(reads.least, 4u);
          EXPECT_EQ(reads.getConflicts(), 0u);
          EXPECT_EQ(expectLoads(access, fragment, shared, bytes), 4u);
        }
}

TEST(BankConflicts, TransposedMatricesHaveNone) {
  for (uint64_t columns : {16, 32, 64, 128}) {
    // The depth of B is along columns, which are not consecutive.
    LinearLayout shared = chosen(64, columns, 2);
    LinearLayout fragment =
        get(getOperandLayout(Operand::B, 64, columns, 1, 2, 16, reason));
    MatrixAccess access = get(matchMatrixAccess(fragment, shared, 2, reason));
    EXPECT_TRUE(access.transposed);
    EXPECT_EQ(access.count, 4u);
    EXPECT_EQ(countBankConflicts(access, 2).getConflicts(), 0u);
    EXPECT_EQ(expectLoads(access, fragment, shared, 2), 4u);
  }
}

/// Rows of 128 bytes: eight rows meet the same four banks.
TEST(BankConflicts, WithoutSwizzleMatricesConflictEightTimes) {
  LinearLayout shared = plain(64, 64, 2);
  LinearLayout fragment =
      get(getOperandLayout(Operand::A, 64, 64, 2, 2, 16, reason));
  MatrixAccess access = get(matchMatrixAccess(fragment, shared, 2, reason));
  SharedTraffic reads = countBankConflicts(access, 2);
  EXPECT_EQ(reads.transactions, 32u);
  EXPECT_EQ(reads.least, 4u);
  EXPECT_EQ(expectLoads(access, fragment, shared, 2), 32u);
  // Rows of 64 bytes: two of them meet different banks.
  shared = plain(64, 32, 2);
  fragment = get(getOperandLayout(Operand::A, 64, 32, 2, 2, 16, reason));
  access = get(matchMatrixAccess(fragment, shared, 2, reason));
  EXPECT_EQ(countBankConflicts(access, 2).transactions, 16u);
  EXPECT_EQ(expectLoads(access, fragment, shared, 2), 16u);
}

/// The words of an accumulator of 16 bits: eight rows of four lanes.
TEST(BankConflicts, StoresOfAccumulators) {
  LinearLayout fragment = get(getAccumulatorLayout(64, 64, 2, 2, reason));
  SharedTraffic traffic =
      get(countBankConflicts(fragment, plain(64, 64, 2), 2, 2, reason));
  EXPECT_EQ(traffic.transactions, 8u);
  EXPECT_EQ(traffic.least, 1u);
  EXPECT_EQ(traffic.getConflicts(), 7u);
  expectTransactions(fragment, plain(64, 64, 2), 2, 2, 8);
  EXPECT_EQ(get(countBankConflicts(fragment, chosen(64, 64, 2), 2, 2, reason))
                .getConflicts(),
            0u);
  expectTransactions(fragment, chosen(64, 64, 2), 2, 2, 1);
  // stmatrix stores them, too.
  EXPECT_FALSE(get(matchMatrixAccess(fragment, chosen(64, 64, 2), 2, reason))
                   .transposed);
  // Of 32 bits, by 8 bytes: half a warp has two chunks of each of four rows,
  // and chunks of two rows change places.
  EXPECT_EQ(get(countBankConflicts(fragment, chosen(64, 64, 4), 4, 2, reason))
                .transactions,
            4u);
  expectTransactions(fragment, chosen(64, 64, 4), 4, 2, 4);
}

/// For other accesses than those of 16 bytes there are other swizzles.
TEST(Swizzles, ForGivenAccesses) {
  auto choose = [&](uint64_t columns, unsigned bytes,
                    ArrayRef<LinearLayout> accesses) {
    Swizzle swizzle = get(
        chooseSwizzle(64, columns, bytes, Order::RowMajor, accesses, reason));
    return get(
        getSharedLayout(64, columns, bytes, swizzle, Order::RowMajor, reason));
  };
  // Accumulators of 32 bits, stored by 8 bytes, read back by rows.
  LinearLayout accumulators = get(getAccumulatorLayout(64, 64, 2, 2, reason));
  LinearLayout copy =
      get(getCoalescedLayout(64, 64, 4, 4, /*columnMajor=*/false, reason));
  LinearLayout shared = choose(64, 4, {accumulators, copy});
  expectTransactions(accumulators, shared, 4, 2, 2);
  expectTransactions(copy, shared, 4, 4, 4);
  SharedCost cost = get(getSharedCost(accumulators, shared, 4, reason));
  EXPECT_EQ(cost.instructions, 16u);
  EXPECT_EQ(cost.transactions, 32u);
  // Columns of words, a word at a time: all bits of banks are swizzled.
  LinearLayout rows = LinearLayout::identity(dim::lane, 32, dim::column) *
                      LinearLayout::identity(dim::reg, 64, dim::row);
  LinearLayout columns = LinearLayout::identity(dim::lane, 32, dim::row) *
                         LinearLayout::identity(dim::reg, 2, dim::row) *
                         LinearLayout::identity(dim::warp, 32, dim::column);
  rows *= LinearLayout::zeros(dim::warp, 1, dim::row);
  expectTransactions(columns, chosen(64, 32, 4), 4, 1, 4);
  shared = choose(32, 4, {rows, columns});
  expectTransactions(columns, shared, 4, 1, 1);
  expectTransactions(rows, shared, 4, 1, 1);
  // What the choice without accesses is best for stays.
  LinearLayout operand =
      get(getOperandLayout(Operand::A, 64, 64, 2, 2, 16, reason));
  EXPECT_EQ(choose(64, 2, {operand}), chosen(64, 64, 2));
}

/// Lanes that read the same word share it, and so do bytes of a word.
TEST(BankConflicts, SharedWordsAreNone) {
  LinearLayout shared = plain(32, 32, 4);
  LinearLayout copies = LinearLayout::zeros(dim::lane, 16, dim::row) *
                        LinearLayout::identity(dim::lane, 2, dim::row) *
                        LinearLayout::identity(dim::reg, 32, dim::column) *
                        LinearLayout::zeros(dim::warp, 1, dim::row, 16);
  EXPECT_EQ(get(countBankConflicts(copies, shared, 4, 1, reason)).transactions,
            2u);
  LinearLayout bytes = LinearLayout::identity(dim::lane, 32, dim::column) *
                       LinearLayout::identity(dim::reg, 32, dim::row);
  EXPECT_EQ(get(countBankConflicts(bytes, plain(32, 32, 1), 1, 1, reason))
                .transactions,
            1u);
}

/// Any accesses of any swizzle: what the rank says is what a simulation counts.
TEST(BankConflicts, CountsAreThoseOfTheSimulation) {
  std::mt19937_64 generator(7);
  std::set<unsigned> seen;
  for (int repeat = 0; repeat < 400; ++repeat) {
    unsigned bytes = 1u << generator() % 4, vector = 1;
    while (bytes * vector < 16 && generator() % 3)
      vector *= 2;
    // A shuffled tile of whole vectors.
    SmallVector<LinearLayout::Bases> inputs = {
        {dim::reg.str(), {}}, {dim::lane.str(), {}}, {dim::warp.str(), {}}};
    unsigned vectorBits = Log2_64(vector);
    for (unsigned bit = 0; bit < vectorBits; ++bit)
      inputs[0].coordinates.push_back({uint64_t(1) << bit});
    for (unsigned bit = 0; bit < 8; ++bit)
      inputs[bit < 5   ? 1
             : bit < 7 ? 0
                       : 2]
          .coordinates.push_back(
              {generator() % 1024 >> vectorBits << vectorBits});
    LinearLayout registers =
        get(LinearLayout::fromBases(inputs, {{dim::row.str(), 1024}}, reason));
    LinearLayout shared = LinearLayout::identity(dim::offset, 1024, dim::row);
    SharedTraffic traffic =
        get(countBankConflicts(registers, shared, bytes, vector, reason));
    EXPECT_EQ(traffic.least, std::max(1u, bytes * vector / 4));
    expectTransactions(registers, shared, bytes, vector, traffic.transactions);
    seen.insert(traffic.transactions / traffic.least);
  }
  EXPECT_GE(seen.size(), 3u);
}

TEST(BankConflicts, Errors) {
  LinearLayout fragment = getAccumulatorFragment();
  EXPECT_TRUE(
      failed(countBankConflicts(fragment, plain(16, 8, 2), 2, 4, reason)));
  EXPECT_EQ(reason, "registers have 2 consecutive elements, not 4");
  EXPECT_TRUE(
      failed(countBankConflicts(fragment, plain(16, 8, 4), 4, 8, reason)));
  EXPECT_EQ(reason, "a lane accesses 1, 2, 4, 8 or 16 bytes, not 32");
  EXPECT_TRUE(
      failed(countBankConflicts(fragment, plain(16, 16, 4), 4, 1, reason)));
  EXPECT_EQ(reason, "'column' has the size 8 and meets 16");
  EXPECT_TRUE(failed(countBankConflicts(fragment, fragment, 4, 1, reason)));
  EXPECT_EQ(reason, "the inputs of a layout of shared memory are not 'offset' "
                    "alone");
}

/// What docs/rationale/layouts.md shows.
TEST(MatrixAccesses, TheExampleOfThePage) {
  LinearLayout registers = get(getAccumulatorLayout(16, 64, 1, 1, reason));
  LinearLayout shared = chosen(16, 64, 2);
  EXPECT_EQ(registers.str(),
            "register = [[0, 1], [8, 0], [0, 8], [0, 16], [0, 32]], lane = "
            "[[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [] -> row: 16, "
            "column: 64");
  EXPECT_EQ(shared.str(),
            "offset = [[0, 1], [0, 2], [0, 4], [0, 8], [0, 16], [0, 32], [1, "
            "8], [2, 16], [4, 32], [8, 0]] -> row: 16, column: 64");
  EXPECT_EQ(get(registers.invertAndCompose(shared, reason)).str(),
            "register = [1, 512, 8, 16, 32], lane = [2, 4, 72, 144, 288], warp "
            "= [] -> offset: 1024");
  EXPECT_EQ(
      get(matchMatrixAccess(registers, shared, 2, reason)).addresses.str(),
      "lane = [72, 144, 288, 512, 8], register = [16, 32], warp = [] -> "
      "offset: 1024");
  expectTransactions(registers, shared, 2, 2, 1);
  expectTransactions(registers, plain(16, 64, 2), 2, 2, 8);
  SharedCost cost = get(getSharedCost(registers, shared, 2, reason));
  EXPECT_EQ(cost.instructions, 4u);
  EXPECT_EQ(cost.transactions, 16u);
}

TEST(MatrixAccesses, SmallFragmentsTakeFewerMatrices) {
  // B of one instruction: two words; of half its depth: one.
  LinearLayout oneWarp = LinearLayout::zeros(dim::warp, 1, dim::row);
  for (unsigned depth : {8u, 16u}) {
    LinearLayout b =
        get(getOperandFragment(Operand::B, 16, depth, reason)) * oneWarp;
    for (Order order : {Order::RowMajor, Order::ColumnMajor}) {
      LinearLayout shared = plain(depth, 8, 2, order);
      MatrixAccess access = get(matchMatrixAccess(b, shared, 2, reason));
      EXPECT_EQ(access.transposed, order == Order::RowMajor);
      EXPECT_EQ(access.count, depth / 8);
      EXPECT_EQ(expectLoads(access, b, shared, 2),
                countBankConflicts(access, 2).transactions);
    }
  }
}

TEST(MatrixAccesses, ThatAreNone) {
  // Transposed bytes.
  LinearLayout b = get(getOperandFragment(Operand::B, 8, 32, reason));
  EXPECT_TRUE(failed(matchMatrixAccess(b, plain(32, 8, 1), 1, reason)));
  EXPECT_EQ(reason, "neither rows nor columns of 8 x 8 matrices are 16 "
                    "consecutive bytes, aligned to 16");
  // Transposed words.
  b = get(getOperandFragment(Operand::B, 32, 8, reason));
  EXPECT_TRUE(failed(matchMatrixAccess(b, plain(8, 8, 4), 4, reason)));
  // A swizzle that cuts chunks.
  LinearLayout a = get(getOperandFragment(Operand::A, 16, 16, reason));
  LinearLayout cut = get(
      getSharedLayout(16, 16, 2, Swizzle{1, 3, 7}, Order::RowMajor, reason));
  EXPECT_TRUE(failed(matchMatrixAccess(a, cut, 2, reason)));
  EXPECT_TRUE(failed(matchMatrixAccess(a, plain(16, 16, 8), 8, reason)));
  EXPECT_EQ(reason, "matrices have elements of 1, 2 or 4 bytes, not 8");
}
