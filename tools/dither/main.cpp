//===- main.cpp - The driver ----------------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/dither/Commands.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <CLI/CLI.hpp>
#include <csignal>

using namespace dither;

/// An integer in a useful range.
static CLI::Validator atLeast(int64_t least) {
  auto check = [least](const std::string &text) -> std::string {
    int64_t value = 0;
    if (llvm::to_integer(text, value) && value >= least)
      return "";
    return "needs an integer of at least " + std::to_string(least) + ", not '" +
           text + "'";
  };
  return CLI::Validator(check, "");
}

/// A number of bytes, such as 65536, 64M or 1.5G; 0 if it is none.
static int64_t parseBytes(llvm::StringRef text) {
  static constexpr llvm::StringLiteral units = "KMG";
  double factor = 1, number = 0;
  if (!text.empty())
    if (size_t unit = units.find(text.back()); unit != llvm::StringRef::npos) {
      factor = double(int64_t(1) << 10 * (unit + 1));
      text = text.drop_back();
    }
  bool isNumber = !text.empty() && llvm::all_of(text, [](char c) {
    return llvm::isDigit(c) || c == '.';
  });
  if (!isNumber || !llvm::to_float(text, number) || number * factor >= 1e18)
    return 0;
  return int64_t(number * factor);
}

static void addMemoryBudget(CLI::App *command, std::optional<int64_t> &bytes) {
  auto *option = command->add_option_function<std::string>(
      "--memory-budget",
      [&bytes](const std::string &text) { bytes = parseBytes(text); },
      "Bytes, such as 64M or 1.5G, that each function may take besides "
      "parameters, inputs and results; for that, values are computed again "
      "rather than kept. Batches of any size are taken to be that of training");
  option->check(CLI::Validator(
      [](const std::string &text) -> std::string {
        if (parseBytes(text) > 0)
          return "";
        return "needs a number of bytes above 0, such as 65536, 64M or 1.5G, "
               "not '" +
               text + "'";
      },
      ""));
}

/// Where the kernels of a command run.
static void addTarget(CLI::App *command, std::string &target,
                      std::vector<std::string> &chips) {
  command->add_option("--target", target,
                      "What runs the kernels: a CPU as of dither compile, "
                      "'cuda', or 'cuda-emulator'; default: this CPU");
  command
      ->add_option("--chips", chips,
                   "Of these, the chips that there is code for, as of dither "
                   "compile")
      ->delimiter(',');
}

static CLI::Option *addModel(CLI::App *command, ModelOptions &o,
                             const char *about) {
  command
      ->add_option("-I,--import-path", o.importFolders,
                   "Folder of files that dither.import names, besides that of "
                   "the model (repeat)")
      ->allow_extra_args(false);
  return command->add_option("model", o.model, about);
}

static void addTrain(CLI::App &app, TrainOptions &o, int &status) {
  CLI::App *command = app.add_subcommand(
      "train", "Train a model\n\n"
               "  dither train examples/digits/digits.mlir --data "
               "examples/data/digits.csv.gz --seed 1 --out build/digits");
  addModel(command, o, "Model description (.mlir)")->required();
  command
      ->add_option("--data", o.data,
                   "Samples, one a line: features, then the label "
                   "(.csv, .csv.gz); or tensors x and y (.safetensors); or "
                   "samples alone (.npy)")
      ->required();
  command->add_option("--labels", o.labels, "Labels for --data FILE.npy");
  command
      ->add_option("--out", o.out,
                   "Folder for model.safetensors, log.jsonl and curve.svg")
      ->required();
  command->add_option("--seed", o.seed, "Seed of everything random");
  command->add_option("--epochs", o.epochs, "Epochs; 0: as declared")
      ->check(atLeast(0));
  command
      ->add_option("--stop-after", o.stopAfter,
                   "Stop after this epoch, to go on with --resume later")
      ->check(atLeast(1));
  command
      ->add_option("--checkpoint-every", o.checkpointEvery,
                   "Write model.safetensors after every N epochs, not only "
                   "after the last")
      ->check(atLeast(1));
  command->add_option("--threads", o.threads, "Threads; 0: one per core");
  command->add_option("--resume", o.resume,
                      "Checkpoint to go on from, as --out wrote it");
  command->add_option("--declaration", o.declaration,
                      "Which dither.train, where there are several");
  command
      ->add_option("--test-every", o.testEvery,
                   "A sample is for the test if index % N == the offset; 0: "
                   "none is")
      ->check(atLeast(0));
  command->add_option("--test-offset", o.testOffset, "See --test-every");
  addMemoryBudget(command, o.memoryBudget);
  addTarget(command, o.target, o.chips);
  command->callback([&] { status = runTrain(o); });
}

static void addCompile(CLI::App &app, CompileCommandOptions &o, int &status) {
  CLI::App *command = app.add_subcommand(
      "compile", "Compile a model with its parameters\n\n"
                 "  dither compile digits.mlir --params model.safetensors -o "
                 "digits.so\n"
                 "  dither compile digits.mlir --params model.safetensors "
                 "--exe -o digits");
  addModel(command, o, "Model description (.mlir)")->required();
  auto *params =
      command->add_option("--params", o.params, "Parameters (.safetensors)");
  command
      ->add_option("--seed", o.seed,
                   "Parameters as training with this seed begins with")
      ->excludes(params);
  command->add_option("-o,--output", o.out, "File to write");
  command->add_flag("--exe", o.executable,
                    "A stand-alone executable that needs libc alone");
  command->add_option("--header", o.header, "Also write a C header");
  command->add_option("--emit", o.emit,
                      "core, buffers, kernels, llvm, ptx, asm, obj or "
                      "so");
  auto *targets =
      command
          ->add_option("--target", o.targets,
                       "CPUs to compile for, by LLVM's names, separated by "
                       "commas; 'native'; or 'portable', for x86-64-v3, "
                       "cascadelake and sapphirerapids. The runtime takes the "
                       "best that fits. Or 'cuda', or 'cuda-emulator', which "
                       "runs and checks the same kernels on the CPU. Default: "
                       "native")
          ->delimiter(',');
  command
      ->add_option("--chips", o.chips,
                   "Chips that --target=cuda makes code for, separated by "
                   "commas; default: sm_90a,sm_80, whose PTX later ones take, "
                   "too. Or the chip that --target=cuda-emulator is")
      ->delimiter(',');
  command
      ->add_option("--features", o.features,
                   "Instead, CPU features in LLVM's notation")
      ->excludes(targets);
  command->add_option("--function", o.functions,
                      "Function to compile (repeat); default: all");
  command->add_option("--tuning", o.tuning,
                      "Plans of kernels that 'dither tune' measured");
  command->add_flag("--training", o.training,
                    "Compile the training step, with parameters as state");
  addMemoryBudget(command, o.memoryBudget);
  command->add_flag("--print-ir", o.printIR, "Print the IR after each pass");
  command->callback([&] { status = runCompile(o); });
}

static void addRun(CLI::App &app, RunOptions &o, int &status) {
  CLI::App *command = app.add_subcommand(
      "run", "Run a function of a model or an artifact\n\n"
             "  dither run digits.so --function forward --input x.npy "
             "--output y.npy\n"
             "  dither run digits.mlir --params model.safetensors --function "
             "forward --input x.npy --interpret");
  addModel(command, o, "Model description or artifact")->required();
  command->add_option("--function", o.function, "Function to run")->required();
  command->add_option("--input", o.inputs,
                      "Input, [name=]FILE.npy (repeat, in order)");
  command->add_option("--output", o.outputs,
                      "File for a result, [name=]FILE.npy (repeat, in order); "
                      "default: print all");
  command->add_option("--params", o.params,
                      "Parameters (.safetensors); default: initialized");
  command->add_flag("--interpret", o.interpret,
                    "Run the reference interpreter instead of kernels");
  command->add_option("--threads", o.threads, "Threads; 0: one per core");
  command->add_option("--seed", o.seed, "Seed of everything random");
  addTarget(command, o.target, o.chips);
  command->callback([&] { status = runRun(o); });
}

static void addBench(CLI::App &app, BenchOptions &o, int &status) {
  CLI::App *command = app.add_subcommand(
      "bench", "Time a function, or the training step\n\n"
               "  dither bench digits.mlir --training --function fit.step\n"
               "  dither bench digits.mlir --function forward --batch 64\n"
               "  dither bench digits.mlir --function forward --roofline "
               "forward.svg");
  addModel(command, o, "Model description or artifact")->required();
  command->add_option("--function", o.function, "Function to time")->required();
  command->add_option("--params", o.params, "Parameters (.safetensors)");
  command->add_option("--batch", o.batch, "Extent of dynamic dimensions")
      ->check(atLeast(0));
  command->add_option("--repetitions", o.repetitions, "Timed calls")
      ->check(atLeast(1));
  command->add_option("--threads", o.threads, "Threads; 0: one per core");
  command->add_flag("--training", o.training,
                    "Parameters are dense state, as in training");
  command->add_option("--roofline", o.roofline,
                      "Instead, time each of its products alone, beside the "
                      "limits of memory and arithmetic, and draw an SVG");
  command->add_flag("--json", o.json, "Print JSON");
  addTarget(command, o.target, o.chips);
  command->callback([&] { status = runBench(o); });
}

static void addTune(CLI::App &app, TuneOptions &o, int &status) {
  CLI::App *command = app.add_subcommand(
      "tune", "Measure which kernels are the fastest on this machine\n\n"
              "  dither tune digits.mlir -o digits.tuning.json\n"
              "  dither compile digits.mlir --seed 0 --tuning "
              "digits.tuning.json -o digits.so");
  addModel(command, o, "Model description (.mlir)")->required();
  command->add_option("-o,--output", o.out, "File to write")->required();
  command->add_option("--function", o.functions,
                      "Function whose products are tuned (repeat); default: "
                      "all");
  command->add_option("--batch", o.batch, "Extent of dynamic dimensions")
      ->check(atLeast(1));
  command->add_option("--threads", o.threads, "Threads; 0: one per core");
  command
      ->add_option("--steps", o.steps,
                   "Steps of the search at most, of which each changes one "
                   "thing about each plan")
      ->check(atLeast(0));
  command->add_flag("--training", o.training, "Tune the training step");
  command->callback([&] { status = runTune(o); });
}

static void addExplain(CLI::App &app, ExplainOptions &o, int &status) {
  CLI::App *command = app.add_subcommand(
      "explain", "Say what each annotation buys; of an artifact, for which "
                 "CPUs it has code\n\n"
                 "  dither explain examples/digits/digits.mlir\n"
                 "  dither explain digits.so");
  addModel(command, o, "Model description or artifact")->required();
  addMemoryBudget(command, o.memoryBudget);
  command->add_flag("--json", o.json, "Print JSON");
  command->callback([&] { status = runExplain(o); });
}

static void addCheck(CLI::App &app, CheckOptions &o, int &status) {
  CLI::App *command = app.add_subcommand(
      "check",
      "Compare gradients with finite differences, estimators with "
      "their expectation; or kernels with the interpreter; or both, "
      "of every op\n\n"
      "  dither check examples/digits/digits.mlir\n"
      "  dither check examples/digits/digits.mlir --kernels\n"
      "  dither check --all-ops\n"
      "  dither check --all-ops --filter 'reduce|mean' --json ops.json");
  addModel(command, o, "Model description (.mlir)");
  command
      ->add_option("--json", o.json,
                   "Print JSON, or write it to a file that is named")
      ->expected(0, 1)
      ->default_str("-");
  command->add_option("--seed", o.seed, "Seed of everything random");
  CLI::Option *kernels =
      command->add_flag("--kernels", o.kernels,
                        "Compare compiled functions with the reference "
                        "interpreter on random inputs");
  CLI::Option *allOps = command->add_flag(
      "--all-ops", o.allOps,
      "Check every op of the dialect by the functions of its group, "
      "Checks.mlir: gradients, their gradients, compiled code. An op without "
      "one is a failure");
  allOps->excludes(kernels);
  command
      ->add_option("--filter", o.filter,
                   "Of --all-ops, the ops whose names this regular expression "
                   "finds")
      ->needs(allOps);
  command->add_flag("--integers", o.integers,
                    "Inputs of --kernels are small integers");
  command->add_flag("--special", o.special,
                    "Inputs of --kernels include NaN, infinities, denormals");
  command->add_flag("!--no-denormals", o.denormals,
                    "Of --special, leave out what a sum may round away");
  command->add_option("--tolerance", o.tolerance,
                      "Difference that --kernels and --all-ops allow compiled "
                      "code, relative to the larger of 1 and the result; "
                      "above 0, also a rounding of results of 16 bits");
  command->add_option("--threads", o.threads, "Threads of kernels");
  addTarget(command, o.target, o.chips);
  command->callback([&] {
    if (o.model.empty() && !o.allOps)
      throw CLI::RequiredError("model");
    status = o.allOps    ? runCheckAllOps(o)
             : o.kernels ? runCheckKernels(o)
                         : runCheck(o);
  });
}

static void addFuzz(CLI::App &app, FuzzOptions &o, int &status) {
  CLI::App *command = app.add_subcommand(
      "fuzz", "Compare compiled code with the interpreter on random programs, "
              "chained of the functions that check --all-ops runs; a program "
              "that fails is reduced\n\n"
              "  dither fuzz --programs 1000 --seed 5");
  command->add_option("--programs", o.programs, "How many programs")
      ->check(atLeast(1));
  command->add_option("--seed", o.seed, "Seed of the programs and inputs");
  command
      ->add_option("--first", o.first,
                   "The number of the first one: a program depends on the "
                   "seed and its number")
      ->check(atLeast(0));
  command->add_option("--filter", o.filter,
                      "Use the functions of ops whose names this regular "
                      "expression finds");
  command->add_option("--threads", o.threads, "Threads of kernels");
  addTarget(command, o.target, o.chips);
  command->callback([&] { status = runFuzz(o); });
}

static void addDevices(CLI::App &app, DevicesOptions &o, int &status) {
  CLI::App *command = app.add_subcommand(
      "devices", "List the devices that kernels can run on, or say why there "
                 "are none\n\n"
                 "  dither devices");
  command->add_flag("--json", o.json, "Print JSON");
  command->callback([&] { status = runDevices(o); });
}

/// The command that was given, as far as parsing came.
static std::string getCommandName(const CLI::App &app) {
  for (const CLI::App *command : app.get_subcommands())
    return command->get_name() + " ";
  return "";
}

int main(int argc, char **argv) {
  // A file that grows beyond a limit is an error to report, like a full disk.
  std::signal(SIGXFSZ, SIG_IGN);
  CLI::App app("Dither compiles models whose sparsity, quantization and "
               "gradients are annotations.\nTypical: train, then compile, "
               "then run; each command's --help shows examples.",
               "dither");
  app.require_subcommand(1);
  app.set_version_flag("--version", "dither 0.1.0");
  int status = 0;
  TrainOptions train;
  CompileCommandOptions compile;
  RunOptions run;
  BenchOptions bench;
  TuneOptions tune;
  ExplainOptions explain;
  CheckOptions check;
  FuzzOptions fuzz;
  DevicesOptions devices;
  addTrain(app, train, status);
  addCompile(app, compile, status);
  addRun(app, run, status);
  addBench(app, bench, status);
  addTune(app, tune, status);
  addExplain(app, explain, status);
  addCheck(app, check, status);
  addFuzz(app, fuzz, status);
  addDevices(app, devices, status);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    if (error.get_exit_code() == int(CLI::ExitCodes::Success))
      return app.exit(error); // Help was asked for.
    std::vector<std::string> unknown = app.remaining();
    bool isUnknown = app.get_subcommands().empty() && !unknown.empty();
    llvm::errs() << "error: "
                 << (isUnknown ? "unknown command '" + unknown.front() + "'"
                               : error.what())
                 << "; see dither " << getCommandName(app) << "--help\n";
    return 2;
  }
  // A full disk or a closed pipe is a failure, not a crash at exit.
  llvm::outs().flush();
  if (std::error_code error = llvm::outs().error()) {
    llvm::outs().clear_error();
    llvm::errs() << "error: cannot write to standard output: "
                 << error.message() << "\n";
    return 1;
  }
  return status;
}
