//===- main.cpp - The main function of a stand-alone executable -----------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/exe/Options.h"
#include "runtime/io/Npy.h"
#include "runtime/session/HostTensor.h"

#include "dither/runtime.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <memory>

extern "C" const DitherEmbedded dither_embedded;

namespace dither::runtime {
namespace {

Error fromStatus(DitherStatus *status) {
  if (!status)
    return Error::success();
  Error error(static_cast<Code>(dither_status_code(status)),
              dither_status_message(status));
  dither_status_free(status);
  return error;
}

//===----------------------------------------------------------------------===//
// --list
//===----------------------------------------------------------------------===//

/// "f32[batch x 64]".
std::string typeText(const DitherTensorInfo &info,
                     const DitherFunctionInfo &function) {
  std::string text = concat(dither_dtype_name(info.dtype), "[");
  for (int32_t i = 0; i < info.rank; ++i) {
    text += i == 0 ? "" : " x ";
    text += info.shape[i] >= 0 ? std::to_string(info.shape[i])
                               : function.dims[-1 - info.shape[i]];
  }
  return text + "]";
}

Error printFunction(const DitherArtifact *artifact, uint32_t index) {
  DitherFunctionInfo function;
  if (Error error =
          fromStatus(dither_artifact_function_info(artifact, index, &function)))
    return error;
  printf("%s\n", function.name);
  DitherTensorInfo info;
  for (uint32_t i = 0; i < function.input_count; ++i) {
    if (Error error =
            fromStatus(dither_artifact_input_info(artifact, index, i, &info)))
      return error;
    printf("  input   %-16s %s\n", info.name, typeText(info, function).c_str());
  }
  for (uint32_t i = 0; i < function.output_count; ++i) {
    if (Error error =
            fromStatus(dither_artifact_output_info(artifact, index, i, &info)))
      return error;
    printf("  output  %-16s %s\n", info.name, typeText(info, function).c_str());
  }
  return Error::success();
}

Error list(const DitherArtifact *artifact) {
  const char *device = dither_artifact_device(artifact);
  printf("model %s for %s%s%s\n", dither_artifact_model(artifact),
         dither_artifact_triple(artifact), *device ? ", kernels for " : "",
         device);
  for (uint32_t i = 0; i < dither_artifact_version_count(artifact); ++i) {
    DitherVersionInfo version;
    if (Error error =
            fromStatus(dither_artifact_version_info(artifact, i, &version)))
      return error;
    // Of a device, the chip says which one runs.
    bool runs =
        i == dither_artifact_version(artifact) && strcmp(device, "cuda") != 0;
    printf("version %s%s\n", version.name, runs ? ", which runs here" : "");
  }
  uint32_t count = dither_artifact_function_count(artifact);
  for (uint32_t i = 0; i < count; ++i)
    if (Error error = printFunction(artifact, i))
      return error;
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Inputs and outputs
//===----------------------------------------------------------------------===//

/// Everything a run needs, in the order of the function.
struct Run {
  uint32_t function = 0;
  DitherFunctionInfo info = {};
  std::vector<NpyFile> files;
  std::vector<DLTensor> inputs;
  std::vector<NpyArray> arrays;
  std::vector<Buffer> memory;
  std::vector<DLTensor> outputs;
  std::vector<std::string> outputPaths;
};

DLTensor tensorOf(const NpyArray &array) {
  DLTensor tensor = {};
  tensor.data = const_cast<uint8_t *>(array.bytes.data);
  tensor.device = {kDLCPU, 0};
  tensor.ndim = static_cast<int>(array.shape.size());
  tensor.dtype = toDLPack(array.element);
  tensor.shape = const_cast<int64_t *>(array.shape.data());
  return tensor;
}

/// Gives each of `files` its place among `names`.
Error assign(const std::vector<NamedFile> &files,
             const std::vector<std::string> &names, std::string_view what,
             std::vector<std::string> &paths) {
  paths.assign(names.size(), "");
  for (const NamedFile &file : files) {
    size_t place = 0;
    for (; place < names.size(); ++place)
      if (file.name.empty() ? paths[place].empty() : names[place] == file.name)
        break;
    if (place == names.size() || !paths[place].empty())
      return Error(Code::InvalidArgument,
                   concat("--", what, ' ', file.path, ": the function has no ",
                          what, ' ',
                          file.name.empty() ? "left" : inQuotes(file.name),
                          "; see --list"));
    if (file.path.empty())
      return Error(Code::InvalidArgument,
                   concat("--", what, ": the file name is empty"));
    paths[place] = file.path;
  }
  return Error::success();
}

Error readInputs(const DitherArtifact *artifact, const Options &options,
                 Run &run) {
  std::vector<std::string> names, paths;
  std::vector<std::optional<Element>> elements;
  DitherTensorInfo info;
  for (uint32_t i = 0; i < run.info.input_count; ++i) {
    if (Error error = fromStatus(
            dither_artifact_input_info(artifact, run.function, i, &info)))
      return error;
    names.push_back(info.name);
    elements.push_back(fromDLPack(info.dtype));
  }
  if (Error error = assign(options.inputs, names, "input", paths))
    return error;
  for (size_t i = 0; i < names.size(); ++i) {
    if (paths[i].empty())
      return Error(Code::InvalidArgument, concat("input ", inQuotes(names[i]),
                                                 " is missing; give it as "
                                                 "--input ",
                                                 names[i], "=FILE.npy"));
    Expected<NpyFile> file = readNpy(paths[i]);
    if (!file)
      return file.takeError();
    if (elements[i] != file->view.element)
      return Error(Code::InvalidArgument,
                   concat(paths[i], ": its type is ",
                          elementName(file->view.element), ", input ",
                          inQuotes(names[i]), " is ", elementName(*elements[i]),
                          "; convert it with numpy's astype"));
    run.files.push_back(std::move(*file));
  }
  for (const NpyFile &file : run.files)
    run.inputs.push_back(tensorOf(file.view));
  return Error::success();
}

Error makeOutputs(const DitherArtifact *artifact, const Options &options,
                  Run &run) {
  std::vector<int64_t> dims(run.info.dim_count);
  if (Error error = fromStatus(dither_artifact_resolve_dims(
          artifact, run.function, run.inputs.data(), run.inputs.size(),
          dims.data())))
    return error;
  std::vector<std::string> names;
  DitherTensorInfo info;
  for (uint32_t i = 0; i < run.info.output_count; ++i) {
    if (Error error = fromStatus(
            dither_artifact_output_info(artifact, run.function, i, &info)))
      return error;
    names.push_back(info.name);
    NpyArray array;
    array.element = *fromDLPack(info.dtype);
    array.shape.resize(static_cast<size_t>(info.rank));
    if (Error error = fromStatus(
            dither_artifact_output_shape(artifact, run.function, i, dims.data(),
                                         dims.size(), array.shape.data())))
      return error;
    std::optional<uint64_t> bytes = denseBytes(array.element, array.shape);
    if (!bytes)
      return Error(Code::InvalidArgument, concat("output ", inQuotes(info.name),
                                                 " would be too large"));
    Expected<Buffer> memory =
        Buffer::allocate(*bytes, concat("output ", inQuotes(info.name)));
    if (!memory)
      return memory.takeError();
    run.memory.push_back(std::move(*memory));
    array.bytes = run.memory.back().bytes();
    run.arrays.push_back(std::move(array));
  }
  for (const NpyArray &array : run.arrays)
    run.outputs.push_back(tensorOf(array));
  return assign(options.outputs, names, "output", run.outputPaths);
}

/// The first numbers of an output that goes to no file.
void printSummary(const DitherArtifact *artifact, const Run &run, uint32_t i) {
  DitherTensorInfo info = {};
  dither_status_free(
      dither_artifact_output_info(artifact, run.function, i, &info));
  const NpyArray &array = run.arrays[i];
  printf("%s: %s of %s:", info.name, shapeText(array.shape).c_str(),
         std::string(elementName(array.element)).c_str());
  size_t width = elementSize(array.element);
  size_t count = array.bytes.size / width, shown = std::min<size_t>(count, 8);
  for (size_t k = 0; k < shown; ++k) {
    const uint8_t *at = array.bytes.data + k * width;
    float single = 0;
    double number = 0;
    int64_t integer = 0;
    switch (array.element) {
    case Element::F32:
      memcpy(&single, at, 4);
      printf(" %g", static_cast<double>(single));
      break;
    case Element::F64:
      memcpy(&number, at, 8);
      printf(" %g", number);
      break;
    case Element::F16:
    case Element::BF16:
      printf(" 0x%02x%02x", at[1], at[0]);
      break;
    default: // little endian; the top byte has the sign
      memcpy(&integer, at, width);
      integer = static_cast<int64_t>(static_cast<uint64_t>(integer)
                                     << (64 - 8 * width)) >>
                (64 - 8 * width);
      printf(" %lld", static_cast<long long>(integer));
    }
  }
  printf("%s\n", shown < count ? " ..." : "");
}

Error writeOutputs(const DitherArtifact *artifact, const Run &run) {
  for (uint32_t i = 0; i < run.arrays.size(); ++i) {
    if (run.outputPaths[i].empty())
      printSummary(artifact, run, i);
    else if (Error error = writeNpy(run.outputPaths[i], run.arrays[i]))
      return error;
  }
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Runs
//===----------------------------------------------------------------------===//

Error callOnce(DitherSession *session, const Run &run) {
  return fromStatus(dither_session_call(
      session, run.function, run.inputs.data(), run.inputs.size(),
      run.outputs.data(), run.outputs.size()));
}

/// Times whole calls, checks of arguments included.
Error bench(DitherSession *session, const Run &run, uint64_t count) {
  using Clock = std::chrono::steady_clock;
  for (uint64_t i = 0; i < std::max<uint64_t>(1, count / 10); ++i)
    if (Error error = callOnce(session, run))
      return error;
  std::vector<double> times;
  for (uint64_t i = 0; i < count; ++i) {
    Clock::time_point begin = Clock::now();
    if (Error error = callOnce(session, run))
      return error;
    times.push_back(
        std::chrono::duration<double, std::micro>(Clock::now() - begin)
            .count());
  }
  std::sort(times.begin(), times.end());
  DitherMemory memory;
  dither_session_memory(session, &memory);
  printf("%s: %llu runs, %u threads, median %.2f us, min %.2f us, arena %llu "
         "bytes, resident %llu bytes\n",
         run.info.name, static_cast<unsigned long long>(count),
         dither_session_threads(session), times[times.size() / 2], times[0],
         static_cast<unsigned long long>(memory.arena),
         static_cast<unsigned long long>(memory.resident));
  return Error::success();
}

Error runSession(const DitherArtifact *artifact, DitherSession *session,
                 const Options &options) {
  if (!options.load.empty())
    if (Error error =
            fromStatus(dither_session_load(session, options.load.c_str())))
      return error;
  if (options.seedGiven)
    dither_session_set_seed(session, options.seed);
  if (options.stepGiven)
    dither_session_set_step(session, options.step);

  Run run;
  if (!options.function.empty())
    if (Error error = fromStatus(dither_artifact_find_function(
            artifact, options.function.c_str(), &run.function)))
      return error;
  if (Error error = fromStatus(
          dither_artifact_function_info(artifact, run.function, &run.info)))
    return error;
  if (Error error = readInputs(artifact, options, run))
    return error;
  if (Error error = makeOutputs(artifact, options, run))
    return error;
  // A benchmark would take many steps of training where one was asked for.
  if (options.bench != 0 && !options.save.empty())
    return Error(Code::InvalidArgument,
                 "--bench and --save exclude each other");
  if (options.bench != 0) {
    if (Error error = bench(session, run, options.bench))
      return error;
  } else if (Error error = callOnce(session, run)) {
    return error;
  }
  if (Error error = writeOutputs(artifact, run))
    return error;
  if (options.save.empty())
    return Error::success();
  return fromStatus(dither_session_save(session, options.save.c_str()));
}

Error runProgram(int argc, char **argv) {
  Expected<Options> options = parseOptions(argc, argv);
  if (!options)
    return options.takeError();
  if (options->help) {
    fputs(helpText(argc > 0 ? argv[0] : "model").c_str(), stdout);
    return Error::success();
  }
  DitherArtifact *artifact = nullptr;
  if (Error error = fromStatus(
          dither_artifact_open_embedded(&dither_embedded, nullptr, &artifact)))
    return error;
  std::unique_ptr<DitherArtifact, void (*)(DitherArtifact *)> artifactOwner(
      artifact, dither_artifact_close);
  if (options->list)
    return list(artifact);

  DitherSession *session = nullptr;
  DitherSessionOptions sessionOptions = {options->threads, nullptr, nullptr, 0};
  if (Error error = fromStatus(
          dither_session_create(artifact, &sessionOptions, &session)))
    return error;
  std::unique_ptr<DitherSession, void (*)(DitherSession *)> sessionOwner(
      session, dither_session_destroy);
  return runSession(artifact, session, *options);
}

} // namespace
} // namespace dither::runtime

int main(int argc, char **argv) {
  using namespace dither::runtime;
  // A file that grows beyond a limit is an error to report, like a full disk.
  signal(SIGXFSZ, SIG_IGN);
  Error error = runProgram(argc, argv);
  // Output that did not arrive is a failure, too.
  if (!error && (fflush(stdout) != 0 || ferror(stdout)))
    error = Error(Code::IO, "cannot write to the standard output");
  if (!error)
    return 0;
  fprintf(stderr, "error: %s\n", error.message().c_str());
  return 1;
}
