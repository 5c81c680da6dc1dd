//===- dither-lsp-server.cpp - Model descriptions in editors --------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The server of MLIR talks to its standard streams. They become pipes here, and
// what passes through them is filtered on its way from and to the editor.
//
//===----------------------------------------------------------------------===//

#include "compiler/Pipelines/Pipelines.h"
#include "mlir/Tools/mlir-lsp-server/MlirLspServerMain.h"
#include "tools/dither-lsp-server/Filter.h"
#include "llvm/Support/Errno.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/LSP/Transport.h"
#include <csignal>
#include <thread>
#include <unistd.h>

using namespace dither;
using llvm::StringRef;
namespace lsp = llvm::lsp;

namespace {
struct ServerOptions {
  lsp::JSONStreamStyle style = lsp::JSONStreamStyle::Standard;
  bool pretty = false, help = false;
  std::vector<std::string> importFolders;
  /// For the server of MLIR.
  std::vector<char *> rest;
};

/// The editor's side of the streams, and the server's.
struct Streams {
  std::FILE *editorInput = nullptr, *serverOutput = nullptr;
  int editorOutput = -1, serverInput = -1;
};
} // namespace

static ServerOptions parseOptions(int argc, char **argv) {
  ServerOptions options;
  options.rest = {argv[0]};
  for (char *argument : llvm::ArrayRef(argv + 1, argc - 1)) {
    StringRef text = StringRef(argument).ltrim('-');
    bool isTest = text == "lit-test";
    if (isTest || text == "input-style=delimited")
      options.style = lsp::JSONStreamStyle::Delimited;
    if (isTest || text == "pretty")
      options.pretty = true;
    else if (text.consume_front("import-path="))
      options.importFolders.push_back(text.str());
    else if (!text.starts_with("input-style="))
      options.rest.push_back(argument);
    options.help |= text.starts_with("help") || text == "version";
  }
  return options;
}

/// Puts pipes in the place of the standard streams. False if there are none
/// left.
static bool redirect(Streams &streams) {
  int toServer[2], fromServer[2];
  int input = dup(STDIN_FILENO);
  streams.editorOutput = dup(STDOUT_FILENO);
  if (input < 0 || streams.editorOutput < 0 || pipe(toServer) ||
      pipe(fromServer))
    return false;
  streams.editorInput = fdopen(input, "r");
  streams.serverInput = toServer[1];
  streams.serverOutput = fdopen(fromServer[0], "r");
  if (dup2(toServer[0], STDIN_FILENO) < 0 ||
      dup2(fromServer[1], STDOUT_FILENO) < 0)
    return false;
  close(toServer[0]);
  close(fromServer[1]);
  return streams.editorInput && streams.serverOutput;
}

static void send(llvm::raw_ostream &stream, StringRef text) {
  stream << "Content-Length: " << text.size() << "\r\n\r\n" << text;
  stream.flush();
}

/// Hands on what the editor says, until it leaves.
static void runToServer(const Streams &streams, const ServerOptions &options,
                        Filter &filter) {
  lsp::JSONTransportInputOverFile input(streams.editorInput, options.style);
  llvm::raw_fd_ostream output(streams.serverInput, /*shouldClose=*/true);
  while (!input.isEndOfInput() && !input.hasError()) {
    std::string text;
    if (failed(input.readMessage(text)))
      continue;
    llvm::Expected<llvm::json::Value> message = llvm::json::parse(text);
    // The server says what is wrong with a message.
    if (message)
      filter.remember(*message);
    else
      llvm::consumeError(message.takeError());
    send(output, text);
    llvm::json::Object *object = message ? message->getAsObject() : nullptr;
    if (object && object->getString("method") == "exit")
      break;
  }
  output.clear_error(); // Of a server that has left.
}

/// Hands on what the server says, with additions.
static void runToEditor(const Streams &streams, const ServerOptions &options,
                        Filter &filter) {
  lsp::JSONTransportInputOverFile input(streams.serverOutput);
  llvm::raw_fd_ostream output(streams.editorOutput, /*shouldClose=*/true);
  while (!input.isEndOfInput() && !input.hasError()) {
    std::string text;
    if (failed(input.readMessage(text)))
      continue;
    llvm::Expected<llvm::json::Value> message = llvm::json::parse(text);
    if (!message) {
      llvm::consumeError(message.takeError());
      continue;
    }
    filter.extend(*message);
    send(output, options.pretty ? llvm::formatv("{0:2}\n", *message).str()
                                : llvm::formatv("{0}", *message).str());
  }
  output.clear_error(); // Of an editor that has left.
}

int main(int argc, char **argv) {
  std::signal(SIGPIPE, SIG_IGN);
  mlir::DialectRegistry registry;
  registerCompilerDialects(registry);
  ServerOptions options = parseOptions(argc, argv);
  auto serve = [&] {
    return mlir::MlirLspServerMain(int(options.rest.size()),
                                   options.rest.data(), registry);
  };
  if (options.help) {
    llvm::outs() << "Besides what MLIR's server takes, --import-path=DIR, a "
                    "folder of files that dither.import names (repeat)\n\n";
    return failed(serve());
  }
  Streams streams;
  if (!redirect(streams)) {
    llvm::errs() << "error: cannot open the streams of the server: "
                 << llvm::sys::StrError() << "\n";
    return 1;
  }
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  context.printOpOnDiagnostic(false);
  Filter filter(&context, options.importFolders);
  std::thread toServer([&] { runToServer(streams, options, filter); });
  std::thread toEditor([&] { runToEditor(streams, options, filter); });
  llvm::LogicalResult result = serve();
  // The end of the pipe ends the thread that reads it.
  llvm::outs().flush();
  close(STDOUT_FILENO);
  toEditor.join();
  toServer.join();
  return failed(result);
}
