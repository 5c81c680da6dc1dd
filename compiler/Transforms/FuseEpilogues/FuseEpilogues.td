#ifndef DITHER_FUSE_EPILOGUES_TD
#define DITHER_FUSE_EPILOGUES_TD

include "mlir/Pass/PassBase.td"

def FuseEpilogues : Pass<"dither-fuse-epilogues", "::mlir::func::FuncOp"> {
  let summary = "Makes what follows a product a part of its kernel";
  let description = [{
    An elementwise `linalg.generic` over the elements of a `dither.contract`, its only use, becomes the product's epilogue: bias, activation, the
    residual that is added, the mask of a gradient. The product is not stored then. An op over dimensions that count the rows of the product, such as
    the positions of images, becomes one over its rows first. Not fused are: gradients of weights (`transpose_x`), since the optimizer's step, which
    follows them, writes where it reads, while a kernel may keep sums there; and what also reads something that is computed after the product, which
    would have to wait, with all that it reads. What narrows the product to bf16 or f16 is fused where sums never wait in the result: behind packed
    matrices, and with `float-tiles` behind products of bf16.

    ```mlir
    func.func @f(%x: tensor<4x8xf32>, %w: tensor<8x16xf32>) -> tensor<4x16xf32> {
      %p = tensor.empty() : tensor<4x16xf32>
      %y = dither.contract x(%x : tensor<4x8xf32>) w(%w : tensor<8x16xf32>) into(%p : tensor<4x16xf32>) -> tensor<4x16xf32>
      %e = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
        ins(%y : tensor<4x16xf32>) outs(%p : tensor<4x16xf32>) {
      ^bb0(%a: f32, %out: f32):
        %t = math.tanh %a : f32
        linalg.yield %t : f32
      } -> tensor<4x16xf32>
      // dither.contract ... epilogue { ^bb0(%a: f32): %t = math.tanh %a : f32  dither.yield %t : f32 }
      return %e : tensor<4x16xf32>
    }
    ```

    Remarks (`--remarks-filter=dither`): `fused`: products with an epilogue.
  }];
  let options = [
    Option<"floatTiles", "float-tiles", "bool", "false", "The target multiplies bf16 by AMX">
  ];
}

#endif // DITHER_FUSE_EPILOGUES_TD
