//===- TestArtifact.cpp - An artifact made by the host's C compiler -------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestArtifact.h"

#include "runtime/artifact/Artifact.h"
#include "runtime/io/Checksum.h"

#include <cstring>

namespace dither::test {

static const char *const toyManifest = R"({
  "version": 2, "model": "toy",
  "target": {"triple": "x86_64-unknown-linux-gnu", "versions": [
    {"name": "no cpu", "features": ["sse2", "tbm", "amx-tile"]},
    {"name": "sse", "features": ["sse2", "sse3"]},
    {"name": "any", "features": []}]},
  "tensors": [
    {"name": "w", "dtype": "f32", "shape": [4], "kind": "constant",
     "offset": 0, "size": 16, "checksum": "@W@"},
    {"name": "sum", "dtype": "f32", "shape": [4], "kind": "state",
     "init": "zeros"},
    {"name": "mask", "dtype": "i1", "shape": [2, 3], "kind": "state"},
    {"name": "start", "dtype": "f32", "shape": [4], "kind": "state",
     "offset": 0, "size": 16, "checksum": "@W@"}],
  "functions": [
    {"name": "forward", "dims": ["batch"],
     "arena": [{"fixed": 64, "per_batch": 32},
               {"fixed": 64, "per_batch": 16},
               {"fixed": 128, "per_batch": 16}],
     "arguments": [
       {"kind": "tensor", "name": "w"},
       {"kind": "input", "name": "x", "dtype": "f32", "shape": ["batch", 4]},
       {"kind": "output", "name": "y", "dtype": "f32", "shape": ["batch", 4]},
       {"kind": "arena"}]},
    {"name": "train", "dims": [],
     "arguments": [
       {"kind": "tensor", "name": "sum"}, {"kind": "tensor", "name": "mask"},
       {"kind": "input", "name": "x", "dtype": "f32", "shape": [4]},
       {"kind": "output", "name": "loss", "dtype": "f32", "shape": []}]},
    {"name": "random", "dims": [],
     "arguments": [
       {"kind": "rng"},
       {"kind": "output", "name": "seen", "dtype": "i64", "shape": [2]}]},
    {"name": "select", "dims": ["batch"],
     "arguments": [
       {"kind": "input", "name": "m", "dtype": "i1", "shape": ["batch", 3]},
       {"kind": "input", "name": "s", "dtype": "f32", "shape": ["batch"],
        "strided": true},
       {"kind": "output", "name": "z", "dtype": "f32", "shape": ["batch"],
        "strided": true}]},
    {"name": "version", "dims": [],
     "arguments": [
       {"kind": "output", "name": "index", "dtype": "i64", "shape": [1]}]}]
})";

static const char *const toyCode = R"(
#include "dither/abi.h"
typedef struct { float *base, *data; int64_t offset, n[1], s[1]; } Vector;
typedef struct { float *base, *data; int64_t offset, n[2], s[2]; } Matrix;
typedef struct { signed char *base, *data; int64_t offset, n[2], s[2]; } Mask;
typedef struct { int64_t *base, *data; int64_t offset, n[1], s[1]; } Words;
typedef struct { float *base, *data; int64_t offset; } Scalar;
typedef struct { const float *w, *x; float *y, *scratch; } Env;

static void rows(void *p, int64_t begin, int64_t end) {
  Env *e = p;
  for (int64_t i = begin; i < end; ++i) {
    for (int k = 0; k < 4; ++k) e->scratch[4 * i + k] = e->x[4 * i + k];
    for (int k = 0; k < 4; ++k) e->y[4 * i + k] = e->scratch[4 * i + k] * e->w[k];
  }
}
static void forward(DitherContext *c, void *const *a) {
  const Vector *w = a[0]; const Matrix *x = a[1]; const Matrix *y = a[2];
  const Vector *arena = a[3];
  if (arena->n[0] < 64 + 16 * x->n[0] || (uintptr_t)arena->data % 64) return;
  Env e = {w->data, x->data, y->data, arena->data};
  c->parallel_for(c, rows, &e, x->n[0]);
}
static void train(DitherContext *c, void *const *a) {
  const Vector *sum = a[0]; const Mask *mask = a[1]; const Vector *x = a[2];
  const Scalar *loss = a[3];
  *loss->data = 0;
  for (int k = 0; k < 4; ++k) { sum->data[k] += x->data[k]; *loss->data += x->data[k]; }
  for (int k = 0; k < 6; ++k) mask->data[k] = !mask->data[k];
}
static void random_(DitherContext *c, void *const *a) {
  const Words *rng = a[0], *seen = a[1];
  for (int k = 0; k < 2; ++k) seen->data[k] = rng->data[k];
}
static void select_(DitherContext *c, void *const *a) {
  const Mask *m = a[0]; const Vector *s = a[1], *z = a[2];
  for (int64_t i = 0; i < s->n[0]; ++i)
    z->data[i * z->s[0]] = m->data[3 * i] ? s->data[i * s->s[0]] : 0;
}
#define VERSION(n) \
  static void version##n(DitherContext *c, void *const *a) { \
    const Words *index = a[0]; index->data[0] = n; \
  }
VERSION(0) VERSION(1) VERSION(2)
#define ALL(v, n) \
  {"random", v, random_}, {"train", v, train}, {"select", v, select_}, \
  {"version", v, version##n}
static const DitherFunctionEntry functions[] = {
  ALL("any", 2), ALL("no cpu", 0), ALL("sse", 1),
  {"forward", "no cpu", forward}, {"forward", "sse", forward},
#if FORWARD
  {"forward", "any", forward},
#endif
};
)";

ArtifactParts ArtifactParts::toy() {
  float w[4] = {1, 2, 3, 4};
  ArtifactParts parts;
  parts.data.assign(reinterpret_cast<const char *>(w), sizeof(w));
  parts.manifest = toyManifest;
  std::string sum =
      runtime::checksumText(runtime::checksum(bytesOf(parts.data)));
  for (size_t at; (at = parts.manifest.find("@W@")) != std::string::npos;)
    parts.manifest.replace(at, 3, sum);
  return parts;
}

static std::string cArray(const std::string &bytes) {
  std::string text = "{";
  for (unsigned char c : bytes)
    text += std::to_string(c) + ",";
  return text + "0}";
}

std::string artifactSource(const ArtifactParts &parts) {
  std::string code = parts.forwardInTable ? "#define FORWARD 1\n" : "";
  code += toyCode;
  code +=
      "static const unsigned char manifest[] = " + cArray(parts.manifest) +
      ";\n__attribute__((aligned(64))) static const unsigned char data[] = " +
      cArray(parts.data) + ";\n";
  code += parts.exported ? "__attribute__((visibility(\"default\")))\n"
                         : "static __attribute__((used))\n";
  code += "const DitherEmbedded dither_embedded = {" +
          std::to_string(parts.abiVersion) +
          ", sizeof(functions) / sizeof(functions[0]), functions, "
          "(const char *)manifest, sizeof(manifest) - 1, data, sizeof(data) - "
          "1};\n";
  return code;
}

std::string compileImage(const ArtifactParts &parts) {
  TempFolder folder;
  std::string source = folder.path("artifact.c");
  std::string image = folder.path("artifact.so");
  writeBytes(source, artifactSource(parts));
  std::string command = std::string(DITHER_TEST_CC) +
                        " -shared -fPIC -O1 -s -w -I" DITHER_TEST_INCLUDE
                        " -o " +
                        image + " " + source;
  EXPECT_EQ(system(command.c_str()), 0) << command;
  return readBytes(image);
}

std::string makeArtifact(const ArtifactParts &parts) {
  std::string image = compileImage(parts);
  DitherTrailer trailer = runtime::makeTrailer(bytesOf(image));
  image.append(reinterpret_cast<const char *>(&trailer), sizeof(trailer));
  return image;
}

const std::string &toyArtifact() {
  static const std::string bytes = makeArtifact(ArtifactParts::toy());
  return bytes;
}

void ToyTest::SetUp() {
  writeBytes(folder.path("toy.dither"), toyArtifact());
  ASSERT_TRUE(ok(dither_artifact_open(folder.path("toy.dither").c_str(),
                                      nullptr, &artifact)));
  reopenSession(2);
}

void ToyTest::reopenSession(uint32_t threads) {
  dither_session_destroy(session);
  session = nullptr;
  DitherSessionOptions options = {threads, nullptr, nullptr, 0};
  ASSERT_TRUE(ok(dither_session_create(artifact, &options, &session)));
}

void ToyTest::TearDown() {
  dither_artifact_close(artifact);
  dither_session_destroy(session); // lives on without the handle
}

uint32_t ToyTest::function(const char *name) {
  uint32_t index = UINT32_MAX;
  EXPECT_TRUE(ok(dither_artifact_find_function(artifact, name, &index)));
  return index;
}

} // namespace dither::test
