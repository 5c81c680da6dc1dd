//===- Fuzz.cpp - dither fuzz ---------------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Check/Fuzz.h"
#include "compiler/Check/Compose.h"
#include "compiler/Check/Reduce.h"
#include "tools/dither/Commands.h"
#include "tools/dither/Isolate.h"
#include "tools/dither/Runner.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Regex.h"
#include <set>

using namespace mlir;
using namespace dither;

/// Programs of one model, and seconds for each of them.
static constexpr int64_t programsAtOnce = 50, secondsPerProgram = 20;
static constexpr StringLiteral uncompiled = "it cannot be compiled";

namespace {
class Fuzzer {
public:
  Fuzzer(const FuzzOptions &options, ArrayRef<CheckCase> cases)
      : options(options), composer(cases) {}

  int run();

private:
  using Functions = ArrayRef<func::FuncOp>;

  std::vector<FuzzVerdict> check(Functions functions);
  std::string compareHere(Functions functions);
  void report(int64_t number, func::FuncOp program, const FuzzVerdict &verdict);
  void note(func::FuncOp program, const FuzzVerdict &verdict);

  const FuzzOptions &options;
  Composer composer;
  std::set<std::string> ops;
  int64_t numElements = 0, numLeftOut = 0, numFailed = 0;
};
} // namespace

//===- Comparison in another process --------------------------------------===//

/// Verdicts, or an error, as JSON.
std::string Fuzzer::compareHere(Functions functions) {
  std::string messages;
  ScopedDiagnosticHandler handler(
      functions.front()->getContext(),
      [&](Diagnostic &diagnostic) { messages += "; " + diagnostic.str(); });
  ArtifactRunner runner(options.seed, options.threads, options.target,
                        options.chips);
  auto verdicts = comparePrograms(functions, runner, options.seed);
  llvm::json::Object result;
  if (failed(verdicts)) {
    result["error"] = (uncompiled + messages).str();
    return llvm::formatv("{0}", llvm::json::Value(std::move(result)));
  }
  llvm::json::Array array;
  for (const FuzzVerdict &verdict : *verdicts)
    array.push_back(llvm::json::Object{{"failure", verdict.failure},
                                       {"elements", verdict.numElements},
                                       {"left_out", verdict.numLeftOut}});
  result["verdicts"] = std::move(array);
  return llvm::formatv("{0}", llvm::json::Value(std::move(result)));
}

static std::vector<FuzzVerdict> parseVerdicts(const llvm::json::Array &array) {
  std::vector<FuzzVerdict> verdicts;
  for (const llvm::json::Value &value : array) {
    const llvm::json::Object &object = *value.getAsObject();
    verdicts.push_back({object.getString("failure")->str(),
                        *object.getInteger("elements"),
                        *object.getInteger("left_out")});
  }
  return verdicts;
}

/// Where not all can be compiled together, or the process dies, each half: it
/// may be one alone.
std::vector<FuzzVerdict> Fuzzer::check(Functions functions) {
  int64_t seconds = 60 + secondsPerProgram * int64_t(functions.size());
  Isolated done = isolate(seconds, [&] { return compareHere(functions); });
  std::string error = done.death;
  if (error.empty()) {
    llvm::json::Object result =
        *llvm::cantFail(llvm::json::parse(done.text)).getAsObject();
    if (const llvm::json::Array *verdicts = result.getArray("verdicts"))
      return parseVerdicts(*verdicts);
    error = result.getString("error")->str();
  }
  if (functions.size() == 1)
    return {{error, 0, 0}};
  auto verdicts = check(functions.take_front(functions.size() / 2));
  llvm::append_range(verdicts,
                     check(functions.drop_front(functions.size() / 2)));
  return verdicts;
}

//===- The command --------------------------------------------------------===//

/// As a model, which `dither check --kernels` takes.
static void print(func::FuncOp program) {
  llvm::outs() << "dither.model @" << program.getName() << " {\n"
               << program << "}\n";
}

void Fuzzer::report(int64_t number, func::FuncOp program,
                    const FuzzVerdict &verdict) {
  llvm::outs() << "program " << number << " of seed " << options.seed << ": "
               << verdict.failure << "\n";
  llvm::outs().flush();
  bool isUncompiled = StringRef(verdict.failure).starts_with(uncompiled);
  std::string failure;
  auto reduced = reduceFunction(program, [&](func::FuncOp candidate) {
    std::string found = check(candidate).front().failure;
    bool fails = !found.empty() &&
                 isUncompiled == StringRef(found).starts_with(uncompiled);
    if (fails)
      failure = found;
    return fails;
  });
  if (!failure.empty())
    llvm::outs() << "reduced: " << failure << "\n";
  print(*reduced);
  llvm::outs() << "again: dither fuzz --seed " << options.seed << " --first "
               << number << " --programs 1";
  if (!options.filter.empty())
    llvm::outs() << " --filter '" << options.filter << "'";
  if (!options.target.empty())
    llvm::outs() << " --target " << options.target;
  if (!options.chips.empty())
    llvm::outs() << " --chips " << llvm::join(options.chips, ",");
  llvm::outs() << "\n";
}

void Fuzzer::note(func::FuncOp program, const FuzzVerdict &verdict) {
  for (Operation &op : program.getBody().front().without_terminator())
    ops.insert(op.getName().getStringRef().str());
  numElements += verdict.numElements;
  numLeftOut += verdict.numLeftOut;
  numFailed += !verdict.failure.empty();
}

int Fuzzer::run() {
  int64_t end = options.first + options.programs;
  for (int64_t first = options.first; first < end; first += programsAtOnce) {
    std::vector<OwningOpRef<func::FuncOp>> programs;
    for (int64_t n = first; n < std::min(end, first + programsAtOnce); ++n)
      programs.push_back(composer.compose(options.seed, n));
    auto functions = llvm::map_to_vector(
        programs, [](OwningOpRef<func::FuncOp> &program) { return *program; });
    auto verdicts = check(functions);
    for (auto [i, verdict] : llvm::enumerate(verdicts)) {
      note(functions[i], verdict);
      if (!verdict.failure.empty())
        report(first + int64_t(i), functions[i], verdict);
    }
  }
  llvm::outs() << llvm::formatv(
      "{0} passed, {1} failed; {2} ops; {3} elements compared, {4} left out\n",
      options.programs - numFailed, numFailed, ops.size(),
      numElements - numLeftOut, numLeftOut);
  return numFailed > 0;
}

int dither::runFuzz(const FuzzOptions &options) {
  llvm::Regex filter(options.filter);
  std::string error;
  if (!options.filter.empty() && !filter.isValid(error))
    return reportError("--filter is no regular expression: " + error);
  DialectRegistry registry;
  registerCompilerDialects(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.loadDialect<DitherDialect>();
  auto all = CheckCases::load(&context);
  if (failed(all))
    return 1;
  std::vector<CheckCase> cases;
  for (const CheckCase &c : all->get())
    if (options.filter.empty() ||
        filter.match(c.getOp()->getName().getStringRef()))
      cases.push_back(c);
  if (cases.empty())
    return reportError("--filter matches no op");
  return Fuzzer(options, cases).run();
}
