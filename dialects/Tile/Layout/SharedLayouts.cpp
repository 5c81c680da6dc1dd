//===- SharedLayouts.cpp - Tiles in shared memory -------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Tile/Layout/SharedLayouts.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace dither::tile;

/// The widest access of a lane, and the row of a matrix of ldmatrix.
static constexpr unsigned chunkBytes = 16;
static constexpr unsigned wordBytes = 4, banks = 32;

static LogicalResult fail(std::string &reason, const Twine &why) {
  reason = why.str();
  return failure();
}

static LogicalResult verifyTile(uint64_t rows, uint64_t columns,
                                unsigned elementBytes, std::string &reason) {
  if (!isPowerOf2_64(rows) || !isPowerOf2_64(columns))
    return fail(reason, "a tile of " + Twine(rows) + " x " + Twine(columns) +
                            " is not one of powers of two");
  if (!isPowerOf2_32(elementBytes) || elementBytes > chunkBytes)
    return fail(reason, "elements of " + Twine(elementBytes) +
                            " bytes do not make chunks of 16 bytes");
  return success();
}

//===----------------------------------------------------------------------===//
// Swizzles
//===----------------------------------------------------------------------===//

FailureOr<Swizzle> dither::tile::getTmaSwizzle(unsigned modeBytes,
                                               std::string &reason) {
  if (modeBytes == 0)
    return Swizzle{};
  if (is_contained({32u, 64u, 128u}, modeBytes))
    return Swizzle{Log2_32(modeBytes / chunkBytes), 4, 7};
  return fail(reason, "TMA has swizzles of 32, 64 and 128 bytes, not of " +
                          Twine(modeBytes));
}

FailureOr<Swizzle> dither::tile::chooseSwizzle(uint64_t rows, uint64_t columns,
                                               unsigned elementBytes,
                                               Order order,
                                               std::string &reason) {
  if (failed(verifyTile(rows, columns, elementBytes, reason)))
    return failure();
  uint64_t rowBytes =
      (order == Order::RowMajor ? columns : rows) * elementBytes;
  uint64_t tileBytes = rows * columns * elementBytes;
  if (rowBytes <= chunkBytes || tileBytes <= wordBytes * banks)
    return Swizzle{};
  // The first bits that tell rows apart but not banks choose the chunk: eight
  // rows then meet all banks.
  Swizzle swizzle;
  swizzle.source = std::max(7u, Log2_64(rowBytes));
  swizzle.bits = std::min({3u, Log2_64(rowBytes / chunkBytes),
                           Log2_64(tileBytes) - swizzle.source});
  return swizzle;
}

FailureOr<LinearLayout>
dither::tile::getSharedLayout(uint64_t rows, uint64_t columns,
                              unsigned elementBytes, const Swizzle &swizzle,
                              Order order, std::string &reason) {
  if (failed(verifyTile(rows, columns, elementBytes, reason)))
    return failure();
  unsigned elementBits = Log2_32(elementBytes);
  if (swizzle.bits > 0 && (swizzle.target < elementBits ||
                           swizzle.target + swizzle.bits > swizzle.source))
    return fail(reason, "the swizzle of " + Twine(swizzle.bits) +
                            " bits from bit " + Twine(swizzle.source) +
                            " to bit " + Twine(swizzle.target) +
                            " overlaps itself or cuts elements");
  LinearLayout::Bases offset{dim::offset.str(), {}};
  for (unsigned bit = 0; bit < Log2_64(rows * columns); ++bit) {
    uint64_t value = uint64_t(1) << bit;
    unsigned addressBit = bit + elementBits;
    // The map is its own inverse, so it does not matter which side is swizzled.
    if (addressBit >= swizzle.source &&
        addressBit < swizzle.source + swizzle.bits)
      value |= value >> (swizzle.source - swizzle.target);
    offset.coordinates.push_back({value});
  }
  auto linear = LinearLayout::fromBases(
      {offset}, {{dim::offset.str(), rows * columns}}, reason);
  if (failed(linear))
    return failure();
  Dim row{dim::row.str(), rows}, column{dim::column.str(), columns};
  if (order == Order::ColumnMajor)
    return linear->reshapeOutputs({row, column});
  return linear->reshapeOutputs({column, row})
      .transpose({dim::offset}, {dim::row, dim::column});
}

FailureOr<LinearLayout>
dither::tile::getTmaLayout(uint64_t rows, uint64_t columns,
                           unsigned elementBytes, unsigned modeBytes,
                           Order order, std::string &reason) {
  auto swizzle = getTmaSwizzle(modeBytes, reason);
  if (failed(swizzle) ||
      failed(verifyTile(rows, columns, elementBytes, reason)))
    return failure();
  bool rowMajor = order == Order::RowMajor;
  uint64_t extent = rowMajor ? columns : rows;
  uint64_t panel = modeBytes ? modeBytes / elementBytes : extent;
  if (panel > extent)
    return fail(reason, "rows of " + Twine(extent * elementBytes) +
                            " bytes are shorter than the swizzle of " +
                            Twine(modeBytes));
  auto inPanel =
      getSharedLayout(rowMajor ? rows : panel, rowMajor ? panel : columns,
                      elementBytes, *swizzle, order, reason);
  if (failed(inPanel))
    return failure();
  return *inPanel * LinearLayout::identity(dim::offset, extent / panel,
                                           rowMajor ? dim::column : dim::row);
}

/// From registers to offsets, the only input of a layout of shared memory.
static FailureOr<LinearLayout> convert(const LinearLayout &registers,
                                       const LinearLayout &shared,
                                       std::string &reason) {
  if (shared.getInputs().size() != 1 || !shared.hasInput(dim::offset))
    return fail(reason, "the inputs of a layout of shared memory are not "
                        "'offset' alone");
  return registers.invertAndCompose(shared, reason);
}

//===----------------------------------------------------------------------===//
// Bank conflicts
//===----------------------------------------------------------------------===//

/// The first `bits` bits of an input alone.
static LinearLayout takeLow(const LinearLayout &layout, StringRef input,
                            unsigned bits) {
  LinearLayout::Bases bases{input.str(), {}};
  for (unsigned bit = 0; bit < bits; ++bit)
    bases.coordinates.push_back(layout.getBasis(input, bit));
  std::string reason;
  return *LinearLayout::fromBases({bases}, layout.getOutputs(), reason);
}

/// Counts for lanes that access `bytes` bytes from their offset on.
static SharedTraffic countTransactions(const LinearLayout &lanes,
                                       unsigned elementBytes, unsigned bytes) {
  unsigned laneBits = Log2_64(lanes.getInputSize(dim::lane));
  unsigned servedBits =
      std::min(laneBits, 5 - Log2_32(std::max(bytes / wordBytes, 1u)));
  // Bytes of an access, and lanes served together, -> bytes of memory.
  LinearLayout::Bases inChunk{"byte", {}}, lane{dim::lane.str(), {}};
  uint64_t memory = lanes.getOutputSize(dim::offset) * elementBytes;
  for (uint64_t byte = 1; byte < bytes; byte *= 2)
    inChunk.coordinates.push_back({byte});
  for (unsigned bit = 0; bit < servedBits; ++bit)
    lane.coordinates.push_back(
        {lanes.getBasis(dim::lane, bit, dim::offset) * elementBytes});
  // A memory of at least one word in each bank.
  memory = std::max<uint64_t>(memory, wordBytes * banks);
  std::string reason;
  LinearLayout access =
      LinearLayout::fromBases({inChunk, lane}, {{"byte", memory}}, reason)
          ->reshapeOutputs({{"byte", wordBytes},
                            {"bank", banks},
                            {"line", memory / (wordBytes * banks)}});
  // All banks that are met have as many words, those of the kernel of the map
  // to banks.
  unsigned words =
      access.sublayout({"byte", dim::lane}, {"bank", "line"}).getRank();
  unsigned meetBanks =
      access.sublayout({"byte", dim::lane}, {"bank"}).getRank();
  unsigned least = 1u << (laneBits - servedBits);
  return {least << (words - meetBanks), least};
}

FailureOr<SharedTraffic> dither::tile::countBankConflicts(
    const LinearLayout &registers, const LinearLayout &shared,
    unsigned elementBytes, unsigned vectorElements, std::string &reason) {
  auto conversion = convert(registers, shared, reason);
  if (failed(conversion))
    return failure();
  unsigned bytes = elementBytes * vectorElements;
  if (!isPowerOf2_32(bytes) || bytes > chunkBytes)
    return fail(reason,
                "a lane accesses 1, 2, 4, 8 or 16 bytes, not " + Twine(bytes));
  uint64_t consecutive = conversion->getNumConsecutive(dim::reg, dim::offset);
  if (consecutive < vectorElements)
    return fail(reason, "registers have " + Twine(consecutive) +
                            " consecutive elements, not " +
                            Twine(vectorElements));
  return countTransactions(*conversion, elementBytes, bytes);
}

//===----------------------------------------------------------------------===//
// ldmatrix and stmatrix
//===----------------------------------------------------------------------===//

FailureOr<MatrixAccess>
dither::tile::matchMatrixAccess(const LinearLayout &registers,
                                const LinearLayout &shared,
                                unsigned elementBytes, std::string &reason) {
  auto conversion = convert(registers, shared, reason);
  if (failed(conversion))
    return failure();
  if (!is_contained({1u, 2u, 4u}, elementBytes))
    return fail(reason, "matrices have elements of 1, 2 or 4 bytes, not " +
                            Twine(elementBytes));
  if (conversion->getInputSize(dim::lane) != 32)
    return fail(reason, "not all 32 lanes take part");
  uint64_t perChunk = chunkBytes / elementBytes;
  uint64_t perWord = wordBytes / elementBytes;
  unsigned wordBits = Log2_64(perWord);
  unsigned registerBits = Log2_64(conversion->getInputSize(dim::reg));
  if (registerBits < wordBits)
    return fail(reason, "a lane has less than a word");

  // The bits that step through a row of 16 bytes; then those that step through
  // the eight rows.
  using Bit = std::pair<StringRef, unsigned>;
  SmallVector<Bit> wordSteps, laneSteps, rows;
  for (unsigned bit = 0; bit < wordBits; ++bit)
    wordSteps.push_back({dim::reg, bit});
  for (unsigned bit = 0; bit < 2; ++bit)
    wordSteps.push_back({dim::lane, bit});
  for (unsigned bit = 2; bit < 5; ++bit)
    laneSteps.push_back({dim::lane, bit});
  auto isChunk = [&](ArrayRef<Bit> steps) {
    for (const Dim &input : conversion->getInputs())
      for (unsigned bit = 0; bit < input.getBits(); ++bit) {
        const Bit *step = llvm::find(steps, Bit(input.name, bit));
        uint64_t offset = conversion->getBasis(input.name, bit, dim::offset);
        // Rows start at a multiple of 16 bytes.
        if (step == steps.end()
                ? offset % perChunk != 0
                : offset != uint64_t(1) << (step - steps.begin()))
          return false;
      }
    return true;
  };
  MatrixAccess access;
  access.transposed = false;
  if (isChunk(wordSteps)) {
    rows = laneSteps;
  } else if (elementBytes == 2 && isChunk(laneSteps)) {
    access.transposed = true;
    rows = wordSteps;
  } else {
    return fail(reason,
                "neither rows nor columns of 8 x 8 matrices are 16 consecutive "
                "bytes, aligned to 16");
  }

  unsigned matrixBits = std::min(2u, registerBits - wordBits);
  access.count = 1u << matrixBits;
  LinearLayout::Bases lane{dim::lane.str(), {}}, rest{dim::reg.str(), {}};
  for (const auto &[input, bit] : rows)
    lane.coordinates.push_back(conversion->getBasis(input, bit));
  for (unsigned bit = wordBits; bit < registerBits; ++bit)
    (bit < wordBits + matrixBits ? lane : rest)
        .coordinates.push_back(conversion->getBasis(dim::reg, bit));
  // The instruction ignores the addresses of the other lanes.
  lane.coordinates.resize(5, {0});
  SmallVector<LinearLayout::Bases> inputs = {lane, rest};
  for (const Dim &input : conversion->getInputs()) {
    if (input.name == dim::lane || input.name == dim::reg)
      continue;
    LinearLayout::Bases &bases = inputs.emplace_back();
    bases.input = input.name;
    for (unsigned bit = 0; bit < input.getBits(); ++bit)
      bases.coordinates.push_back(conversion->getBasis(input.name, bit));
  }
  auto addresses =
      LinearLayout::fromBases(inputs, conversion->getOutputs(), reason);
  if (failed(addresses))
    return failure();
  access.addresses = *addresses;
  return access;
}

SharedTraffic dither::tile::countBankConflicts(const MatrixAccess &access,
                                               unsigned elementBytes) {
  unsigned used = 3 + Log2_32(access.count);
  return countTransactions(takeLow(access.addresses, dim::lane, used),
                           elementBytes, chunkBytes);
}

//===----------------------------------------------------------------------===//
// Costs
//===----------------------------------------------------------------------===//

FailureOr<SharedCost> dither::tile::getSharedCost(const LinearLayout &registers,
                                                  const LinearLayout &shared,
                                                  unsigned elementBytes,
                                                  std::string &reason) {
  unsigned elements = registers.getInputSize(dim::reg);
  auto cost = [&](SharedTraffic traffic, unsigned elementsAtOnce) {
    unsigned instructions = elements / elementsAtOnce;
    return SharedCost{instructions * traffic.transactions, instructions};
  };
  auto matrices = matchMatrixAccess(registers, shared, elementBytes, reason);
  if (succeeded(matrices))
    return cost(countBankConflicts(*matrices, elementBytes),
                matrices->count * (wordBytes / elementBytes));
  auto conversion = convert(registers, shared, reason);
  if (failed(conversion))
    return failure();
  unsigned vector =
      std::min<uint64_t>(conversion->getNumConsecutive(dim::reg, dim::offset),
                         std::max(chunkBytes / elementBytes, 1u));
  auto traffic =
      countBankConflicts(registers, shared, elementBytes, vector, reason);
  if (failed(traffic))
    return failure();
  return cost(*traffic, vector);
}

FailureOr<Swizzle> dither::tile::chooseSwizzle(uint64_t rows, uint64_t columns,
                                               unsigned elementBytes,
                                               Order order,
                                               ArrayRef<LinearLayout> accesses,
                                               std::string &reason) {
  auto getCost = [&](const Swizzle &swizzle) -> FailureOr<SharedCost> {
    auto shared =
        getSharedLayout(rows, columns, elementBytes, swizzle, order, reason);
    if (failed(shared))
      return failure();
    SharedCost sum{0, 0};
    for (const LinearLayout &access : accesses) {
      auto cost = getSharedCost(access, *shared, elementBytes, reason);
      if (failed(cost))
        return failure();
      sum.transactions += cost->transactions;
      sum.instructions += cost->instructions;
    }
    return sum;
  };
  auto best = chooseSwizzle(rows, columns, elementBytes, order, reason);
  if (failed(best))
    return failure();
  auto least = getCost(*best);
  if (failed(least))
    return failure();
  // Only bits that choose banks are worth a change, and there are few.
  constexpr unsigned firstBank = 2, lastBank = 6;
  unsigned addressBits = Log2_64(rows * columns * elementBytes);
  for (unsigned target = std::max(firstBank, Log2_32(elementBytes));
       target <= lastBank; ++target)
    for (unsigned bits = 1; target + bits <= lastBank + 1; ++bits)
      for (unsigned source = target + bits; source + bits <= addressBits;
           ++source) {
        Swizzle swizzle{bits, target, source};
        auto cost = getCost(swizzle);
        if (failed(cost))
          return failure();
        if (*cost < *least) {
          best = swizzle;
          least = cost;
        }
      }
  return best;
}
