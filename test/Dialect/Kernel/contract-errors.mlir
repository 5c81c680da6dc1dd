// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @c1_dense_alone(%x: memref<2x8xf32>, %w: memref<8x3xf32>, %y: memref<2x3xf32>) {
  // expected-error@+1 {{(C1) needs `dense`, the type of a packed matrix, if and only if it has a pattern or a format}}
  dither.contract x(%x : memref<2x8xf32>) w(%w : memref<8x3xf32>) into(%y : memref<2x3xf32>) {dense = tensor<8x3xf32>}
  return
}

// -----

func.func @c1_no_dense(%x: memref<2x8xf32>, %w: memref<4x3xi8>, %s: memref<1x3xf32>, %y: memref<2x3xf32>) {
  // expected-error@+1 {{(C1) needs `dense`}}
  dither.contract x(%x : memref<2x8xf32>) w(%w, %s : memref<4x3xi8>, memref<1x3xf32>) into(%y : memref<2x3xf32>)
    {format = #dither.int<bits = 4>}
  return
}

// -----

func.func @c1_two_matrices(%x: memref<2x8xf32>, %w: memref<8x3xf32>, %y: memref<2x3xf32>) {
  // expected-error@+1 {{(C1) multiplies one matrix, got 2}}
  dither.contract x(%x : memref<2x8xf32>) w(%w, %w : memref<8x3xf32>, memref<8x3xf32>) into(%y : memref<2x3xf32>)
  return
}

// -----

func.func @c2(%x: memref<2x6xf32>, %w: memref<3x3xf32>, %i: memref<1x3xi8>, %y: memref<2x3xf32>) {
  // expected-error@+1 {{(C2)}}
  dither.contract x(%x : memref<2x6xf32>) w(%w, %i : memref<3x3xf32>, memref<1x3xi8>) into(%y : memref<2x3xf32>)
    {dense = tensor<6x3xf32>, pattern = #dither.nm<2 : 4>}
  return
}

// -----

func.func @c3(%x: memref<2x8xf32>, %w: memref<8x3xi8>, %s: memref<1x3xf32>, %y: memref<2x3xf32>) {
  // expected-error@+1 {{(C3) has the parts codes: 'tensor<4x3xi8>', scales: 'tensor<1x3xf32>'}}
  dither.contract x(%x : memref<2x8xf32>) w(%w, %s : memref<8x3xi8>, memref<1x3xf32>) into(%y : memref<2x3xf32>)
    {dense = tensor<8x3xf32>, format = #dither.int<bits = 4>}
  return
}

// -----

func.func @c4(%x: memref<2x8xf32>, %w: memref<9x3xf32>, %y: memref<2x3xf32>) {
  // expected-error@+1 {{(C4) is no product: 'memref<2x8xf32>' times 'memref<9x3xf32>' to 'memref<2x3xf32>'}}
  dither.contract x(%x : memref<2x8xf32>) w(%w : memref<9x3xf32>) into(%y : memref<2x3xf32>)
  return
}

// -----

func.func @c4_transposed(%x: memref<2x8xf32>, %w: memref<2x3xf32>, %y: memref<2x3xf32>) {
  // expected-error@+1 {{(C4) is no product}}
  dither.contract x(%x : memref<2x8xf32>) w(%w : memref<2x3xf32>) into(%y : memref<2x3xf32>) {transpose_x}
  return
}

// -----

func.func @c5(%x: memref<2x64xi8>, %xs: memref<2x1xf32>, %starts: memref<2x1xi32>, %w: memref<4x64xi8>, %s: memref<1x64xf32>, %y: memref<2x8xf32>) {
  // expected-error@+1 {{(C5) multiplies codes of x with a matrix as it is, not with its transpose}}
  dither.contract x(%x : memref<2x64xi8>) activations(%xs, %starts : memref<2x1xf32>, memref<2x1xi32>) w(%w, %s : memref<4x64xi8>, memref<1x64xf32>)
    into(%y : memref<2x8xf32>) {dense = tensor<8x64xf32>, format = #dither.int<bits = 4>, transpose_w}
  return
}

// -----

func.func @c6_no_parts(%x: memref<2x8xi8>, %w: memref<4x3xi8>, %s: memref<1x3xf32>, %y: memref<2x3xf32>) {
  // expected-error@+1 {{(C6) needs 2 parts of x, 'tensor<2x1xf32>', 'tensor<2x1xi32>'}}
  dither.contract x(%x : memref<2x8xi8>) w(%w, %s : memref<4x3xi8>, memref<1x3xf32>) into(%y : memref<2x3xf32>)
    {dense = tensor<8x3xf32>, format = #dither.int<bits = 4>}
  return
}

// -----

func.func @c6_not_integers(%x: memref<2x8xi8>, %p: memref<2x1xf32>, %w: memref<8x3xi8>, %s: memref<1x3xf32>, %y: memref<2x3xf32>) {
  // expected-error@+1 {{(C6) multiplies codes with codes that are integers, not those of}}
  dither.contract x(%x : memref<2x8xi8>) activations(%p : memref<2x1xf32>) w(%w, %s : memref<8x3xi8>, memref<1x3xf32>) into(%y : memref<2x3xf32>)
    {dense = tensor<8x3xf32>, format = #dither.minifloat<e4m3>}
  return
}

// -----

func.func @c7_type(%x: memref<2x8xf32>, %w: memref<4x3xf32>, %rows: memref<2xi64>, %y: memref<8x3xf32>) {
  // expected-error@+1 {{(C7) takes positions of rows as i32 of rank 1, not 'memref<2xi64>'}}
  dither.contract x(%x : memref<2x8xf32>) w(%w : memref<4x3xf32>) rows(%rows : memref<2xi64>) into(%y : memref<8x3xf32>) {transpose_x}
  return
}

// -----

func.func @sampled_c1(%x: tensor<3x4xf32>, %y: tensor<2x2xf32>, %r: tensor<4xi8>, %o: tensor<3xi32>, %i: tensor<4xf32>) {
  // expected-error@+1 {{(C1) needs matrices with as many rows and known columns}}
  %v = dither.sampled_contract x(%x : tensor<3x4xf32>) y(%y : tensor<2x2xf32>) at(%r, %o : tensor<4xi8>, tensor<3xi32>)
    into(%i : tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @c7_transpose(%x: memref<2x8xf32>, %w: memref<3x4xf32>, %rows: memref<2xi32>, %y: memref<8x3xf32>) {
  // expected-error@+1 {{(C7) chooses among the rows of a dense matrix, neither of a packed one nor of a transpose}}
  dither.contract x(%x : memref<2x8xf32>) w(%w : memref<3x4xf32>) rows(%rows : memref<2xi32>) into(%y : memref<8x3xf32>) {transpose_x, transpose_w}
  return
}

// -----

func.func @c4_rows(%x: memref<2x8xf32>, %w: memref<2x3xf32>, %rows: memref<4xi32>, %y: memref<8x3xf32>) {
  // expected-error@+1 {{(C4) is no product}}
  dither.contract x(%x : memref<2x8xf32>) w(%w : memref<2x3xf32>) rows(%rows : memref<4xi32>) into(%y : memref<8x3xf32>) {transpose_x}
  return
}

// -----

func.func @sampled_c2(%x: tensor<3x4xf32>, %y: tensor<3x2xf32>, %r: tensor<4xi8>, %o: tensor<2xi32>, %i: tensor<4xf32>) {
  // expected-error@+1 {{(C2) does not list elements of 'tensor<4x2xf32>'}}
  %v = dither.sampled_contract x(%x : tensor<3x4xf32>) y(%y : tensor<3x2xf32>) at(%r, %o : tensor<4xi8>, tensor<2xi32>)
    into(%i : tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @c8_nothing(%x: memref<2x4xf32>, %w: memref<4x3xf32>, %y: memref<2x3xf32>, %b: memref<3xf32>) {
  // expected-error@+1 {{(C8) fuses tensors only in an epilogue}}
  dither.contract x(%x : memref<2x4xf32>) w(%w : memref<4x3xf32>) into(%y : memref<2x3xf32>) fused(%b : memref<3xf32>)
  return
}

// -----

func.func @c8_maps(%x: memref<2x4xf32>, %w: memref<4x3xf32>, %y: memref<2x3xf32>, %b: memref<3xf32>) {
  // expected-error@+1 {{(C8) needs a map for each of 1 fused tensors, got 0}}
  dither.contract x(%x : memref<2x4xf32>) w(%w : memref<4x3xf32>) into(%y : memref<2x3xf32>) fused(%b : memref<3xf32>) epilogue {
  ^bb0(%a: f32, %c: f32):
    dither.yield %a : f32
  }
  return
}

// -----

func.func @c8_outside(%x: memref<2x4xf32>, %w: memref<4x3xf32>, %y: memref<2x3xf32>, %b: memref<3xf32>) {
  // expected-error@+1 {{(C8) finds no elements of 'memref<3xf32>' for the result 'memref<2x3xf32>' by affine_map<(d0, d1) -> (d0)>}}
  dither.contract x(%x : memref<2x4xf32>) w(%w : memref<4x3xf32>) into(%y : memref<2x3xf32>) fused(%b : memref<3xf32>)
    {fused_maps = [affine_map<(i, j) -> (i)>]} epilogue {
  ^bb0(%a: f32, %c: f32):
    dither.yield %a : f32
  }
  return
}

// -----

func.func @c8_constant(%x: memref<2x4xf32>, %w: memref<4x3xf32>, %y: memref<2x3xf32>, %b: memref<1x3xf32>) {
  // expected-error@+1 {{(C8) finds no elements of 'memref<1x3xf32>' for the result 'memref<2x3xf32>' by affine_map<(d0, d1) -> (1, d1)>}}
  dither.contract x(%x : memref<2x4xf32>) w(%w : memref<4x3xf32>) into(%y : memref<2x3xf32>) fused(%b : memref<1x3xf32>)
    {fused_maps = [affine_map<(i, j) -> (1, j)>]} epilogue {
  ^bb0(%a: f32, %c: f32):
    dither.yield %a : f32
  }
  return
}

// -----

func.func @c9_arguments(%x: memref<2x4xf32>, %w: memref<4x3xf32>, %y: memref<2x3xf32>) {
  // expected-error@+1 {{(C9) has an epilogue that is no elementwise function of its product and fused tensors to 'f32'}}
  dither.contract x(%x : memref<2x4xf32>) w(%w : memref<4x3xf32>) into(%y : memref<2x3xf32>) epilogue {
  ^bb0(%a: f32, %c: f32):
    dither.yield %a : f32
  }
  return
}

// -----

func.func @c9_element(%x: memref<2x4xf32>, %w: memref<4x3xf32>, %y: memref<2x3xf32>) {
  // expected-error@+1 {{(C9) has an epilogue that is no elementwise function of its product and fused tensors to 'f32'}}
  dither.contract x(%x : memref<2x4xf32>) w(%w : memref<4x3xf32>) into(%y : memref<2x3xf32>) epilogue {
  ^bb0(%a: f32):
    %b = arith.truncf %a : f32 to bf16
    dither.yield %b : bf16
  }
  return
}

// -----

func.func @c9_memory(%x: memref<2x4xf32>, %w: memref<4x3xf32>, %y: memref<2x3xf32>, %m: memref<f32>) {
  // expected-error@+1 {{(C9) has an epilogue that is no elementwise function of its product and fused tensors to 'f32'}}
  dither.contract x(%x : memref<2x4xf32>) w(%w : memref<4x3xf32>) into(%y : memref<2x3xf32>) epilogue {
  ^bb0(%a: f32):
    memref.store %a, %m[] : memref<f32>
    dither.yield %a : f32
  }
  return
}

// -----

func.func @yield_elsewhere(%a: f32) {
  // expected-error@+1 {{expects parent op to be one of 'dither.contract, dither.for, dither.while, dither.cond, dither.associative_scan, dither.expect'}}
  dither.yield %a : f32
}

// -----

func.func @c10(%x: tensor<2x4xf32>, %w: tensor<4x3xf32>, %y: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error@+1 {{(C10) takes a #dither.kernel, not "blocked"}}
  %z = dither.contract x(%x : tensor<2x4xf32>) w(%w : tensor<4x3xf32>) into(%y : tensor<2x3xf32>) {kernel = "blocked"} -> tensor<2x3xf32>
  return %z : tensor<2x3xf32>
}

// -----

func.func @c8_strided(%x: memref<2x4xf32>, %w: memref<4x3xf32>, %y: memref<2x3xf32>, %b: memref<2x3xf32, strided<[6, 2]>>) {
  // expected-error@+1 {{(C8) finds no elements of 'memref<2x3xf32, strided<[6, 2]>>'}}
  dither.contract x(%x : memref<2x4xf32>) w(%w : memref<4x3xf32>) into(%y : memref<2x3xf32>) fused(%b : memref<2x3xf32, strided<[6, 2]>>)
    {fused_maps = [affine_map<(i, j) -> (i, j)>]} epilogue {
  ^bb0(%a: f32, %c: f32):
    dither.yield %a : f32
  }
  return
}
