#ifndef DITHER_TO_LINALG_TD
#define DITHER_TO_LINALG_TD

include "mlir/Pass/PassBase.td"

def DitherToLinalg : Pass<"dither-to-linalg", "::mlir::func::FuncOp"> {
  let summary = "Turns core ops into linalg on tensors, contractions into dither.contract";
  let description = [{
    Elementwise ops, reductions, transposes, random bits and packed bits become `linalg.generic`, so that upstream fusion applies to all of them
    alike. Products become `dither.contract`, which the contraction generator lowers after bufferization. Splat constants are
    taken into the bodies of their users. Loops and conditions become those of `scf`, which write what they make into memory from outside of them.

    ```mlir
    %z = dither.add %x, %y : tensor<4x3xf32>, tensor<3xf32>
    // becomes a linalg.generic with maps (d0, d1) -> (d0, d1) and (d0, d1) -> (d1)
    ```

    Remarks (`--remarks-filter=dither`): `contractions`: products turned into kernels.
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect",
                           "::mlir::arith::ArithDialect", "::mlir::math::MathDialect", "::mlir::scf::SCFDialect",
                           "::mlir::bufferization::BufferizationDialect"];
}

#endif // DITHER_TO_LINALG_TD
