//===- Filter.h - What this server adds to that of MLIR ---------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The language server of MLIR knows definitions, references, symbols and the
// errors of the parser. Its classes are not for others to extend: messages pass
// through this filter instead, which adds to the replies.
//
//===----------------------------------------------------------------------===//
#ifndef DITHER_TOOLS_DITHER_LSP_SERVER_FILTER_H
#define DITHER_TOOLS_DITHER_LSP_SERVER_FILTER_H

#include "compiler/Editor/Document.h"
#include "llvm/Support/JSON.h"
#include <map>
#include <memory>
#include <mutex>

namespace dither {

class Filter {
public:
  Filter(mlir::MLIRContext *context, std::vector<std::string> importFolders)
      : context(context), importFolders(std::move(importFolders)) {}

  /// Remembers what a message of the editor opens or asks.
  void remember(const llvm::json::Value &message);
  /// Adds to a message of the server. Messages of the editor may be remembered
  /// meanwhile.
  void extend(llvm::json::Value &message);

private:
  using DocumentRef = std::shared_ptr<Document>;

  /// A request that waits for its reply.
  struct Request {
    std::string method;
    DocumentRef document;
    /// From 1.
    unsigned line = 1, column = 1;
  };
  struct Version {
    int64_t number = 0;
    DocumentRef document;
  };

  void open(llvm::StringRef uri, int64_t version, llvm::StringRef text);
  void rememberRequest(const llvm::json::Object &message,
                       llvm::StringRef method);
  DocumentRef getLatest(llvm::StringRef uri);
  void extendDiagnostics(llvm::json::Object &parameters);
  void extendReply(llvm::json::Object &message);

  mlir::MLIRContext *context;
  std::vector<std::string> importFolders;
  std::mutex mutex;
  std::map<std::string, Version, std::less<>> documents;
  /// By their ids.
  std::map<std::string, Request> requests;
};

} // namespace dither

#endif // DITHER_TOOLS_DITHER_LSP_SERVER_FILTER_H
