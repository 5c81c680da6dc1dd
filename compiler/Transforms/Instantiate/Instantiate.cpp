//===- Instantiate.cpp - Layers become parts of their models --------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "compiler/Transforms/Instantiate/Instantiate.h"
#include "compiler/Passes.h"
#include "compiler/Transforms/Instantiate/Libraries.h"
#include "compiler/Transforms/Support/Counts.h"
#include "mlir/IR/AttrTypeSubElements.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringSet.h"

namespace dither {
#define GEN_PASS_DEF_INSTANTIATE
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

//===- Copies -------------------------------------------------------------===//

static std::string addPrefix(StringRef prefix, StringRef name) {
  return (prefix + "." + name).str();
}

/// Lets a function name the copies of what it named.
static void renameUses(func::FuncOp function, StringRef prefix,
                       const llvm::StringSet<> &copied) {
  AttrTypeReplacer replacer;
  replacer.addReplacement(
      [&](SymbolRefAttr use)
          -> std::optional<std::pair<Attribute, WalkResult>> {
        StringRef name = use.getRootReference().getValue();
        if (!copied.contains(name))
          return std::nullopt;
        return std::pair(
            FlatSymbolRefAttr::get(use.getContext(), addPrefix(prefix, name)),
            WalkResult::skip());
      });
  function.walk([&](Operation *op) {
    if (op != function)
      replacer.replaceElementsIn(op);
  });
}

/// Errors in a copy show both where the layer was written and who has it.
static void setLocations(Operation *copy, Location user) {
  copy->walk(
      [&](Operation *op) { op->setLoc(CallSiteLoc::get(op->getLoc(), user)); });
}

/// One more than the greatest stream that a function draws from.
static int64_t countStreams(Operation *function) {
  int64_t count = 0;
  function->walk([&](Operation *op) {
    if (auto stream = op->getAttrOfType<IntegerAttr>("stream"))
      count = std::max(count, stream.getInt() + 1);
  });
  return count;
}

static int64_t countStreams(ModelOp model) {
  int64_t count = 0;
  for (auto function : model.getOps<func::FuncOp>())
    count = std::max(count, countStreams(function.getOperation()));
  return count;
}

static void shiftStreams(Operation *root, int64_t shift) {
  root->walk([&](Operation *op) {
    if (auto stream = op->getAttrOfType<IntegerAttr>("stream"))
      op->setAttr("stream",
                  IntegerAttr::get(stream.getType(), stream.getInt() + shift));
  });
}

/// Symbols of one kind, for a message: "@a, @b", or "none".
template <typename Op> static std::string listSymbols(Block &block) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::interleaveComma(block.getOps<Op>(), stream,
                        [&](Op op) { stream << "@" << op.getSymName(); });
  return text.empty() ? "none" : text;
}

namespace {
/// Copies layers into models, those of a layer into the layer first.
class Instantiator {
public:
  explicit Instantiator(const Libraries &libraries) : libraries(libraries) {}

  LogicalResult resolve(ModelOp model);
  /// How many calls of a function were resolved.
  int64_t getCount(func::FuncOp function) const {
    return counts.lookup(function);
  }

private:
  FailureOr<ModelOp> findLayer(InstanceOp instance);
  LogicalResult resolveInstance(InstanceOp instance);
  LogicalResult resolveCall(CallOp call);
  FailureOr<func::FuncOp> findCallee(CallOp call);
  FailureOr<func::FuncOp> findInInstance(CallOp call, InstanceOp instance);
  FailureOr<func::FuncOp> copyFromLibrary(CallOp call, ImportOp import);
  LogicalResult copy(Operation *user, StringRef prefix,
                     ArrayRef<Operation *> originals);

  const Libraries &libraries;
  /// Models that are done, and those whose instances are being resolved.
  DenseSet<Operation *> done;
  llvm::SetVector<Operation *> active;
  /// What a name in a model is a copy of.
  DenseMap<std::pair<Operation *, StringAttr>, Operation *> copies;
  DenseMap<Operation *, int64_t> counts;
};
} // namespace

/// Copies symbols into the model that `user` stands in, in front of it, under a
/// prefix. What was copied before is left.
LogicalResult Instantiator::copy(Operation *user, StringRef prefix,
                                 ArrayRef<Operation *> originals) {
  auto model = user->getParentOfType<ModelOp>();
  llvm::StringSet<> names;
  bool hasStreams = false;
  for (Operation *original : originals) {
    names.insert(SymbolTable::getSymbolName(original).getValue());
    hasStreams |= countStreams(original) > 0;
  }
  int64_t shift = hasStreams ? countStreams(model) : 0;
  Operation *place = model.getBody().front().findAncestorOpInBlock(*user);
  for (Operation *original : originals) {
    auto name = StringAttr::get(
        model.getContext(),
        addPrefix(prefix, SymbolTable::getSymbolName(original)));
    Operation *&known = copies[{model, name}];
    if (known == original)
      continue;
    if (Operation *taken = SymbolTable::lookupSymbolIn(model, name)) {
      auto diagnostic = user->emitOpError("(C3) brings @")
                        << name.getValue()
                        << ", a name that is taken; give one of the two "
                           "another";
      diagnostic.attachNote(taken->getLoc()) << "the other one is here";
      return diagnostic;
    }
    known = original;
    Operation *copy = original->clone();
    place->getBlock()->getOperations().insert(place->getIterator(), copy);
    SymbolTable::setSymbolName(copy, name);
    setLocations(copy, user->getLoc());
    shiftStreams(copy, shift);
    if (auto function = dyn_cast<func::FuncOp>(copy)) {
      function.setPrivate();
      renameUses(function, prefix, names);
    }
  }
  return success();
}

//===- Instances ----------------------------------------------------------===//

FailureOr<ModelOp> Instantiator::findLayer(InstanceOp instance) {
  SymbolRefAttr name = instance.getLayer();
  Operation *root =
      lookupOutwards(instance->getParentOp(), name.getRootReference());
  auto layer = dyn_cast<ModelOp>(root);
  if (auto import = dyn_cast<ImportOp>(root)) {
    ModuleOp library = libraries.get(import);
    layer = library.lookupSymbol<ModelOp>(name.getLeafReference());
    if (!layer)
      return instance.emitOpError("(C1) finds no layer ")
             << name << "; the layers of \"" << import.getPath()
             << "\" are: " << listSymbols<ModelOp>(*library.getBody());
  }
  if (!active.contains(layer))
    return layer;
  auto diagnostic = instance.emitOpError("(C2) is of ")
                    << name << ", which would hold itself without end";
  diagnostic.attachNote(layer.getLoc()) << "this is the layer";
  return diagnostic;
}

LogicalResult Instantiator::resolveInstance(InstanceOp instance) {
  FailureOr<ModelOp> layer = findLayer(instance);
  if (failed(layer) || failed(resolve(*layer)))
    return failure();
  SmallVector<Operation *> originals;
  for (Operation &op : layer->getBody().front())
    if (isa<ParamOp, func::FuncOp>(op))
      originals.push_back(&op);
  return copy(instance, instance.getSymName(), originals);
}

//===- Calls --------------------------------------------------------------===//

/// A function, and those of its library that it calls.
static SmallVector<Operation *> collectCallees(func::FuncOp function) {
  llvm::SetVector<Operation *> found;
  found.insert(function);
  for (unsigned i = 0; i < found.size(); ++i) {
    auto uses = SymbolTable::getSymbolUses(&found[i]->getRegion(0));
    for (const SymbolTable::SymbolUse &use : *uses)
      if (auto callee = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
              function, use.getSymbolRef()))
        found.insert(callee);
  }
  return llvm::to_vector_of<Operation *>(found);
}

FailureOr<func::FuncOp> Instantiator::copyFromLibrary(CallOp call,
                                                      ImportOp import) {
  ModuleOp library = libraries.get(import);
  StringAttr name = call.getCallee().getLeafReference();
  auto function = library.lookupSymbol<func::FuncOp>(name);
  if (!function) {
    auto diagnostic = call.emitOpError("(C1) finds no function ")
                      << call.getCallee() << "; ";
    if (library.lookupSymbol<ModelOp>(name))
      return diagnostic << "it is a layer: call a function of a "
                           "dither.instance of it";
    return diagnostic << "the functions of \"" << import.getPath() << "\" are: "
                      << listSymbols<func::FuncOp>(*library.getBody());
  }
  if (failed(copy(call, import.getSymName(), collectCallees(function))))
    return failure();
  return SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
      call,
      StringAttr::get(call.getContext(), addPrefix(import.getSymName(), name)));
}

FailureOr<func::FuncOp> Instantiator::findInInstance(CallOp call,
                                                     InstanceOp instance) {
  StringRef name = call.getCallee().getLeafReference();
  auto function = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
      call, StringAttr::get(call.getContext(),
                            addPrefix(instance.getSymName(), name)));
  if (function)
    return function;
  auto diagnostic = call.emitOpError("(C1) finds no function ")
                    << call.getCallee() << "; those of " << instance.getLayer()
                    << " are: ";
  std::string prefix = addPrefix(instance.getSymName(), "");
  llvm::interleaveComma(
      llvm::make_filter_range(
          call->getParentOfType<ModelOp>().getOps<func::FuncOp>(),
          [&](func::FuncOp f) { return f.getName().starts_with(prefix); }),
      diagnostic, [&](func::FuncOp f) {
        diagnostic << "@" << f.getName().drop_front(prefix.size());
      });
  return diagnostic;
}

FailureOr<func::FuncOp> Instantiator::findCallee(CallOp call) {
  Operation *root = SymbolTable::lookupNearestSymbolFrom(
      call, call.getCallee().getRootReference());
  if (auto import = dyn_cast<ImportOp>(root))
    return copyFromLibrary(call, import);
  return findInInstance(call, cast<InstanceOp>(root));
}

LogicalResult Instantiator::resolveCall(CallOp call) {
  FailureOr<func::FuncOp> callee = findCallee(call);
  if (failed(callee))
    return failure();
  FunctionType expected = callee->getFunctionType();
  auto type = FunctionType::get(call.getContext(), call.getOperandTypes(),
                                call.getResultTypes());
  if (type != expected) {
    auto diagnostic = call.emitOpError("(C2) calls ")
                      << call.getCallee() << " as " << type << ", but it is "
                      << expected;
    diagnostic.attachNote(callee->getLoc()) << "this is the function";
    return diagnostic;
  }
  OpBuilder b(call);
  auto resolved =
      func::CallOp::create(b, call.getLoc(), *callee, call.getInputs());
  ++counts[call->getParentOfType<func::FuncOp>()];
  call->replaceAllUsesWith(resolved.getResults());
  call->erase();
  return success();
}

LogicalResult Instantiator::resolve(ModelOp model) {
  if (!done.insert(model).second)
    return success();
  active.insert(model);
  for (InstanceOp instance : llvm::to_vector(model.getOps<InstanceOp>()))
    if (failed(resolveInstance(instance)))
      return failure();
  SmallVector<CallOp> calls;
  for (auto function : model.getOps<func::FuncOp>())
    function.walk([&](CallOp call) { calls.push_back(call); });
  for (CallOp call : calls)
    if (failed(resolveCall(call)))
      return failure();
  for (InstanceOp instance :
       llvm::make_early_inc_range(model.getOps<InstanceOp>()))
    instance.erase();
  active.remove(model);
  return success();
}

//===- The pass -----------------------------------------------------------===//

/// Layers and imports have served.
static void eraseLibraries(ModelOp model) {
  for (Operation &op : llvm::make_early_inc_range(model.getBody().front()))
    if (isa<ModelOp, ImportOp>(op))
      op.erase();
}

static LogicalResult
instantiateModule(ModuleOp module, ArrayRef<std::string> folders,
                  function_ref<void(func::FuncOp, int64_t)> report) {
  Libraries libraries(folders);
  if (failed(libraries.read(module)))
    return failure();
  Instantiator instantiator(libraries);
  // Layers of the module that nobody has are checked, too.
  SmallVector<ModelOp> models;
  module.walk([&](ModelOp model) { models.push_back(model); });
  for (ModelOp model : models)
    if (failed(instantiator.resolve(model)))
      return failure();
  for (ModelOp model : module.getOps<ModelOp>()) {
    eraseLibraries(model);
    for (auto function : model.getOps<func::FuncOp>())
      report(function, instantiator.getCount(function));
  }
  return success();
}

LogicalResult dither::instantiate(ModuleOp module,
                                  ArrayRef<std::string> folders) {
  return instantiateModule(module, folders, [](func::FuncOp, int64_t) {});
}

namespace {
struct InstantiatePass : dither::impl::InstantiateBase<InstantiatePass> {
  using InstantiateBase::InstantiateBase;

  void runOnOperation() override {
    LogicalResult result = instantiateModule(
        getOperation(), llvm::to_vector_of<std::string>(folders),
        [&](func::FuncOp function, int64_t calls) {
          reportCounts(*this, function, {{"calls", calls}});
        });
    if (failed(result))
      signalPassFailure();
  }
};
} // namespace
