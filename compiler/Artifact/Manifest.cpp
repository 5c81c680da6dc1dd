//===- Manifest.cpp - Manifest and data of an artifact --------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Artifact/Artifact.h"
#include "compiler/Codegen/CUDA/Kernels.h"
#include "runtime/include/dither/abi.h"
#include "llvm/IR/Constants.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/xxhash.h"

using namespace mlir;
using namespace dither;
namespace json = llvm::json;

static std::string getDtype(Type type) {
  std::string name;
  llvm::raw_string_ostream(name) << type;
  return name; // f32, bf16, i8, ...: MLIR's names are the manifest's.
}

static json::Array getShape(ArrayRef<int64_t> shape) {
  json::Array result;
  for (int64_t extent : shape) {
    if (ShapedType::isDynamic(extent))
      result.push_back("batch");
    else
      result.push_back(extent);
  }
  return result;
}

std::vector<ManifestFunction> dither::collectFunctions(ModuleOp module) {
  std::vector<ManifestFunction> functions;
  for (auto function : module.getOps<func::FuncOp>()) {
    if (function.isPrivate() || function.isExternal())
      continue;
    ManifestFunction entry;
    entry.name = function.getName().str();
    auto bytes = [&](StringRef name) {
      auto attr = function->getAttrOfType<mlir::IntegerAttr>(name);
      return attr ? attr.getInt() : 0;
    };
    entry.arenaFixed = bytes("dither.arena_fixed");
    entry.arenaPerBatch = bytes("dither.arena_per_batch");
    for (unsigned i = 0; i < function.getNumArguments(); ++i) {
      auto text = [&](StringRef name) {
        auto attr = function.getArgAttrOfType<StringAttr>(i, name);
        return attr ? attr.str() : std::string();
      };
      if (text("dither.kind") == "context")
        continue;
      entry.arguments.push_back(
          {text("dither.kind"), text("dither.name"),
           cast<MemRefType>(function.getArgumentTypes()[i])});
    }
    functions.push_back(std::move(entry));
  }
  return functions;
}

static json::Object describe(const ManifestArgument &argument) {
  json::Object object{{"kind", argument.kind}};
  if (argument.kind == "state" || argument.kind == "constant") {
    object["kind"] = "tensor";
    object["name"] = argument.name;
  } else if (argument.kind == "input" || argument.kind == "output") {
    object["name"] = argument.name;
    object["dtype"] = getDtype(argument.type.getElementType());
    object["shape"] = getShape(argument.type.getShape());
  }
  return object;
}

/// The function with this index.
static json::Object describe(ArrayRef<ManifestVersion> versions,
                             unsigned index) {
  const ManifestFunction &function = versions.front().functions[index];
  json::Array arguments, arenas;
  bool isDynamic = false;
  for (const ManifestArgument &argument : function.arguments) {
    arguments.push_back(describe(argument));
    isDynamic |= argument.kind == "input" && !argument.type.hasStaticShape();
  }
  json::Array dims;
  if (isDynamic)
    dims.push_back("batch");
  for (const ManifestVersion &version : versions)
    arenas.push_back(
        json::Object{{"fixed", version.functions[index].arenaFixed},
                     {"per_batch", version.functions[index].arenaPerBatch}});
  return json::Object{{"name", function.name},
                      {"dims", std::move(dims)},
                      {"arena", std::move(arenas)},
                      {"arguments", std::move(arguments)}};
}

/// Appends a tensor to the data and describes it.
static json::Object addConstant(StringRef name, const HostTensor &tensor,
                                std::vector<char> &data) {
  data.resize(llvm::alignTo(data.size(), 64));
  size_t offset = data.size();
  data.insert(data.end(), tensor.data(), tensor.data() + tensor.getNumBytes());
  uint64_t checksum = llvm::xxh3_64bits(ArrayRef<uint8_t>(
      reinterpret_cast<const uint8_t *>(tensor.data()), tensor.getNumBytes()));
  return json::Object{{"name", name},
                      {"dtype", getDtype(tensor.getElementType())},
                      {"shape", getShape(tensor.getShape())},
                      {"kind", "constant"},
                      {"offset", int64_t(offset)},
                      {"size", tensor.getNumBytes()},
                      {"checksum", llvm::formatv("{0:x-16}", checksum).str()}};
}

Package dither::makePackage(StringRef model, StringRef triple,
                            ArrayRef<ManifestVersion> versions,
                            const ConstantMap &constants,
                            StringRef deviceTarget) {
  Package package;
  json::Array tensors, entries, targets;
  std::map<std::string, bool> seen;
  for (auto [i, function] : llvm::enumerate(versions.front().functions)) {
    entries.push_back(describe(versions, i));
    for (const ManifestArgument &argument : function.arguments) {
      bool isState = argument.kind == "state";
      if ((!isState && argument.kind != "constant") || seen[argument.name])
        continue;
      seen[argument.name] = true;
      if (!isState) {
        tensors.push_back(addConstant(
            argument.name, constants.at(argument.name), package.data));
        continue;
      }
      tensors.push_back(
          json::Object{{"name", argument.name},
                       {"dtype", getDtype(argument.type.getElementType())},
                       {"shape", getShape(argument.type.getShape())},
                       {"kind", "state"}});
    }
  }
  for (const ManifestVersion &version : versions)
    targets.push_back(json::Object{
        {"name", version.name}, {"features", json::Array(version.features)}});
  json::Object targetEntry{{"triple", triple},
                           {"versions", std::move(targets)}};
  if (!deviceTarget.empty())
    targetEntry["device"] = deviceTarget;
  json::Object root{{"version", 2},
                    {"model", model},
                    {"target", std::move(targetEntry)},
                    {"tensors", std::move(tensors)},
                    {"functions", std::move(entries)}};
  package.manifest = llvm::formatv("{0:2}", json::Value(std::move(root))).str();
  return package;
}

//===- Embedding ----------------------------------------------------------===//

static llvm::GlobalVariable *addGlobal(llvm::Module &module, StringRef name,
                                       llvm::Constant *value, int align) {
  auto *global =
      new llvm::GlobalVariable(module, value->getType(), /*isConstant=*/true,
                               llvm::GlobalValue::InternalLinkage, value, name);
  global->setAlignment(llvm::Align(align));
  return global;
}

static llvm::GlobalVariable *addBytes(llvm::Module &module, StringRef name,
                                      StringRef bytes, int align) {
  return addGlobal(
      module, name,
      llvm::ConstantDataArray::getString(module.getContext(), bytes, true),
      align);
}

std::string dither::getEntrySymbol(StringRef function) {
  return ("dither.entry." + function).str();
}

std::string dither::getVersionSuffix(StringRef version) {
  return ("." + version).str();
}

/// The tensor maps of a kernel, as DitherTensorMap in
/// runtime/include/dither/emulator.h.
static llvm::Constant *addMaps(llvm::Module &module,
                               const ManifestKernel &kernel) {
  llvm::LLVMContext &context = module.getContext();
  if (kernel.maps.empty())
    return llvm::ConstantPointerNull::get(
        llvm::PointerType::getUnqual(context));
  SmallVector<uint32_t> fields;
  for (const DitherTensorMap &map : kernel.maps)
    fields.append(
        {map.argument, map.element, map.rows, map.columns, map.swizzle});
  return addGlobal(module, "dither.maps." + kernel.name,
                   llvm::ConstantDataArray::get(context, fields), 4);
}

/// The table of kernels, as DitherKernelEntry in runtime/include/dither/abi.h.
static llvm::Constant *addKernels(llvm::Module &module,
                                  ArrayRef<ManifestKernel> kernels) {
  llvm::LLVMContext &context = module.getContext();
  auto *pointer = llvm::PointerType::getUnqual(context);
  auto *i32 = llvm::Type::getInt32Ty(context);
  auto *threads = llvm::ArrayType::get(i32, 3);
  auto number = [&](uint64_t value) {
    return llvm::ConstantInt::get(i32, value);
  };
  auto *type =
      llvm::StructType::get(context, {pointer, pointer, threads, i32, i32, i32,
                                      i32, pointer, pointer});
  std::vector<llvm::Constant *> entries;
  for (const ManifestKernel &kernel : kernels) {
    llvm::Constant *emulated =
        module.getFunction((emulatedPrefix + kernel.name).str());
    if (!emulated)
      emulated = llvm::ConstantPointerNull::get(pointer);
    entries.push_back(llvm::ConstantStruct::get(
        type, {addBytes(module, "dither.kernel." + kernel.name, kernel.name, 1),
               addBytes(module, "dither.version." + kernel.version,
                        kernel.version, 1),
               llvm::ConstantArray::get(threads, {number(kernel.threads[0]),
                                                  number(kernel.threads[1]),
                                                  number(kernel.threads[2])}),
               number(kernel.sharedBytes), number(kernel.arguments),
               number(kernel.isCollective), number(kernel.maps.size()),
               addMaps(module, kernel), emulated}));
  }
  return addGlobal(module, "dither.kernels",
                   llvm::ConstantArray::get(
                       llvm::ArrayType::get(type, entries.size()), entries),
                   16);
}

/// The table of images, as DitherDeviceImage there.
static llvm::Constant *addImages(llvm::Module &module,
                                 ArrayRef<DeviceImage> images) {
  llvm::LLVMContext &context = module.getContext();
  auto *pointer = llvm::PointerType::getUnqual(context);
  auto *i32 = llvm::Type::getInt32Ty(context);
  auto *i64 = llvm::Type::getInt64Ty(context);
  auto *type = llvm::StructType::get(
      context, {pointer, pointer, i32, i32, pointer, i64});
  std::vector<llvm::Constant *> entries;
  for (const DeviceImage &image : images)
    entries.push_back(llvm::ConstantStruct::get(
        type,
        {addBytes(module, "dither.chip." + image.chip, image.chip, 1),
         addBytes(module, "dither.version." + image.version, image.version, 1),
         llvm::ConstantInt::get(i32, image.kind),
         llvm::ConstantInt::get(i32, image.driver),
         addBytes(module, "dither.image." + image.chip, image.code, 64),
         llvm::ConstantInt::get(i64, image.code.size())}));
  return addGlobal(module, "dither.images",
                   llvm::ConstantArray::get(
                       llvm::ArrayType::get(type, entries.size()), entries),
                   16);
}

void dither::embedPackage(llvm::Module &module, const Package &package,
                          ArrayRef<ManifestVersion> versions,
                          const DevicePackage &device) {
  llvm::LLVMContext &context = module.getContext();
  llvm::Type *pointer = llvm::PointerType::getUnqual(context);
  llvm::Type *i32 = llvm::Type::getInt32Ty(context);
  llvm::Type *i64 = llvm::Type::getInt64Ty(context);
  auto *entryType = llvm::StructType::get(context, {pointer, pointer, pointer});
  std::vector<llvm::Constant *> entries;
  for (const ManifestVersion &version : versions) {
    auto *versionName =
        addBytes(module, "dither.version." + version.name, version.name, 1);
    std::string suffix =
        versions.size() > 1 ? getVersionSuffix(version.name) : "";
    for (const ManifestFunction &function : version.functions)
      entries.push_back(llvm::ConstantStruct::get(
          entryType,
          {addBytes(module, "dither.name." + function.name, function.name, 1),
           versionName,
           module.getFunction(getEntrySymbol(function.name) + suffix)}));
  }
  auto *tableType = llvm::ArrayType::get(entryType, entries.size());
  auto *table = addGlobal(module, "dither.functions",
                          llvm::ConstantArray::get(tableType, entries), 16);
  auto *manifest = addBytes(module, "dither.manifest", package.manifest, 1);
  auto *data =
      addBytes(module, "dither.data",
               StringRef(package.data.data(), package.data.size()), 64);
  // The layout of DitherEmbedded in runtime/include/dither/abi.h.
  auto *type =
      llvm::StructType::get(context, {i32, i32, pointer, pointer, i64, pointer,
                                      i64, i32, i32, pointer, pointer});
  auto *embedded = llvm::ConstantStruct::get(
      type,
      {llvm::ConstantInt::get(i32, DITHER_ABI_VERSION),
       llvm::ConstantInt::get(i32, entries.size()), table, manifest,
       llvm::ConstantInt::get(i64, package.manifest.size()), data,
       llvm::ConstantInt::get(i64, package.data.size()),
       llvm::ConstantInt::get(i32, device.kernels.size()),
       llvm::ConstantInt::get(i32, device.images.size()),
       addKernels(module, device.kernels), addImages(module, device.images)});
  auto *global = addGlobal(module, "dither_embedded", embedded, 16);
  global->setLinkage(llvm::GlobalValue::ExternalLinkage);
}
