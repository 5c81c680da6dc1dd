//===- Contractions.cpp - Products and their kernels ----------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/KernelPlan.h"
#include "compiler/Codegen/CPU/Weights/PackedPanels.h"
#include "compiler/Codegen/CPU/Weights/WeightPanels.h"
#include "compiler/Explain/Explain.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace dither;

namespace {
/// The product of some extents, of which one may be the batch.
struct Extent {
  Extent(ArrayRef<int64_t> shape) {
    for (int64_t extent : shape)
      ShapedType::isDynamic(extent) ? isPerBatch = true : count *= extent;
  }
  Extent(int64_t extent) : Extent(ArrayRef(extent)) {}

  int64_t at(int64_t batch) const { return isPerBatch ? count * batch : count; }
  std::string print() const {
    if (!isPerBatch)
      return std::to_string(count);
    return count == 1 ? "batch" : std::to_string(count) + "*batch";
  }

  int64_t count = 1;
  bool isPerBatch = false;
};
} // namespace

static std::string getShape(Extent rows, Extent depth, Extent columns) {
  return rows.print() + "x" + depth.print() + "x" + columns.print();
}

/// The rows of a matrix, or of a tensor that is taken for one.
static Extent countRows(RankedTensorType type) {
  return type.getShape().drop_back();
}

/// The type of the matrix that a tensor of more dimensions is taken for.
static RankedTensorType getMatrix(RankedTensorType type) {
  if (type.getRank() <= 2)
    return type;
  Extent rows = countRows(type);
  return RankedTensorType::get(
      {rows.isPerBatch ? ShapedType::kDynamic : rows.count,
       type.getShape().back()},
      type.getElementType());
}

static std::string getPlanKey(StringRef function, StringRef product) {
  return (function + " " + product).str();
}

static MatrixCost getCost(RankedTensorType dense, PatternAttrInterface pattern,
                          FormatAttrInterface format, bool hasStaticRows,
                          const Machine &machine) {
  MatrixCost cost;
  cost.depth = dense.getDimSize(0);
  cost.columns = dense.getDimSize(1);
  cost.hasStaticRows = hasStaticRows;
  cost.hasFormat = bool(format);
  if (format)
    cost.decodeOps = countDecodeOps(format, int64_t(machine.lanes));
  if (format && format.getVectorSize() > 1)
    cost.gathers = double(format.getCodeType(dense).getDimSize(0)) /
                   double(format.getIndexCodes() * cost.depth);
  if (pattern) {
    cost.density = pattern.getDensity();
    cost.isListed = isa<ListPatternAttrInterface>(pattern);
    cost.hasIndices = !pattern.getMetadata(dense).empty() &&
                      isa<GroupPatternAttrInterface>(pattern);
  }
  int64_t bytes = 0;
  for (const PackedPart &part : getPackedParts(dense, pattern, format))
    bytes += getTensorBytes(part.second);
  cost.bytesPerWeight = double(bytes) / double(dense.getNumElements());
  return cost;
}

std::string dither::describeBreakEven(const ContractionReport &c) {
  std::string text =
      llvm::formatv("reads {0:f1}x fewer bytes; by the cost model {1:f1} us, "
                    "dense {2:f1} us; ",
                    c.bytesRatio, c.packedTime / 1e3, c.denseTime / 1e3);
  if (c.breakEven.batch == everyBatch)
    return text + "faster at every batch";
  if (c.breakEven.batch > 0)
    return text +
           llvm::formatv("faster up to batch {0}", c.breakEven.batch).str();
  text += "saves memory, not time";
  if (c.breakEven.columns > 0)
    text += llvm::formatv("; faster from {0} columns on, at batch 1",
                          c.breakEven.columns)
                .str();
  return text;
}

namespace {
/// Explains the products of one function.
class FunctionExplainer {
public:
  /// `plans` are those of kernels, by their functions and products, on
  /// `machine`.
  FunctionExplainer(func::FuncOp function, ModelOp model, bool isTraining,
                    const llvm::StringMap<KernelAttr> &plans,
                    const Machine &machine, ModelReport &report)
      : function(function), parameters(model), isTraining(isTraining),
        plans(plans), machine(machine), report(report) {}

  void run() {
    function.walk([&](Operation *op) {
      if (auto matmul = dyn_cast<MatmulOp>(op))
        add(op, explainDense(matmul));
      else if (auto packed = dyn_cast<PackedMatmulOp>(op))
        add(op, explainPacked(packed));
      else if (auto sampled = dyn_cast<SampledMatmulOp>(op))
        add(op, explainSampled(sampled));
    });
  }

private:
  void add(Operation *op, ContractionReport entry) {
    entry.place = getSourcePlace(op->getLoc());
    entry.function = function.getName().str();
    report.contractions.push_back(std::move(entry));
  }

  /// The plan of a product's kernel on this machine; empty if it is not known.
  std::string getPlan(RankedTensorType x, bool transposeX, RankedTensorType w,
                      bool transposeW, Attribute pattern = {},
                      Attribute format = {}, bool hasRows = false) {
    std::string key = makeProductKey(getMatrix(x), transposeX, getMatrix(w),
                                     transposeW, pattern, format, hasRows);
    KernelAttr plan = plans.lookup(getPlanKey(function.getName(), key));
    std::string text;
    if (plan)
      llvm::raw_string_ostream(text) << plan;
    return text;
  }

  std::string getPlan(MatmulOp op) {
    auto x = cast<RankedTensorType>(op.getX().getType());
    auto y = cast<RankedTensorType>(op.getY().getType());
    // What cannot be staged is transposed before.
    bool isTransposed = op.getTransposeY() && !y.hasStaticShape();
    if (isTransposed)
      y = RankedTensorType::get({y.getDimSize(1), y.getDimSize(0)},
                                y.getElementType());
    std::string plan =
        getPlan(x, op.getTransposeX(), y, op.getTransposeY() && !isTransposed);
    auto gather = op.getY().getDefiningOp<GatherOp>();
    if (plan.empty() && gather)
      plan = getPlan(x, op.getTransposeX(),
                     cast<RankedTensorType>(gather.getX().getType()), false, {},
                     {}, /*hasRows=*/true);
    return plan;
  }

  ContractionReport explainDense(MatmulOp op) {
    ContractionReport entry;
    auto x = cast<RankedTensorType>(op.getX().getType());
    auto z = cast<RankedTensorType>(op.getType());
    Extent rows = countRows(z), columns = z.getShape().back();
    Extent depth = op.getTransposeX() ? countRows(x) : x.getShape().back();
    entry.shape = getShape(rows, depth, columns);
    entry.denseFlops = entry.doneFlops = 2 * rows.at(report.batch) *
                                         depth.at(report.batch) *
                                         columns.at(report.batch);
    llvm::raw_string_ostream(entry.kernel) << "dense_" << x.getElementType();
    entry.plan = getPlan(op);
    entry.rejected =
        "packed_decode: " + explainNotPacked(op, rows.at(report.batch));
    return entry;
  }

  std::string explainNotPacked(MatmulOp op, int64_t rows) {
    if (auto reason = op->getAttrOfType<StringAttr>("dither.fallback"))
      return reason.str() + "; the matrix is unpacked to memory first";
    ParamOp param = findParameter(op.getY());
    if (!param || !param.isRepresented())
      return "the matrix has neither pattern nor format";
    if (!isTraining)
      return "the matrix is an expression of @" + param.getSymName().str();
    return explainNotPackedInTraining(param, rows);
  }

  /// Packing pays only if it is cheaper than what one product then saves.
  std::string explainNotPackedInTraining(ParamOp param, int64_t rows) {
    RankedTensorType type = param.getTensorType();
    std::string why = "@" + param.getSymName().str() + " changes in every step";
    if (type.getRank() != 2)
      return why;
    MatrixCost packed = getCost(type, param.getPatternInterface(),
                                param.getFormatInterface(), true, machine);
    double saved = estimateProduct(asDense(packed), rows, machine) -
                   estimateProduct(packed, rows, machine);
    if (saved <= 0)
      return why + ", and at this batch the packed product is slower anyway "
                   "(cost model)";
    return llvm::formatv("{0}: packing it takes {1:f1} us or more, to save "
                         "{2:f1} us (cost model)",
                         why, estimatePacking(packed, machine) / 1e3,
                         saved / 1e3)
        .str();
  }

  /// The parameter that a value is an expression of, without products on the
  /// way: those make activations.
  ParamOp findParameter(Value value) {
    SmallVector<Value> worklist = {value};
    DenseSet<Value> seen;
    while (!worklist.empty()) {
      Value next = worklist.pop_back_val();
      if (!seen.insert(next).second)
        continue;
      if (auto argument = dyn_cast<BlockArgument>(next)) {
        // A loop hands rows to its region, or what a run before has made.
        if (argument.getOwner() != &function.front())
          continue;
        auto name = function.getArgAttrOfType<StringAttr>(
            argument.getArgNumber(), "dither.name");
        if (ParamOp param = name ? lookup(name) : ParamOp())
          return param;
      } else if (!isa<MatmulOp, PackedMatmulOp, SampledMatmulOp>(
                     next.getDefiningOp())) {
        llvm::append_range(worklist, next.getDefiningOp()->getOperands());
      }
    }
    return {};
  }

  /// "w1" and, in deployment, its parts, such as "w1.codes".
  ParamOp lookup(StringAttr name) {
    if (auto param = parameters.lookup<ParamOp>(name))
      return param;
    return parameters.lookup<ParamOp>(name.getValue().rsplit('.').first);
  }

  static std::string explainNotCodes(PackedMatmulOp op) {
    if (auto reason = op->getAttrOfType<StringAttr>("dither.fallback"))
      return reason.str();
    if (isHalf(op.getX().getType()))
      return "x has 16 bits, and is multiplied as such";
    return "x is f32; dither.represent by #dither.int<bits = 8, dim = 1> would "
           "give it codes";
  }

  ContractionReport explainPacked(PackedMatmulOp op) {
    ContractionReport entry;
    auto x = cast<RankedTensorType>(op.getX().getType());
    auto dense = cast<RankedTensorType>(op.getDense());
    MatrixCost packed = getCost(
        dense, dyn_cast_if_present<PatternAttrInterface>(op.getPatternAttr()),
        dyn_cast_if_present<FormatAttrInterface>(op.getFormatAttr()),
        !countRows(x).isPerBatch, machine);
    packed.isInteger = !op.getXParts().empty();
    int64_t rows = countRows(x).at(report.batch);
    bool isTransposed = op.getTransposeW();
    packed.isTransposed = isTransposed && !packed.isListed;
    entry.shape = getShape(countRows(x), dense.getDimSize(isTransposed),
                           dense.getDimSize(!isTransposed));
    entry.denseFlops = 2 * rows * dense.getNumElements();
    entry.doneFlops = packed.isTransposed
                          ? entry.denseFlops
                          : int64_t(double(entry.denseFlops) * packed.density);
    entry.kernel = packed.isInteger      ? "packed_int8"
                   : packed.isListed     ? "listed"
                   : packed.isTransposed ? "packed_staged"
                                         : "packed_decode";
    entry.plan = getPlan(x, /*transposeX=*/false, dense, isTransposed,
                         op.getPatternAttr(), op.getFormatAttr());
    entry.bytesRatio = asDense(packed).bytesPerWeight / packed.bytesPerWeight;
    entry.denseTime = estimateProduct(asDense(packed), rows, machine);
    entry.packedTime = estimateProduct(packed, rows, machine);
    entry.breakEven = findBreakEven(packed, machine);
    auto alternative =
        isHalf(x) ? dense.clone(x.getElementType()) : RankedTensorType(dense);
    entry.rejected =
        llvm::formatv(
            "dense_{0}: it would hold {1} bytes instead of {2}",
            alternative.getElementType(), getTensorBytes(alternative),
            int64_t(packed.bytesPerWeight * double(dense.getNumElements()) +
                    0.5))
            .str();
    if (packed.isTransposed)
      entry.rejected +=
          "; packed_decode: the contraction lies along the lanes of a register";
    else if (!packed.isInteger && !packed.isListed)
      entry.rejected += "; packed_int8: " + explainNotCodes(op);
    return entry;
  }

  ContractionReport explainSampled(SampledMatmulOp op) {
    ContractionReport entry;
    auto x = cast<RankedTensorType>(op.getX().getType());
    auto y = cast<RankedTensorType>(op.getY().getType());
    Extent rows = countRows(x);
    int64_t columns = x.getShape().back() * y.getShape().back();
    entry.shape = getShape(x.getShape().back(), rows, y.getShape().back());
    entry.denseFlops = 2 * rows.at(report.batch) * columns;
    entry.doneFlops = 2 * rows.at(report.batch) *
                      cast<RankedTensorType>(op.getType()).getNumElements();
    entry.kernel = "sampled";
    entry.rejected = "dense_f32: it would compute elements that do not exist";
    return entry;
  }

  func::FuncOp function;
  SymbolTable parameters;
  bool isTraining;
  const llvm::StringMap<KernelAttr> &plans;
  const Machine &machine;
  ModelReport &report;
};
} // namespace

LogicalResult dither::explainContractions(ModuleOp source, ParameterMode mode,
                                          ModelReport &report) {
  OwningOpRef<ModuleOp> module = source.clone();
  CompileOptions options;
  options.mode = mode;
  if (failed(lowerToCore(*module, options)))
    return failure();
  auto planned = planProducts(source, options);
  if (failed(planned))
    return failure();
  llvm::StringMap<KernelAttr> plans;
  for (const PlannedProduct &product : planned->products)
    plans[getPlanKey(product.function, product.key)] = product.plan;
  Machine machine = getMachine(planned->lanes);
  bool isTraining = mode == ParameterMode::train;
  // Deployment shows all functions, training its steps.
  for (auto function : module->getOps<func::FuncOp>())
    if (!isTraining || function.getName().ends_with(".step"))
      FunctionExplainer(function, findModel(source), isTraining, plans, machine,
                        report)
          .run();
  return success();
}
