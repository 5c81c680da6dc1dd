#ifndef DITHER_CODEGEN_CUDA_TD
#define DITHER_CODEGEN_CUDA_TD

include "mlir/Pass/PassBase.td"

def FormKernels : Pass<"dither-form-kernels", "::mlir::func::FuncOp"> {
  let summary = "Makes each op on buffers a kernel of a device";
  let description = [{
    Each op of the function's block that reads or writes memory becomes a `gpu.launch`, in the order of the block. What is left outside is
    arithmetic on extents and views of buffers, which the host does: it never reads memory of the device. A number that the host would load is loaded
    by the kernels that use it or, where something writes to that memory in between, kept in a buffer of its own.

    An op of linalg has a thread for each element of its results or, where those are few, a warp, or a block; a product has a block of threads for a block of its
    result, for which the representation of the weights decodes a tile at a time. A loop that is not parallel has one thread.

    ```mlir
    linalg.generic ... ins(%x : memref<1024xf32>) outs(%y : memref<1024xf32>)
    // becomes gpu.launch blocks(...) = (4, 1, 1) threads(...) = (256, 1, 1) { ... }
    ```

    Remarks (`--remarks-filter=dither`): `kernels`: launches; `warps`: those that reduce by warps or blocks; `products`; `serial`: those with one thread;
    `kept`: numbers in buffers of their own.
  }];
  let dependentDialects = ["::mlir::gpu::GPUDialect", "::mlir::scf::SCFDialect", "::mlir::memref::MemRefDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::affine::AffineDialect", "::mlir::vector::VectorDialect", "::mlir::math::MathDialect", "::mlir::NVVM::NVVMDialect", "::dither::tile::TileDialect",
                           "::mlir::LLVM::LLVMDialect"];
  let options = [
    Option<"chip", "chip", "std::string", "\"sm_80\"", "the chip whose instructions kernels may use, as --chips names it">
  ];
}

def OrderLaunches : Pass<"dither-order-launches", "::mlir::func::FuncOp"> {
  let summary = "Says which launches of a function follow which";
  let description = [{
    Behind `dither-plan-memory`, a launch follows another where both touch the same memory and one of them writes: bytes of the arena that overlap, or
    the same argument. Different arguments do not overlap where one is written, which the runtime checks. What a kernel does with a memref that no rule
    knows is a write, and a view at an unknown offset is all of what it is a view of.

    `dither.after` has the distances of the launches that a launch follows, 1 for the one right before it, without those that one of these follows
    already. Launches of which neither follows the other may run at the same time. In and behind a loop or a branch of the host launches lack it, up to
    the first one behind it: those follow all before them, and all behind follow them.

    ```mlir
    %c1 = arith.constant 1 : index
    %x = memref.alloc() : memref<f32>
    %y = memref.alloc() : memref<f32>
    %zero = arith.constant 0.0 : f32
    gpu.launch blocks(%b0, %b1, %b2) in (%g0 = %c1, %g1 = %c1, %g2 = %c1) threads(%t0, %t1, %t2) in (%s0 = %c1, %s1 = %c1, %s2 = %c1) {
      memref.store %zero, %x[] : memref<f32>
      gpu.terminator
    }
    gpu.launch blocks(%b0, %b1, %b2) in (%g0 = %c1, %g1 = %c1, %g2 = %c1) threads(%t0, %t1, %t2) in (%s0 = %c1, %s1 = %c1, %s2 = %c1) {
      memref.store %zero, %y[] : memref<f32>
      gpu.terminator
    }
    // becomes two launches with {dither.after = array<i32>}
    ```

    Remarks (`--remarks-filter=dither`): `launches`: those with `dither.after`; `orders`: what these have in it; `depth`: how many follow each other in the
    longest chain.
  }];
}

def OutlineKernels : Pass<"dither-outline-kernels", "::mlir::ModuleOp"> {
  let summary = "Puts the bodies of launches into one module of kernels";
  let description = [{
    What a launch uses of constants, extents and views is computed in it, so that a kernel's arguments are those of its function. The bodies then
    become the functions of `@kernels`, named after the function that launches them, in the order of the launches: upstream outlines them.

    ```mlir
    gpu.launch ... { ... }
    // becomes gpu.launch_func @kernels::@forward_0 ...
    ```
  }];
  let dependentDialects = ["::mlir::gpu::GPUDialect"];
}

def PlaceShared : Pass<"dither-place-shared", "::mlir::gpu::GPUModuleOp"> {
  let summary = "Places the shared memory of each kernel";
  let description = [{
    The globals in shared memory that a kernel of the LLVM dialect uses are placed one behind the other, from the start of what a launch gives it,
    the external global `dither_shared`; their size is the kernel's `dither.shared_bytes`. Static shared memory ends at 48 KiB.

    ```mlir
    %x = llvm.mlir.addressof @... : !llvm.ptr<3>
    // becomes llvm.getelementptr of the address of @dither_shared
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def ExpandMasks : Pass<"dither-expand-masks", "::mlir::gpu::GPUModuleOp"> {
  let summary = "Takes masked accesses to memory element by element";
  let description = [{
    A thread of a device has no masked vectors: it reads and writes the elements that exist one by one. What a kernel asks for ahead of its use
    is dropped, since other threads run while one waits.

    ```mlir
    vector.maskedstore %y[...], %mask, %values : memref<?xf32>, vector<4xi1>, vector<4xf32>
    // becomes four scf.if with a memref.store
    ```
  }];
  let dependentDialects = ["::mlir::scf::SCFDialect", "::mlir::memref::MemRefDialect", "::mlir::vector::VectorDialect"];
}

def DeviceMath : Pass<"dither-device-math", "::mlir::gpu::GPUModuleOp"> {
  let summary = "Makes intrinsics of the math functions that devices have";
  let description = [{
    Square roots, roundings, absolute values and fused products are instructions; upstream would make calls of NVIDIA's library of them, which
    nothing here needs.

    ```mlir
    %y = math.floor %x : f32
    // becomes llvm.call_intrinsic "llvm.floor"(%x)
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def LowerLaunches : Pass<"dither-lower-launches", "::mlir::ModuleOp"> {
  let summary = "Hands launches of kernels to the runtime";
  let description = [{
    Every function gains the context as its first argument, through which it reaches the runtime's `launch` (runtime/include/dither/abi.h): a
    `gpu.launch_func` becomes a call with the number of its kernel among those of the module, the grid and pointers to the values of its
    arguments, memrefs as the fields of their descriptors, and the launches that it follows (`dither.after`). The block and shared memory are the
    kernel's own.

    ```mlir
    gpu.launch_func @kernels::@f blocks in ... threads in ... args(%x : memref<8xf32>)
    // becomes llvm.call through the context
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect", "::mlir::arith::ArithDialect"];
}

def PlaceMaps : Pass<"dither-place-maps", "::mlir::gpu::GPUModuleOp"> {
  let summary = "Passes tensor maps to kernels by value";
  let description = [{
    The arguments that `dither.tensor_maps` names are 128 bytes among the parameters of a kernel of the LLVM dialect, where TMA reads them.

    ```mlir
    llvm.func @f(%map: !llvm.ptr) attributes {dither.tensor_maps = [array<i32: 0, 1, 64, 64, 128>]}
    // becomes llvm.func @f(%map: !llvm.ptr {llvm.byval = !llvm.array<16 x i64>, llvm.align = 64 : i64, nvvm.grid_constant})
    ```
  }];
}

def ExpandInstructions : Pass<"dither-expand-instructions", "::mlir::gpu::GPUModuleOp"> {
  let summary = "Writes instructions that the NVVM dialect does not have as assembly";
  let description = [{
    Those of `wgmma`, of which the tile dialect has ops, become `llvm.inline_asm`, whose results are in the registers of the sums.

    ```mlir
    %d:2 = tile.wgmma_wait 0, %c0, %c1 : f32, f32
    // becomes llvm.inline_asm "wgmma.wait_group.sync.aligned 0;", "=f,=f,0,1" %c0, %c1
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def EmulateKernels : Pass<"dither-emulate-kernels", "::mlir::ModuleOp"> {
  let summary = "Turns kernels of the NVVM dialect into functions of the host that say what one thread does";
  let description = [{
    Each kernel of a `gpu.module` becomes a function `dither.emulated.<name>(thread, arguments)` of the host, a DitherEmulatedKernel
    (runtime/include/dither/emulator.h). Registers that say where a thread is are fields of `thread`; what concerns memory or other threads is a call
    of the emulator, an access to memory for each load and store. The `gpu.module` goes.

    ```mlir
    %i = nvvm.read.ptx.sreg.tid.x : i32
    // becomes a load of a field of the thread
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif // DITHER_CODEGEN_CUDA_TD
