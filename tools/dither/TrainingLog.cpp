//===- TrainingLog.cpp - What a training reports --------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/dither/TrainingLog.h"
#include "runtime/io/File.h"
#include "tools/dither/Errors.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;
using namespace dither;

static std::string toJSON(const EpochResult &result) {
  json::Object object{{"epoch", result.epoch},
                      {"loss", result.loss},
                      {"rate", result.rate},
                      {"seconds", result.seconds}};
  if (result.trainMetric)
    object["train_accuracy"] = *result.trainMetric;
  if (result.testMetric)
    object["test_accuracy"] = *result.testMetric;
  return formatv("{0}\n", json::Value(std::move(object)));
}

static std::optional<EpochResult> parseEpoch(StringRef line) {
  Expected<json::Value> value = json::parse(line);
  if (!value) {
    consumeError(value.takeError());
    return std::nullopt;
  }
  const json::Object *object = value->getAsObject();
  if (!object || !object->getInteger("epoch") || !object->getNumber("loss"))
    return std::nullopt;
  EpochResult result;
  result.epoch = *object->getInteger("epoch");
  result.loss = *object->getNumber("loss");
  result.rate = object->getNumber("rate").value_or(0);
  result.seconds = object->getNumber("seconds").value_or(0);
  result.trainMetric = object->getNumber("train_accuracy");
  result.testMetric = object->getNumber("test_accuracy");
  return result;
}

TrainingLog::TrainingLog(const std::string &folder)
    : path(folder + "/log.jsonl") {}

LogicalResult TrainingLog::keepUntil(int64_t last) {
  auto file = MemoryBuffer::getFile(path, /*IsText=*/true);
  if (!file)
    return success(); // The training goes on in a new folder.
  SmallVector<StringRef> lines;
  (*file)->getBuffer().split(lines, '\n', -1, /*KeepEmpty=*/false);
  for (auto [i, line] : enumerate(lines)) {
    std::optional<EpochResult> result = parseEpoch(line);
    if (!result)
      return fail(path + ": line " + Twine(i + 1) +
                  " is no epoch of a training; choose another --out");
    if (result->epoch > last)
      break;
    epochs.push_back(*result);
    text += line.str() + "\n";
  }
  return success();
}

LogicalResult TrainingLog::add(const EpochResult &result) {
  epochs.push_back(result);
  text += toJSON(result);
  runtime::AtomicFile file;
  if (failed(check(file.open(path))) ||
      failed(check(file.write(text.data(), text.size()))))
    return failure();
  return check(file.commit());
}

std::string dither::formatEpoch(const EpochResult &result, int64_t epochs) {
  std::string line =
      formatv("epoch {0}/{1}  loss {2:f4}", result.epoch, epochs, result.loss);
  if (result.trainMetric)
    line += formatv("  train {0:f4}", *result.trainMetric);
  if (result.testMetric)
    line += formatv("  test {0:f4}", *result.testMetric);
  return line + formatv("  rate {0:e2}", result.rate).str();
}
