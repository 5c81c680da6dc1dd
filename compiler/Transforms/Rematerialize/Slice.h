//===- Slice.h - What computes a value again --------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TRANSFORMS_REMATERIALIZE_SLICE_H
#define DITHER_TRANSFORMS_REMATERIALIZE_SLICE_H

#include "compiler/Transforms/Rematerialize/Timeline.h"
#include "llvm/ADT/MapVector.h"

namespace dither {

/// Memory that is given up while it waits.
struct Eviction {
  ValueId owner = noValue;
  /// The step at which memory is short, and the one that needs it next.
  size_t peak = 0, next = 0;
};

/// The copies in front of `next` that make what later steps read of a value
/// that is given up.
class Slice {
public:
  /// `timeline` gains values for the copies; steps stay as they are.
  Slice(Timeline &timeline, const Profile &profile, const Eviction &eviction)
      : timeline(timeline), ops(timeline.getOps()), profile(profile),
        eviction(eviction) {}

  /// Whether a step reads, of a value, what was there at the peak.
  bool isGivenUp(ValueId id) const;
  /// The value to read in place of one, at `next`; notes a failure.
  ValueId require(ValueId id);

  bool hasFailed() const { return failed; }
  llvm::ArrayRef<Step> getCopies() const { return copies; }
  int64_t getOperations() const { return operations; }
  /// Bytes at the peak of values that live longer than they did.
  int64_t getExtendedBytes() const { return extendedBytes; }
  const llvm::MapVector<mlir::Value, ValueId> &getMade() const { return made; }

private:
  ValueId find(mlir::Value origin) const;
  ValueId extend(ValueId id);
  /// The result of a copy; with `isInit`, in memory that nothing else sees.
  ValueId copy(ValueId id, bool isInit);
  ValueId requireInit(ValueId id);
  bool isUpdated(mlir::Value argument) const;
  size_t findStep(ValueId id) const { return profile.definedAt[id]; }

  Timeline &timeline;
  const Ops &ops;
  const Profile &profile;
  Eviction eviction;
  llvm::MapVector<mlir::Value, ValueId> made;
  llvm::DenseSet<ValueId> extended;
  llvm::SmallVector<Step> copies;
  int64_t operations = 0, extendedBytes = 0;
  bool failed = false;
};

} // namespace dither

#endif // DITHER_TRANSFORMS_REMATERIALIZE_SLICE_H
