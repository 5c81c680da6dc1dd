dither.model @reduction {
  func.func @sum_all(%a: tensor<?x2x3xf64>) -> tensor<f64> {
    %y = dither.reduce sum %a : tensor<?x2x3xf64>
    return %y : tensor<f64>
  }

  func.func @sum_batch(%a: tensor<?x2x3xf64>) -> tensor<1x2x3xf64> {
    %y = dither.reduce sum %a {dims = array<i64: 0>, keep} : tensor<?x2x3xf64>
    return %y : tensor<1x2x3xf64>
  }

  func.func @sum_inner(%a: tensor<?x2x3xf64>) -> tensor<?x3xf64> {
    %y = dither.reduce sum %a {dims = array<i64: 1>} : tensor<?x2x3xf64>
    return %y : tensor<?x3xf64>
  }

  func.func @sum_two(%a: tensor<?x2x3xf64>) -> tensor<2xf64> {
    %y = dither.reduce sum %a {dims = array<i64: 0, 2>} : tensor<?x2x3xf64>
    return %y : tensor<2xf64>
  }

  func.func @max_all(%a: tensor<?x2x3xf64>) -> tensor<f64> attributes {dither.first_order} {
    %y = dither.reduce max %a : tensor<?x2x3xf64>
    return %y : tensor<f64>
  }

  func.func @max_batch(%a: tensor<?x2x3xf64>) -> tensor<1x2x3xf64> attributes {dither.first_order} {
    %y = dither.reduce max %a {dims = array<i64: 0>, keep} : tensor<?x2x3xf64>
    return %y : tensor<1x2x3xf64>
  }

  func.func @max_inner(%a: tensor<?x2x3xf64>) -> tensor<?x3xf64> attributes {dither.first_order} {
    %y = dither.reduce max %a {dims = array<i64: 1>} : tensor<?x2x3xf64>
    return %y : tensor<?x3xf64>
  }

  func.func @max_two(%a: tensor<?x2x3xf64>) -> tensor<2xf64> attributes {dither.first_order} {
    %y = dither.reduce max %a {dims = array<i64: 0, 2>} : tensor<?x2x3xf64>
    return %y : tensor<2xf64>
  }

  func.func @min_all(%a: tensor<?x2x3xf64>) -> tensor<f64> attributes {dither.first_order} {
    %y = dither.reduce min %a : tensor<?x2x3xf64>
    return %y : tensor<f64>
  }

  func.func @min_batch(%a: tensor<?x2x3xf64>) -> tensor<1x2x3xf64> attributes {dither.first_order} {
    %y = dither.reduce min %a {dims = array<i64: 0>, keep} : tensor<?x2x3xf64>
    return %y : tensor<1x2x3xf64>
  }

  func.func @min_inner(%a: tensor<?x2x3xf64>) -> tensor<?x3xf64> attributes {dither.first_order} {
    %y = dither.reduce min %a {dims = array<i64: 1>} : tensor<?x2x3xf64>
    return %y : tensor<?x3xf64>
  }

  func.func @min_two(%a: tensor<?x2x3xf64>) -> tensor<2xf64> attributes {dither.first_order} {
    %y = dither.reduce min %a {dims = array<i64: 0, 2>} : tensor<?x2x3xf64>
    return %y : tensor<2xf64>
  }

  func.func @mean_all(%a: tensor<?x2x3xf64>) -> tensor<f64> {
    %y = dither.mean %a : tensor<?x2x3xf64>
    return %y : tensor<f64>
  }

  func.func @mean_batch(%a: tensor<?x2x3xf64>) -> tensor<1x2x3xf64> {
    %y = dither.mean %a {dims = array<i64: 0>, keep} : tensor<?x2x3xf64>
    return %y : tensor<1x2x3xf64>
  }

  func.func @mean_inner(%a: tensor<?x2x3xf64>) -> tensor<?x3xf64> {
    %y = dither.mean %a {dims = array<i64: 1>} : tensor<?x2x3xf64>
    return %y : tensor<?x3xf64>
  }

  func.func @mean_two(%a: tensor<?x2x3xf64>) -> tensor<2xf64> {
    %y = dither.mean %a {dims = array<i64: 0, 2>} : tensor<?x2x3xf64>
    return %y : tensor<2xf64>
  }

  func.func @normalize(%a: tensor<?x5xf64>) -> tensor<?x5xf64> {
    %m = dither.mean %a {dims = array<i64: 1>, keep} : tensor<?x5xf64>
    %d = dither.sub %a, %m : tensor<?x5xf64>, tensor<?x1xf64>
    %q = dither.mul %d, %d : tensor<?x5xf64>, tensor<?x5xf64>
    %v = dither.mean %q {dims = array<i64: 1>, keep} : tensor<?x5xf64>
    %e = dither.constant dense<0.01> : tensor<f64>
    %s = dither.add %v, %e : tensor<?x1xf64>, tensor<f64>
    %r = dither.rsqrt %s : tensor<?x1xf64>
    %y = dither.mul %d, %r : tensor<?x5xf64>, tensor<?x1xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @count(%a: tensor<?x5xf32>) -> tensor<f32> {
    %y = dither.count %a {dims = array<i64: 0>} : tensor<?x5xf32> -> tensor<f32>
    return %y : tensor<f32>
  }

  func.func @argmax(%a: tensor<?x5xf32>) -> tensor<?xi32> {
    %y = dither.argmax %a : tensor<?x5xf32>
    return %y : tensor<?xi32>
  }

  func.func @argmax_integers(%a: tensor<?x5xi32>) -> tensor<?xi32> {
    %y = dither.argmax %a : tensor<?x5xi32>
    return %y : tensor<?xi32>
  }

  func.func @argmin(%a: tensor<?x5xf32>) -> tensor<?xi32> {
    %y = dither.argmin %a : tensor<?x5xf32>
    return %y : tensor<?xi32>
  }

  func.func @argmin_integers(%a: tensor<?x5xi8>) -> tensor<?xi32> {
    %y = dither.argmin %a : tensor<?x5xi8>
    return %y : tensor<?xi32>
  }

  func.func @sum_integers(%a: tensor<?x5xi32> {dither.range = [-1000, 1000]}) -> tensor<5xi32> {
    %y = dither.reduce sum %a {dims = array<i64: 0>} : tensor<?x5xi32>
    return %y : tensor<5xi32>
  }

  func.func @max_integers(%a: tensor<?x5xi32> {dither.range = [-1000, 1000]}) -> tensor<5xi32> {
    %y = dither.reduce max %a {dims = array<i64: 0>} : tensor<?x5xi32>
    return %y : tensor<5xi32>
  }

  func.func @scan_sum_integers(%a: tensor<?x5xi32> {dither.range = [-1000, 1000]}) -> tensor<?x5xi32> {
    %y = dither.scan sum %a {dim = 1 : i64} : tensor<?x5xi32>
    return %y : tensor<?x5xi32>
  }

  func.func @product_all(%a: tensor<?x2x3xf64>) -> tensor<f64> {
    %y = dither.reduce product %a  : tensor<?x2x3xf64>
    return %y : tensor<f64>
  }

  func.func @product_batch(%a: tensor<?x2x3xf64>) -> tensor<1x2x3xf64> {
    %y = dither.reduce product %a {dims = array<i64: 0>, keep} : tensor<?x2x3xf64>
    return %y : tensor<1x2x3xf64>
  }

  func.func @product_inner(%a: tensor<?x2x3xf64>) -> tensor<?x3xf64> {
    %y = dither.reduce product %a {dims = array<i64: 1>} : tensor<?x2x3xf64>
    return %y : tensor<?x3xf64>
  }

  func.func @product_two(%a: tensor<?x2x3xf64>) -> tensor<2xf64> {
    %y = dither.reduce product %a {dims = array<i64: 0, 2>} : tensor<?x2x3xf64>
    return %y : tensor<2xf64>
  }

  func.func @logsumexp_all(%a: tensor<?x2x3xf64>) -> tensor<f64> {
    %y = dither.logsumexp %a  : tensor<?x2x3xf64>
    return %y : tensor<f64>
  }

  func.func @logsumexp_batch(%a: tensor<?x2x3xf64>) -> tensor<1x2x3xf64> {
    %y = dither.logsumexp %a {dims = array<i64: 0>, keep} : tensor<?x2x3xf64>
    return %y : tensor<1x2x3xf64>
  }

  func.func @logsumexp_inner(%a: tensor<?x2x3xf64>) -> tensor<?x3xf64> {
    %y = dither.logsumexp %a {dims = array<i64: 1>} : tensor<?x2x3xf64>
    return %y : tensor<?x3xf64>
  }

  func.func @logsumexp_two(%a: tensor<?x2x3xf64>) -> tensor<2xf64> {
    %y = dither.logsumexp %a {dims = array<i64: 0, 2>} : tensor<?x2x3xf64>
    return %y : tensor<2xf64>
  }

  func.func @scan_sum_dim0(%a: tensor<?x4xf64>) -> tensor<?x4xf64> {
    %y = dither.scan sum %a {dim = 0 : i64} : tensor<?x4xf64>
    return %y : tensor<?x4xf64>
  }

  func.func @scan_sum_dim1_reverse(%a: tensor<?x4xf64>) -> tensor<?x4xf64> {
    %y = dither.scan sum %a {dim = 1 : i64, reverse} : tensor<?x4xf64>
    return %y : tensor<?x4xf64>
  }

  func.func @scan_sum_dim1_exclusive(%a: tensor<?x4xf64>) -> tensor<?x4xf64> {
    %y = dither.scan sum %a {dim = 1 : i64, exclusive} : tensor<?x4xf64>
    return %y : tensor<?x4xf64>
  }

  func.func @scan_sum_dim0_reverse_exclusive(%a: tensor<?x4xf64>) -> tensor<?x4xf64> {
    %y = dither.scan sum %a {dim = 0 : i64, reverse, exclusive} : tensor<?x4xf64>
    return %y : tensor<?x4xf64>
  }

  func.func @scan_product_dim0(%a: tensor<?x4xf64>) -> tensor<?x4xf64> {
    %y = dither.scan product %a {dim = 0 : i64} : tensor<?x4xf64>
    return %y : tensor<?x4xf64>
  }

  func.func @scan_product_dim1_reverse(%a: tensor<?x4xf64>) -> tensor<?x4xf64> {
    %y = dither.scan product %a {dim = 1 : i64, reverse} : tensor<?x4xf64>
    return %y : tensor<?x4xf64>
  }

  func.func @scan_product_dim1_exclusive(%a: tensor<?x4xf64>) -> tensor<?x4xf64> {
    %y = dither.scan product %a {dim = 1 : i64, exclusive} : tensor<?x4xf64>
    return %y : tensor<?x4xf64>
  }

  func.func @scan_product_dim0_reverse_exclusive(%a: tensor<?x4xf64>) -> tensor<?x4xf64> {
    %y = dither.scan product %a {dim = 0 : i64, reverse, exclusive} : tensor<?x4xf64>
    return %y : tensor<?x4xf64>
  }

  func.func @scan_max_dim0(%a: tensor<?x4xf64>) -> tensor<?x4xf64> attributes {dither.first_order} {
    %y = dither.scan max %a {dim = 0 : i64} : tensor<?x4xf64>
    return %y : tensor<?x4xf64>
  }

  func.func @scan_max_dim1_reverse(%a: tensor<?x4xf64>) -> tensor<?x4xf64> attributes {dither.first_order} {
    %y = dither.scan max %a {dim = 1 : i64, reverse} : tensor<?x4xf64>
    return %y : tensor<?x4xf64>
  }

  func.func @scan_max_dim1_exclusive(%a: tensor<?x4xf64>) -> tensor<?x4xf64> attributes {dither.first_order} {
    %s = dither.scan max %a {dim = 1 : i64, exclusive} : tensor<?x4xf64>
    %l = dither.constant dense<-20.0> : tensor<f64>
    %y = dither.max %s, %l : tensor<?x4xf64>, tensor<f64>
    return %y : tensor<?x4xf64>
  }

  func.func @scan_max_dim0_reverse_exclusive(%a: tensor<?x4xf64>) -> tensor<?x4xf64> attributes {dither.first_order} {
    %s = dither.scan max %a {dim = 0 : i64, reverse, exclusive} : tensor<?x4xf64>
    %l = dither.constant dense<-20.0> : tensor<f64>
    %y = dither.max %s, %l : tensor<?x4xf64>, tensor<f64>
    return %y : tensor<?x4xf64>
  }

  func.func @scan_min_dim0(%a: tensor<?x4xf64>) -> tensor<?x4xf64> attributes {dither.first_order} {
    %y = dither.scan min %a {dim = 0 : i64} : tensor<?x4xf64>
    return %y : tensor<?x4xf64>
  }

  func.func @scan_min_dim1_reverse(%a: tensor<?x4xf64>) -> tensor<?x4xf64> attributes {dither.first_order} {
    %y = dither.scan min %a {dim = 1 : i64, reverse} : tensor<?x4xf64>
    return %y : tensor<?x4xf64>
  }

  func.func @scan_min_dim1_exclusive(%a: tensor<?x4xf64>) -> tensor<?x4xf64> attributes {dither.first_order} {
    %s = dither.scan min %a {dim = 1 : i64, exclusive} : tensor<?x4xf64>
    %l = dither.constant dense<20.0> : tensor<f64>
    %y = dither.min %s, %l : tensor<?x4xf64>, tensor<f64>
    return %y : tensor<?x4xf64>
  }

  func.func @scan_min_dim0_reverse_exclusive(%a: tensor<?x4xf64>) -> tensor<?x4xf64> attributes {dither.first_order} {
    %s = dither.scan min %a {dim = 0 : i64, reverse, exclusive} : tensor<?x4xf64>
    %l = dither.constant dense<20.0> : tensor<f64>
    %y = dither.min %s, %l : tensor<?x4xf64>, tensor<f64>
    return %y : tensor<?x4xf64>
  }

  func.func @scan_logsumexp_dim0(%a: tensor<?x4xf64>) -> tensor<?x4xf64> {
    %y = dither.scan logsumexp %a {dim = 0 : i64} : tensor<?x4xf64>
    return %y : tensor<?x4xf64>
  }

  func.func @scan_logsumexp_dim1_reverse(%a: tensor<?x4xf64>) -> tensor<?x4xf64> {
    %y = dither.scan logsumexp %a {dim = 1 : i64, reverse} : tensor<?x4xf64>
    return %y : tensor<?x4xf64>
  }

  func.func @scan_logsumexp_dim1_exclusive(%a: tensor<?x4xf64>) -> tensor<?x4xf64> attributes {dither.first_order} {
    %s = dither.scan logsumexp %a {dim = 1 : i64, exclusive} : tensor<?x4xf64>
    %l = dither.constant dense<-20.0> : tensor<f64>
    %y = dither.max %s, %l : tensor<?x4xf64>, tensor<f64>
    return %y : tensor<?x4xf64>
  }

  func.func @scan_logsumexp_dim0_reverse_exclusive(%a: tensor<?x4xf64>) -> tensor<?x4xf64> attributes {dither.first_order} {
    %s = dither.scan logsumexp %a {dim = 0 : i64, reverse, exclusive} : tensor<?x4xf64>
    %l = dither.constant dense<-20.0> : tensor<f64>
    %y = dither.max %s, %l : tensor<?x4xf64>, tensor<f64>
    return %y : tensor<?x4xf64>
  }

  func.func @recurrence_dim0(%a: tensor<?x4xf64>, %b: tensor<?x4xf64>) -> tensor<?x4xf64> {
    %y = dither.recurrence %a, %b {dim = 0 : i64} : tensor<?x4xf64>
    return %y : tensor<?x4xf64>
  }

  func.func @recurrence_dim1(%a: tensor<?x4xf64>, %b: tensor<?x4xf64>) -> tensor<?x4xf64> {
    %y = dither.recurrence %a, %b {dim = 1 : i64} : tensor<?x4xf64>
    return %y : tensor<?x4xf64>
  }

  func.func @recurrence_dim0_reverse(%a: tensor<?x4xf64>, %b: tensor<?x4xf64>) -> tensor<?x4xf64> {
    %y = dither.recurrence %a, %b {dim = 0 : i64, reverse} : tensor<?x4xf64>
    return %y : tensor<?x4xf64>
  }

  func.func @recurrence_dim1_reverse(%a: tensor<?x4xf64>, %b: tensor<?x4xf64>) -> tensor<?x4xf64> {
    %y = dither.recurrence %a, %b {dim = 1 : i64, reverse} : tensor<?x4xf64>
    return %y : tensor<?x4xf64>
  }

  func.func @recurrence_initial(%a: tensor<?x4xf64>, %b: tensor<?x4xf64>, %c: tensor<?xf64>) -> tensor<?x4xf64> {
    %y = dither.recurrence %a, %b from %c {dim = 1 : i64} : tensor<?x4xf64> from tensor<?xf64>
    return %y : tensor<?x4xf64>
  }

  func.func @recurrence_initial_reverse(%a: tensor<3x4xf64>, %b: tensor<3x4xf64>, %c: tensor<4xf64>) -> tensor<3x4xf64> {
    %y = dither.recurrence %a, %b from %c {dim = 0 : i64, reverse, exclusive} : tensor<3x4xf64> from tensor<4xf64>
    return %y : tensor<3x4xf64>
  }

  func.func @reduce_and(%a: tensor<?x3xi32>) -> tensor<?xi32> {
    %y = dither.reduce and %a {dims = array<i64: 1>} : tensor<?x3xi32>
    return %y : tensor<?xi32>
  }

  func.func @reduce_or(%a: tensor<?x3xi1>) -> tensor<3xi1> {
    %y = dither.reduce or %a {dims = array<i64: 0>} : tensor<?x3xi1>
    return %y : tensor<3xi1>
  }
}
