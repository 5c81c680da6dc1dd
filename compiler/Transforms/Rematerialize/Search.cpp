//===- Search.cpp - What to compute again ---------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Transforms/Rematerialize/Search.h"
#include "compiler/Transforms/Rematerialize/Slice.h"

using namespace mlir;
using namespace dither;

/// The peak is lowered by such parts of it, so that it falls everywhere before
/// it falls further anywhere.
static constexpr int64_t kPart = 16;

namespace {
/// A value that could be given up, and what speaks against that.
struct Candidate {
  Eviction eviction;
  double price = 0;
};

/// One look at a timeline: what could be given up at its peak.
class Search {
public:
  explicit Search(Timeline &timeline)
      : timeline(timeline), ops(timeline.getOps()),
        profile(timeline.measure()) {
    peak = llvm::max_element(profile.live) - profile.live.begin();
    for (const Step &step : timeline.getSteps())
      time.push_back((time.empty() ? 0 : time.back()) +
                     ops.getOperations(step.op));
  }

  int64_t getPeak() const { return profile.peak; }

  /// Takes the cheapest step that helps; false if there is none.
  bool advance(int64_t budget) {
    int64_t limit = std::max(budget, profile.peak - profile.peak / kPart);
    int64_t excess = profile.getExcess(limit);
    for (const Candidate &candidate : findCandidates())
      for (bool isShared : {true, false}) {
        Timeline changed = timeline;
        if (!apply(changed, candidate.eviction, isShared))
          break;
        Profile after = changed.measure();
        if (after.peak > profile.peak || after.getExcess(limit) >= excess)
          continue;
        timeline = std::move(changed);
        return true;
      }
    return false;
  }

private:
  /// Steps that read memory, in order; views do not.
  std::vector<SmallVector<size_t>> findUses() const {
    std::vector<SmallVector<size_t>> uses(profile.owner.size());
    for (auto [position, step] : llvm::enumerate(timeline.getSteps())) {
      if (Ops::isView(step.op))
        continue;
      for (ValueId id : step.reads)
        if (ValueId owner = profile.owner[id]; owner != noValue)
          uses[owner].push_back(position);
      for (ValueId id : step.results)
        if (ValueId owner = profile.owner[id]; owner != noValue)
          uses[owner].push_back(position);
    }
    return uses;
  }

  /// What waits at the peak, the best first.
  SmallVector<Candidate> findCandidates() {
    auto uses = findUses();
    SmallVector<Candidate> candidates;
    for (auto [owner, steps] : llvm::enumerate(uses)) {
      if (profile.owner[owner] != owner || profile.bytes[owner] == 0)
        continue;
      const auto *next = llvm::upper_bound(steps, peak);
      if (next == steps.begin() || next == steps.end() ||
          *std::prev(next) == peak)
        continue;
      Candidate candidate{{ValueId(owner), peak, *next}};
      if (setPrice(candidate, *std::prev(next)))
        candidates.push_back(candidate);
    }
    llvm::sort(candidates, [](const Candidate &a, const Candidate &b) {
      return std::pair(a.price, a.eviction.owner) <
             std::pair(b.price, b.eviction.owner);
    });
    return candidates;
  }

  /// Returns whether giving the value up frees memory at all.
  bool setPrice(Candidate &candidate, size_t previous) {
    const Eviction &eviction = candidate.eviction;
    Timeline scratch = timeline;
    Slice slice(scratch, profile, eviction);
    requireAll(scratch, slice, eviction);
    int64_t freed = profile.bytes[eviction.owner] - slice.getExtendedBytes();
    if (slice.hasFailed() || freed <= 0)
      return false;
    double operations =
        double(slice.getOperations() + countDependents(eviction)) + 1;
    double wait = double(time[eviction.next] - time[previous]) + 1;
    candidate.price = operations / (double(freed) * wait);
    return true;
  }

  /// Operations of copies that are computed from the value.
  int64_t countDependents(const Eviction &eviction) const {
    llvm::DenseSet<ValueId> depends;
    int64_t operations = 0;
    for (const Step &step : timeline.getSteps().drop_front(eviction.next)) {
      if (!step.isCopy || llvm::none_of(step.reads, [&](ValueId id) {
            return profile.owner[id] == eviction.owner || depends.contains(id);
          }))
        continue;
      depends.insert_range(step.results);
      operations += ops.getOperations(step.op);
    }
    return operations;
  }

  /// Finds what later steps read in place of what is given up.
  static llvm::SmallDenseMap<ValueId, ValueId>
  requireAll(Timeline &timeline, Slice &slice, const Eviction &eviction) {
    llvm::SmallDenseMap<ValueId, ValueId> replacements;
    for (const Step &step : timeline.getSteps().drop_front(eviction.next))
      if (!Ops::isView(step.op))
        for (ValueId id : step.reads)
          if (!replacements.contains(id) && slice.isGivenUp(id))
            replacements[id] = slice.require(id);
    return replacements;
  }

  /// Makes steps from `first` on read other values.
  static void replace(Timeline &timeline, size_t first,
                      const llvm::SmallDenseMap<ValueId, ValueId> &values) {
    for (size_t i = first; i < timeline.getSteps().size(); ++i) {
      Step &step = timeline.getStep(i);
      if (Ops::isView(step.op))
        continue;
      for (ValueId &id : step.reads)
        if (auto found = values.find(id); found != values.end())
          id = found->second;
    }
  }

  /// Copies that come later and give the same are served by the new ones, but
  /// where they are written over.
  void shareCopies(Timeline &changed, const Slice &slice, size_t first) const {
    for (size_t i = first; i < changed.getSteps().size(); ++i) {
      Step &step = changed.getStep(i);
      for (ValueId &id : step.reads) {
        Value origin = changed.getOrigin(id);
        const auto *made = slice.getMade().find(origin);
        if (made != slice.getMade().end() && isLaterCopy(id, first) &&
            !Ops::isInit(step.op, origin))
          id = made->second;
      }
    }
  }

  bool isLaterCopy(ValueId id, size_t first) const {
    return id < profile.definedAt.size() &&
           profile.definedAt[id] >= int64_t(first) &&
           timeline.getSteps()[profile.definedAt[id]].isCopy;
  }

  bool apply(Timeline &changed, const Eviction &eviction, bool isShared) {
    Slice slice(changed, profile, eviction);
    auto replacements = requireAll(changed, slice, eviction);
    if (slice.hasFailed())
      return false;
    replace(changed, eviction.next, replacements);
    if (isShared)
      shareCopies(changed, slice, eviction.next);
    changed.insert(eviction.next, slice.getCopies());
    changed.dropDead();
    return true;
  }

  Timeline &timeline;
  const Ops &ops;
  Profile profile;
  size_t peak = 0;
  std::vector<int64_t> time;
};
} // namespace

void dither::reducePeak(Timeline &timeline, int64_t budget) {
  while (true) {
    Search search(timeline);
    if (search.getPeak() <= budget || !search.advance(budget))
      return;
  }
}
