//===- Products.h - Products of warp groups ---------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_EMULATOR_PRODUCTS_H
#define DITHER_RUNTIME_EMULATOR_PRODUCTS_H

#include "runtime/emulator/Descriptors.h"
#include "runtime/emulator/Groups.h"

#include <memory>

namespace dither::runtime::emulator {

/// What a thread has to do with products.
struct GroupThread {
  /// The numbers of the last product of each group that is not waited for, and
  /// of the last one that is.
  std::vector<uint64_t> groups;
  uint64_t waited = 0;
  /// Whether there has been a wgmma.fence, and one since the last wait that
  /// gave it numbers. These numbers are accumulators without a fence, unless
  /// they were changed.
  bool hasFence = false;
  bool needsFence = false;
  std::vector<uint32_t> given;
};

/// What a thread gives to wgmma.
struct GroupOperands {
  const DitherWgmma *mma;
  const uint32_t *a;
  uint64_t aMatrix, bMatrix;
  uint32_t metadata;
  uint32_t *sums;
};

/// wgmma.mma_async. A product takes place at any time between its issue and the
/// first wait for it: its operands are looked at twice, and what is written to
/// them in between is found by one of the two. Until a thread has waited, its
/// accumulators are placeholders, which no number is.
class Products {
public:
  explicit Products(Machine &machine);
  ~Products();

  /// Before a block starts.
  void reset();

  void fence(Thread &thread);
  void commit(Thread &thread);
  // False after a report.
  bool multiply(Thread &thread, const GroupOperands &operands,
                const char *where);
  bool wait(Thread &thread, uint32_t groups, uint32_t *registers,
            uint32_t count, const char *where);
  /// Before the thread leaves the kernel.
  bool finish(Thread &thread);

private:
  /// One that not all threads of its group have waited for.
  struct Product {
    DitherWgmma mma;
    const char *where;
    /// In the order of issue, and what placeholders have of it.
    uint64_t number;
    uint32_t id;
    Descriptor a, b;
    /// Of each thread: registers of A, metadata, accumulators.
    bool hasRegisters;
    std::vector<uint32_t> aRegisters, metadata, sums;
    /// Whose accumulators it takes, and who takes its own; null once taken.
    Product *previous, *next;
    bool isContinued, isComputed, isComplete;
    /// How many threads have not waited for it, and when the first of them had.
    uint32_t waiting;
    uint32_t completedAt;
    /// What all threads of the group knew when they issued it.
    Knowledge *known;
    uint32_t everyone;
  };
  struct Group {
    std::vector<std::unique_ptr<Product>> products;
    uint64_t issued = 0;
  };
  struct Operands;

  static bool execute(Machine &machine, Thread *lanes, uint32_t,
                      const char *where);
  bool issue(Thread *lanes, const char *where);
  bool checkThreads(Thread *lanes, const char *where);
  bool takeOperands(Thread *lanes, Product &product, const char *where);
  bool takeSums(Thread *lanes, Group &group, Product &product,
                const char *where);
  bool takePrevious(Thread *lanes, Group &group, Product &product,
                    const char *where);
  bool checkNumbers(Thread &lane, uint32_t count, const char *where);
  bool checkMetadata(Thread *lanes, const Product &product, const char *where);
  void complete(Product &product);
  bool accessOperands(const Thread &first, const Product &product,
                      uint32_t clock);
  bool completeAll(Thread &thread, Group &group, uint64_t last);
  static void replace(const Group &group, uint32_t thread, uint32_t *registers,
                      uint32_t count);
  static Product *find(const Group &group, uint32_t id);

  void compute(Product &product);
  void takeFromPrevious(Product &product);
  void loadA(const Product &product);
  void loadB(const Product &product);
  void loadColumns(const Product &product);
  void addRow(Product &product, uint32_t row);

  Machine &machine;
  std::array<Group, mostGroups> groups;
  /// Decoded: for one product at a time.
  std::unique_ptr<Operands> decoded;
};

} // namespace dither::runtime::emulator

#endif // DITHER_RUNTIME_EMULATOR_PRODUCTS_H
