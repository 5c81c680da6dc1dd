#ifndef DITHER_ENTRY_POINTS_TD
#define DITHER_ENTRY_POINTS_TD

include "mlir/Pass/PassBase.td"

def EntryPoints : Pass<"dither-entry-points", "::mlir::ModuleOp"> {
  let summary = "Adds the functions that the runtime calls";
  let description = [{
    For each function `_mlir_ciface_f` that upstream made as the C interface of `f` adds `dither.entry.f(context, arguments)`, the signature of
    DitherFunction in runtime/include/dither/abi.h: it reads the pointers to the descriptors and passes them on.

    ```mlir
    llvm.func @dither.entry.f(%context: !llvm.ptr, %arguments: !llvm.ptr)
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def ApproximateMath : Pass<"dither-approximate-math", "::mlir::ModuleOp"> {
  let summary = "Turns f32 math functions into polynomials";
  let description = [{
    exp, log, tanh, erf, sin and cos of f32 become upstream's polynomial approximations, which vectorize; sqrt, floor, ceil and
    rounding are instructions. f64 stays for libm. Sine and cosine of what is not finite are NaN. Integers become floats of 16 bits by way
    of f32, as in the reference; so does f64, rounded to odd on the way, lest it be rounded twice, and so do square roots.

    ```mlir
    %y = math.exp %x : f32
    // becomes arith and math.fma ops
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect", "::mlir::vector::VectorDialect"];
}

#endif // DITHER_ENTRY_POINTS_TD
