//===- MutationCases.h - Tests of planted bugs ------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TEST_UNIT_MUTATIONCASES_H
#define DITHER_TEST_UNIT_MUTATIONCASES_H

#include "MutationSupport.h"
#include <gtest/gtest.h>
#include <map>

namespace dither::test {

/// Texts of models by their names.
using Models = std::map<std::string, const char *>;

/// Models that are compiled already, for all tests.
class CompiledModels : public testing::Environment {
public:
  CompiledModels(Models models, const char *chip)
      : models(std::move(models)), chip(chip) {}

  /// Made before main, owned by the test framework.
  static CompiledModels *make(Models models, const char *chip) {
    auto *environment = new CompiledModels(std::move(models), chip);
    testing::AddGlobalTestEnvironment(environment);
    return environment;
  }

  MutableKernels &get(const std::string &name) {
    std::unique_ptr<MutableKernels> &kernels = compiled[name];
    if (!kernels)
      kernels = std::make_unique<MutableKernels>(models.at(name), chip);
    return *kernels;
  }
  std::vector<std::string> listNames() const {
    std::vector<std::string> names;
    for (const auto &[name, text] : models)
      names.push_back(name);
    return names;
  }
  void TearDown() override { compiled.clear(); }

private:
  Models models;
  const char *chip;
  std::map<std::string, std::unique_ptr<MutableKernels>> compiled;
};

struct Bug {
  const char *model, *name;
  /// What the fault's message says; null where numbers are wrong instead.
  const char *fault;
  Mutation mutate;
};
/// For the messages of the test framework.
inline void PrintTo(const Bug &bug, std::ostream *os) {
  *os << bug.name << " of " << bug.model;
}
inline std::string getTestName(const testing::TestParamInfo<Bug> &info) {
  return info.param.model + std::string("_") + info.param.name;
}

/// Kernels as they are give what the CPU gives.
void expectRight(MutableKernels &kernels);
/// The bug shows under each schedule.
void expectFound(MutableKernels &kernels, const Bug &bug);

/// Of faults.
inline const char *const wrong = nullptr;
inline const char *const race = "nothing orders the two";
inline const char *const unwritten = "that no thread wrote";
/// Of memory or of shared memory.
inline const char *const outside = ", which has ";
inline const char *const forever = "threads wait for ever";

} // namespace dither::test

#endif // DITHER_TEST_UNIT_MUTATIONCASES_H
