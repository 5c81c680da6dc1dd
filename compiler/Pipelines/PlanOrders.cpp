//===- PlanOrders.cpp - The order of ops that takes the least memory ------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What orders ops and what computes values again estimate; the plan of memory
// knows. So the alternatives are planned, and each function keeps the best.
//
//===----------------------------------------------------------------------===//

#include "compiler/Pipelines/Lowering.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace dither;

static constexpr StringLiteral kBatch = "dither.batch";
/// Plans of one function at most, until it fits into its budget.
static constexpr int kMostPlans = 10;

using Planner = function_ref<LogicalResult(ModuleOp, const TensorOrder &)>;

void dither::noteBatch(ModuleOp module, ModelOp model) {
  auto trainings = model.getOps<TrainOp>();
  if (trainings.empty())
    return;
  int64_t batch = (*trainings.begin()).getBatch();
  module->setAttr(kBatch,
                  Builder(module.getContext()).getI64IntegerAttr(batch));
}

static int64_t getNumber(Operation *op, StringRef name, int64_t otherwise = 0) {
  auto attr = op->getAttrOfType<mlir::IntegerAttr>(name);
  return attr ? attr.getInt() : otherwise;
}

/// Bytes of a planned function's arena.
static int64_t getArenaBytes(func::FuncOp function, int64_t batch) {
  return getNumber(function, "dither.arena_fixed") +
         batch * getNumber(function, "dither.arena_per_batch");
}

/// Operations of a planned function for which values were computed again.
static int64_t getOperations(func::FuncOp function) {
  auto counts = function->getAttrOfType<DenseI64ArrayAttr>("dither.operations");
  return counts ? counts[1] : 0;
}

namespace {
/// The constants of a module, for functions that come from another one.
class Constants {
public:
  explicit Constants(ModuleOp module) : symbols(module) {
    for (auto global : module.getOps<memref::GlobalOp>())
      names.try_emplace(getKey(global), global.getSymNameAttr());
  }

  /// Makes a function refer to the constants that it had in its module by the
  /// names that they have here: names count what came before.
  void adopt(func::FuncOp function, ModuleOp from) {
    function.walk([&](memref::GetGlobalOp op) {
      auto global = from.lookupSymbol<memref::GlobalOp>(op.getNameAttr());
      auto [known, isNew] = names.try_emplace(getKey(global));
      if (isNew)
        known->second = symbols.insert(global.clone());
      op.setNameAttr(FlatSymbolRefAttr::get(known->second));
    });
  }

private:
  using Key = std::pair<Type, Attribute>;
  static Key getKey(memref::GlobalOp global) {
    return {global.getType(), global.getInitialValueAttr()};
  }

  SymbolTable symbols;
  llvm::DenseMap<Key, StringAttr> names;
};

/// Plans a module in several ways.
class OrderPlanner {
public:
  OrderPlanner(const CompileOptions &options, Planner plan, int64_t batch)
      : budget(options.memoryBudget), plan(plan), batch(batch) {}

  /// Plans a module in both orders, of which each function keeps the better.
  LogicalResult planBoth(ModuleOp module, std::optional<int64_t> tensors) {
    OwningOpRef<ModuleOp> other = module.clone();
    if (failed(plan(module, {/*reschedule=*/false, tensors, batch})) ||
        failed(plan(*other, {/*reschedule=*/true, tensors, batch})))
      return failure();
    adoptIf(module, *other,
            [&](func::FuncOp a, func::FuncOp b) { return isBetter(a, b); });
    return success();
  }

  /// Plans the functions of a planned module that exceed the budget anew.
  LogicalResult enforceBudget(ModuleOp module, ModuleOp core) {
    for (auto function :
         llvm::make_early_inc_range(module.getOps<func::FuncOp>()))
      if (getArenaBytes(function, batch) > *budget &&
          failed(fit(module, function, core)))
        return failure();
    return success();
  }

private:
  /// Within the budget, fewer operations are better than fewer bytes.
  bool isBetter(func::FuncOp a, func::FuncOp b) const {
    int64_t bytesA = getArenaBytes(a, batch), bytesB = getArenaBytes(b, batch);
    bool bothFit = budget && std::max(bytesA, bytesB) <= *budget;
    if (bothFit && getOperations(a) != getOperations(b))
      return getOperations(a) < getOperations(b);
    return bytesA < bytesB;
  }

  /// Takes those functions of another plan of a module that are better.
  static void
  adoptIf(ModuleOp module, ModuleOp other,
          function_ref<bool(func::FuncOp, func::FuncOp)> isPreferred) {
    Constants constants(module);
    for (auto function :
         llvm::make_early_inc_range(module.getOps<func::FuncOp>())) {
      auto replacement = other.lookupSymbol<func::FuncOp>(function.getName());
      if (!replacement || !isPreferred(replacement, function))
        continue;
      constants.adopt(replacement, other);
      replacement->moveBefore(function);
      function.erase();
    }
  }

  /// A module of one function of another.
  static OwningOpRef<ModuleOp> extract(ModuleOp core, StringRef name) {
    OwningOpRef<ModuleOp> module = core.clone();
    for (auto function :
         llvm::make_early_inc_range(module->getOps<func::FuncOp>()))
      if (function.getName() != name)
        function.erase();
    return module;
  }

  /// Computes values of a function again until its arena is within the budget.
  /// The bytes of tensors that may live at once are that of the budget, as the
  /// two differ without, and fewer by what a plan exceeds it.
  LogicalResult fit(ModuleOp module, func::FuncOp function, ModuleOp core) {
    int64_t needed = getArenaBytes(function, batch), least = needed;
    int64_t tensors = *budget + getNumber(function, "dither.peak") - needed;
    for (int i = 0; i < kMostPlans; ++i) {
      tensors = std::max<int64_t>(tensors, 1);
      OwningOpRef<ModuleOp> attempt = extract(core, function.getName());
      if (failed(planBoth(*attempt, tensors)))
        return failure();
      auto planned = attempt->lookupSymbol<func::FuncOp>(function.getName());
      int64_t bytes = getArenaBytes(planned, batch);
      if (bytes <= *budget) {
        adoptIf(module, *attempt,
                [](func::FuncOp, func::FuncOp) { return true; });
        return success();
      }
      least = std::min(least, bytes);
      bool isLeast = getNumber(planned, "dither.peak") > tensors;
      if (isLeast)
        break;
      tensors -= std::max<int64_t>(bytes - *budget, *budget / 64);
    }
    return function.emitError("@")
           << function.getName() << " needs " << needed
           << " bytes of memory, more than the budget of " << *budget
           << "; computing values again, the least that was reached is "
           << least << ": raise --memory-budget to that, or lower the batch";
  }

  std::optional<int64_t> budget;
  Planner plan;
  int64_t batch;
};
} // namespace

LogicalResult dither::planOrders(ModuleOp module, const CompileOptions &options,
                                 Planner plan) {
  int64_t batch = getNumber(module, kBatch, TensorOrder().batch);
  module->removeAttr(kBatch);
  OrderPlanner planner(options, plan, batch);
  if (!options.memoryBudget)
    return planner.planBoth(module, std::nullopt);
  OwningOpRef<ModuleOp> core = module.clone();
  // Asked for no saving, the pass says what it would compare with the budget.
  if (failed(planner.planBoth(module, std::numeric_limits<int64_t>::max())))
    return failure();
  return planner.enforceBudget(module, *core);
}

std::vector<Recomputation> dither::collectRecomputed(ModuleOp module) {
  std::vector<Recomputation> all;
  for (auto function : module.getOps<func::FuncOp>()) {
    auto ops = function->getAttrOfType<ArrayAttr>("dither.recomputed");
    auto counts =
        function->getAttrOfType<DenseI64ArrayAttr>("dither.operations");
    if (!ops || ops.empty() || !counts)
      continue;
    Recomputation entry{function.getName().str(), {}, counts[0], counts[1]};
    for (auto op : ops.getAsRange<DictionaryAttr>()) {
      Recomputation::Op described{
          cast<LocationAttr>(op.get("location")),
          cast<StringAttr>(op.get("op")).str(),
          {},
          cast<mlir::IntegerAttr>(op.get("operations")).getInt()};
      llvm::raw_string_ostream(described.type) << op.get("type");
      entry.ops.push_back(std::move(described));
    }
    all.push_back(std::move(entry));
  }
  return all;
}
