//===- Errors.cpp - Errors as the user sees them --------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/dither/Errors.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace dither;

LogicalResult dither::fail(const Twine &message) {
  // What was printed before the error stands before it in a terminal, too.
  outs().flush();
  errs() << "error: " << message << "\n";
  return failure();
}

LogicalResult dither::check(DitherStatus *status) {
  if (!status)
    return success();
  LogicalResult result = fail(dither_status_message(status));
  dither_status_free(status);
  return result;
}

LogicalResult dither::check(const runtime::Error &error) {
  return error ? fail(error.message()) : success();
}
