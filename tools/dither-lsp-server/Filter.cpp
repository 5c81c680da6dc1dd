//===- Filter.cpp - What this server adds to that of MLIR -----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "tools/dither-lsp-server/Filter.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/LSP/Protocol.h"

using namespace mlir;
using namespace dither;
namespace json = llvm::json;
namespace lsp = llvm::lsp;

static constexpr llvm::StringLiteral hoverMethod = "textDocument/hover";
static constexpr llvm::StringLiteral completionMethod =
    "textDocument/completion";

//===- From the editor ----------------------------------------------------===//

void Filter::open(StringRef uri, int64_t version, StringRef text) {
  llvm::Expected<lsp::URIForFile> file = lsp::URIForFile::fromURI(uri);
  if (!file)
    return llvm::consumeError(file.takeError());
  auto document = std::make_shared<Document>(context, file->file().str(),
                                             text.str(), importFolders);
  std::lock_guard<std::mutex> lock(mutex);
  documents[uri.str()] = {version, std::move(document)};
}

Filter::DocumentRef Filter::getLatest(StringRef uri) {
  auto found = documents.find(uri);
  return found == documents.end() ? nullptr : found->second.document;
}

static std::string getKey(const json::Value &id) {
  return llvm::formatv("{0}", id).str();
}

void Filter::rememberRequest(const json::Object &message, StringRef method) {
  const json::Value *id = message.get("id");
  const json::Object *parameters = message.getObject("params");
  const json::Object *document =
      parameters ? parameters->getObject("textDocument") : nullptr;
  const json::Object *position =
      parameters ? parameters->getObject("position") : nullptr;
  if (!id || !document || !position)
    return;
  std::lock_guard<std::mutex> lock(mutex);
  Request request;
  request.method = method.str();
  request.document = getLatest(document->getString("uri").value_or(""));
  request.line = position->getInteger("line").value_or(0) + 1;
  request.column = position->getInteger("character").value_or(0) + 1;
  if (request.document)
    requests[getKey(*id)] = std::move(request);
}

void Filter::remember(const json::Value &value) {
  const json::Object *message = value.getAsObject();
  if (!message)
    return;
  StringRef method = message->getString("method").value_or("");
  if (method == hoverMethod || method == completionMethod)
    return rememberRequest(*message, method);
  const json::Object *parameters = message->getObject("params");
  const json::Object *document =
      parameters ? parameters->getObject("textDocument") : nullptr;
  if (!document)
    return;
  StringRef uri = document->getString("uri").value_or("");
  int64_t version = document->getInteger("version").value_or(0);
  if (method == "textDocument/didOpen")
    return open(uri, version, document->getString("text").value_or(""));
  if (method == "textDocument/didClose") {
    std::lock_guard<std::mutex> lock(mutex);
    documents.erase(uri.str());
  }
  const json::Array *changes = parameters->getArray("contentChanges");
  if (method != "textDocument/didChange" || !changes || changes->size() != 1)
    return;
  // The server asks for whole texts.
  if (const json::Object *change = changes->front().getAsObject())
    open(uri, version, change->getString("text").value_or(""));
}

//===- To the editor ------------------------------------------------------===//

static json::Object getRange(const SourcePlace &place, size_t length) {
  int64_t line = std::max(place.line, 1u) - 1;
  int64_t column = std::max(place.column, 1u) - 1;
  return json::Object{
      {"start", json::Object{{"line", line}, {"character", column}}},
      {"end",
       json::Object{{"line", line}, {"character", column + int64_t(length)}}}};
}

static json::Object toJSON(const Finding &finding) {
  std::string message = finding.message;
  json::Array related;
  for (const auto &[place, text] : finding.notes) {
    llvm::Expected<lsp::URIForFile> uri = lsp::URIForFile::fromFile(place.file);
    if (!uri) {
      llvm::consumeError(uri.takeError());
      message += "\n" + text;
      continue;
    }
    related.push_back(
        json::Object{{"location", json::Object{{"uri", uri->uri().str()},
                                               {"range", getRange(place, 1)}}},
                     {"message", text}});
  }
  json::Object result{{"range", getRange(finding.place, finding.length)},
                      {"severity", finding.isError ? 1 : 2},
                      {"source", "dither"},
                      {"message", std::move(message)}};
  if (!related.empty())
    result["relatedInformation"] = std::move(related);
  return result;
}

void Filter::extendDiagnostics(json::Object &parameters) {
  json::Array *diagnostics = parameters.getArray("diagnostics");
  DocumentRef document;
  {
    std::lock_guard<std::mutex> lock(mutex);
    auto found = documents.find(parameters.getString("uri").value_or(""));
    // A text that has changed since is not worth the time.
    if (found != documents.end() &&
        found->second.number == parameters.getInteger("version"))
      document = found->second.document;
  }
  if (!document || !diagnostics)
    return;
  auto isError = [](const json::Value &diagnostic) {
    return diagnostic.getAsObject()->getInteger("severity") == 1;
  };
  if (llvm::any_of(*diagnostics, isError))
    return;
  for (const Finding &finding : document->check())
    diagnostics->push_back(toJSON(finding));
}

/// A hover of the server, which may have none, and what is known beyond it.
static json::Value extendHover(const json::Value *hover,
                               const std::string &text) {
  const json::Object *old = hover ? hover->getAsObject() : nullptr;
  if (text.empty())
    return old ? json::Value(*hover) : json::Value(nullptr);
  json::Object result = old ? *old : json::Object();
  const json::Object *contents = result.getObject("contents");
  std::string before =
      contents ? contents->getString("value").value_or("").str() : "";
  if (!before.empty())
    before += "\n***\n";
  result["contents"] =
      json::Object{{"kind", "markdown"}, {"value", before + text}};
  return result;
}

/// The names that the server knows, with what the reference says of them.
static json::Value extendCompletion(const json::Value *list,
                                    ArrayRef<Completion> completions) {
  const json::Object *old = list ? list->getAsObject() : nullptr;
  json::Object result = old ? *old : json::Object{{"isIncomplete", false}};
  json::Array items;
  for (const Completion &completion : completions)
    items.push_back(json::Object{
        {"label", completion.name},
        {"kind", int(lsp::CompletionItemKind::Field)},
        {"detail", completion.summary},
        {"sortText", (completion.isExpected ? "0" : "1") + completion.name},
        {"documentation",
         json::Object{{"kind", "markdown"}, {"value", completion.text}}}});
  auto isKnown = [&](const json::Value &item) {
    auto label = item.getAsObject()->getString("label");
    return llvm::any_of(completions, [&](const Completion &completion) {
      return label == StringRef(completion.name);
    });
  };
  if (const json::Array *others = result.getArray("items"))
    for (const json::Value &item : *others)
      if (!isKnown(item))
        items.push_back(item);
  result["items"] = std::move(items);
  return result;
}

void Filter::extendReply(json::Object &message) {
  Request request;
  {
    std::lock_guard<std::mutex> lock(mutex);
    auto found = requests.find(getKey(*message.get("id")));
    if (found == requests.end())
      return;
    request = std::move(found->second);
    requests.erase(found);
  }
  if (message.get("error"))
    return;
  Document &document = *request.document;
  const json::Value *result = message.get("result");
  json::Value extended =
      request.method == hoverMethod
          ? extendHover(result, document.describe(request.line, request.column))
          : extendCompletion(result,
                             document.complete(request.line, request.column));
  message["result"] = std::move(extended);
}

void Filter::extend(json::Value &value) {
  json::Object *message = value.getAsObject();
  if (!message)
    return;
  json::Object *parameters = message->getObject("params");
  if (message->getString("method") == "textDocument/publishDiagnostics" &&
      parameters)
    extendDiagnostics(*parameters);
  else if (!message->get("method") && message->get("id"))
    extendReply(*message);
}
