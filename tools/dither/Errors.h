//===- Errors.h - Errors as the user sees them ------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TOOLS_DITHER_ERRORS_H
#define DITHER_TOOLS_DITHER_ERRORS_H

#include "dither/runtime.h"
#include "runtime/io/Error.h"
#include "mlir/Support/LLVM.h"
#include "llvm/ADT/Twine.h"

namespace dither {

/// Prints "error: <message>" to stderr. A message names what failed, the cause
/// and, behind a semicolon, the remedy.
llvm::LogicalResult fail(const llvm::Twine &message);

/// Prints the error of the runtime, if there is one. Frees the status.
llvm::LogicalResult check(DitherStatus *status);
llvm::LogicalResult check(const runtime::Error &error);

/// The value, or failure after the error was printed.
template <typename T>
llvm::FailureOr<T> take(runtime::Expected<T> expected) {
  if (!expected)
    return fail(expected.error().message());
  return std::move(*expected);
}

} // namespace dither

#endif // DITHER_TOOLS_DITHER_ERRORS_H
