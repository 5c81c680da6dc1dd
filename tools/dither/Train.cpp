//===- Train.cpp - dither train -------------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/io/File.h"
#include "tools/dither/Commands.h"
#include "tools/dither/Dataset.h"
#include "tools/dither/Execute.h"
#include "tools/dither/Plot.h"
#include "tools/dither/Progress.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include <chrono>
#include <cmath>
#include <unistd.h>

using namespace mlir;
using namespace dither;

namespace {
/// What one epoch gave.
struct Epoch {
  int64_t number = 0;
  double loss = 0, trainMetric = 0, testMetric = 0, seconds = 0, rate = 0;
};

class Trainer {
public:
  explicit Trainer(const TrainOptions &options) : options(options) {}

  int run() {
    if (failed(load()) || failed(compile()) || failed(start()))
      return 1;
    int64_t last =
        options.stopAfter > 0 ? std::min(epochs, options.stopAfter) : epochs;
    for (int64_t epoch = firstEpoch; epoch < last; ++epoch) {
      if (failed(runEpoch(epoch)))
        return 1;
      bool isDue = options.checkpointEvery > 0 &&
                   (epoch + 1) % options.checkpointEvery == 0;
      if ((isDue || epoch + 1 == last) && failed(save(epoch + 1)))
        return 1;
    }
    plotTraining(options.out, metricName, history);
    if (!history.empty() && train.getMetric())
      llvm::outs() << llvm::formatv("test {0}: {1:f4}\n", metricName,
                                    history.back().test);
    return 0;
  }

private:
  LogicalResult load() {
    if (failed(model.load(options)))
      return failure();
    train = model.getTraining(options.declaration);
    if (!train)
      return failure();
    auto loss =
        SymbolTable(model.getModel()).lookup<func::FuncOp>(train.getLoss());
    SmallVector<RankedTensorType> types;
    for (Type type : loss.getArgumentTypes())
      types.push_back(cast<RankedTensorType>(type));
    if (types.empty() || types.size() > 2)
      return failure(reportError("the loss takes " + llvm::Twine(types.size()) +
                                 " inputs; training from a table gives it "
                                 "samples and, if it wants them, labels"));
    auto data = loadDataset({options.data, options.labels}, types);
    if (failed(data))
      return failure();
    dataset = std::move(*data);
    if (failed(checkLabels(loss)))
      return failure();
    if (options.testEvery > 0 &&
        (options.testOffset < 0 || options.testOffset >= options.testEvery))
      return failure(reportError("--test-offset must be from 0 to " +
                                 llvm::Twine(options.testEvery - 1) +
                                 ", below --test-every"));
    split = splitDataset(dataset.count, options.testEvery, options.testOffset);
    batch = train.getBatch();
    if (int64_t(split.train.size()) < batch)
      return failure(reportError(
          options.data + " has " + llvm::Twine(split.train.size()) +
          " training samples, fewer than a batch of " + llvm::Twine(batch)));
    epochs = options.epochs > 0 ? options.epochs : int64_t(train.getEpochs());
    trainSet = dataset.gather(split.train);
    testSet = dataset.gather(split.test);
    return success();
  }

  /// A label that is no class adds nothing to the loss, which would hide a
  /// mistake in the data.
  LogicalResult checkLabels(func::FuncOp loss) {
    WalkResult result = loss.walk([&](CrossEntropyOp op) {
      auto labels = dyn_cast<BlockArgument>(op.getLabels());
      int64_t classes =
          cast<RankedTensorType>(op.getLogits().getType()).getShape().back();
      if (!labels || ShapedType::isDynamic(classes))
        return WalkResult::advance();
      const HostTensor &values = dataset.inputs[labels.getArgNumber()];
      for (int64_t i = 0; i < values.getNumElements(); ++i)
        if (int64_t label = values.getInt(i); label < 0 || label >= classes) {
          op.emitError("label ")
              << label << " of sample "
              << i / (values.getNumElements() / dataset.count) << " in "
              << options.data << " is none of the " << classes
              << " classes; labels are from 0 to " << classes - 1;
          return WalkResult::interrupt();
        }
      return WalkResult::advance();
    });
    return failure(result.wasInterrupted());
  }

  LogicalResult compile() {
    CompileOptions compile;
    compile.mode = ParameterMode::train;
    compile.memoryBudget = options.memoryBudget;
    if (failed(setTarget(compile, options.target, options.chips)))
      return failure();
    std::string step = train.getSymName().str() + ".step";
    compile.functions.push_back(step);
    if (train.getMetric())
      compile.functions.push_back(train.getMetric()->str());
    if (failed(session.compile(model.getModule(), compile, options.threads)))
      return failure();
    auto found = session.find(step);
    if (failed(found))
      return failure();
    stepIndex = *found;
    if (failed(findSamples()))
      return failure();
    if (!train.getMetric())
      return success();
    metricName = getMetricName();
    found = session.find(train.getMetric()->str());
    if (failed(found))
      return failure();
    metricIndex = *found;
    return success();
  }

  /// A mean of truth values is an accuracy; any other one is called as what
  /// gives its values.
  std::string getMetricName() {
    StringRef name = *train.getMetric();
    auto metric = SymbolTable(model.getModel()).lookup<func::FuncOp>(name);
    auto cast = metric.getBody()
                    .front()
                    .getTerminator()
                    ->getOperand(0)
                    .getDefiningOp<CastOp>();
    bool isTruth = cast && getElementTypeOrSelf(cast.getX()).isInteger(1);
    return isTruth ? "accuracy" : name.str();
  }

  /// Whether the step asks which samples of the training set it is given.
  LogicalResult findSamples() {
    DitherFunctionInfo info;
    if (reportStatus(dither_artifact_function_info(session.getArtifact(),
                                                   stepIndex, &info)))
      return failure();
    // An input of the loss may have the same name.
    llvm::StringRef previous;
    for (uint32_t i = 0; i < info.input_count; ++i) {
      DitherTensorInfo input;
      if (reportStatus(dither_artifact_input_info(session.getArtifact(),
                                                  stepIndex, i, &input)))
        return failure();
      wantsSamples |=
          previous == "rate" && llvm::StringRef(input.name) == "samples";
      previous = input.name;
    }
    return success();
  }

  /// Sets the states: initial ones, or those of a checkpoint.
  LogicalResult start() {
    if (std::error_code error = llvm::sys::fs::create_directories(options.out))
      return failure(reportError("cannot create the folder " + options.out +
                                 ": " + error.message()));
    if (!llvm::sys::fs::is_directory(options.out))
      return failure(reportError(options.out + " is not a folder; give another "
                                               "with --out"));
    dither_session_set_seed(session.get(), options.seed);
    if (!options.resume.empty())
      return resume();
    auto values =
        initializeParameters(model.getModel(), options.seed, evaluateCompiled);
    if (failed(values))
      return failure();
    return setParameters(session, model.getModel(), *values, evaluateCompiled);
  }

  /// A number that a checkpoint of this command remembers; -1 if it does not.
  int64_t getNote(const char *key) {
    const char *note = dither_session_note(session.get(), key);
    return note ? std::strtoll(note, nullptr, 10) : -1;
  }

  LogicalResult resume() {
    if (reportStatus(
            dither_session_load(session.get(), options.resume.c_str())))
      return failure();
    firstEpoch = getNote("epoch");
    int64_t total = getNote("epochs");
    if (firstEpoch < 0 || total < 0)
      return failure(reportError(options.resume +
                                 " does not say its epoch; resume from a "
                                 "checkpoint that 'dither train' wrote"));
    if (dither_session_seed(session.get()) != options.seed)
      return failure(reportError(
          options.resume + " was trained with --seed " +
          llvm::Twine(dither_session_seed(session.get())) +
          "; resuming with another seed would not be the same training"));
    if (total != epochs)
      return failure(reportError(
          options.resume + " was trained with --epochs " + llvm::Twine(total) +
          "; another number changes the schedule"));
    if (firstEpoch >= epochs)
      return failure(reportError(options.resume + " has finished its " +
                                 llvm::Twine(epochs) +
                                 " epochs; there is nothing to resume"));
    // The log goes on where it was.
    if (auto log = llvm::MemoryBuffer::getFile(options.out + "/log.jsonl"))
      logText = (*log)->getBuffer().str();
    return success();
  }

  int64_t stepsPerEpoch() const { return split.train.size() / batch; }

  /// The rate of a step that counts from 0.
  float getRate(int64_t step) {
    double rate =
        cast<OptimizerAttrInterface>(train.getOptimizer()).getBaseRate();
    if (train.getSchedule())
      rate *= cast<ScheduleAttrInterface>(*train.getSchedule())
                  .getFactor(double(step) / (epochs * stepsPerEpoch()));
    return float(rate);
  }

  LogicalResult runEpoch(int64_t epoch) {
    auto begin = std::chrono::steady_clock::now();
    // Each epoch shuffles the whole training set anew; what does not fill a
    // batch waits for another epoch.
    std::vector<int64_t> order(split.train.size());
    std::iota(order.begin(), order.end(), 0);
    shuffle(order, options.seed, epoch);
    std::vector<int64_t> none(batch, 0);
    std::vector<HostTensor> inputs = trainSet.gather(none).inputs;
    Epoch result;
    result.number = epoch + 1;
    // A step may still run while the batch of the next one is prepared, so that
    // a loss is there when the step behind it has begun.
    float losses[2] = {};
    for (int64_t i = 0; i < stepsPerEpoch(); ++i) {
      auto chosen = ArrayRef<int64_t>(order).slice(i * batch, batch);
      trainSet.gatherInto(chosen, inputs);
      int64_t step = epoch * stepsPerEpoch() + i;
      result.rate = getRate(step);
      if (failed(beginStep(inputs, chosen, float(result.rate), step + 1,
                           losses[i % 2])) ||
          (i > 0 && failed(addLoss(losses[(i - 1) % 2], i, result))))
        return failure();
    }
    if (failed(wait()) ||
        failed(addLoss(losses[(stepsPerEpoch() - 1) % 2], stepsPerEpoch(),
                       result)) ||
        failed(checkParameters(epoch)) ||
        failed(evaluate(trainSet, result.trainMetric)) ||
        failed(evaluate(testSet, result.testMetric)))
      return failure();
    result.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin)
            .count();
    history.push_back(
        {result.number, result.loss, result.trainMetric, result.testMetric});
    std::string metrics;
    if (train.getMetric())
      metrics = llvm::formatv("train {0:f4}  test {1:f4}  ", result.trainMetric,
                              result.testMetric);
    progress.finishEpoch(llvm::formatv(
        "epoch {0}/{1}  loss {2:f4}  {3}rate {4:e2}", result.number, epochs,
        result.loss, metrics, result.rate));
    return log(result);
  }

  /// Adds the loss of a step of an epoch, counted from 1, to its mean.
  LogicalResult addLoss(float loss, int64_t number, Epoch &result) {
    int64_t epoch = result.number - 1;
    if (!std::isfinite(loss))
      return failure(reportError("the loss of step " +
                                 llvm::Twine(epoch * stepsPerEpoch() + number) +
                                 " is not finite; lower the rate, or look "
                                 "for values out of range in the data"));
    result.loss += loss / double(stepsPerEpoch());
    progress.update(epoch, epochs, number, stepsPerEpoch(), result.loss);
    return success();
  }

  LogicalResult wait() {
    return failure(reportStatus(dither_session_wait(session.get())));
  }

  /// The loss is written when the next step has begun, or `wait` returns.
  LogicalResult beginStep(std::vector<HostTensor> &inputs,
                          ArrayRef<int64_t> chosen, float rate, int64_t step,
                          float &loss) {
    dither_session_set_step(session.get(), step);
    std::vector<TensorRef> refs(inputs.begin(), inputs.end());
    DLDataType f32 = {kDLFloat, 32, 1};
    refs.emplace_back(&rate, f32, std::vector<int64_t>{});
    std::vector<int32_t> samples(chosen.begin(), chosen.end());
    if (wantsSamples)
      refs.emplace_back(samples.data(), DLDataType{kDLInt, 32, 1},
                        std::vector<int64_t>{batch});
    std::vector<DLTensor> arguments;
    for (TensorRef &ref : refs)
      arguments.push_back(ref.get());
    TensorRef result(&loss, f32, {});
    DLTensor output = result.get();
    return failure(reportStatus(
        dither_session_begin(session.get(), stepIndex, arguments.data(),
                             arguments.size(), &output, 1)));
  }

  /// A loss can be finite when the step has just spoiled the parameters.
  LogicalResult checkParameters(int64_t epoch) {
    for (ParamOp param : model.getModel().getOps<ParamOp>()) {
      std::string name = param.getSymName().str();
      RankedTensorType type = param.getTensorType();
      if (param.isPackedInTraining()) {
        auto part = getPackedParts(type, param.getPatternInterface(),
                                   param.getFormatInterface())
                        .front();
        name += "." + part.first;
        type = part.second;
      }
      if (!type.getElementType().isF32() || !session.hasTensor(name))
        continue;
      DLTensor view;
      if (reportStatus(dither_session_view(session.get(), name.c_str(), &view)))
        return failure();
      ArrayRef<float> values(static_cast<const float *>(view.data),
                             type.getNumElements());
      if (!llvm::all_of(values, [](float x) { return std::isfinite(x); }))
        return failure(reportError(
            "@" + name + " is not finite after epoch " +
            llvm::Twine(epoch + 1) +
            "; lower the rate. Checkpoints written before are intact"));
    }
    return success();
  }

  /// The mean of the metric over a set, batch by batch: memory does not grow
  /// with the set.
  LogicalResult evaluate(Dataset &set, double &mean) {
    if (!train.getMetric() || set.count == 0)
      return success();
    std::vector<float> values(set.count);
    for (int64_t first = 0; first < set.count; first += batch)
      if (failed(beginMetric(set, first, std::min(batch, set.count - first),
                             values.data() + first)))
        return failure();
    if (failed(wait()))
      return failure();
    mean = std::accumulate(values.begin(), values.end(), 0.0) / set.count;
    return success();
  }

  LogicalResult beginMetric(Dataset &set, int64_t first, int64_t count,
                            float *values) {
    std::vector<TensorRef> refs;
    for (HostTensor &input : set.inputs)
      refs.push_back(TensorRef(input).slice(first, count));
    std::vector<DLTensor> arguments;
    for (TensorRef &ref : refs)
      arguments.push_back(ref.get());
    TensorRef result(values, {kDLFloat, 32, 1}, {count});
    DLTensor output = result.get();
    return failure(reportStatus(
        dither_session_begin(session.get(), metricIndex, arguments.data(),
                             arguments.size(), &output, 1)));
  }

  LogicalResult log(const Epoch &epoch) {
    llvm::json::Object entry{{"epoch", epoch.number},
                             {"loss", epoch.loss},
                             {"rate", epoch.rate},
                             {"seconds", epoch.seconds}};
    if (train.getMetric()) {
      entry["train_" + metricName] = epoch.trainMetric;
      entry["test_" + metricName] = epoch.testMetric;
    }
    logText +=
        llvm::formatv("{0}\n", llvm::json::Value(std::move(entry))).str();
    runtime::AtomicFile file;
    runtime::Error error = file.open(options.out + "/log.jsonl");
    if (!error)
      error = file.write(logText.data(), logText.size());
    if (!error)
      error = file.commit();
    return failure(error ? reportError(error.message()) : 0);
  }

  /// All states, with what a resumed training must know.
  LogicalResult save(int64_t epoch) {
    for (auto [key, value] : {std::pair("epoch", epoch), {"epochs", epochs}})
      if (reportStatus(dither_session_set_note(session.get(), key,
                                               std::to_string(value).c_str())))
        return failure();
    std::string path = options.out + "/model.safetensors";
    return failure(
        reportStatus(dither_session_save(session.get(), path.c_str())));
  }

  const TrainOptions &options;
  LoadedModel model;
  LiveSession session;
  TrainOp train;
  Dataset dataset, trainSet, testSet;
  Split split;
  int64_t batch = 0, epochs = 0, firstEpoch = 0;
  uint32_t stepIndex = 0, metricIndex = 0;
  bool wantsSamples = false;
  std::vector<PlotPoint> history;
  std::string metricName, logText;
  Progress progress;
};
} // namespace

int dither::runTrain(const TrainOptions &options) {
  return Trainer(options).run();
}
