//===- Document.cpp - What an editor asks about a model -------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "compiler/Editor/Document.h"
#include "compiler/Editor/Reference.h"
#include "compiler/Transforms/Instantiate/Instantiate.h"
#include "mlir/AsmParser/AsmParser.h"
#include "mlir/AsmParser/AsmParserState.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace dither;

//===- Text ---------------------------------------------------------------===//

static bool isNameCharacter(char c) {
  return llvm::isAlnum(c) || c == '_' || c == '.' || c == '#';
}

StringRef Document::getLine(unsigned line) const {
  StringRef rest = text;
  for (; line > 1; --line)
    rest = rest.split('\n').second;
  return rest.split('\n').first;
}

/// The name around a place.
StringRef Document::getWord(unsigned line, unsigned column) const {
  StringRef text = getLine(line);
  size_t begin = std::min<size_t>(column - 1, text.size()), end = begin;
  while (begin > 0 && isNameCharacter(text[begin - 1]))
    --begin;
  while (end < text.size() && isNameCharacter(text[end]))
    ++end;
  return text.slice(begin, end);
}

static void addSource(llvm::SourceMgr &sources, StringRef text,
                      StringRef file) {
  sources.AddNewSourceBuffer(llvm::MemoryBuffer::getMemBufferCopy(text, file),
                             llvm::SMLoc());
}

//===- Findings -----------------------------------------------------------===//

namespace {
/// Collects diagnostics as findings in one file. Those in others, which it
/// imports, become notes of the next one in the file.
class FindingCollector {
public:
  FindingCollector(MLIRContext *context, StringRef file)
      : file(file), handler(context, [this](Diagnostic &diagnostic) {
          add(diagnostic);
          return success();
        }) {}

  std::vector<Finding> findings;

private:
  void add(Diagnostic &diagnostic);
  /// The place in the file; if there is none, any.
  SourcePlace findPlace(Location location) const;

  StringRef file;
  std::vector<std::pair<SourcePlace, std::string>> elsewhere;
  ScopedDiagnosticHandler handler;
};
} // namespace

SourcePlace FindingCollector::findPlace(Location location) const {
  SourcePlace place = getSourcePlace(location);
  location->walk([&](Location nested) {
    SourcePlace each;
    if (auto line = dyn_cast<FileLineColLoc>(nested))
      each = getSourcePlace(line);
    if (each.file != file)
      return WalkResult::advance();
    place = each;
    return WalkResult::interrupt();
  });
  return place;
}

void FindingCollector::add(Diagnostic &diagnostic) {
  if (diagnostic.getSeverity() == DiagnosticSeverity::Remark)
    return;
  Finding finding;
  finding.isError = diagnostic.getSeverity() == DiagnosticSeverity::Error;
  finding.place = findPlace(diagnostic.getLocation());
  finding.message = diagnostic.str();
  if (finding.place.file != file) {
    elsewhere.push_back({finding.place, finding.message});
    return;
  }
  finding.notes = std::move(elsewhere);
  elsewhere.clear();
  SourcePlace origin = getSourcePlace(diagnostic.getLocation());
  if (origin.file != file && origin.line)
    finding.notes.push_back({origin, "the op is written here"});
  for (Diagnostic &note : diagnostic.getNotes())
    finding.notes.push_back({getSourcePlace(note.getLocation()), note.str()});
  auto isSame = [&](const Finding &other) {
    return other.message == finding.message &&
           other.place.line == finding.place.line;
  };
  if (llvm::none_of(findings, isSame))
    findings.push_back(std::move(finding));
}

/// The module of a text that holds one model, or null.
static OwningOpRef<ModuleOp> parseModel(MLIRContext *context, StringRef text,
                                        StringRef file) {
  ScopedDiagnosticHandler silence(context, [](Diagnostic &) {
    return success(); // The server of MLIR has said what is wrong here.
  });
  llvm::SourceMgr sources;
  addSource(sources, text, file);
  auto module = parseSourceFile<ModuleOp>(sources, context);
  if (!module || !llvm::hasSingleElement(module->getOps<ModelOp>()))
    return {};
  return module;
}

/// Goes as far as any command does before it makes kernels.
static void lowerInEachMode(ModuleOp module) {
  for (ParameterMode mode : {ParameterMode::deploy, ParameterMode::train}) {
    bool isTraining = mode == ParameterMode::train;
    if (isTraining && findModel(module).getOps<TrainOp>().empty())
      break;
    CompileOptions options;
    options.mode = mode;
    OwningOpRef<ModuleOp> clone = module.clone();
    (void)lowerToCore(*clone, options);
  }
}

std::vector<Finding> Document::check() {
  OwningOpRef<ModuleOp> module = parseModel(context, text, file);
  if (!module)
    return {};
  FindingCollector collector(context, file);
  if (succeeded(instantiate(*module, importFolders)))
    lowerInEachMode(*module);
  for (Finding &finding : collector.findings) {
    StringRef rest = getLine(finding.place.line)
                         .substr(std::max(finding.place.column, 1u) - 1);
    finding.length =
        std::max<size_t>(rest.take_while(isNameCharacter).size(), 1);
  }
  return std::move(collector.findings);
}

//===- Descriptions -------------------------------------------------------===//

const ModelReport *Document::getReport() {
  if (!report) {
    report.emplace(failure());
    OwningOpRef<ModuleOp> module = parseModel(context, text, file);
    ScopedDiagnosticHandler silence(context,
                                    [](Diagnostic &) { return success(); });
    if (module && succeeded(instantiate(*module, importFolders)))
      *report = explainModel(*module);
  }
  return succeeded(*report) ? &**report : nullptr;
}

static std::string describe(const ContractionReport &c) {
  std::string text =
      "- `" + c.function + "`: " + c.shape + " by `" + c.kernel + "`";
  if (!c.plan.empty())
    text += ", `" + c.plan + "`";
  if (c.isPacked())
    text += "; " + describeBreakEven(c);
  if (!c.rejected.empty())
    text += "; not " + c.rejected;
  return text + "\n";
}

static std::string describe(const EstimatorReport &e) {
  return llvm::formatv("- `{0}`: `{1}`, {2}, keeps {3} bytes instead of {4}\n",
                       e.training, e.estimator,
                       e.isUnbiased ? "unbiased" : "biased", e.keptBytes,
                       e.exactBytes)
      .str();
}

static std::string describe(const ParameterReport &p) {
  return llvm::formatv(
             "- {0} bytes, {1:f2} bits for each element; dense {2} bytes\n",
             p.packedBytes, p.bitsPerWeight(), p.denseBytes)
      .str();
}

std::string Document::explain(Operation *op) {
  const ModelReport *report = getReport();
  SourcePlace place = getSourcePlace(op->getLoc());
  if (!report)
    return "";
  auto isHere = [&](const SourcePlace &other) {
    return other.file == place.file && other.line == place.line &&
           other.column == place.column;
  };
  std::string text;
  if (auto param = dyn_cast<ParamOp>(op))
    for (const ParameterReport &each : report->parameters)
      if (each.name == param.getSymName())
        text += ::describe(each);
  for (const ContractionReport &each : report->contractions)
    if (isHere(each.place))
      text += ::describe(each);
  for (const EstimatorReport &each : report->estimators)
    if (isHere(each.place))
      text += ::describe(each);
  return text.empty() ? "" : "\n**What the compiler makes of it**\n\n" + text;
}

static std::string describeTypes(Operation *op) {
  if (op->getNumResults() + op->getNumOperands() == 0)
    return "";
  std::string types;
  llvm::raw_string_ostream stream(types);
  stream << "```mlir\n(";
  llvm::interleaveComma(op->getOperandTypes(), stream);
  stream << ") -> (";
  llvm::interleaveComma(op->getResultTypes(), stream);
  stream << ")\n```\n";
  return types;
}

std::string Document::describeOp(unsigned line, unsigned column) {
  ScopedDiagnosticHandler silence(context,
                                  [](Diagnostic &) { return success(); });
  llvm::SourceMgr sources;
  addSource(sources, text, file);
  Block block;
  AsmParserState state;
  if (failed(
          parseAsmSourceFile(sources, &block, ParserConfig(context), &state)))
    return "";
  const char *place =
      sources.FindLocForLineAndColumn(sources.getMainFileID(), line, column)
          .getPointer();
  for (const AsmParserState::OperationDefinition &definition :
       state.getOpDefs())
    if (definition.loc.Start.getPointer() <= place &&
        place <= definition.loc.End.getPointer())
      return describeTypes(definition.op) + explain(definition.op);
  return "";
}

std::string Document::describe(unsigned line, unsigned column) {
  StringRef word = getWord(line, column);
  auto entry = getReference().find(word);
  if (entry == getReference().end())
    return "";
  std::string result =
      "**" + word.str() + "**: " + entry->second.summary + "\n\n";
  if (!word.starts_with("#"))
    result += describeOp(line, column) + "\n";
  return result + entry->second.text + "\n";
}

//===- Completion ---------------------------------------------------------===//

/// Whether an attribute is what a keyword asks for.
static bool fits(const AbstractAttribute &attribute, StringRef keyword) {
  auto has = [&](TypeID interface) {
    return attribute.hasInterface(interface);
  };
  return llvm::StringSwitch<bool>(keyword)
      .Case("pattern", has(TypeID::get<PatternAttrInterface>()))
      .Case("format", has(TypeID::get<FormatAttrInterface>()))
      .Case("recipe", has(TypeID::get<RecipeAttrInterface>()))
      .Cases({"estimator", "backward", "residual"},
             has(TypeID::get<EstimatorAttrInterface>()))
      .Case("init", has(TypeID::get<InitializerAttrInterface>()))
      .Case("optimizer", has(TypeID::get<OptimizerAttrInterface>()))
      .Case("schedule", has(TypeID::get<ScheduleAttrInterface>()))
      .Default(false);
}

/// The word in front of a place: `pattern = ` or `init `.
static StringRef getKeyword(StringRef before) {
  before = before.rtrim(" =");
  return before.take_back(before.size() - before.find_last_of(" ,{<(") - 1);
}

std::vector<Completion> Document::complete(unsigned line, unsigned column) {
  StringRef before = getLine(line).take_front(column - 1);
  size_t begin = before.size();
  while (begin > 0 && isNameCharacter(before[begin - 1]))
    --begin;
  StringRef word = before.drop_front(begin);
  StringRef prefix = word.starts_with("#dither.")  ? "#dither."
                     : word.starts_with("dither.") ? "dither."
                                                   : "";
  std::vector<Completion> completions;
  if (prefix.empty())
    return completions;
  context->getOrLoadDialect<DitherDialect>();
  StringRef keyword = getKeyword(before.take_front(begin));
  for (const auto &[name, entry] : getReference()) {
    StringRef rest = name;
    if (!rest.consume_front(prefix))
      continue;
    bool isExpected = false;
    if (prefix.front() == '#')
      if (auto attribute =
              AbstractAttribute::lookup(StringRef(name).drop_front(), context))
        isExpected = fits(*attribute, keyword);
    completions.push_back({rest.str(), entry.summary, entry.text, isExpected});
  }
  return completions;
}
