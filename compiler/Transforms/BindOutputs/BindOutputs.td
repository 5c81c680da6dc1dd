#ifndef DITHER_BIND_OUTPUTS_TD
#define DITHER_BIND_OUTPUTS_TD

include "mlir/Pass/PassBase.td"

def BindOutputs : Pass<"dither-bind-outputs", "::mlir::func::FuncOp"> {
  let summary = "Gives each result the buffer that it is written to";
  let description = [{
    A result with `dither.updates = "w"` goes into the state argument `w`; any other gets an argument of its own with
    `dither.kind = "output"`. Bufferization then writes in place, and no result remains. Arguments other than states and outputs are
    marked as not writable. What a loop carries is written, at the end of each run, into the memory of what the run has found.

    ```mlir
    func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
      %y = dither.exp %x : tensor<4xf32>
      return %y : tensor<4xf32>
    }
    // becomes
    func.func @f(%x: tensor<4xf32> {bufferization.writable = false}, %out: tensor<4xf32> {dither.kind = "output", dither.name = "0"}) -> tensor<4xf32> {
      %y = dither.exp %x : tensor<4xf32>
      %result = bufferization.materialize_in_destination %y in %out : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
      return %result : tensor<4xf32>
    }
    ```

    Remarks (`--remarks-filter=dither`): `updates`: states written in place; `outputs`: results that got an argument; `carried`: values that
    loops copy at the end of each run.
  }];
  let dependentDialects = ["::mlir::bufferization::BufferizationDialect", "::mlir::linalg::LinalgDialect"];
}

#endif // DITHER_BIND_OUTPUTS_TD
