// RUN: dither-opt %s --dither-instantiate="import-path=%S/Inputs/more,%S/Inputs" | FileCheck %s
// Folders that are named are searched in their order, after that of the file.

// CHECK: dither.param @a.w
// CHECK: dither.param @o.block.inner.w
dither.model @m {
  dither.import @layers "layers.mlir"
  dither.import @outer "outer.mlir"
  dither.instance @a of @layers::@dense
  dither.instance @o of @outer::@outer
}
