//===- runtime.h - Load and run what the compiler wrote -----------*- C -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An artifact is code and constants, shared and immutable. A session is one
// user of an artifact: its state tensors, arena, threads and random state.
//
//   DitherArtifact *artifact = NULL;
//   DitherSession *session = NULL;
//   DitherStatus *status = dither_artifact_open("digits.dither", NULL,
//                                              &artifact);
//   if (!status)
//     status = dither_session_create(artifact, NULL, &session);
//   if (!status)
//     status = dither_session_call(session, 0, &x, 1, &y, 1);
//   if (status)
//     fprintf(stderr, "%s\n", dither_status_message(status));
//   dither_status_free(status);
//   dither_session_destroy(session);
//   dither_artifact_close(artifact);
//
// Conventions. A function that can fail returns a DitherStatus, NULL on
// success; the caller frees it. On failure no out parameter is written and no
// session is changed, unless its documentation says so. No function aborts,
// throws, prints, or keeps a pointer that it was given, unless documented.
// Strings and shapes handed out belong to the artifact and live as long as it
// or any session of it. Sizes and offsets are in bytes, strides and shapes in
// elements, times in nanoseconds of CLOCK_MONOTONIC.
//
// Threads. An artifact may be used by many threads at once. A session serves
// one thread at a time: a second, concurrent call gets DITHER_BUSY.
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_H
#define DITHER_RUNTIME_H

#include "dither/abi.h"

#include <dlpack/dlpack.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct DitherStatus DitherStatus;
typedef struct DitherArtifact DitherArtifact;
typedef struct DitherSession DitherSession;

/// The DLPack type code of a boolean byte; DLPack 0.6 has no name for it yet.
#define DITHER_DL_BOOL 6

//===----------------------------------------------------------------------===//
// Status
//===----------------------------------------------------------------------===//

typedef enum DitherCode {
  DITHER_OK = 0,
  DITHER_INVALID_ARGUMENT =
      1,                  ///< the caller passed something that does not fit
  DITHER_NOT_FOUND = 2,   ///< no such file, function or tensor
  DITHER_IO = 3,          ///< the system refused to open, read or write
  DITHER_CORRUPT = 4,     ///< a file is cut, damaged or not what it claims
  DITHER_UNSUPPORTED = 5, ///< well formed, but not for this machine or version
  DITHER_OUT_OF_MEMORY = 6, ///< memory or threads ran out
  DITHER_BUSY = 7,          ///< the session is in a call of another thread
  DITHER_DEVICE_FAULT = 8   ///< a kernel failed while it ran on its device
} DitherCode;

/// The class of an error; DITHER_OK for NULL.
DitherCode dither_status_code(const DitherStatus *status);

/// One line of UTF-8 that names the file or tensor, the cause and the remedy;
/// "" for NULL. Lives as long as `status`.
const char *dither_status_message(const DitherStatus *status);

/// Frees a status; NULL is allowed.
void dither_status_free(DitherStatus *status);

/// "f32", "i1", ... of a DLPack type, or NULL where the runtime has none.
///   dither_dtype_name(tensor.dtype)
const char *dither_dtype_name(DLDataType dtype);

//===----------------------------------------------------------------------===//
// Artifacts
//===----------------------------------------------------------------------===//

/// Zero-initialize, then set what matters.
typedef struct DitherArtifactOptions {
  /// CPU features that are taken for absent, such as "-amx-tile,-avx512vnni":
  /// to test, or to work around. NULL: as the environment variable
  /// DITHER_CPU_FEATURES says, in the same words; "": none, whatever it says.
  /// Names are LLVM's. What is not of this form, or unknown, is an error.
  const char *cpu_features;
} DitherArtifactOptions;

/// Opens an artifact file: checks its trailer and checksum, loads it, checks
/// its manifest and its constants, and chooses the first version of its code
/// whose features this CPU has. `options` may be NULL.
/// Errors: DITHER_NOT_FOUND, DITHER_IO, DITHER_CORRUPT, DITHER_UNSUPPORTED
/// where there is no such version, DITHER_INVALID_ARGUMENT.
///   dither_artifact_open("model.dither", NULL, &artifact)
DitherStatus *dither_artifact_open(const char *path,
                                   const DitherArtifactOptions *options,
                                   DitherArtifact **artifact);

/// Opens an artifact that is linked into this program. `embedded` must outlive
/// the artifact and its sessions. Errors as of dither_artifact_open.
///   extern const DitherEmbedded dither_embedded;
///   dither_artifact_open_embedded(&dither_embedded, NULL, &artifact)
DitherStatus *
dither_artifact_open_embedded(const DitherEmbedded *embedded,
                              const DitherArtifactOptions *options,
                              DitherArtifact **artifact);

/// Gives up the handle; NULL is allowed. Sessions keep what they need.
void dither_artifact_close(DitherArtifact *artifact);

/// The name of the model and the target triple, from the manifest.
const char *dither_artifact_model(const DitherArtifact *artifact);
const char *dither_artifact_triple(const DitherArtifact *artifact);
/// What runs the kernels: "cuda", "cuda-emulator"; "" for the CPU.
const char *dither_artifact_device(const DitherArtifact *artifact);

/// One version of the code of all functions, for CPUs with certain features
/// and, where kernels run on a device, for certain chips.
typedef struct DitherVersionInfo {
  const char *name;     ///< what it is for: "x86-64-v3"; of chips, "sm_90a"
  const char *features; ///< that it needs, "avx2,fma"
  const char *missing;  ///< those of them that this CPU lacks; "" if it has all
} DitherVersionInfo;

/// Versions, in the order of the manifest: the best first.
uint32_t dither_artifact_version_count(const DitherArtifact *artifact);
/// The index of the one that runs. Where kernels run on a device, that chooses
/// among the versions, see dither_session_version; this is the first whose code
/// this CPU runs.
uint32_t dither_artifact_version(const DitherArtifact *artifact);
/// Errors: DITHER_INVALID_ARGUMENT where `version` is out of range.
DitherStatus *dither_artifact_version_info(const DitherArtifact *artifact,
                                           uint32_t version,
                                           DitherVersionInfo *info);

typedef enum DitherKind {
  DITHER_CONSTANT = 0, ///< tensor in the image, read only
  DITHER_STATE = 1,    ///< tensor of the session, read and written in place
  DITHER_INPUT = 2,
  DITHER_OUTPUT = 3,
  DITHER_RNG = 4,  ///< seed and step; filled by the session
  DITHER_ARENA = 5 ///< scratch memory; supplied by the session
} DitherKind;

/// What a tensor or an argument looks like. In `shape`, a value >= 0 is a fixed
/// size and -1 - k stands for the k-th dynamic dimension of the function.
typedef struct DitherTensorInfo {
  const char *name; ///< "" for the rng and the arena
  DitherKind kind;
  DLDataType dtype;
  int32_t rank;
  const int64_t *shape;
  uint64_t bytes;   ///< 0 where a dimension is dynamic
  const char *init; ///< the initializer named in the manifest, or NULL
} DitherTensorInfo;

typedef struct DitherFunctionInfo {
  const char *name;
  uint32_t argument_count; ///< of all kinds, in the order of the call
  uint32_t input_count;
  uint32_t output_count;
  uint32_t dim_count;
  const char *const *dims; ///< names of the dynamic dimensions
} DitherFunctionInfo;

/// Functions, in the order of the manifest.
uint32_t dither_artifact_function_count(const DitherArtifact *artifact);
/// Errors: DITHER_NOT_FOUND, with the names that exist.
DitherStatus *dither_artifact_find_function(const DitherArtifact *artifact,
                                            const char *name,
                                            uint32_t *function);
/// Errors: DITHER_INVALID_ARGUMENT where `function` is out of range.
DitherStatus *dither_artifact_function_info(const DitherArtifact *artifact,
                                            uint32_t function,
                                            DitherFunctionInfo *info);

/// The index-th argument of any kind, input, or output of a function.
/// Errors: DITHER_INVALID_ARGUMENT where an index is out of range.
///   dither_artifact_input_info(artifact, 0, 0, &info)
DitherStatus *dither_artifact_argument_info(const DitherArtifact *artifact,
                                            uint32_t function, uint32_t index,
                                            DitherTensorInfo *info);
DitherStatus *dither_artifact_input_info(const DitherArtifact *artifact,
                                         uint32_t function, uint32_t index,
                                         DitherTensorInfo *info);
DitherStatus *dither_artifact_output_info(const DitherArtifact *artifact,
                                          uint32_t function, uint32_t index,
                                          DitherTensorInfo *info);

/// Constants and state tensors, in the order of the manifest.
uint32_t dither_artifact_tensor_count(const DitherArtifact *artifact);
/// Errors: DITHER_NOT_FOUND.
DitherStatus *dither_artifact_find_tensor(const DitherArtifact *artifact,
                                          const char *name, uint32_t *tensor);
/// Errors: DITHER_INVALID_ARGUMENT where `tensor` is out of range.
DitherStatus *dither_artifact_tensor_info(const DitherArtifact *artifact,
                                          uint32_t tensor,
                                          DitherTensorInfo *info);

/// Finds the sizes of the dynamic dimensions of a function from its inputs:
/// writes dim_count values to `dims`. Looks at types and shapes, not at data.
/// Errors: DITHER_INVALID_ARGUMENT where inputs do not fit or do not agree.
DitherStatus *dither_artifact_resolve_dims(const DitherArtifact *artifact,
                                           uint32_t function,
                                           const DLTensor *inputs,
                                           size_t input_count, int64_t *dims);

/// The shape of an output for given dimensions: writes `rank` values.
///   int64_t dims[1] = {32}, shape[2];
///   dither_artifact_output_shape(artifact, 0, 0, dims, 1, shape)
DitherStatus *dither_artifact_output_shape(const DitherArtifact *artifact,
                                           uint32_t function, uint32_t output,
                                           const int64_t *dims,
                                           size_t dim_count, int64_t *shape);

/// The bytes of arena that a call needs for given dimensions; where kernels run
/// on a device, by the version that needs most.
DitherStatus *dither_artifact_arena_bytes(const DitherArtifact *artifact,
                                          uint32_t function,
                                          const int64_t *dims, size_t dim_count,
                                          uint64_t *bytes);

//===----------------------------------------------------------------------===//
// Devices
//===----------------------------------------------------------------------===//

/// A device that kernels can run on. Strings live until the process ends.
typedef struct DitherDeviceInfo {
  const char *target; ///< "cuda"
  uint32_t number;
  const char *name; ///< "NVIDIA H200"
  const char *chip; ///< what it runs at best, as NVIDIA names it: "sm_90"
  uint64_t memory;
  uint64_t free_memory; ///< now; 0 where the device does not say
  uint32_t multiprocessors;
  uint32_t driver; ///< that is installed, 12040 for CUDA 12.4; 0: needs none
} DitherDeviceInfo;

/// The number of devices of a target: "cuda", or "cuda-emulator", which always
/// has one. The first call for "cuda" opens NVIDIA's driver: libcuda.so.1, or
/// the library that the environment variable DITHER_LIBCUDA names.
/// Errors: DITHER_UNSUPPORTED where there is no driver or it finds no device,
/// DITHER_INVALID_ARGUMENT where there is no such target.
///   dither_device_count("cuda", &count)
DitherStatus *dither_device_count(const char *target, uint32_t *count);

/// Describes a device. Errors: as of dither_device_count.
///   dither_device_info("cuda", 0, &info)
DitherStatus *dither_device_info(const char *target, uint32_t number,
                                 DitherDeviceInfo *info);

//===----------------------------------------------------------------------===//
// Sessions
//===----------------------------------------------------------------------===//

/// Zero-initialize, then set what matters.
typedef struct DitherSessionOptions {
  /// Threads of a call, the caller's included; 0: one per usable core.
  uint32_t threads;
  /// Replaces the session's own thread pool, see DitherContext. Its `host` is
  /// `parallel_for_host`. `threads` is ignored then. Creating a session
  /// calls it for each tensor of a MiB or more, so that pages of memory lie
  /// near the threads that will read them. Kernels take up to 336 KiB of the
  /// stack of each thread that runs them.
  void (*parallel_for)(DitherContext *context, DitherParallelBody body,
                       void *env, int64_t extent);
  void *parallel_for_host;
  /// Of an artifact for a device: its number, as dither_device_info has it.
  uint32_t device;
} DitherSessionOptions;

/// Makes a session with its state tensors zero (or as the manifest's initial
/// data say), seed 0, step 0. `options` may be NULL.
/// Errors: DITHER_OUT_OF_MEMORY.
///   DitherSessionOptions options = {4, NULL, NULL, 0};
///   dither_session_create(artifact, &options, &session)
DitherStatus *dither_session_create(const DitherArtifact *artifact,
                                    const DitherSessionOptions *options,
                                    DitherSession **session);

/// Frees a session and releases what was bound to it; NULL is allowed. Must
/// not be called while a call is under way.
void dither_session_destroy(DitherSession *session);

/// Makes a state tensor live in the caller's memory, which functions then read
/// and write in place. Takes `tensor` over on success and calls its deleter
/// when another is bound or the session is destroyed. The memory must be
/// row-major without gaps and aligned to 64 bytes, and overlap no other tensor.
/// Errors: DITHER_NOT_FOUND, DITHER_INVALID_ARGUMENT.
DitherStatus *dither_session_bind(DitherSession *session, const char *name,
                                  DLManagedTensor *tensor);

/// Copies into a state tensor. Any strides. Errors as of dither_session_bind.
DitherStatus *dither_session_set(DitherSession *session, const char *name,
                                 const DLTensor *source);

/// Copies a constant or state tensor into memory of the caller. Any strides.
DitherStatus *dither_session_get(DitherSession *session, const char *name,
                                 const DLTensor *destination);

/// Describes a tensor in place. `view` and what it points to are valid until
/// the session is destroyed or the tensor is bound anew. A constant must not be
/// written through it. Of a session on a device it is a copy, of this moment,
/// and only for reading: use dither_session_set to write.
DitherStatus *dither_session_view(DitherSession *session, const char *name,
                                  DLTensor *view);

/// All randomness of a call is a function of the seed and the step. The host
/// sets them; the runtime never advances them.
void dither_session_set_seed(DitherSession *session, uint64_t seed);
void dither_session_set_step(DitherSession *session, uint64_t step);
uint64_t dither_session_seed(const DitherSession *session);
uint64_t dither_session_step(const DitherSession *session);

/// Runs a function on inputs and outputs in the order of the manifest.
/// Tensors live in CPU memory, aligned to their element, or row-major on the
/// session's device, aligned to 16 bytes, where what was begun on the legacy
/// default stream is waited for. They are of exactly the types and shapes that
/// the function wants; all inputs agree on dynamic dimensions.
/// `strides` may be NULL (row-major) or anything; where the function wants
/// row-major data, other layouts are copied through the session's memory.
/// Outputs overlap no input, no other output and no tensor of the function. An
/// i1 byte is 0 or 1. Nothing is allocated once sizes have been seen before.
/// Errors: DITHER_INVALID_ARGUMENT, DITHER_OUT_OF_MEMORY, DITHER_BUSY,
/// DITHER_DEVICE_FAULT.
///   dither_session_call(session, forward, &x, 1, &y, 1)
DitherStatus *dither_session_call(DitherSession *session, uint32_t function,
                                  const DLTensor *inputs, size_t input_count,
                                  const DLTensor *outputs, size_t output_count);

/// As dither_session_call, but where kernels run on a device, the call may
/// still be under way when this returns: the host prepares the next one
/// meanwhile. Inputs in CPU memory have been read. Outputs are written, and
/// what failed is told, when the next dither_session_begin or
/// dither_session_call of the session returns, or dither_session_wait. Outputs,
/// and inputs on the device, have to stay until then, also where that fails.
/// With more than 1 MiB of outputs in CPU memory, or strided ones, it waits.
///   dither_session_begin(session, step, batch, 2, &loss[i], 1)
DitherStatus *dither_session_begin(DitherSession *session, uint32_t function,
                                   const DLTensor *inputs, size_t input_count,
                                   const DLTensor *outputs,
                                   size_t output_count);

/// Waits for all that was begun, and tells what failed.
DitherStatus *dither_session_wait(DitherSession *session);

/// Allocates now what a call with these dimensions will need.
DitherStatus *dither_session_reserve(DitherSession *session, uint32_t function,
                                     const int64_t *dims, size_t dim_count);

typedef struct DitherMemory {
  uint64_t arena;     ///< bytes of arena held now; the largest call so far
  uint64_t state;     ///< bytes of state tensors that the session owns
  uint64_t bound;     ///< bytes of state tensors bound to the caller's memory
  uint64_t constants; ///< bytes of constants in the image, shared by sessions
  uint64_t staging;   ///< bytes of copies of strided inputs and outputs
  uint64_t resident;  ///< the sum of the above without `bound`
} DitherMemory;

void dither_session_memory(const DitherSession *session, DitherMemory *memory);

/// The index, among those of its artifact, of the version of the code that the
/// session calls: that of dither_artifact_version or, where kernels run on a
/// device, the one that is best for it.
uint32_t dither_session_version(const DitherSession *session);

/// The number of threads a call uses; 0 where the host supplies parallel_for.
uint32_t dither_session_threads(const DitherSession *session);

//===----------------------------------------------------------------------===//
// Profile
//===----------------------------------------------------------------------===//

typedef struct DitherProfileEvent {
  const char *function;
  uint64_t begin;       ///< ns
  uint64_t duration;    ///< ns, of the generated code alone
  uint64_t arena_bytes; ///< that this call needed
} DitherProfileEvent;

/// Forgets earlier events and records the next `capacity` calls; later ones are
/// counted as dropped. Meanwhile dither_session_begin waits. Errors:
/// DITHER_OUT_OF_MEMORY, DITHER_INVALID_ARGUMENT where `capacity` is 0 or above
/// 2^24.
DitherStatus *dither_session_profile_start(DitherSession *session,
                                           size_t capacity);
/// Stops recording; the events stay.
void dither_session_profile_stop(DitherSession *session);
/// The events so far, oldest first, valid until the next profile_start.
/// `dropped` may be NULL.
const DitherProfileEvent *
dither_session_profile_events(const DitherSession *session, size_t *count,
                              uint64_t *dropped);

//===----------------------------------------------------------------------===//
// Checkpoints
//===----------------------------------------------------------------------===//

/// Remembers a text under a key in this session and in its checkpoints: the
/// epoch, what the data was. Keys that begin with "dither." are taken. Errors:
/// DITHER_INVALID_ARGUMENT.
///   dither_session_set_note(session, "epochs", "60")
DitherStatus *dither_session_set_note(DitherSession *session, const char *key,
                                      const char *value);
/// The text under a key, valid until it is set or a checkpoint is loaded; NULL
/// where there is none.
const char *dither_session_note(const DitherSession *session, const char *key);

/// Writes all state tensors, the seed, the step and the notes as safetensors.
/// Atomic: the file is the old one or the new one, never half of it. The same
/// state gives the same bytes. Errors: DITHER_IO, DITHER_BUSY.
///   dither_session_save(session, "step-100.safetensors")
DitherStatus *dither_session_save(DitherSession *session, const char *path);

/// Reads what dither_session_save wrote, or any safetensors file that has all
/// state tensors by name, type and shape. Tensors of other names are passed
/// over; without a seed and a step in the file, the session keeps its own. The
/// metadata of the file become the session's notes.
/// Changes nothing on error. Errors: DITHER_NOT_FOUND, DITHER_IO,
/// DITHER_CORRUPT, DITHER_INVALID_ARGUMENT, DITHER_BUSY.
DitherStatus *dither_session_load(DitherSession *session, const char *path);

#ifdef __cplusplus
}
#endif

#endif // DITHER_RUNTIME_H
