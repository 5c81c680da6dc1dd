//===- Check.cpp - dither check ---===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Interpreter/Interpreter.h"
#include "runtime/rng/Philox.h"
#include "tools/dither/Commands.h"
#include "tools/dither/Session.h"
int dither::runCheck(const CheckOptions &) { return reportError("x"); }
