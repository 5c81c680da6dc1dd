//===- Handles.h - What the C handles hold ----------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_SESSION_HANDLES_H
#define DITHER_RUNTIME_SESSION_HANDLES_H

#include "runtime/session/Session.h"

struct DitherStatus {
  dither::runtime::Code code;
  std::string message;
};

struct DitherArtifact {
  std::shared_ptr<const dither::runtime::Artifact> artifact;
};

struct DitherSession {
  std::unique_ptr<dither::runtime::Session> session;
};

namespace dither::runtime {

/// NULL for success.
DitherStatus *toStatus(const Error &error);

/// The error for a null pointer passed as `argument` of `function`.
Error nullArgument(const char *function, const char *argument);

/// Checks a function index.
Error checkFunction(const Artifact &artifact, uint32_t function);

/// Checks sizes given by the host for the dynamic dimensions of a function.
Error checkDims(const FunctionSpec &function, const int64_t *dims,
                size_t count);

} // namespace dither::runtime

#endif // DITHER_RUNTIME_SESSION_HANDLES_H
