//===- CpuFeatures.cpp - What this processor can do -----------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/artifact/CpuFeatures.h"

#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

namespace dither::runtime {

namespace {
using Leaf = CpuState::Registers CpuState::*;
enum Register { EAX, EBX, ECX, EDX };

// Bits of XCR0.
constexpr uint64_t sse = 0x2, avx = 0x6, avx512 = 0xe6, amx = 0x60000;
constexpr uint64_t none = 0, apx = 0x80000;

struct Feature {
  std::string_view name;
  Leaf leaf;
  Register where;
  unsigned bit;
  uint64_t states; // that the system must save
};

constexpr Leaf one = &CpuState::leaf1, seven = &CpuState::leaf7,
               seven1 = &CpuState::leaf7sub1, xsave = &CpuState::leaf13sub1,
               x14 = &CpuState::leaf14, x19 = &CpuState::leaf19,
               x1e = &CpuState::leaf1e, ext1 = &CpuState::extended1,
               ext8 = &CpuState::extended8;

// Names as in llvm/TargetParser/X86TargetParser.def, bits as in the manuals of
// Intel (volume 2, CPUID) and AMD (volume 3, appendix E).
constexpr Feature table[] = {
    {"sse3", one, ECX, 0, sse},
    {"pclmul", one, ECX, 1, sse},
    {"ssse3", one, ECX, 9, sse},
    {"fma", one, ECX, 12, avx},
    {"cx16", one, ECX, 13, none},
    {"sse4.1", one, ECX, 19, sse},
    {"sse4.2", one, ECX, 20, sse},
    {"crc32", one, ECX, 20, none},
    {"movbe", one, ECX, 22, none},
    {"popcnt", one, ECX, 23, none},
    {"aes", one, ECX, 25, sse},
    {"xsave", one, ECX, 27, none},
    {"avx", one, ECX, 28, avx},
    {"f16c", one, ECX, 29, avx},
    {"rdrnd", one, ECX, 30, none},
    {"x87", one, EDX, 0, none},
    {"cx8", one, EDX, 8, none},
    {"cmov", one, EDX, 15, none},
    {"mmx", one, EDX, 23, none},
    {"fxsr", one, EDX, 24, none},
    {"sse", one, EDX, 25, sse},
    {"sse2", one, EDX, 26, sse},
    {"fsgsbase", seven, EBX, 0, none},
    {"sgx", seven, EBX, 2, none},
    {"bmi", seven, EBX, 3, none},
    {"avx2", seven, EBX, 5, avx},
    {"bmi2", seven, EBX, 8, none},
    {"invpcid", seven, EBX, 10, none},
    {"rtm", seven, EBX, 11, none},
    {"avx512f", seven, EBX, 16, avx512},
    {"avx512dq", seven, EBX, 17, avx512},
    {"rdseed", seven, EBX, 18, none},
    {"adx", seven, EBX, 19, none},
    {"avx512ifma", seven, EBX, 21, avx512},
    {"clflushopt", seven, EBX, 23, none},
    {"clwb", seven, EBX, 24, none},
    {"avx512cd", seven, EBX, 28, avx512},
    {"sha", seven, EBX, 29, sse},
    {"avx512bw", seven, EBX, 30, avx512},
    {"avx512vl", seven, EBX, 31, avx512},
    {"avx512vbmi", seven, ECX, 1, avx512},
    {"pku", seven, ECX, 4, none},
    {"waitpkg", seven, ECX, 5, none},
    {"avx512vbmi2", seven, ECX, 6, avx512},
    {"shstk", seven, ECX, 7, none},
    {"gfni", seven, ECX, 8, sse},
    {"vaes", seven, ECX, 9, avx},
    {"vpclmulqdq", seven, ECX, 10, avx},
    {"avx512vnni", seven, ECX, 11, avx512},
    {"avx512bitalg", seven, ECX, 12, avx512},
    {"avx512vpopcntdq", seven, ECX, 14, avx512},
    {"rdpid", seven, ECX, 22, none},
    {"kl", seven, ECX, 23, none},
    {"cldemote", seven, ECX, 25, none},
    {"movdiri", seven, ECX, 27, none},
    {"movdir64b", seven, ECX, 28, none},
    {"enqcmd", seven, ECX, 29, none},
    {"uintr", seven, EDX, 5, none},
    {"avx512vp2intersect", seven, EDX, 8, avx512},
    {"serialize", seven, EDX, 14, none},
    {"tsxldtrk", seven, EDX, 16, none},
    {"pconfig", seven, EDX, 18, none},
    {"amx-bf16", seven, EDX, 22, amx},
    {"avx512fp16", seven, EDX, 23, avx512},
    {"amx-tile", seven, EDX, 24, amx},
    {"amx-int8", seven, EDX, 25, amx},
    {"sha512", seven1, EAX, 0, avx},
    {"sm3", seven1, EAX, 1, avx},
    {"sm4", seven1, EAX, 2, avx},
    {"raoint", seven1, EAX, 3, none},
    {"avxvnni", seven1, EAX, 4, avx},
    {"avx512bf16", seven1, EAX, 5, avx512},
    {"cmpccxadd", seven1, EAX, 7, none},
    {"hreset", seven1, EAX, 22, none},
    {"amx-fp16", seven1, EAX, 21, amx},
    {"avxifma", seven1, EAX, 23, avx},
    {"movrs", seven1, EAX, 31, none},
    {"avxvnniint8", seven1, EDX, 4, avx},
    {"avxneconvert", seven1, EDX, 5, avx},
    {"amx-complex", seven1, EDX, 8, amx},
    {"avxvnniint16", seven1, EDX, 10, avx},
    {"prefetchi", seven1, EDX, 14, none},
    {"usermsr", seven1, EDX, 15, none},
    {"avx10.1", seven1, EDX, 19, avx512},
    {"avx10.2", seven1, EDX, 19, avx512},
    {"apxf", seven1, EDX, 21, apx},
    {"egpr", seven1, EDX, 21, apx},
    {"push2pop2", seven1, EDX, 21, apx},
    {"ppx", seven1, EDX, 21, apx},
    {"ndd", seven1, EDX, 21, apx},
    {"ccmp", seven1, EDX, 21, apx},
    {"nf", seven1, EDX, 21, apx},
    {"cf", seven1, EDX, 21, apx},
    {"zu", seven1, EDX, 21, apx},
    {"xsaveopt", xsave, EAX, 0, none},
    {"xsavec", xsave, EAX, 1, none},
    {"xsaves", xsave, EAX, 3, none},
    {"ptwrite", x14, EBX, 4, none},
    {"widekl", x19, EBX, 2, none},
    {"amx-fp8", x1e, EAX, 4, amx},
    {"amx-tf32", x1e, EAX, 6, amx},
    {"amx-avx512", x1e, EAX, 7, amx | avx512},
    {"amx-movrs", x1e, EAX, 8, amx},
    {"sahf", ext1, ECX, 0, none},
    {"lzcnt", ext1, ECX, 5, none},
    {"sse4a", ext1, ECX, 6, sse},
    {"prfchw", ext1, ECX, 8, none},
    {"xop", ext1, ECX, 11, avx},
    {"lwp", ext1, ECX, 15, none},
    {"fma4", ext1, ECX, 16, avx},
    {"tbm", ext1, ECX, 21, none},
    {"mwaitx", ext1, ECX, 29, none},
    {"64bit", ext1, EDX, 29, none},
    {"clzero", ext8, EBX, 0, none},
    {"rdpru", ext8, EBX, 4, none},
    {"wbnoinvd", ext8, EBX, 9, none},
};

/// AVX10 has one bit for all versions and the version in a leaf of its own.
bool hasVersion(std::string_view name, const CpuState &state) {
  return name != "avx10.2" || (state.leaf24[EBX] & 0xff) >= 2;
}

CpuState::Registers query(uint32_t leaf, uint32_t subleaf) {
  CpuState::Registers r{};
  __get_cpuid_count(leaf, subleaf, &r[0], &r[1], &r[2], &r[3]);
  return r;
}

uint64_t readXcr0() {
  uint32_t low, high;
  // Spelled as bytes: the intrinsic needs a flag of its own.
  __asm__ volatile(".byte 0x0f, 0x01, 0xd0" : "=a"(low), "=d"(high) : "c"(0));
  return uint64_t(high) << 32 | low;
}

/// Linux lets no process touch tiles that did not ask for them. Returns why
/// not, or nothing.
std::string requestTiles() {
  constexpr long archReqXcompPerm = 0x1023, tileData = 18;
  static const int failure =
      syscall(SYS_arch_prctl, archReqXcompPerm, tileData) == 0 ? 0 : errno;
  return failure == 0 ? ""
                      : concat("AMX tiles, which the system refuses to this "
                               "process (",
                               systemText(failure), ")");
}

const Feature *findFeature(std::string_view name) {
  for (const Feature &feature : table)
    if (feature.name == name)
      return &feature;
  return nullptr;
}

/// Takes away what `words` says.
Error mask(std::string_view words, CpuState &state) {
  bool more = !words.empty();
  while (more) {
    size_t comma = words.find(',');
    std::string_view word = words.substr(0, comma);
    more = comma != std::string_view::npos;
    words.remove_prefix(more ? comma + 1 : words.size());
    if (word.empty() || word[0] != '-')
      return Error(Code::InvalidArgument,
                   concat(inQuotes(word),
                          " takes no CPU feature away; write "
                          "features with '-' before each, such as "
                          "'-amx-tile,-avx512vnni'"));
    word.remove_prefix(1);
    if (!findFeature(word))
      return Error(Code::InvalidArgument,
                   concat("there is no CPU feature ", inQuotes(word),
                          "; use names as in 'avx2', 'avx512vnni', "
                          "'amx-tile'"));
    state.masked.emplace_back(word);
  }
  return Error::success();
}
} // namespace

CpuState CpuState::host() {
  CpuState state;
  state.leaf1 = query(1, 0);
  state.leaf7 = query(7, 0);
  if (state.leaf7[EAX] >= 1)
    state.leaf7sub1 = query(7, 1);
  state.leaf13sub1 = query(13, 1);
  state.leaf14 = query(0x14, 0);
  state.leaf19 = query(0x19, 0);
  state.leaf1e = query(0x1e, 1);
  state.leaf24 = query(0x24, 0);
  state.extended1 = query(0x80000001, 0);
  state.extended8 = query(0x80000008, 0);
  constexpr uint32_t osxsave = uint32_t(1) << 27;
  // Without XSAVE, the system saves what FXSAVE does: x87 and SSE.
  state.xcr0 = state.leaf1[ECX] & osxsave ? readXcr0() : 0x3;
  return state;
}

Expected<CpuState> CpuState::maskedHost(const char *words) {
  constexpr const char *variable = "DITHER_CPU_FEATURES";
  const char *source = words ? "cpu_features" : variable;
  if (!words)
    words = getenv(variable);
  CpuState state = host();
  if (words)
    if (Error error = mask(words, state))
      return std::move(error).in(source);
  return state;
}

Expected<bool> hasCpuFeature(std::string_view name, const CpuState &state) {
  const Feature *feature = findFeature(name);
  if (!feature)
    return Error(Code::Unsupported,
                 concat("the artifact needs the CPU feature ", inQuotes(name),
                        ", which this runtime does not know; update the "
                        "runtime, or compile for other features"));
  return ((state.*feature->leaf)[feature->where] >> feature->bit & 1) != 0 &&
         (state.xcr0 & feature->states) == feature->states &&
         hasVersion(name, state) &&
         std::find(state.masked.begin(), state.masked.end(), name) ==
             state.masked.end();
}

Expected<std::string>
listMissingFeatures(const std::vector<std::string> &features,
                    const CpuState &state) {
  std::string missing;
  bool tiles = false;
  for (const std::string &name : features) {
    Expected<bool> present = hasCpuFeature(name, state);
    if (!present)
      return present.takeError();
    if (!*present)
      missing += (missing.empty() ? "" : ", ") + name;
    tiles |= name.compare(0, 4, "amx-") == 0;
  }
  return missing.empty() && tiles ? requestTiles() : missing;
}

Expected<uint32_t> chooseVersion(const std::vector<CodeVersion> &versions,
                                 const CpuState &state) {
  std::string reasons;
  for (uint32_t i = 0; i < versions.size(); ++i) {
    Expected<std::string> missing =
        listMissingFeatures(versions[i].features, state);
    if (!missing)
      return missing.takeError();
    if (missing->empty())
      return i;
    reasons += concat(i == 0 ? "" : "; ", "its version ",
                      inQuotes(versions[i].name), " lacks ", *missing);
  }
  std::string masked;
  for (const std::string &name : state.masked)
    masked += (masked.empty() ? " (masked: " : ", ") + name;
  return Error(Code::Unsupported,
               concat("the artifact is not for this CPU: ", reasons,
                      masked.empty() ? "" : masked + ")",
                      "; compile it on this machine, or with "
                      "--target=portable"));
}

} // namespace dither::runtime
