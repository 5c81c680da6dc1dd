//===- KernelPlan.cpp - Which kernel a product gets -----------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/KernelPlan.h"
#include "Dither/Ops/Representation/Layout.h"
#include "compiler/Codegen/CPU/Schedules/ListedProducts.h"
#include "compiler/Codegen/CPU/Schedules/LookupSchedule.h"
#include "compiler/Codegen/CPU/Schedules/Staging.h"
#include "compiler/Codegen/CPU/Schedules/TileSchedule.h"
#include "compiler/Codegen/CPU/Weights/IntegerPanels.h"
#include "compiler/Codegen/CPU/Weights/TileWeights.h"
#include "llvm/Support/FormatVariadic.h"
#include <limits>
#include <numeric>

using namespace mlir;
using namespace dither;

/// Sums of a packed matrix in registers, which decoding needs, too.
static constexpr int64_t kPackedSums = 8;
/// Where nothing is decoded, tiles are as large as registers allow.
static constexpr int64_t kPlainRows = 6, kPlainSums = 24;
/// Vectors of columns that are walked down together, at most.
static constexpr int64_t kMostPanels = 64;
/// Tasks that threads share, if there are as many.
static constexpr int64_t kTasks = 16;
/// Elements of the contraction that are visited before others, along all
/// columns: the hardware reads ahead in so many pages, of which the CPUs that
/// have AVX-512 know more, and rows that are a multiple of a page apart share
/// sets of the caches. The more there are, the less often do sums go to memory.
static int64_t getStripDepth(int64_t rows, int64_t columns, int64_t lanes) {
  int64_t pages = lanes == 16 ? 32 : 8;
  int64_t rowsOfPage = 4096 / (int64_t(sizeof(float)) * columns);
  return pages * std::clamp<int64_t>(rowsOfPage, rows > 2 * lanes ? 2 : 1, 4);
}
/// Columns of which a thread visits all elements.
static constexpr int64_t kStripColumns = 512;
/// Rows that are few, for each lane, and elements of the contraction that are
/// so few that a column of pages is found in the TLB.
static constexpr int64_t kStripRows = 4, kLeastStripped = 64;
/// Blocks of columns that threads share, at least: what a thread has staged, it
/// had better read itself, since a line that another core has written comes
/// slower than one from memory.
static constexpr int64_t kSharers = 2;
/// Few rows, whose sums may wait in memory, are no more than these.
static constexpr int64_t kMostFewRows = 1024;
/// Elements that the depths of blocks of a dense matrix are multiples of.
static constexpr int64_t kDepthUnit = 16;
/// Rows from which on tiles pay, where their number is not known, over the
/// rows where it is.
static constexpr int64_t kUnknownTileRows = 2;
/// How much faster than vectors tiles multiply, about, where there are enough
/// rows, and read a matrix; and operations for which storing a result counts.
static constexpr int64_t kTileSpeed = 16, kTileReads = 2, kTileResult = 8;

/// The rows and sums of a register tile of a packed matrix. With many
/// registers, panels side by side share what is read of x, unless decoding
/// takes the registers: selecting from a group, putting planes together, or
/// parts of sums that stay where their codes lie.
static std::pair<int64_t, int64_t> getPackedTile(ContractOp op,
                                                 const KernelLimits &limits) {
  int64_t rows = std::min(kPackedSums, limits.rows);
  auto format = dyn_cast_if_present<FormatAttrInterface>(op.getFormatAttr());
  if (limits.lanes < 16 || op.getPatternAttr() || !format ||
      format.getVectorSize() > 1)
    return {rows, kPackedSums};
  if (arePlainBytes(op))
    return {std::min(kPlainRows, limits.rows), kPlainSums};
  bool hasParts =
      !op.getXParts().empty() && getScaledElements(op) == op.getDepth();
  if (hasParts || planeWidths(format.getBits()).size() > 1)
    return {rows, kPackedSums};
  return {rows, 2 * kPackedSums};
}

/// Whether the result can hold sums while others are added.
static bool keepsSums(ContractOp op) {
  return getElementTypeOrSelf(op.getInit().getType()).isF32();
}

namespace {
/// Plans one product.
class Planner {
public:
  Planner(ContractOp op, const KernelLimits &limits) : op(op), limits(limits) {
    auto y = cast<ShapedType>(op.getInit().getType());
    rows = y.getDimSize(0);
    columns = y.getDimSize(1);
    depth = op.getDepth();
  }

  KernelAttr plan() {
    if (isListed(op))
      return make(KernelSchedule::listed, limits.rows, limits.rows, 0, 0,
                  isListedWorthThreads(op, limits.parallelFlops));
    if (isTiled())
      return make(KernelSchedule::tiles, limits.rows, limits.rows, 0, 0,
                  isTileWorthThreads() && 2 * columns >= 3 * kPanelColumns,
                  // Tiles of floats round their own way, so that all rows go
                  // through them.
                  hasCodes(op) ? kUnknownTileRows * limits.minTileRows : 0);
    if (isStaged())
      return planBlocked();
    if (limits.hasLookups && getLookupTables(op))
      return make(KernelSchedule::lookup, limits.rows, limits.rows, 0, 0,
                  isWorthThreads());
    return planDirect();
  }

  /// Straight from the matrix, in strips if it is dense and rows are few.
  KernelAttr planDirect(bool areRowsFew = false) {
    if (op.getDense()) {
      auto [tileRows, sums] = getPackedTile(op, limits);
      return make(KernelSchedule::direct, tileRows, sums, kPanelColumns, 0,
                  isWorthThreads());
    }
    if (isForStrips(areRowsFew))
      return make(KernelSchedule::strips, limits.rows,
                  limits.rows * limits.panels, kStripColumns,
                  getStripDepth(rows, columns, limits.lanes), isWorthThreads());
    int64_t width = directPanels * limits.lanes;
    return make(KernelSchedule::direct,
                isWorthThreads() ? shareRows(width) : limits.rows,
                limits.rows * limits.panels, width, 0, isWorthThreads());
  }

private:
  static bool isKnown(int64_t extent) { return !ShapedType::isDynamic(extent); }

  KernelAttr make(KernelSchedule schedule, int64_t tileRows, int64_t sums,
                  int64_t blockColumns, int64_t blockDepth, bool isShared,
                  int64_t least = 0) {
    return KernelAttr::get(op.getContext(), schedule, tileRows, sums,
                           blockColumns, blockDepth, isShared ? kTasks : 0,
                           isKnown(rows) ? 0 : least);
  }

  /// Whether threads pay off.
  bool isWorthThreads() {
    if (!isKnown(columns) || !isKnown(depth))
      return false;
    int64_t count = isKnown(rows) ? rows : assumedRows;
    // However few rows there are, the matrix is read.
    return columns * depth >= limits.parallelFlops ||
           2 * count * columns * depth >= limits.parallelFlops;
  }
  bool isTileWorthThreads() {
    int64_t count = isKnown(rows) ? rows : assumedRows;
    return kTileReads * columns * depth >= limits.parallelFlops ||
           2 * count * columns * depth >= kTileSpeed * limits.parallelFlops ||
           kTileResult * count * columns >= limits.parallelFlops;
  }

  /// Rows of a tile of which there are so few that an odd number of them would
  /// leave one of two threads without work.
  int64_t shareRows(int64_t width) {
    if (!isKnown(rows) || rows <= limits.rows)
      return limits.rows;
    int64_t across = llvm::divideCeil(columns, width);
    int64_t down = llvm::divideCeil(rows, limits.rows);
    if (across * down % 2 == 0 || across * down > kTasks)
      return limits.rows;
    return llvm::divideCeil(rows, down + 1);
  }

  bool isTiled() {
    if (!(hasCodes(op) ? limits.hasTiles : limits.hasFloatTiles) ||
        !explainNoTiles(op).empty())
      return false;
    // Words that are read where they are cost as much for one row as for many.
    bool isDecoded = hasCodes(op) && !areWordsInMemory(op);
    int64_t least = isDecoded ? limits.minTileRows : hasCodes(op) ? 2 : 1;
    return !isKnown(rows) || rows >= least;
  }

  bool isStaged() {
    if (op.getDense())
      return op.getTransposeW();
    auto matrix = dyn_cast<MemRefType>(op.getParts()[0].getType());
    if (!matrix || !matrix.hasStaticShape() || matrix.getNumElements() == 0 ||
        depth == 0)
      return false;
    if (op.getTransposeW())
      return true;
    // Rows of a narrow matrix are close to each other as they are.
    int64_t bytes = int64_t(sizeof(float)) * depth * columns;
    if (columns <= directPanels * limits.lanes && bytes <= limits.secondCache)
      return false;
    bool isFew = isKnown(rows) && rows < limits.minRows;
    return !isFew && bytes >= limits.minBytes && !isForStrips();
  }

  /// Few rows, which make more of a matrix than of sums that wait in memory,
  /// and a dense matrix that comes from beyond the second cache.
  bool isForStrips(bool areRowsFew = false) {
    int64_t width = directPanels * limits.lanes;
    return isKnown(columns) && isKnown(depth) && columns > width &&
           depth > kLeastStripped &&
           int64_t(sizeof(float)) * columns * depth > limits.secondCache / 2 &&
           (areRowsFew || (isKnown(rows) && rows < kStripRows * limits.lanes));
  }

  /// Cuts an extent into as equal parts as can be, of about `most`, in whole
  /// units: a part that is a quarter larger is better than a small one.
  static int64_t cut(int64_t extent, int64_t most, int64_t unit) {
    if (extent <= unit)
      return unit;
    most = std::max(unit, most / unit * unit);
    int64_t parts = llvm::divideCeil(extent, most + most / 4);
    return llvm::alignTo(llvm::divideCeil(extent, parts), unit);
  }

  /// The rows of x that meet a panel take half of the first cache, a block half
  /// of the second one; as all columns do together where threads share them.
  KernelAttr planBlocked() {
    int64_t width = limits.lanes * limits.panels;
    bool isShared = isWorthThreads();
    int64_t elements = limits.secondCache / 2 / int64_t(sizeof(float));
    int64_t mostDepth =
        limits.firstCache / 2 / int64_t(sizeof(float)) / limits.rows;
    if (isShared)
      mostDepth = std::min(
          mostDepth,
          std::max(leastDepth(), elements / std::max<int64_t>(1, columns)));
    int64_t depthUnit = op.getDense() ? kPanelColumns : kDepthUnit;
    int64_t blockDepth = keepsSums(op) ? cut(depth, mostDepth, depthUnit)
                                       : llvm::alignTo(depth, depthUnit);
    int64_t mostColumns = elements / blockDepth;
    int64_t unit = std::lcm(width, getStagingUnit(op));
    if (isShared)
      mostColumns = std::min<int64_t>(
          mostColumns,
          llvm::alignTo(llvm::divideCeil(columns, kSharers), unit));
    int64_t blockColumns = cut(columns, mostColumns, unit);
    return make(KernelSchedule::blocked, limits.rows,
                limits.rows * limits.panels, blockColumns, blockDepth, isShared,
                op.getTransposeW() ? 0 : limits.minRows);
  }

  /// Of which a pass over the result costs little.
  int64_t leastDepth() { return limits.lanes == 16 ? 128 : 256; }

  ContractOp op;
  const KernelLimits &limits;
  int64_t rows, columns, depth;
};
} // namespace

KernelAttr dither::planKernel(ContractOp op, const KernelLimits &limits) {
  return Planner(op, limits).plan();
}

KernelAttr dither::planFewRows(ContractOp op, KernelAttr plan, int64_t lanes) {
  KernelLimits limits;
  limits.lanes = lanes;
  limits.rows = plan.getRows();
  limits.panels = std::max<int64_t>(1, plan.getSums() / plan.getRows());
  if (plan.getTasks() == 0)
    limits.parallelFlops = std::numeric_limits<int64_t>::max();
  return Planner(op, limits).planDirect(/*areRowsFew=*/true);
}

/// Elements of the sums of so many rows that wait between strips.
static int64_t getStripSums(ContractOp op, int64_t rows) {
  int64_t columns = cast<ShapedType>(op.getInit().getType()).getDimSize(1);
  return rows * int64_t(llvm::alignTo(columns, kPanelColumns));
}

SmallVector<MemRefType> dither::getScratchTypes(ContractOp op) {
  auto getFloats = [&](int64_t elements) {
    return MemRefType::get({elements}, Float32Type::get(op.getContext()));
  };
  switch (op.getPlan().getSchedule()) {
  case KernelSchedule::direct:
    return {};
  case KernelSchedule::strips:
    return {getFloats(getStripSums(
        op, cast<ShapedType>(op.getInit().getType()).getDimSize(0)))};
  case KernelSchedule::listed:
    return {getFloats(getListedScratch(op))};
  case KernelSchedule::blocked:
    // Few rows may be left to strips.
    return {getFloats(std::max(getScratchElements(op),
                               getStripSums(op, op.getPlan().getLeast())))};
  case KernelSchedule::tiles:
    return getTileScratch(op);
  case KernelSchedule::lookup:
    return {getLookupTables(op)};
  }
  llvm_unreachable("all schedules are above");
}

/// Why a matrix cannot be read straight from where it lies, panel after panel.
static std::string explainNotDirect(ContractOp op, KernelAttr plan,
                                    int64_t lanes) {
  if (op.getTransposeW())
    return "a transposed matrix is staged";
  if (op.getDense() && plan.getColumns() != kPanelColumns)
    return llvm::formatv("a packed matrix lies in panels of {0} columns",
                         kPanelColumns);
  int64_t panels = plan.getColumns() / lanes;
  // Halves of a column tile are tiles of more rows.
  if (plan.getColumns() % lanes != 0 || !llvm::isPowerOf2_64(panels) ||
      panels > kMostPanels)
    return llvm::formatv("{0} columns are no power of two times {1}, up to {2}",
                         plan.getColumns(), lanes, kMostPanels * lanes);
  return "";
}

static std::string explainNotInStrips(ContractOp op, KernelAttr plan,
                                      int64_t lanes) {
  if (op.getDense())
    return "a packed matrix is read as it lies";
  if (op.getTransposeW())
    return "a transposed matrix is staged";
  int64_t width = directPanels * lanes, depth = op.getDepth();
  int64_t columns = cast<ShapedType>(op.getInit().getType()).getDimSize(1);
  int64_t rows = cast<ShapedType>(op.getInit().getType()).getDimSize(0);
  if (ShapedType::isDynamic(rows) || ShapedType::isDynamic(columns) ||
      columns < width || ShapedType::isDynamic(depth) || depth == 0)
    return llvm::formatv("strips need rows, {0} columns, and elements of the "
                         "contraction, whose numbers are known",
                         width);
  if (plan.getColumns() % width != 0)
    return llvm::formatv("strips of {0} columns are no multiple of {1}",
                         plan.getColumns(), width);
  return "";
}

static std::string explainNotBlocked(ContractOp op, KernelAttr plan,
                                     int64_t lanes) {
  if (op.getDense() && !op.getTransposeW())
    return "a packed matrix is read as it lies";
  auto matrix = cast<ShapedType>(op.getParts()[0].getType());
  if (!matrix.hasStaticShape() || ShapedType::isDynamic(op.getDepth()) ||
      matrix.getNumElements() == 0 || op.getDepth() == 0)
    return "a matrix of unknown extents, or without elements, is not staged";
  if (!keepsSums(op) && plan.getDepth() < op.getDepth())
    return llvm::formatv("sums of blocks of {0} elements cannot wait in a "
                         "result that is no f32",
                         plan.getDepth());
  int64_t unit =
      std::lcm(plan.getSums() / plan.getRows() * lanes, getStagingUnit(op));
  if (plan.getColumns() % unit != 0)
    return llvm::formatv("blocks of {0} columns are no multiple of {1}",
                         plan.getColumns(), unit);
  return "";
}

/// Of an unknown number of rows, few may go another way, which must give the
/// same bits and read the matrix as it lies.
static bool mayLeaveFewRows(ContractOp op, KernelSchedule schedule) {
  if (schedule == KernelSchedule::tiles)
    return hasCodes(op);
  return schedule == KernelSchedule::blocked && !op.getTransposeW();
}

std::string dither::explainNotPlanned(ContractOp op, KernelAttr plan,
                                      const KernelLimits &limits) {
  KernelSchedule schedule = plan.getSchedule();
  if (isListed(op) != (schedule == KernelSchedule::listed))
    return "listed elements have a schedule of their own, and nothing else has "
           "it";
  if (plan.getLeast() > 0 && !mayLeaveFewRows(op, schedule))
    return "all rows of such a product take the same way";
  if (plan.getLeast() > kMostFewRows)
    return llvm::formatv("{0} rows are not few: there is memory for {1}",
                         plan.getLeast(), kMostFewRows);
  switch (schedule) {
  case KernelSchedule::direct:
    return explainNotDirect(op, plan, limits.lanes);
  case KernelSchedule::strips:
    return explainNotInStrips(op, plan, limits.lanes);
  case KernelSchedule::blocked:
    return explainNotBlocked(op, plan, limits.lanes);
  case KernelSchedule::tiles:
    if (!(hasCodes(op) ? limits.hasTiles : limits.hasFloatTiles))
      return "the target has no such AMX tiles";
    return explainNoTiles(op);
  case KernelSchedule::lookup:
    if (!limits.hasLookups)
      return "the target has no AVX-512 VBMI and VNNI";
    return getLookupTables(op) ? "" : "its vectors are not looked up";
  case KernelSchedule::listed:
    return "";
  }
  llvm_unreachable("all schedules are above");
}

std::string dither::makeProductKey(ShapedType x, bool transposeX, ShapedType w,
                                   bool transposeW, Attribute pattern,
                                   Attribute format, bool hasRows) {
  std::string key;
  llvm::raw_string_ostream os(key);
  auto print = [&](ShapedType type) {
    for (int64_t extent : type.getShape())
      (ShapedType::isDynamic(extent) ? os << "?" : os << extent) << "x";
    os << type.getElementType();
  };
  print(x);
  os << (transposeX ? "' " : " ");
  print(w);
  os << (transposeW ? "'" : "");
  for (Attribute attribute : {pattern, format})
    if (attribute)
      os << " " << attribute;
  if (hasRows)
    os << " rows";
  return key;
}

std::string dither::getProductKey(ContractOp op) {
  Type w = op.getDense() ? *op.getDense() : op.getParts()[0].getType();
  return makeProductKey(cast<ShapedType>(op.getX().getType()),
                        op.getTransposeX(), cast<ShapedType>(w),
                        op.getTransposeW(), op.getPatternAttr(),
                        op.getFormatAttr(), bool(op.getRows()));
}

SmallVector<KernelAttr> dither::listNeighbours(ContractOp op, KernelAttr plan,
                                               const KernelLimits &limits) {
  int64_t lanes = limits.lanes;
  SmallVector<KernelAttr> result;
  auto add = [&](KernelSchedule schedule, int64_t rows, int64_t sums,
                 int64_t columns, int64_t depth, int64_t tasks) {
    // As of the model: what does not depend on measurements.
    int64_t least = schedule == plan.getSchedule()        ? plan.getLeast()
                    : schedule == KernelSchedule::blocked ? limits.minRows
                                                          : 0;
    if (!ShapedType::isDynamic(
            cast<ShapedType>(op.getInit().getType()).getDimSize(0)))
      least = 0;
    auto emitNothing = [&] { return emitError(op.getLoc()); };
    ScopedDiagnosticHandler ignore(op.getContext(),
                                   [](Diagnostic &) { return success(); });
    KernelAttr other =
        KernelAttr::getChecked(emitNothing, op.getContext(), schedule, rows,
                               sums, columns, depth, tasks, least);
    if (other && other != plan && !llvm::is_contained(result, other) &&
        explainNotPlanned(op, other, limits).empty())
      result.push_back(other);
  };
  KernelSchedule schedule = plan.getSchedule();
  int64_t rows = plan.getRows(), sums = plan.getSums(), tasks = plan.getTasks();
  int64_t columns = plan.getColumns(), depth = plan.getDepth();
  bool isBlocked = schedule == KernelSchedule::blocked;
  // Tiles of as many sums as registers hold, which blocks need as many of.
  for (auto [r, p] : {std::pair<int64_t, int64_t>{6, 2},
                      {4, 3},
                      {5, 2},
                      {3, 4},
                      {8, 1},
                      {12, 1},
                      {8, 2},
                      {6, 4},
                      {12, 2},
                      {8, 3}}) {
    int64_t width = p * lanes;
    if (r * p <= (lanes == 16 ? 28 : 12))
      add(schedule, r, r * p,
          isBlocked ? llvm::alignTo(columns, width) : columns, depth, tasks);
  }
  for (int64_t other : {columns / 2, 2 * columns})
    add(schedule, rows, sums, other, depth, tasks);
  for (int64_t other : {int64_t(llvm::alignTo(depth / 2, 16)), 2 * depth})
    add(schedule, rows, sums, columns, other, tasks);
  if (tasks > 0)
    for (int64_t other : {int64_t(0), tasks / 2, 2 * tasks})
      add(schedule, rows, sums, columns, depth, other);
  else
    add(schedule, rows, sums, columns, depth, kTasks);
  // Tiles of floats round their own way.
  if (schedule == KernelSchedule::tiles && !hasCodes(op))
    return result;
  int64_t width = directPanels * lanes;
  add(KernelSchedule::direct, rows, sums, width, 0, tasks);
  auto y = cast<ShapedType>(op.getInit().getType());
  add(KernelSchedule::strips, rows, sums, kStripColumns,
      getStripDepth(y.getDimSize(0), std::max<int64_t>(1, y.getDimSize(1)),
                    lanes),
      tasks);
  if (!isBlocked && sums % rows == 0)
    add(KernelSchedule::blocked, rows, sums,
        std::min<int64_t>(256, llvm::alignTo(columns, sums / rows * lanes)),
        std::min<int64_t>(256, llvm::alignTo(op.getDepth(), 16)), tasks);
  return result;
}
