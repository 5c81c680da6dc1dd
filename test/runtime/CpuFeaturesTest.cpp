//===- CpuFeaturesTest.cpp - What this processor can do -------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/artifact/CpuFeatures.h"

#include "Support.h"

#include <fstream>
#include <sstream>

using namespace dither::runtime;
using dither::test::failsWith;

namespace {
/// Everything that CPUID can say.
CpuState everything() {
  CpuState state;
  CpuState::Registers all = {~0u, ~0u, ~0u, ~0u};
  state.leaf1 = state.leaf7 = state.leaf7sub1 = state.leaf13sub1 = all;
  state.leaf14 = state.leaf19 = state.leaf1e = state.leaf24 = all;
  state.extended1 = state.extended8 = all;
  state.xcr0 = ~0ull;
  return state;
}

bool has(std::string_view name, const CpuState &state) {
  Expected<bool> present = hasCpuFeature(name, state);
  EXPECT_TRUE(present) << name;
  return present && *present;
}

TEST(CpuFeatures, EverythingAndNothing) {
  for (const char *name :
       {"sse2",     "sse4.2",     "avx",        "avx2",       "fma",
        "f16c",     "bmi2",       "avx512f",    "avx512bw",   "avx512vl",
        "avx512dq", "avx512vnni", "avx512bf16", "avx512fp16", "amx-tile",
        "amx-bf16", "amx-int8",   "avxvnni",    "gfni",       "avx10.1",
        "avx10.2"}) {
    EXPECT_TRUE(has(name, everything())) << name;
    EXPECT_FALSE(has(name, CpuState())) << name;
  }
}

TEST(CpuFeatures, NeedsTheSystemToSaveRegisters) {
  CpuState state = everything();
  state.xcr0 = 0x3; // x87 and SSE
  EXPECT_TRUE(has("sse4.2", state));
  EXPECT_TRUE(has("bmi2", state));
  EXPECT_FALSE(has("avx2", state));
  state.xcr0 = 0x7;
  EXPECT_TRUE(has("avx2", state));
  EXPECT_FALSE(has("avx512f", state));
  state.xcr0 = 0xe7;
  EXPECT_TRUE(has("avx512fp16", state));
  EXPECT_FALSE(has("amx-tile", state));
  state.xcr0 = 0x600e7;
  EXPECT_TRUE(has("amx-tile", state));
}

TEST(CpuFeatures, ReadsTheRightBits) {
  CpuState state;
  state.xcr0 = ~0ull;
  state.leaf7[1] = 1u << 16;
  EXPECT_TRUE(has("avx512f", state));
  EXPECT_FALSE(has("avx512bw", state));
  state.leaf7sub1[0] = 1u << 5;
  EXPECT_TRUE(has("avx512bf16", state));
  EXPECT_FALSE(has("avxvnni", state));
  state.leaf7sub1[3] = 1u << 19;
  state.leaf24[1] = 1;
  EXPECT_TRUE(has("avx10.1", state));
  EXPECT_FALSE(has("avx10.2", state));
}

std::string missing(const std::vector<std::string> &features,
                    const CpuState &state) {
  Expected<std::string> text = listMissingFeatures(features, state);
  return text ? *text : text.error().message();
}

TEST(CpuFeatures, NamesWhatIsMissing) {
  EXPECT_EQ(missing({"sse2", "avx2", "fma4"}, CpuState()), "sse2, avx2, fma4");
  CpuState state = everything();
  EXPECT_EQ(missing({"avx2", "fma"}, state), "");
  state.leaf1[2] &= ~(1u << 12);
  EXPECT_EQ(missing({"avx2", "fma"}, state), "fma");
  state.masked = {"avx2", "avx512f"};
  EXPECT_EQ(missing({"avx2", "fma", "avx512bw"}, state), "avx2, fma");
}

TEST(CpuFeatures, UnknownNamesAreErrors) {
  for (const char *name : {"avx1024", "", "+avx2", "AVX2", "avx2 "})
    EXPECT_TRUE(failsWith(listMissingFeatures({name}, everything()),
                          "which this runtime does not know"))
        << name;
}

TEST(CpuFeatures, ChoosesTheFirstVersionThatFits) {
  std::vector<CodeVersion> versions = {{"new", {"avx2", "avx512vnni", "xop"}},
                                       {"middle", {"avx2", "avx512vnni"}},
                                       {"old", {"avx2"}}};
  auto choose = [&](const CpuState &state) {
    Expected<uint32_t> index = chooseVersion(versions, state);
    return index ? *index : 99;
  };
  CpuState state = everything();
  EXPECT_EQ(choose(state), 0u);
  state.masked = {"xop"};
  EXPECT_EQ(choose(state), 1u);
  state.xcr0 = 0x7; // no registers of AVX-512
  EXPECT_EQ(choose(state), 2u);
  state.masked.push_back("avx2");
  Expected<uint32_t> none = chooseVersion(versions, state);
  EXPECT_TRUE(failsWith(
      none, "is not for this CPU: its version 'new' lacks avx2, avx512vnni, "
            "xop; its version 'middle' lacks avx2, avx512vnni; its version "
            "'old' lacks avx2 (masked: xop, avx2); compile it"));
  EXPECT_EQ(none.error().code(), Code::Unsupported);
  // Also behind one that fits not.
  versions[1].features[0] = "avx1024";
  EXPECT_TRUE(failsWith(chooseVersion(versions, state), "'avx1024'"));
}

TEST(CpuFeatures, AreMaskedByWords) {
  Expected<CpuState> state = CpuState::maskedHost("-sse2,-amx-tile");
  ASSERT_TRUE(state) << state.error().message();
  EXPECT_EQ(state->masked, (std::vector<std::string>{"sse2", "amx-tile"}));
  EXPECT_FALSE(has("sse2", *state));
  EXPECT_FALSE(has("amx-tile", *state));
  EXPECT_TRUE(has("sse", *state));
  for (const char *words : {"sse2", "+sse2", "-sse2,", ",-sse2", "-sse2 -avx",
                            "-sse2, -avx", "-", "-SSE2", "-sse22", "--sse2"}) {
    Expected<CpuState> wrong = CpuState::maskedHost(words);
    EXPECT_FALSE(wrong) << words;
    if (wrong)
      continue;
    EXPECT_EQ(wrong.error().code(), Code::InvalidArgument);
    EXPECT_TRUE(failsWith(wrong, "cpu_features: ")) << words;
  }
}

/// Words replace those of the environment.
TEST(CpuFeatures, AreMaskedByTheEnvironment) {
  ASSERT_EQ(setenv("DITHER_CPU_FEATURES", "-sse2", 1), 0);
  EXPECT_FALSE(has("sse2", *CpuState::maskedHost()));
  EXPECT_TRUE(has("sse2", *CpuState::maskedHost("-avx")));
  EXPECT_TRUE(has("sse2", *CpuState::maskedHost("")));
  ASSERT_EQ(setenv("DITHER_CPU_FEATURES", "sse2", 1), 0);
  EXPECT_TRUE(failsWith(CpuState::maskedHost(),
                        "DITHER_CPU_FEATURES: 'sse2' takes no CPU feature"));
  ASSERT_EQ(unsetenv("DITHER_CPU_FEATURES"), 0);
  EXPECT_TRUE(has("sse2", *CpuState::maskedHost()));
}

/// The kernel's view of the same machine.
TEST(CpuFeatures, AgreesWithTheKernel) {
  std::ifstream file("/proc/cpuinfo");
  std::string line, flags;
  while (std::getline(file, line))
    if (line.compare(0, 5, "flags") == 0)
      flags = line + " ";
  if (flags.empty())
    GTEST_SKIP() << "no flags in /proc/cpuinfo";
  const std::pair<const char *, const char *> names[] = {
      {"avx", "avx"},           {"avx2", "avx2"},
      {"fma", "fma"},           {"f16c", "f16c"},
      {"bmi", "bmi1"},          {"bmi2", "bmi2"},
      {"lzcnt", "abm"},         {"sse4.2", "sse4_2"},
      {"avx512f", "avx512f"},   {"avx512bw", "avx512bw"},
      {"avx512vl", "avx512vl"}, {"avx512vnni", "avx512_vnni"},
      {"amx-tile", "amx_tile"}, {"amx-int8", "amx_int8"},
      {"gfni", "gfni"},         {"avx512bf16", "avx512_bf16"},
      {"xop", "xop"},           {"avx512fp16", "avx512_fp16"}};
  CpuState host = CpuState::host();
  for (auto [ours, kernels] : names)
    EXPECT_EQ(has(ours, host),
              flags.find(std::string(" ") + kernels + " ") != std::string::npos)
        << ours;
}

TEST(CpuFeatures, TilesAreAskedForOnce) {
  CpuState host = CpuState::host();
  if (!has("amx-tile", host))
    GTEST_SKIP() << "no AMX";
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(missing({"amx-tile", "amx-bf16"}, host), "");
}
} // namespace
