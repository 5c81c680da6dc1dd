//===- Products.cpp - When products of warp groups take place -------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/emulator/Products.h"

#include "runtime/emulator/Machine.h"
#include "runtime/emulator/Numbers.h"

namespace dither::runtime::emulator {

namespace {
constexpr uint32_t rows = 64;

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

std::string describe(const DitherWgmma &mma) {
  return concat(mma.sparse ? "wgmma.mma_async.sp" : "wgmma.mma_async", ".m64n",
                mma.n, "k", mma.k, " of ", nameOf(mma.a), " and ",
                nameOf(mma.b), " to ", nameOf(mma.accumulator));
}

/// Types that go together; bytes of k are always 32, of a sparse A 64.
struct Family {
  uint32_t a[2], accumulator[2];
  bool mayMix, maySparse, mayTranspose;
};
constexpr Family families[] = {
    {{DITHER_F16, DITHER_F16}, {DITHER_F16, DITHER_F32}, false, true, true},
    {{DITHER_BF16, DITHER_BF16}, {DITHER_F32, DITHER_F32}, false, true, true},
    {{DITHER_TF32, DITHER_TF32}, {DITHER_F32, DITHER_F32}, false, false, false},
    {{DITHER_S8, DITHER_U8}, {DITHER_S32, DITHER_S32}, true, true, false},
    {{DITHER_E4M3, DITHER_E5M2}, {DITHER_F16, DITHER_F32}, true, true, false},
};

bool isOneOf(uint32_t value, const uint32_t (&of)[2]) {
  return value == of[0] || value == of[1];
}

/// Multiples of 8 up to 256; for integers, of 16 from 32 on.
bool isWidth(const DitherWgmma &mma) {
  uint32_t step = mma.accumulator == DITHER_S32 && mma.n > 32 ? 16 : 8;
  return mma.n >= 8 && mma.n <= 256 && mma.n % step == 0;
}

bool isSupported(const DitherWgmma &mma, bool hasRegisters) {
  uint32_t depth = 8 * 32 / bitsOf(mma.a) * (mma.sparse ? 2 : 1);
  if (mma.k != depth || !isWidth(mma) || (hasRegisters && mma.transposed_a))
    return false;
  for (const Family &family : families)
    if (isOneOf(mma.a, family.a) && isOneOf(mma.b, family.a) &&
        (family.mayMix || mma.a == mma.b) &&
        isOneOf(mma.accumulator, family.accumulator) &&
        (family.maySparse || !mma.sparse) &&
        (family.mayTranspose || (!mma.transposed_a && !mma.transposed_b)))
      return true;
  return false;
}

uint32_t selectors(const DitherWgmma &mma) {
  return bitsOf(mma.a) == 16 ? 2 : 1;
}

/// How many registers of a thread an accumulator has.
uint32_t registersOf(const DitherWgmma &mma) {
  return mma.accumulator == DITHER_F16 ? mma.n / 4 : mma.n / 2;
}

bool areSame(const DitherWgmma &a, const DitherWgmma &b) {
  return a.n == b.n && a.k == b.k && a.a == b.a && a.b == b.b &&
         a.accumulator == b.accumulator && a.sparse == b.sparse;
}

uint64_t variantOf(const DitherWgmma &mma) {
  uint64_t variant = mma.n;
  for (uint32_t field : {mma.k, mma.a, mma.b, mma.accumulator})
    variant = variant << 8 | (field & 255);
  for (uint32_t field :
       {mma.sparse, mma.selector, mma.transposed_a, mma.transposed_b})
    variant = variant << 1 | (field & 1);
  return variant;
}

//===----------------------------------------------------------------------===//
// Placeholders
//===----------------------------------------------------------------------===//

/// A placeholder is NaN: one of f32 with the number of the register in bits 0
/// to 6 and the product's from 7 on, or two of f16 that have eight bits of both
/// each.
constexpr uint32_t mostIds = 1021;

uint32_t makePlaceholder(uint32_t accumulator, uint32_t id, uint32_t index) {
  if (accumulator != DITHER_F16)
    return 0x7fc00000 | id << 7 | index;
  uint32_t payload = id << 6 | index;
  return 0x7e007e00 | (payload & 0xff) | (payload >> 8) << 16;
}

struct Placeholder {
  uint32_t id, index;
  bool isHalf;
};

/// False where a register has none.
bool readPlaceholder(uint32_t word, Placeholder &placeholder) {
  if ((word & 0xfffe0000) == 0x7fc00000) {
    placeholder = {word >> 7 & 0x3ff, word & 0x7f, false};
  } else if ((word & 0xff00ff00) == 0x7e007e00) {
    uint32_t payload = (word & 0xff) | (word >> 16 & 0xff) << 8;
    placeholder = {payload >> 6, payload & 0x3f, true};
  } else {
    return false;
  }
  return placeholder.id != 0;
}

GroupOperands &operandsOf(Thread &lane) {
  return *static_cast<GroupOperands *>(lane.operands);
}
} // namespace

Products::Product *Products::find(const Group &group, uint32_t id) {
  for (const std::unique_ptr<Product> &product : group.products)
    if (product->id == id)
      return product.get();
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Groups
//===----------------------------------------------------------------------===//

void Products::reset() {
  for (Group &group : groups) {
    for (std::unique_ptr<Product> &product : group.products)
      machine.knowledge.drop(product->known);
    group.products.clear();
    group.issued = 0;
  }
}

void Products::fence(Thread &thread) {
  thread.products.hasFence = true;
  thread.products.needsFence = false;
  thread.products.given.clear();
}

void Products::commit(Thread &thread) {
  thread.products.groups.push_back(groups[groupOf(thread.index)].issued);
}

bool Products::finish(Thread &thread) {
  for (const std::unique_ptr<Product> &product :
       groups[groupOf(thread.index)].products)
    if (product->number > thread.products.waited) {
      machine.report(thread, product->where,
                     "ends before this product is complete; commit it and wait "
                     "for it (wgmma.wait_group 0)");
      return false;
    }
  return true;
}

//===----------------------------------------------------------------------===//
// Issue
//===----------------------------------------------------------------------===//

bool Products::multiply(Thread &thread, const GroupOperands &operands,
                        const char *where) {
  const DitherWgmma &mma = *operands.mma;
  auto wrong = [&](const std::string &text) {
    machine.report(thread, where, concat("asks for ", describe(mma), text));
    return false;
  };
  if (!isSupported(mma, operands.a))
    return wrong(", which the emulator does not know");
  if (mma.sparse && mma.selector >= selectors(mma))
    return wrong(concat(" with selector ", mma.selector, ", of 0 to ",
                        selectors(mma) - 1));
  if (!thread.products.hasFence)
    return wrong(", without a wgmma.fence before");
  return machine.groups.gather(
      thread,
      {mma.sparse ? "wgmma.mma_async.sp" : "wgmma.mma_async",
       variantOf(mma) << 1 | (operands.a != nullptr), execute},
      const_cast<GroupOperands *>(&operands), where);
}

bool Products::execute(Machine &machine, Thread *lanes, uint32_t,
                       const char *where) {
  return machine.products.issue(lanes, where);
}

bool Products::issue(Thread *lanes, const char *where) {
  uint32_t index = groupOf(lanes[0].index);
  Group &group = groups[index];
  if (!checkThreads(lanes, where))
    return false;
  auto made = std::make_unique<Product>();
  Product &product = *made;
  product.mma = *operandsOf(lanes[0]).mma;
  product.where = where;
  product.number = ++group.issued;
  product.id = static_cast<uint32_t>(product.number % mostIds) + 1;
  product.waiting = groupThreads;
  machine.actorOfGroup(index);
  product.known = machine.commonKnowledge(lanes, groupThreads);
  product.everyone = machine.everyoneSince();
  // From here on it is the group's, also where it is wrong.
  group.products.push_back(std::move(made));
  if (!takeOperands(lanes, product, where) ||
      !takeSums(lanes, group, product, where) ||
      !accessOperands(lanes[0], product, machine.actorClock()))
    return false;
  if (machine.copiesAtOnce())
    compute(product);
  uint32_t count = registersOf(product.mma);
  for (uint32_t i = 0; i < groupThreads; ++i)
    for (uint32_t k = 0; k < count; ++k)
      operandsOf(lanes[i]).sums[k] =
          makePlaceholder(product.mma.accumulator, product.id, k);
  return true;
}

/// Whether all have the same operands, and have committed and waited for the
/// same.
bool Products::checkThreads(Thread *lanes, const char *where) {
  const GroupOperands &first = operandsOf(lanes[0]);
  for (uint32_t i = 1; i < groupThreads; ++i) {
    const GroupOperands &other = operandsOf(lanes[i]);
    if (other.aMatrix != first.aMatrix || other.bMatrix != first.bMatrix) {
      machine.report(lanes[i], where,
                     concat("has the matrix descriptors ",
                            inHexadecimal(other.aMatrix), " and ",
                            inHexadecimal(other.bMatrix),
                            ", and another thread of its warp group ",
                            inHexadecimal(first.aMatrix), " and ",
                            inHexadecimal(first.bMatrix)));
      return false;
    }
    if (lanes[i].products.waited != lanes[0].products.waited ||
        lanes[i].products.groups != lanes[0].products.groups) {
      machine.report(lanes[i], where,
                     "has committed or waited for other products than another "
                     "thread of its warp group");
      return false;
    }
  }
  return true;
}

bool Products::takeOperands(Thread *lanes, Product &product,
                            const char *where) {
  const DitherWgmma &mma = product.mma;
  const GroupOperands &first = operandsOf(lanes[0]);
  auto isMatrix = [&](const char *name, uint64_t bits, bool isTransposed,
                      uint32_t majorBytes, Descriptor &descriptor) {
    std::string mistake =
        Descriptor::decode(bits, isTransposed, majorBytes, descriptor);
    if (!mistake.empty())
      machine.report(lanes[0], where,
                     concat("has a descriptor of ", name, ", ",
                            inHexadecimal(bits), ", that ", mistake));
    return mistake.empty();
  };
  product.hasRegisters = first.a != nullptr;
  uint32_t bBytes = mma.k * bitsOf(mma.b) / 8;
  if (!product.hasRegisters &&
      !isMatrix("A", first.aMatrix, mma.transposed_a,
                mma.transposed_a ? rows * 2 : 32, product.a))
    return false;
  if (!isMatrix("B", first.bMatrix, mma.transposed_b,
                mma.transposed_b ? mma.n * 2 : bBytes, product.b))
    return false;
  for (uint32_t i = 0; i < groupThreads; ++i) {
    const GroupOperands &operands = operandsOf(lanes[i]);
    product.metadata.push_back(operands.metadata);
    if (product.hasRegisters)
      product.aRegisters.insert(product.aRegisters.end(), operands.a,
                                operands.a + 4);
  }
  return !mma.sparse || checkMetadata(lanes, product, where);
}

bool Products::checkMetadata(Thread *lanes, const Product &product,
                             const char *where) {
  const DitherWgmma &mma = product.mma;
  for (uint32_t row = 0; row < rows; ++row)
    for (uint32_t group = 0; group < mma.k / 4; ++group) {
      MetadataPlace place =
          metadataOf(bitsOf(mma.a), mma.k, mma.selector, row, group);
      uint32_t lane = row / 16 * 32 + place.lane;
      uint32_t positions = product.metadata[lane] >> place.shift & 15;
      if (areInOrder(positions))
        continue;
      machine.report(
          lanes[lane], where,
          describePositions(product.metadata[lane], row, group, positions));
      return false;
    }
  return true;
}

/// Accumulators are those of an earlier product, or numbers.
bool Products::takeSums(Thread *lanes, Group &group, Product &product,
                        const char *where) {
  uint32_t count = registersOf(product.mma);
  Placeholder placeholder;
  if (readPlaceholder(operandsOf(lanes[0]).sums[0], placeholder))
    return takePrevious(lanes, group, product, where);
  for (uint32_t i = 0; i < groupThreads; ++i) {
    if (!checkNumbers(lanes[i], count, where))
      return false;
    const uint32_t *sums = operandsOf(lanes[i]).sums;
    product.sums.insert(product.sums.end(), sums, sums + count);
  }
  return true;
}

bool Products::takePrevious(Thread *lanes, Group &group, Product &product,
                            const char *where) {
  auto wrong = [&](const Thread &lane, const std::string &text) {
    machine.report(lane, where, "has accumulators " + text);
    return false;
  };
  Placeholder placeholder = {};
  readPlaceholder(operandsOf(lanes[0]).sums[0], placeholder);
  Product *previous = find(group, placeholder.id);
  if (!previous || previous == &product)
    return wrong(lanes[0], "of a product that has been waited for; they were "
                           "not among the registers that the wait was given");
  if (!areSame(previous->mma, product.mma))
    return wrong(lanes[0],
                 concat("of ", describe(previous->mma),
                        atWhere(previous->where),
                        ", which is not complete, and it is ",
                        describe(product.mma), ": wait for it before"));
  if (previous->isContinued)
    return wrong(lanes[0], concat("of the product", atWhere(previous->where),
                                  ", which another product has taken"));
  uint32_t count = registersOf(product.mma);
  for (uint32_t i = 0; i < groupThreads; ++i)
    for (uint32_t k = 0; k < count; ++k)
      if (operandsOf(lanes[i]).sums[k] !=
          makePlaceholder(product.mma.accumulator, previous->id, k))
        return wrong(lanes[i],
                     concat("of which register ", k,
                            " is not that of the product",
                            atWhere(previous->where), ", as others are"));
  previous->isContinued = true;
  previous->next = &product;
  product.previous = previous;
  return true;
}

bool Products::checkNumbers(Thread &lane, uint32_t count, const char *where) {
  const uint32_t *sums = operandsOf(lane).sums;
  Placeholder placeholder;
  for (uint32_t k = 0; k < count; ++k)
    if (readPlaceholder(sums[k], placeholder)) {
      machine.report(lane, where,
                     concat("has accumulators of which register ", k,
                            " is that of a product, and others are numbers"));
      return false;
    }
  const std::vector<uint32_t> &given = lane.products.given;
  if (!lane.products.needsFence || std::search(given.begin(), given.end(), sums,
                                               sums + count) != given.end())
    return true;
  machine.report(lane, where,
                 "has accumulators that were written since the last wait, "
                 "without a wgmma.fence behind it");
  return false;
}

//===----------------------------------------------------------------------===//
// Completion
//===----------------------------------------------------------------------===//

/// The group reads what descriptors name, now, with what it knew when it issued
/// the product.
bool Products::accessOperands(const Thread &first, const Product &product,
                              uint32_t clock) {
  const DitherWgmma &mma = product.mma;
  uint32_t actor = machine.actorOfGroup(groupOf(first.index));
  View view = machine.sharedView(first);
  view.thread = actor;
  view.clock = clock;
  view.everyone = product.everyone;
  view.knowledge = product.known;
  Mark mark = makeMark(product.where, actor) | markAsync;
  auto read = [&](size_t place, uint32_t, uint32_t) {
    return machine.accessAsync(first, place, chunkBytes, view, mark,
                               DITHER_READ);
  };
  uint32_t depth = mma.sparse ? mma.k / 2 : mma.k;
  return (product.hasRegisters ||
          product.a.forChunks(rows, depth, bitsOf(mma.a) / 8, read)) &&
         product.b.forChunks(mma.n, mma.k, bitsOf(mma.b) / 8, read);
}

/// All up to number `last`.
bool Products::completeAll(Thread &thread, Group &group, uint64_t last) {
  for (std::unique_ptr<Product> &product : group.products) {
    if (product->number > last)
      break;
    if (product->isComplete)
      continue;
    product->completedAt = machine.actorClock();
    if (!accessOperands(thread, *product, product->completedAt))
      return false;
    complete(*product);
  }
  return true;
}

void Products::complete(Product &product) {
  compute(product);
  if (product.next)
    takeFromPrevious(*product.next);
  product.isComplete = true;
  machine.knowledge.drop(product.known);
}

void Products::takeFromPrevious(Product &product) {
  product.sums = std::move(product.previous->sums);
  product.previous->next = nullptr;
  product.previous = nullptr;
}

bool Products::wait(Thread &thread, uint32_t groupsLeft, uint32_t *registers,
                    uint32_t count, const char *) {
  GroupThread &own = thread.products;
  if (own.groups.size() <= groupsLeft)
    return true;
  size_t done = own.groups.size() - groupsLeft;
  uint64_t last = own.groups[done - 1];
  own.groups.erase(own.groups.begin(),
                   own.groups.begin() + static_cast<std::ptrdiff_t>(done));
  if (last <= own.waited)
    return true;
  uint32_t index = groupOf(thread.index);
  Group &group = groups[index];
  if (!completeAll(thread, group, last))
    return false;
  uint32_t completedAt = 0;
  uint32_t lane = thread.index % groupThreads;
  for (std::unique_ptr<Product> &product : group.products) {
    if (product->number <= own.waited || product->number > last)
      continue;
    --product->waiting;
    completedAt = std::max(completedAt, product->completedAt);
    if (product->isContinued)
      continue;
    auto sums = product->sums.begin() +
                static_cast<std::ptrdiff_t>(lane * registersOf(product->mma));
    own.given.insert(
        own.given.end(), sums,
        sums + static_cast<std::ptrdiff_t>(registersOf(product->mma)));
  }
  machine.acquire(thread, nullptr, machine.actorOfGroup(index), completedAt);
  own.waited = last;
  own.needsFence = true;
  replace(group, lane, registers, count);
  group.products.erase(
      std::remove_if(group.products.begin(), group.products.end(),
                     [](const std::unique_ptr<Product> &product) {
                       return product->waiting == 0;
                     }),
      group.products.end());
  return true;
}

/// Numbers for the placeholders of products that are complete.
void Products::replace(const Group &group, uint32_t thread, uint32_t *registers,
                       uint32_t count) {
  const Product *product = nullptr;
  for (uint32_t i = 0; i < count; ++i) {
    Placeholder placeholder;
    if (!readPlaceholder(registers[i], placeholder))
      continue;
    if (!product || product->id != placeholder.id)
      product = find(group, placeholder.id);
    if (!product || !product->isComplete || product->isContinued ||
        placeholder.isHalf != (product->mma.accumulator == DITHER_F16) ||
        placeholder.index >= registersOf(product->mma))
      continue;
    registers[i] =
        product->sums[thread * registersOf(product->mma) + placeholder.index];
  }
}

} // namespace dither::runtime::emulator
