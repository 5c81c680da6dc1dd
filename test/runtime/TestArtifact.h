//===- TestArtifact.h - An artifact made by the C compiler ------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TEST_RUNTIME_TESTARTIFACT_H
#define DITHER_TEST_RUNTIME_TESTARTIFACT_H

#include "Support.h"

namespace dither::test {

/// What an artifact is made of; tests spoil a part of it.
struct ArtifactParts {
  std::string manifest;
  std::string data;
  int abiVersion = DITHER_ABI_VERSION;
  bool exported = true;
  bool forwardInTable = true; // in all versions, not only in those with SSE

  /// The model "toy":
  ///   forward(x: f32[batch x 4]) -> y = x * w, through the arena
  ///   train(x: f32[4]) -> loss = sum(x); state "sum" += x, "mask" toggles
  ///   random() -> seen: i64[2], the seed and the step
  ///   select(m: i1[batch x 3], s: f32[batch] strided) -> z: f32[batch]
  ///   version() -> index: i64[1], the version of the code that runs
  /// Its versions are for no CPU that there is, for SSE3, and for any.
  static ArtifactParts toy();
};

/// C code that defines `dither_embedded`.
std::string artifactSource(const ArtifactParts &parts);

/// Compiles to an ELF image, without the trailer.
std::string compileImage(const ArtifactParts &parts);

/// With the trailer.
std::string makeArtifact(const ArtifactParts &parts);

/// The bytes of the toy artifact, made once.
const std::string &toyArtifact();

/// The toy artifact, opened, with a session.
class ToyTest : public testing::Test {
protected:
  void SetUp() override;
  void TearDown() override;
  uint32_t function(const char *name);
  void reopenSession(uint32_t threads);

  TempFolder folder;
  DitherArtifact *artifact = nullptr;
  DitherSession *session = nullptr;
};

} // namespace dither::test

#endif // DITHER_TEST_RUNTIME_TESTARTIFACT_H
