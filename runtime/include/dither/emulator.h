//===- emulator.h - What an emulated kernel asks of its machine -*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A kernel for `cuda-emulator` is a function of the host that does what one
// thread of the device would do. Arithmetic is its own; registers of the device
// that say where a thread is are in DitherThread; for all that concerns other
// threads or memory it calls DitherEmulator, an instruction of PTX each. The
// words are those of the PTX ISA.
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_EMULATOR_H
#define DITHER_EMULATOR_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct DitherThread DitherThread;

/// What one thread of a kernel does. `arguments` point to the values of the
/// kernel's arguments.
typedef void (*DitherEmulatedKernel)(DitherThread *thread,
                                     const void *const *arguments);

typedef enum DitherAccess {
  DITHER_READ = 0,
  DITHER_WRITE = 1,
  DITHER_ATOMIC = 2 ///< reads and writes, ordered with other atomic accesses
} DitherAccess;

typedef enum DitherShuffle {
  DITHER_SHUFFLE_INDEX = 0,
  DITHER_SHUFFLE_UP = 1,
  DITHER_SHUFFLE_DOWN = 2,
  DITHER_SHUFFLE_XOR = 3
} DitherShuffle;

typedef enum DitherNumber {
  DITHER_F16 = 0,
  DITHER_BF16 = 1,
  DITHER_TF32 = 2,
  DITHER_F32 = 3,
  DITHER_S8 = 4,
  DITHER_U8 = 5,
  DITHER_S32 = 6,
  DITHER_E4M3 = 7,
  DITHER_E5M2 = 8
} DitherNumber;

/// A shape of mma.sync or mma.sp: D[m, n] = A[m, k] B[k, n] + C[m, n], A by
/// rows, B by columns, in fragments as of the PTX ISA. Where `sparse`, A has
/// two of each four elements, and `selector` names the threads that give the
/// metadata.
typedef struct DitherMma {
  uint32_t m, n, k;
  uint32_t a, b, accumulator; ///< DitherNumber
  uint32_t sparse, selector;
} DitherMma;

/// How a kernel is given a matrix by a tensor map (CUtensorMap): tiles of
/// `rows` by `columns` elements are copied, those of a row side by side, with
/// the swizzle of `swizzle` bytes, to which rows of a tile are that long: 32,
/// 64 or 128, or 0 for none.
typedef struct DitherTensorMap {
  /// Which argument of the kernel it is.
  uint32_t argument;
  uint32_t element; ///< DitherNumber
  uint32_t rows, columns, swizzle;
} DitherTensorMap;

/// The matrix itself: `stride` elements are between the first ones of rows. It
/// begins at a multiple of 16 bytes, and so do its rows.
typedef struct DitherMatrix {
  const void *data;
  int64_t rows, columns, stride;
} DitherMatrix;

/// What emulated kernels have for a tensor map.
typedef struct DitherMappedMatrix {
  DitherMatrix matrix;
  DitherTensorMap map;
} DitherMappedMatrix;

/// A shape of wgmma.mma_async: D[m, n] = A[m, k] B[k, n] + D[m, n], with 64
/// rows. `a` and `b` are DitherNumber, `transposed_a` and `transposed_b` the
/// immediates of the instruction, `sparse` as of DitherMma.
typedef struct DitherWgmma {
  uint32_t n, k;
  uint32_t a, b, accumulator;
  uint32_t sparse, selector;
  uint32_t transposed_a, transposed_b;
} DitherWgmma;

/// Of all instructions, `where` says which it is, for messages: a string that
/// lives as long as the artifact. A fault ends the kernel: the call does not
/// return.
typedef struct DitherEmulator {
  /// Before an access of a thread to `bytes` at `address`, in shared or in
  /// global memory. Faults: outside of memory, not aligned to `alignment`,
  /// a read of what nobody wrote, a race with another thread.
  void (*access)(DitherThread *thread, const void *address, uint64_t bytes,
                 uint32_t alignment, uint32_t access, const char *where);

  /// bar.sync `id`, `threads`; 0 threads are all of the block.
  void (*barrier)(DitherThread *thread, uint32_t id, uint32_t threads,
                  const char *where);
  /// bar.arrive `id`, `threads`.
  void (*arrive)(DitherThread *thread, uint32_t id, uint32_t threads,
                 const char *where);
  /// bar.warp.sync `mask`.
  void (*warp_sync)(DitherThread *thread, uint32_t mask, const char *where);
  /// shfl.sync of 32 bits; `clamp` is operand c. `valid` gets the predicate, or
  /// is NULL.
  uint32_t (*shuffle)(DitherThread *thread, uint32_t mask, uint32_t kind,
                      uint32_t value, uint32_t lane, uint32_t clamp,
                      uint32_t *valid, const char *where);
  /// vote.sync.ballot.
  uint32_t (*ballot)(DitherThread *thread, uint32_t mask, uint32_t predicate,
                     const char *where);

  /// cp.async of 4, 8 or 16 bytes, of which `source_bytes` are read and the
  /// others zero. The bytes arrive no earlier than they are waited for.
  void (*copy_async)(DitherThread *thread, void *shared, const void *global,
                     uint32_t bytes, uint32_t source_bytes, const char *where);
  /// cp.async.commit_group, and cp.async.wait_group: all but the last `groups`.
  void (*copy_commit)(DitherThread *thread, const char *where);
  void (*copy_wait)(DitherThread *thread, uint32_t groups, const char *where);

  /// ldmatrix, stmatrix .m8n8.b16 of `count` matrices (1, 2, 4).
  void (*load_matrix)(DitherThread *thread, const void *row, uint32_t count,
                      uint32_t transposed, uint32_t *registers,
                      const char *where);
  void (*store_matrix)(DitherThread *thread, void *row, uint32_t count,
                       uint32_t transposed, const uint32_t *registers,
                       const char *where);

  /// mma.sync and mma.sp: fragments as registers of 32 bits. `metadata` is of
  /// use only where `mma` is sparse.
  void (*multiply)(DitherThread *thread, const DitherMma *mma,
                   const uint32_t *a, const uint32_t *b, const uint32_t *c,
                   uint32_t metadata, uint32_t *d, const char *where);

  /// mbarrier.init and mbarrier.inval of the 8 bytes at `barrier`, in shared
  /// memory.
  void (*mbarrier_init)(DitherThread *thread, void *barrier, uint32_t count,
                        const char *where);
  void (*mbarrier_invalidate)(DitherThread *thread, void *barrier,
                              const char *where);
  /// mbarrier.arrive; with `bytes`, mbarrier.arrive.expect_tx.
  void (*mbarrier_arrive)(DitherThread *thread, void *barrier, uint32_t bytes,
                          const char *where);
  /// mbarrier.try_wait.parity, again and again until it is true.
  void (*mbarrier_wait)(DitherThread *thread, void *barrier, uint32_t parity,
                        const char *where);
  /// fence.mbarrier_init, and fence.proxy.async.
  void (*fence_mbarrier_init)(DitherThread *thread, const char *where);
  void (*fence_proxy)(DitherThread *thread, const char *where);

  /// cp.async.bulk to shared memory, whose bytes `barrier` counts; a tile of a
  /// matrix, cp.async.bulk.tensor.2d, from (`row`, `column`) on.
  void (*copy_bulk)(DitherThread *thread, void *shared, const void *global,
                    uint32_t bytes, void *barrier, const char *where);
  void (*copy_tensor)(DitherThread *thread, void *shared,
                      const DitherMappedMatrix *matrix, int32_t row,
                      int32_t column, void *barrier, const char *where);
  /// The way back, cp.async.bulk.tensor.2d to global memory, with its groups.
  /// `read`: cp.async.bulk.wait_group.read.
  void (*store_tensor)(DitherThread *thread, const DitherMappedMatrix *matrix,
                       int32_t row, int32_t column, const void *shared,
                       const char *where);
  void (*bulk_commit)(DitherThread *thread, const char *where);
  void (*bulk_wait)(DitherThread *thread, uint32_t groups, uint32_t read,
                    const char *where);

  /// wgmma.fence, wgmma.mma_async, wgmma.commit_group and wgmma.wait_group.
  /// Operands are `a` in registers, or `a_matrix`, where `a` is NULL, and
  /// `b_matrix`, as matrix descriptors. What `sums` gets are placeholders,
  /// which the next product takes, until `wait`, which has all registers that
  /// may hold some, puts numbers there.
  void (*group_fence)(DitherThread *thread, const char *where);
  void (*group_multiply)(DitherThread *thread, const DitherWgmma *mma,
                         const uint32_t *a, uint64_t a_matrix,
                         uint64_t b_matrix, uint32_t metadata, uint32_t *sums,
                         const char *where);
  void (*group_commit)(DitherThread *thread, const char *where);
  void (*group_wait)(DitherThread *thread, uint32_t groups, uint32_t *registers,
                     uint32_t count, const char *where);

  /// setmaxnreg, to `count` registers.
  void (*set_registers)(DitherThread *thread, uint32_t count, uint32_t increase,
                        const char *where);
  /// elect.sync: 1 for one lane of `mask`.
  uint32_t (*elect)(DitherThread *thread, uint32_t mask, const char *where);
} DitherEmulator;

/// Where a thread is. Other fields, of the emulator, follow.
struct DitherThread {
  const DitherEmulator *emulator;
  /// %tid, %ntid, %ctaid, %nctaid.
  uint32_t thread[3], threads[3], block[3], blocks[3];
  /// The shared memory of its block.
  unsigned char *shared;
};

#ifdef __cplusplus
}
#endif

#endif // DITHER_EMULATOR_H
