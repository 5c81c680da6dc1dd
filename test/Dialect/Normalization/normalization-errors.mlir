// RUN: dither-opt %s --verify-diagnostics --split-input-file

func.func @layer_norm_c1_extents(%x: tensor<?x8xf32>, %p: tensor<7xf32>) {
  // expected-error@+1 {{(C1) has a parameter of 'tensor<7xf32>' for 'tensor<?x8xf32>'; it would be 'tensor<8xf32>'}}
  %0 = dither.layer_norm %x, %p : tensor<?x8xf32>, tensor<7xf32>
  return
}

// -----

func.func @layer_norm_c1_differ(%x: tensor<?x8xf32>, %p: tensor<8xf32>, %q: tensor<1xf32>) {
  // expected-error@+1 {{(C1) has a parameter of 'tensor<1xf32>' for 'tensor<?x8xf32>'; it would be 'tensor<8xf32>'}}
  %0 = dither.layer_norm %x, %p, %q : tensor<?x8xf32>, tensor<8xf32>, tensor<1xf32>
  return
}

// -----

func.func @layer_norm_c1_rank(%x: tensor<?x8xf32>, %p: tensor<f32>) {
  // expected-error@+1 {{(C1) has a parameter of 'tensor<f32>' for 'tensor<?x8xf32>'}}
  %0 = dither.layer_norm %x, %p : tensor<?x8xf32>, tensor<f32>
  return
}

// -----

func.func @layer_norm_c1_count(%x: tensor<?x8xf32>, %p: tensor<8xf32>) {
  // expected-error@+1 {{(C1) takes a scale and a shift, not 3 parameters}}
  %0 = dither.layer_norm %x, %p, %p, %p : tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>
  return
}

// -----

func.func @layer_norm_c2(%x: tensor<?x8xf16>, %p: tensor<8xf32>) {
  // expected-error@+1 {{(C2) has a parameter of 'tensor<8xf32>' for 'tensor<?x8xf16>'; convert it with dither.cast}}
  %0 = dither.layer_norm %x, %p : tensor<?x8xf16>, tensor<8xf32>
  return
}

// -----

func.func @layer_norm_c3(%x: tensor<f32>) {
  // expected-error@+1 {{(C3) needs a rank of at least 1, not 'tensor<f32>'}}
  %0 = dither.layer_norm %x : tensor<f32>
  return
}

// -----

func.func @rms_norm_c4(%x: tensor<8xf32>) {
  // expected-error@+1 {{(C4) needs an epsilon that is not negative}}
  %0 = dither.rms_norm %x {epsilon = -1.0 : f64} : tensor<8xf32>
  return
}

// -----

func.func @rms_norm_c5(%x: tensor<8xf32>) {
  // expected-error@+1 {{(C5) takes no shift}}
  %0 = dither.rms_norm %x, %x, %x : tensor<8xf32>, tensor<8xf32>, tensor<8xf32>
  return
}

// -----

func.func @group_norm_c3(%x: tensor<4x?x8xf32>) {
  // expected-error@+1 {{(C3) needs static extents but for the batch, not 'tensor<4x?x8xf32>'}}
  %0 = dither.group_norm %x {groups = 2 : i64} : tensor<4x?x8xf32>
  return
}

// -----

func.func @group_norm_c5(%x: tensor<?x8xf32>) {
  // expected-error@+1 {{(C5) cannot divide 8 channels into 3 groups}}
  %0 = dither.group_norm %x {groups = 3 : i64} : tensor<?x8xf32>
  return
}

// -----

func.func @batch_norm_c3(%x: tensor<4x?xf32>) {
  // expected-error@+1 {{(C3) needs a static number of channels, not 'tensor<4x?xf32>'}}
  %y, %m, %v = dither.batch_norm %x : tensor<4x?xf32> -> tensor<?xf32>
  return
}

// -----

func.func @batch_norm_c5(%x: tensor<?x8xf16>) {
  // expected-error@+1 {{(C5) has statistics of 'tensor<8xf16>'; they would be 'tensor<8xf32>'}}
  %y, %m, %v = dither.batch_norm %x : tensor<?x8xf16> -> tensor<8xf16>
  return
}

// -----

func.func @batch_norm_inference_c5(%x: tensor<?x8xf32>, %m: tensor<1xf32>) {
  // expected-error@+1 {{(C5) has statistics of 'tensor<1xf32>'; they would be 'tensor<8xf32>'}}
  %y = dither.batch_norm_inference %x by %m, %m : tensor<?x8xf32> by tensor<1xf32>
  return
}
