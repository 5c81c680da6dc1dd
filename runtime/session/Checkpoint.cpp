//===- Checkpoint.cpp - State tensors in a file ---------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/session/Checkpoint.h"
#include "runtime/io/Checksum.h"
#include "runtime/io/Safetensors.h"
#include "runtime/session/Session.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace dither::runtime {

/// What the runtime writes itself; all other metadata are notes of the host.
static constexpr std::string_view ownPrefix = "dither.";
static constexpr const char *modelKey = "dither.model";
static constexpr const char *seedKey = "dither.seed";
static constexpr const char *stepKey = "dither.step";
static constexpr const char *checksumKey = "dither.checksum";

static bool isOwn(std::string_view key) {
  return key.substr(0, ownPrefix.size()) == ownPrefix;
}

using Notes = std::map<std::string, std::string>;

static void add(ChecksumStream &stream, const std::string &text) {
  stream.add({reinterpret_cast<const uint8_t *>(text.data()), text.size()});
}

/// Safetensors has no checksum of its own. This one covers what a damaged file
/// could bring into the session unnoticed: data, seed, step and notes. The rest
/// is compared with the manifest.
static std::string contentChecksum(const std::vector<Bytes> &data,
                                   const std::string &seed,
                                   const std::string &step,
                                   const Notes &notes) {
  ChecksumStream stream;
  for (Bytes bytes : data)
    stream.add(bytes);
  add(stream, seed + ' ' + step);
  for (const auto &[key, value] : notes)
    add(stream, '\n' + key + '=' + value);
  return checksumText(stream.value());
}

Error Session::setNote(std::string_view key, std::string_view value) {
  if (isOwn(key))
    return Error(Code::InvalidArgument,
                 concat("note ", inQuotes(key), ": keys that begin with ",
                        inQuotes(ownPrefix), " are taken; choose another"));
  notes[std::string(key)] = value;
  return Error::success();
}

Error Session::save(const std::string &path) {
  Hold hold(*this);
  if (!hold)
    return Hold::busyError();
  std::vector<TensorView> views;
  for (size_t i = 0; i < tensors.size(); ++i) {
    const TensorSpec &spec = manifest().tensors[i];
    if (spec.kind != DITHER_STATE)
      continue;
    if (Error error = download(uint32_t(i)))
      return error;
    views.push_back(
        {spec.name, spec.element, spec.shape, {tensors[i].data, spec.bytes}});
  }
  sortForSafetensors(views);
  std::vector<Bytes> data;
  for (const TensorView &view : views)
    data.push_back(view.bytes);
  std::string seedText = std::to_string(seed), stepText = std::to_string(step);
  std::map<std::string, std::string> metadata = notes;
  metadata[modelKey] = manifest().model;
  metadata[seedKey] = seedText;
  metadata[stepKey] = stepText;
  metadata[checksumKey] = contentChecksum(data, seedText, stepText, notes);
  return writeSafetensors(path, std::move(views), metadata);
}

namespace {
Error readCounter(const Safetensors &file, const char *key, uint64_t &out) {
  auto found = file.metadata.find(key);
  if (found == file.metadata.end())
    return Error::success();
  const std::string &text = found->second;
  uint64_t value = 0;
  auto [end, code] =
      std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size())
    return Error(Code::Corrupt, concat("metadata ", inQuotes(key), " is ",
                                       inQuotes(text), ", not a number"));
  out = value;
  return Error::success();
}

Notes readNotes(const Safetensors &file) {
  Notes notes;
  for (const auto &[key, value] : file.metadata)
    if (!isOwn(key))
      notes[key] = value;
  return notes;
}

/// Finds a state tensor in the file and checks that it fits.
Expected<const TensorView *> matchTensor(const Safetensors &file,
                                         const TensorSpec &spec) {
  std::string where = concat("tensor ", inQuotes(spec.name));
  const TensorView *found = file.find(spec.name);
  if (!found)
    return Error(Code::NotFound,
                 concat(where, " is missing; was the checkpoint made by "
                               "another model?"));
  if (found->element != spec.element || found->shape != spec.shape)
    return Error(Code::InvalidArgument,
                 concat(where, " is ", shapeText(found->shape), " of ",
                        elementName(found->element), ", the model has ",
                        shapeText(spec.shape), " of ",
                        elementName(spec.element)));
  if (spec.element == Element::I1)
    for (size_t i = 0; i < found->bytes.size; ++i)
      if (found->bytes.data[i] > 1)
        return Error(Code::Corrupt,
                     concat(where, " has a boolean that is neither 0 nor 1"));
  return found;
}
} // namespace

Error checkCheckpoint(const Safetensors &file) {
  auto text = [&](const char *key) {
    auto found = file.metadata.find(key);
    return found == file.metadata.end() ? std::string() : found->second;
  };
  // A damaged name would hide the checksum: one of ours betrays the others.
  bool isOurs = std::any_of(
      file.metadata.begin(), file.metadata.end(),
      [](const auto &entry) { return entry.first.rfind(ownPrefix, 0) == 0; });
  if (isOurs &&
      text(checksumKey) != contentChecksum({file.data}, text(seedKey),
                                           text(stepKey), readNotes(file)))
    return Error(Code::Corrupt, "the checkpoint is damaged: its checksum is "
                                "wrong; use an earlier one");
  return Error::success();
}

Error Session::load(const std::string &path) {
  Hold hold(*this);
  if (!hold)
    return Hold::busyError();
  Expected<SafetensorsFile> file = readSafetensors(path);
  if (!file)
    return file.takeError();
  if (Error error = checkCheckpoint(file->view))
    return std::move(error).in(path);
  uint64_t newSeed = seed, newStep = step;
  if (Error error = readCounter(file->view, seedKey, newSeed))
    return std::move(error).in(path);
  if (Error error = readCounter(file->view, stepKey, newStep))
    return std::move(error).in(path);

  // All checks first: an error must leave the session as it was.
  std::vector<const TensorView *> sources(tensors.size(), nullptr);
  for (size_t i = 0; i < tensors.size(); ++i) {
    const TensorSpec &spec = manifest().tensors[i];
    if (spec.kind != DITHER_STATE)
      continue;
    Expected<const TensorView *> match = matchTensor(file->view, spec);
    if (!match)
      return match.takeError().in(path);
    sources[i] = *match;
  }
  for (size_t i = 0; i < tensors.size(); ++i) {
    if (!sources[i])
      continue;
    if (sources[i]->bytes.size != 0)
      memcpy(tensors[i].data, sources[i]->bytes.data, sources[i]->bytes.size);
    tensors[i].current = Current::Host;
  }
  seed = newSeed;
  step = newStep;
  notes = readNotes(file->view);
  return Error::success();
}

} // namespace dither::runtime
