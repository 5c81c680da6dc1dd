//===- Session.cpp - What the commands share ------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/dither/Session.h"
#include "compiler/Artifact/Artifact.h"
#include "compiler/Interpreter/Interpreter.h"
#include "compiler/Transforms/Instantiate/Instantiate.h"
#include "mlir/Parser/Parser.h"
#include "runtime/io/File.h"
#include "runtime/io/Npy.h"
#include "runtime/io/Safetensors.h"
#include "runtime/session/Checkpoint.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;
using namespace dither;

int dither::reportError(const llvm::Twine &message) {
  llvm::errs() << "error: " << message << "\n";
  return 1;
}

int dither::reportStatus(DitherStatus *status) {
  if (!status)
    return 0;
  reportError(dither_status_message(status));
  dither_status_free(status);
  return 1;
}

//===- Models -------------------------------------------------------------===//

LogicalResult dither::setTargets(CompileOptions &options,
                                 ArrayRef<std::string> targets,
                                 ArrayRef<std::string> chips) {
  for (const std::string &target : targets) {
    bool isDevice = target == "cuda" || target == "cuda-emulator";
    if (isDevice && targets.size() > 1) {
      reportError("the target " + target +
                  " stands alone: an artifact is for one kind of device; "
                  "compile another for the others");
      return failure();
    }
    if (isDevice)
      options.device = target;
    else
      options.targets.push_back(target);
  }
  options.chips.assign(chips.begin(), chips.end());
  if (!options.device.empty() || chips.empty())
    return success();
  reportError("--chips are for --target=cuda, or cuda-emulator");
  return failure();
}

LoadedModel::LoadedModel() {
  registerCompilerDialects(registry);
  context = std::make_unique<MLIRContext>(registry);
}

LogicalResult LoadedModel::load(const ModelOptions &options) {
  const std::string &path = options.model;
  auto file = llvm::MemoryBuffer::getFileOrSTDIN(path, /*IsText=*/true);
  if (!file) {
    reportError("cannot read the model " + path + ": " +
                file.getError().message() + "; check the path");
    return failure();
  }
  sources.AddNewSourceBuffer(std::move(*file), llvm::SMLoc());
  diagnostics =
      std::make_unique<SourceMgrDiagnosticHandler>(sources, context.get());
  context->printOpOnDiagnostic(false);
  module = parseSourceFile<ModuleOp>(sources, context.get());
  if (!module) {
    reportError(path + " is not a model description");
    return failure();
  }
  if (failed(instantiate(*module, options.importFolders)))
    return failure();
  model = findModel(*module);
  return success(bool(model));
}

TrainOp LoadedModel::getTraining(const std::string &name) {
  TrainOp found;
  for (TrainOp train : model.getOps<TrainOp>()) {
    if (!name.empty() && train.getSymName() != name)
      continue;
    if (found) {
      reportError("the model has several training declarations; choose one "
                  "with --declaration");
      return {};
    }
    found = train;
  }
  if (!found)
    reportError(name.empty() ? "the model has no dither.train; add one that "
                               "names a loss and an optimizer"
                             : "the model has no dither.train @" + name);
  return found;
}

//===- Sessions -----------------------------------------------------------===//

LiveSession::~LiveSession() {
  if (session)
    dither_session_destroy(session);
  if (artifact)
    dither_artifact_close(artifact);
}

LogicalResult LiveSession::open(const std::string &path, uint32_t threads) {
  if (reportStatus(dither_artifact_open(path.c_str(), nullptr, &artifact)))
    return failure();
  DitherSessionOptions options = {};
  options.threads = threads;
  return failure(
      reportStatus(dither_session_create(artifact, &options, &session)));
}

LogicalResult LiveSession::compile(ModuleOp module,
                                   const CompileOptions &options,
                                   uint32_t threads) {
  auto object = compileToObject(module, options);
  if (failed(object))
    return failure();
  SmallString<128> path;
  if (std::error_code error =
          llvm::sys::fs::createTemporaryFile("dither", "so", path)) {
    reportError("cannot create a temporary file: " + error.message() +
                "; set TMPDIR to a writable folder");
    return failure();
  }
  llvm::FileRemover remover(path); // Mapped files outlive their names.
  if (failed(writeArtifact(*object, path)))
    return failure();
  return open(path.str().str(), threads);
}

bool dither::isArtifact(const std::string &path) {
  auto file = llvm::MemoryBuffer::getFileSlice(path, 4, 0);
  return file && (*file)->getBuffer() == "\x7f"
                                         "ELF";
}

FailureOr<uint32_t> LiveSession::find(const std::string &function) {
  uint32_t index = 0;
  if (reportStatus(
          dither_artifact_find_function(artifact, function.c_str(), &index)))
    return failure();
  return index;
}

//===- Tensors ------------------------------------------------------------===//

static DLDataType getDLType(Type type) {
  uint8_t bits = type.getIntOrFloatBitWidth();
  if (type.isInteger(1))
    return {DITHER_DL_BOOL, 8, 1};
  if (type.isBF16())
    return {kDLBfloat, 16, 1};
  return {uint8_t(isa<FloatType>(type) ? kDLFloat : kDLInt), bits, 1};
}

Type dither::getMLIRType(DLDataType dtype, MLIRContext *context) {
  Builder b(context);
  if (dtype.code == kDLBfloat)
    return b.getBF16Type();
  if (dtype.code == kDLFloat)
    return dtype.bits == 64   ? Type(b.getF64Type())
           : dtype.bits == 32 ? Type(b.getF32Type())
                              : Type(b.getF16Type());
  if (dtype.code == DITHER_DL_BOOL)
    return b.getI1Type();
  return b.getIntegerType(dtype.bits);
}

TensorRef::TensorRef(void *data, DLDataType dtype, std::vector<int64_t> shape)
    : shape(std::move(shape)) {
  tensor.data = data;
  tensor.device = {kDLCPU, 0};
  tensor.ndim = int32_t(this->shape.size());
  tensor.dtype = dtype;
}

TensorRef::TensorRef(HostTensor &host)
    : TensorRef(host.data(), getDLType(host.getElementType()),
                host.getShape().vec()) {}

TensorRef TensorRef::slice(int64_t first, int64_t count) const {
  int64_t stride = tensor.dtype.bits / 8;
  for (int64_t extent : ArrayRef<int64_t>(shape).drop_front())
    stride *= extent;
  std::vector<int64_t> extents = shape;
  extents[0] = count;
  return TensorRef(static_cast<char *>(tensor.data) + first * stride,
                   tensor.dtype, extents);
}

static Type getElementType(runtime::Element element, MLIRContext *context) {
  Builder b(context);
  using E = runtime::Element;
  switch (element) {
  case E::F64:
    return b.getF64Type();
  case E::F32:
    return b.getF32Type();
  case E::F16:
    return b.getF16Type();
  case E::BF16:
    return b.getBF16Type();
  case E::I64:
    return b.getI64Type();
  case E::I32:
    return b.getI32Type();
  case E::I16:
    return b.getIntegerType(16);
  case E::I8:
    return b.getI8Type();
  case E::I1:
    return b.getI1Type();
  default:
    return {};
  }
}

static runtime::Element getElement(Type type) {
  std::string name;
  llvm::raw_string_ostream(name) << type;
  return *runtime::elementFromName(name);
}

/// Unsigned integers, which models do not have, in the next wider signed type.
template <typename T>
static HostTensor widen(Type type, ArrayRef<int64_t> shape,
                        runtime::Bytes bytes) {
  HostTensor tensor(type, shape);
  for (int64_t i = 0; i < tensor.getNumElements(); ++i) {
    T value;
    std::memcpy(&value, bytes.data + i * sizeof(T), sizeof(T));
    tensor.set(i, Scalar::ofInt(int64_t(value)));
  }
  return tensor;
}

FailureOr<HostTensor> dither::makeTensor(const FileTensor &file,
                                         MLIRContext *context) {
  using E = runtime::Element;
  Builder b(context);
  if (file.element == E::U8)
    return widen<uint8_t>(b.getIntegerType(16), file.shape, file.bytes);
  if (file.element == E::U16)
    return widen<uint16_t>(b.getI32Type(), file.shape, file.bytes);
  if (file.element == E::U32)
    return widen<uint32_t>(b.getI64Type(), file.shape, file.bytes);
  Type type = getElementType(file.element, context);
  if (!type) {
    reportError(file.where + " has elements of " +
                std::string(runtime::elementName(file.element)) +
                ", which no tensor of a model has; convert it to f32 or i32");
    return failure();
  }
  HostTensor tensor(type, file.shape);
  std::copy_n(file.bytes.data, file.bytes.size, tensor.data());
  return tensor;
}

/// Whether a state is a part of a parameter that training keeps packed.
static bool isPart(ParamOp param, llvm::StringRef name) {
  return param.isPackedInTraining() &&
         llvm::any_of(
             getPackedParts(param.getTensorType(), param.getPatternInterface(),
                            param.getFormatInterface()),
             [&](const PackedPart &part) {
               return name == (param.getSymName() + "." + part.first).str();
             });
}

FailureOr<llvm::StringMap<HostTensor>>
dither::loadParameters(ModelOp model, const std::string &path) {
  auto file = runtime::readSafetensors(path);
  if (!file) {
    reportError(file.error().message());
    return failure();
  }
  if (runtime::Error error = runtime::checkCheckpoint(file->view)) {
    reportError(path + ": " + error.message());
    return failure();
  }
  llvm::StringMap<HostTensor> values;
  for (const runtime::TensorView &view : file->view.tensors) {
    // "w.values" is a part of @w; others are of an optimizer or a recipe.
    llvm::StringRef name = view.name;
    auto param = SymbolTable(model).lookup<ParamOp>(name);
    if (!param) {
      name = name.rsplit('.').first;
      param = SymbolTable(model).lookup<ParamOp>(name);
    }
    if (!param || (name != view.name && !isPart(param, view.name)))
      continue;
    auto tensor = makeTensor({path + ": tensor '" + view.name + "'",
                              view.element, view.shape, view.bytes},
                             model.getContext());
    if (failed(tensor))
      return failure();
    values[view.name] = *tensor;
  }
  return values;
}

FailureOr<llvm::StringMap<HostTensor>>
dither::initializeParameters(ModelOp model, uint64_t seed,
                             const Evaluator &evaluate) {
  llvm::StringMap<HostTensor> values;
  for (ParamOp param : model.getOps<ParamOp>()) {
    auto value = evaluateInitializer(param, int64_t(seed), evaluate);
    if (failed(value))
      return failure();
    values[param.getSymName()] = *value;
  }
  return values;
}

bool LiveSession::hasTensor(const std::string &name) {
  uint32_t index = 0;
  DitherStatus *status =
      dither_artifact_find_tensor(artifact, name.c_str(), &index);
  dither_status_free(status);
  return !status;
}

LogicalResult dither::setParameters(LiveSession &session, ModelOp model,
                                    const llvm::StringMap<HostTensor> &values,
                                    const Evaluator &evaluate) {
  auto states = packStates(model, values, evaluate);
  if (failed(states))
    return failure();
  for (auto &[name, value] : *states) {
    if (!session.hasTensor(name))
      continue;
    TensorRef tensor(value);
    DLTensor view = tensor.get();
    if (reportStatus(dither_session_set(session.get(), name.c_str(), &view)))
      return failure();
  }
  return success();
}

FailureOr<HostTensor> dither::readTensor(const std::string &path,
                                         MLIRContext *context) {
  auto file = runtime::readNpy(path);
  if (!file) {
    reportError(file.error().message());
    return failure();
  }
  return makeTensor(
      {path, file->view.element, file->view.shape, file->view.bytes}, context);
}

LogicalResult dither::writeTensor(const std::string &path,
                                  const HostTensor &tensor) {
  runtime::NpyArray array;
  array.element = getElement(tensor.getElementType());
  array.shape = tensor.getShape().vec();
  array.bytes = {reinterpret_cast<const uint8_t *>(tensor.data()),
                 size_t(tensor.getNumBytes())};
  if (runtime::Error error = runtime::writeNpy(path, array)) {
    reportError(error.message());
    return failure();
  }
  return success();
}

LogicalResult dither::writeText(const std::string &path, StringRef text) {
  if (path == "-" || path.empty()) {
    llvm::outs() << text;
    return success();
  }
  runtime::AtomicFile file;
  runtime::Error error = file.open(path);
  if (!error)
    error = file.write(text.data(), text.size());
  if (!error)
    error = file.commit();
  if (!error)
    return success();
  reportError(error.message());
  return failure();
}
