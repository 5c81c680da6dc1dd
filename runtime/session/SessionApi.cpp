//===- SessionApi.cpp - C functions of sessions ---------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/session/Handles.h"

#include <new>

using namespace dither::runtime;

DitherStatus *dither_session_create(const DitherArtifact *artifact,
                                    const DitherSessionOptions *options,
                                    DitherSession **session) {
  if (!artifact || !session)
    return toStatus(nullArgument(__func__, artifact ? "session" : "artifact"));
  const DitherSessionOptions none = {};
  auto created = Session::create(artifact->artifact, options ? *options : none);
  if (!created)
    return toStatus(created.takeError());
  auto *handle = new (std::nothrow) DitherSession{std::move(*created)};
  if (!handle)
    return toStatus(Error(Code::OutOfMemory, "no memory for a session"));
  *session = handle;
  return nullptr;
}

void dither_session_destroy(DitherSession *session) { delete session; }

DitherStatus *dither_session_bind(DitherSession *session, const char *name,
                                  DLManagedTensor *tensor) {
  if (!session || !name)
    return toStatus(nullArgument(__func__, session ? "name" : "session"));
  return toStatus(session->session->bind(name, tensor));
}

DitherStatus *dither_session_set(DitherSession *session, const char *name,
                                 const DLTensor *source) {
  if (!session || !name || !source)
    return toStatus(nullArgument(__func__, !session ? "session"
                                           : name   ? "source"
                                                    : "name"));
  return toStatus(session->session->set(name, *source));
}

DitherStatus *dither_session_get(DitherSession *session, const char *name,
                                 const DLTensor *destination) {
  if (!session || !name || !destination)
    return toStatus(nullArgument(__func__, !session ? "session"
                                           : name   ? "destination"
                                                    : "name"));
  return toStatus(session->session->get(name, *destination));
}

DitherStatus *dither_session_view(DitherSession *session, const char *name,
                                  DLTensor *view) {
  if (!session || !name || !view)
    return toStatus(nullArgument(__func__, !session ? "session"
                                           : name   ? "view"
                                                    : "name"));
  return toStatus(session->session->view(name, *view));
}

void dither_session_set_seed(DitherSession *session, uint64_t seed) {
  if (session)
    session->session->seed = seed;
}

void dither_session_set_step(DitherSession *session, uint64_t step) {
  if (session)
    session->session->step = step;
}

uint64_t dither_session_seed(const DitherSession *session) {
  return session ? session->session->seed : 0;
}

uint64_t dither_session_step(const DitherSession *session) {
  return session ? session->session->step : 0;
}

DitherStatus *dither_session_call(DitherSession *session, uint32_t function,
                                  const DLTensor *inputs, size_t input_count,
                                  const DLTensor *outputs,
                                  size_t output_count) {
  if (!session)
    return toStatus(nullArgument(__func__, "session"));
  if (Error error = checkFunction(session->session->artifact(), function))
    return toStatus(error);
  return toStatus(session->session->call(function, inputs, input_count, outputs,
                                         output_count));
}

DitherStatus *dither_session_begin(DitherSession *session, uint32_t function,
                                   const DLTensor *inputs, size_t input_count,
                                   const DLTensor *outputs,
                                   size_t output_count) {
  if (!session)
    return toStatus(nullArgument(__func__, "session"));
  if (Error error = checkFunction(session->session->artifact(), function))
    return toStatus(error);
  return toStatus(session->session->begin(function, inputs, input_count,
                                          outputs, output_count));
}

DitherStatus *dither_session_wait(DitherSession *session) {
  if (!session)
    return toStatus(nullArgument(__func__, "session"));
  return toStatus(session->session->wait());
}

DitherStatus *dither_session_reserve(DitherSession *session, uint32_t function,
                                     const int64_t *dims, size_t dim_count) {
  if (!session)
    return toStatus(nullArgument(__func__, "session"));
  const Artifact &artifact = session->session->artifact();
  if (Error error = checkFunction(artifact, function))
    return toStatus(error);
  if (Error error =
          checkDims(artifact.manifest().functions[function], dims, dim_count))
    return toStatus(error);
  return toStatus(session->session->reserve(function, dims));
}

void dither_session_memory(const DitherSession *session, DitherMemory *memory) {
  if (session && memory)
    session->session->memory(*memory);
}

uint32_t dither_session_version(const DitherSession *session) {
  return session ? session->session->version() : 0;
}

uint32_t dither_session_threads(const DitherSession *session) {
  return session ? session->session->threads() : 0;
}

DitherStatus *dither_session_profile_start(DitherSession *session,
                                           size_t capacity) {
  if (!session)
    return toStatus(nullArgument(__func__, "session"));
  return toStatus(session->session->startProfile(capacity));
}

void dither_session_profile_stop(DitherSession *session) {
  if (session)
    session->session->stopProfile();
}

const DitherProfileEvent *
dither_session_profile_events(const DitherSession *session, size_t *count,
                              uint64_t *dropped) {
  if (count)
    *count = session ? session->session->eventCount() : 0;
  if (dropped)
    *dropped = session ? session->session->droppedEvents() : 0;
  return session ? session->session->events() : nullptr;
}

DitherStatus *dither_session_set_note(DitherSession *session, const char *key,
                                      const char *value) {
  if (!session || !key || !value)
    return toStatus(nullArgument(__func__, !session ? "session"
                                           : key    ? "value"
                                                    : "key"));
  return toStatus(session->session->setNote(key, value));
}

const char *dither_session_note(const DitherSession *session, const char *key) {
  if (!session || !key)
    return nullptr;
  const auto &notes = session->session->notes;
  auto found = notes.find(key);
  return found == notes.end() ? nullptr : found->second.c_str();
}

DitherStatus *dither_session_save(DitherSession *session, const char *path) {
  if (!session || !path)
    return toStatus(nullArgument(__func__, session ? "path" : "session"));
  return toStatus(session->session->save(path));
}

DitherStatus *dither_session_load(DitherSession *session, const char *path) {
  if (!session || !path)
    return toStatus(nullArgument(__func__, session ? "path" : "session"));
  return toStatus(session->session->load(path));
}
