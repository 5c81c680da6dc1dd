// Scans and recurrences in all directions, whose reverse ones are maps or loads, and their gradients.
dither.model @scans {
  func.func @f0(%x: tensor<?x3x33xf32>, %z: tensor<?x3x33xf32>) -> tensor<?x3x33xf32> {
    %a = dither.tanh %z : tensor<?x3x33xf32>
    %r = dither.recurrence %a, %x {dim = 0 : i64} : tensor<?x3x33xf32>
    %l = dither.scan logsumexp %r {dim = 0 : i64} : tensor<?x3x33xf32>
    %m = dither.scan max %x {dim = 0 : i64} : tensor<?x3x33xf32>
    %p = dither.scan product %a {dim = 0 : i64} : tensor<?x3x33xf32>
    %s = dither.scan sum %p {dim = 0 : i64} : tensor<?x3x33xf32>
    %t = dither.add %s, %m : tensor<?x3x33xf32>, tensor<?x3x33xf32>
    %u = dither.add %t, %l : tensor<?x3x33xf32>, tensor<?x3x33xf32>
    %y = dither.tanh %u : tensor<?x3x33xf32>
    return %y : tensor<?x3x33xf32>
  }
  func.func @f1(%x: tensor<?x3x33xf32>, %z: tensor<?x3x33xf32>) -> tensor<?x3x33xf32> {
    %a = dither.tanh %z : tensor<?x3x33xf32>
    %r = dither.recurrence %a, %x {dim = 0 : i64, reverse} : tensor<?x3x33xf32>
    %l = dither.scan logsumexp %r {dim = 0 : i64, reverse} : tensor<?x3x33xf32>
    %m = dither.scan max %x {dim = 0 : i64, reverse} : tensor<?x3x33xf32>
    %p = dither.scan product %a {dim = 0 : i64, reverse} : tensor<?x3x33xf32>
    %s = dither.scan sum %p {dim = 0 : i64, reverse} : tensor<?x3x33xf32>
    %t = dither.add %s, %m : tensor<?x3x33xf32>, tensor<?x3x33xf32>
    %u = dither.add %t, %l : tensor<?x3x33xf32>, tensor<?x3x33xf32>
    %y = dither.tanh %u : tensor<?x3x33xf32>
    return %y : tensor<?x3x33xf32>
  }
  func.func @f2(%x: tensor<?x3x33xf32>, %z: tensor<?x3x33xf32>) -> tensor<?x3x33xf32> {
    %a = dither.tanh %z : tensor<?x3x33xf32>
    %r = dither.recurrence %a, %x {dim = 0 : i64, exclusive} : tensor<?x3x33xf32>
    %l = dither.scan logsumexp %r {dim = 0 : i64, exclusive} : tensor<?x3x33xf32>
    %m = dither.scan max %x {dim = 0 : i64, exclusive} : tensor<?x3x33xf32>
    %p = dither.scan product %a {dim = 0 : i64, exclusive} : tensor<?x3x33xf32>
    %s = dither.scan sum %p {dim = 0 : i64, exclusive} : tensor<?x3x33xf32>
    %t = dither.add %s, %m : tensor<?x3x33xf32>, tensor<?x3x33xf32>
    %u = dither.add %t, %l : tensor<?x3x33xf32>, tensor<?x3x33xf32>
    %y = dither.tanh %u : tensor<?x3x33xf32>
    return %y : tensor<?x3x33xf32>
  }
  func.func @f3(%x: tensor<?x3x33xf32>, %z: tensor<?x3x33xf32>) -> tensor<?x3x33xf32> {
    %a = dither.tanh %z : tensor<?x3x33xf32>
    %r = dither.recurrence %a, %x {dim = 0 : i64, reverse, exclusive} : tensor<?x3x33xf32>
    %l = dither.scan logsumexp %r {dim = 0 : i64, reverse, exclusive} : tensor<?x3x33xf32>
    %m = dither.scan max %x {dim = 0 : i64, reverse, exclusive} : tensor<?x3x33xf32>
    %p = dither.scan product %a {dim = 0 : i64, reverse, exclusive} : tensor<?x3x33xf32>
    %s = dither.scan sum %p {dim = 0 : i64, reverse, exclusive} : tensor<?x3x33xf32>
    %t = dither.add %s, %m : tensor<?x3x33xf32>, tensor<?x3x33xf32>
    %u = dither.add %t, %l : tensor<?x3x33xf32>, tensor<?x3x33xf32>
    %y = dither.tanh %u : tensor<?x3x33xf32>
    return %y : tensor<?x3x33xf32>
  }
  func.func @f4(%x: tensor<?x3x33xf32>, %z: tensor<?x3x33xf32>) -> tensor<?x3x33xf32> {
    %a = dither.tanh %z : tensor<?x3x33xf32>
    %r = dither.recurrence %a, %x {dim = 1 : i64} : tensor<?x3x33xf32>
    %l = dither.scan logsumexp %r {dim = 1 : i64} : tensor<?x3x33xf32>
    %m = dither.scan max %x {dim = 1 : i64} : tensor<?x3x33xf32>
    %p = dither.scan product %a {dim = 1 : i64} : tensor<?x3x33xf32>
    %s = dither.scan sum %p {dim = 1 : i64} : tensor<?x3x33xf32>
    %t = dither.add %s, %m : tensor<?x3x33xf32>, tensor<?x3x33xf32>
    %u = dither.add %t, %l : tensor<?x3x33xf32>, tensor<?x3x33xf32>
    %y = dither.tanh %u : tensor<?x3x33xf32>
    return %y : tensor<?x3x33xf32>
  }
  func.func @f5(%x: tensor<?x3x33xf32>, %z: tensor<?x3x33xf32>) -> tensor<?x3x33xf32> {
    %a = dither.tanh %z : tensor<?x3x33xf32>
    %r = dither.recurrence %a, %x {dim = 1 : i64, reverse} : tensor<?x3x33xf32>
    %l = dither.scan logsumexp %r {dim = 1 : i64, reverse} : tensor<?x3x33xf32>
    %m = dither.scan max %x {dim = 1 : i64, reverse} : tensor<?x3x33xf32>
    %p = dither.scan product %a {dim = 1 : i64, reverse} : tensor<?x3x33xf32>
    %s = dither.scan sum %p {dim = 1 : i64, reverse} : tensor<?x3x33xf32>
    %t = dither.add %s, %m : tensor<?x3x33xf32>, tensor<?x3x33xf32>
    %u = dither.add %t, %l : tensor<?x3x33xf32>, tensor<?x3x33xf32>
    %y = dither.tanh %u : tensor<?x3x33xf32>
    return %y : tensor<?x3x33xf32>
  }
  func.func @f6(%x: tensor<?x3x33xf32>, %z: tensor<?x3x33xf32>) -> tensor<?x3x33xf32> {
    %a = dither.tanh %z : tensor<?x3x33xf32>
    %r = dither.recurrence %a, %x {dim = 1 : i64, exclusive} : tensor<?x3x33xf32>
    %l = dither.scan logsumexp %r {dim = 1 : i64, exclusive} : tensor<?x3x33xf32>
    %m = dither.scan max %x {dim = 1 : i64, exclusive} : tensor<?x3x33xf32>
    %p = dither.scan product %a {dim = 1 : i64, exclusive} : tensor<?x3x33xf32>
    %s = dither.scan sum %p {dim = 1 : i64, exclusive} : tensor<?x3x33xf32>
    %t = dither.add %s, %m : tensor<?x3x33xf32>, tensor<?x3x33xf32>
    %u = dither.add %t, %l : tensor<?x3x33xf32>, tensor<?x3x33xf32>
    %y = dither.tanh %u : tensor<?x3x33xf32>
    return %y : tensor<?x3x33xf32>
  }
  func.func @f7(%x: tensor<?x3x33xf32>, %z: tensor<?x3x33xf32>) -> tensor<?x3x33xf32> {
    %a = dither.tanh %z : tensor<?x3x33xf32>
    %r = dither.recurrence %a, %x {dim = 1 : i64, reverse, exclusive} : tensor<?x3x33xf32>
    %l = dither.scan logsumexp %r {dim = 1 : i64, reverse, exclusive} : tensor<?x3x33xf32>
    %m = dither.scan max %x {dim = 1 : i64, reverse, exclusive} : tensor<?x3x33xf32>
    %p = dither.scan product %a {dim = 1 : i64, reverse, exclusive} : tensor<?x3x33xf32>
    %s = dither.scan sum %p {dim = 1 : i64, reverse, exclusive} : tensor<?x3x33xf32>
    %t = dither.add %s, %m : tensor<?x3x33xf32>, tensor<?x3x33xf32>
    %u = dither.add %t, %l : tensor<?x3x33xf32>, tensor<?x3x33xf32>
    %y = dither.tanh %u : tensor<?x3x33xf32>
    return %y : tensor<?x3x33xf32>
  }
  func.func @f8(%x: tensor<5x130xf32>, %z: tensor<5x130xf32>) -> tensor<5x130xf32> {
    %a = dither.tanh %z : tensor<5x130xf32>
    %r = dither.recurrence %a, %x {dim = 1 : i64} : tensor<5x130xf32>
    %l = dither.scan logsumexp %r {dim = 1 : i64} : tensor<5x130xf32>
    %m = dither.scan max %x {dim = 1 : i64} : tensor<5x130xf32>
    %p = dither.scan product %a {dim = 1 : i64} : tensor<5x130xf32>
    %s = dither.scan sum %p {dim = 1 : i64} : tensor<5x130xf32>
    %t = dither.add %s, %m : tensor<5x130xf32>, tensor<5x130xf32>
    %u = dither.add %t, %l : tensor<5x130xf32>, tensor<5x130xf32>
    %y = dither.tanh %u : tensor<5x130xf32>
    return %y : tensor<5x130xf32>
  }
  func.func @f9(%x: tensor<5x130xf32>, %z: tensor<5x130xf32>) -> tensor<5x130xf32> {
    %a = dither.tanh %z : tensor<5x130xf32>
    %r = dither.recurrence %a, %x {dim = 1 : i64, reverse} : tensor<5x130xf32>
    %l = dither.scan logsumexp %r {dim = 1 : i64, reverse} : tensor<5x130xf32>
    %m = dither.scan max %x {dim = 1 : i64, reverse} : tensor<5x130xf32>
    %p = dither.scan product %a {dim = 1 : i64, reverse} : tensor<5x130xf32>
    %s = dither.scan sum %p {dim = 1 : i64, reverse} : tensor<5x130xf32>
    %t = dither.add %s, %m : tensor<5x130xf32>, tensor<5x130xf32>
    %u = dither.add %t, %l : tensor<5x130xf32>, tensor<5x130xf32>
    %y = dither.tanh %u : tensor<5x130xf32>
    return %y : tensor<5x130xf32>
  }
  func.func @f10(%x: tensor<5x130xf32>, %z: tensor<5x130xf32>) -> tensor<5x130xf32> {
    %a = dither.tanh %z : tensor<5x130xf32>
    %r = dither.recurrence %a, %x {dim = 1 : i64, exclusive} : tensor<5x130xf32>
    %l = dither.scan logsumexp %r {dim = 1 : i64, exclusive} : tensor<5x130xf32>
    %m = dither.scan max %x {dim = 1 : i64, exclusive} : tensor<5x130xf32>
    %p = dither.scan product %a {dim = 1 : i64, exclusive} : tensor<5x130xf32>
    %s = dither.scan sum %p {dim = 1 : i64, exclusive} : tensor<5x130xf32>
    %t = dither.add %s, %m : tensor<5x130xf32>, tensor<5x130xf32>
    %u = dither.add %t, %l : tensor<5x130xf32>, tensor<5x130xf32>
    %y = dither.tanh %u : tensor<5x130xf32>
    return %y : tensor<5x130xf32>
  }
  func.func @f11(%x: tensor<5x130xf32>, %z: tensor<5x130xf32>) -> tensor<5x130xf32> {
    %a = dither.tanh %z : tensor<5x130xf32>
    %r = dither.recurrence %a, %x {dim = 1 : i64, reverse, exclusive} : tensor<5x130xf32>
    %l = dither.scan logsumexp %r {dim = 1 : i64, reverse, exclusive} : tensor<5x130xf32>
    %m = dither.scan max %x {dim = 1 : i64, reverse, exclusive} : tensor<5x130xf32>
    %p = dither.scan product %a {dim = 1 : i64, reverse, exclusive} : tensor<5x130xf32>
    %s = dither.scan sum %p {dim = 1 : i64, reverse, exclusive} : tensor<5x130xf32>
    %t = dither.add %s, %m : tensor<5x130xf32>, tensor<5x130xf32>
    %u = dither.add %t, %l : tensor<5x130xf32>, tensor<5x130xf32>
    %y = dither.tanh %u : tensor<5x130xf32>
    return %y : tensor<5x130xf32>
  }
  func.func @f12(%x: tensor<40x17xf32>, %z: tensor<40x17xf32>) -> tensor<40x17xf32> {
    %a = dither.tanh %z : tensor<40x17xf32>
    %r = dither.recurrence %a, %x {dim = 0 : i64} : tensor<40x17xf32>
    %l = dither.scan logsumexp %r {dim = 0 : i64} : tensor<40x17xf32>
    %m = dither.scan max %x {dim = 0 : i64} : tensor<40x17xf32>
    %p = dither.scan product %a {dim = 0 : i64} : tensor<40x17xf32>
    %s = dither.scan sum %p {dim = 0 : i64} : tensor<40x17xf32>
    %t = dither.add %s, %m : tensor<40x17xf32>, tensor<40x17xf32>
    %u = dither.add %t, %l : tensor<40x17xf32>, tensor<40x17xf32>
    %y = dither.tanh %u : tensor<40x17xf32>
    return %y : tensor<40x17xf32>
  }
  func.func @f13(%x: tensor<40x17xf32>, %z: tensor<40x17xf32>) -> tensor<40x17xf32> {
    %a = dither.tanh %z : tensor<40x17xf32>
    %r = dither.recurrence %a, %x {dim = 0 : i64, reverse} : tensor<40x17xf32>
    %l = dither.scan logsumexp %r {dim = 0 : i64, reverse} : tensor<40x17xf32>
    %m = dither.scan max %x {dim = 0 : i64, reverse} : tensor<40x17xf32>
    %p = dither.scan product %a {dim = 0 : i64, reverse} : tensor<40x17xf32>
    %s = dither.scan sum %p {dim = 0 : i64, reverse} : tensor<40x17xf32>
    %t = dither.add %s, %m : tensor<40x17xf32>, tensor<40x17xf32>
    %u = dither.add %t, %l : tensor<40x17xf32>, tensor<40x17xf32>
    %y = dither.tanh %u : tensor<40x17xf32>
    return %y : tensor<40x17xf32>
  }
  func.func @f14(%x: tensor<40x17xf32>, %z: tensor<40x17xf32>) -> tensor<40x17xf32> {
    %a = dither.tanh %z : tensor<40x17xf32>
    %r = dither.recurrence %a, %x {dim = 0 : i64, exclusive} : tensor<40x17xf32>
    %l = dither.scan logsumexp %r {dim = 0 : i64, exclusive} : tensor<40x17xf32>
    %m = dither.scan max %x {dim = 0 : i64, exclusive} : tensor<40x17xf32>
    %p = dither.scan product %a {dim = 0 : i64, exclusive} : tensor<40x17xf32>
    %s = dither.scan sum %p {dim = 0 : i64, exclusive} : tensor<40x17xf32>
    %t = dither.add %s, %m : tensor<40x17xf32>, tensor<40x17xf32>
    %u = dither.add %t, %l : tensor<40x17xf32>, tensor<40x17xf32>
    %y = dither.tanh %u : tensor<40x17xf32>
    return %y : tensor<40x17xf32>
  }
  func.func @f15(%x: tensor<40x17xf32>, %z: tensor<40x17xf32>) -> tensor<40x17xf32> {
    %a = dither.tanh %z : tensor<40x17xf32>
    %r = dither.recurrence %a, %x {dim = 0 : i64, reverse, exclusive} : tensor<40x17xf32>
    %l = dither.scan logsumexp %r {dim = 0 : i64, reverse, exclusive} : tensor<40x17xf32>
    %m = dither.scan max %x {dim = 0 : i64, reverse, exclusive} : tensor<40x17xf32>
    %p = dither.scan product %a {dim = 0 : i64, reverse, exclusive} : tensor<40x17xf32>
    %s = dither.scan sum %p {dim = 0 : i64, reverse, exclusive} : tensor<40x17xf32>
    %t = dither.add %s, %m : tensor<40x17xf32>, tensor<40x17xf32>
    %u = dither.add %t, %l : tensor<40x17xf32>, tensor<40x17xf32>
    %y = dither.tanh %u : tensor<40x17xf32>
    return %y : tensor<40x17xf32>
  }
  // Truth values, of which true is the larger one.
  func.func @truth(%x: tensor<?x41xf32>) -> (tensor<?xf32>, tensor<?xf32>, tensor<?xf32>, tensor<?x41xf32>) {
    %zero = dither.constant dense<0.0> : tensor<f32>
    %c = dither.compare gt %x, %zero : tensor<?x41xf32>, tensor<f32>
    %any = dither.reduce max %c {dims = array<i64: 1>} : tensor<?x41xi1>
    %all = dither.reduce min %c {dims = array<i64: 1>} : tensor<?x41xi1>
    %or = dither.reduce or %c {dims = array<i64: 1>} : tensor<?x41xi1>
    %scan = dither.scan min %c {dim = 1 : i64, exclusive} : tensor<?x41xi1>
    %a = dither.cast %any : tensor<?xi1> to tensor<?xf32>
    %b = dither.cast %all : tensor<?xi1> to tensor<?xf32>
    %d = dither.cast %or : tensor<?xi1> to tensor<?xf32>
    %s = dither.cast %scan : tensor<?x41xi1> to tensor<?x41xf32>
    return %a, %b, %d, %s : tensor<?xf32>, tensor<?xf32>, tensor<?xf32>, tensor<?x41xf32>
  }
  // Along the last dimension, rows that threads share: eight side by side, and the rest.
  func.func @last(%x: tensor<3x17x2000xf32>) -> tensor<3x17x2000xf32> {
    %a = dither.tanh %x : tensor<3x17x2000xf32>
    %y = dither.recurrence %a, %x {dim = 2 : i64, reverse} : tensor<3x17x2000xf32>
    return %y : tensor<3x17x2000xf32>
  }
  func.func @rows(%x: tensor<1001x97xf32>) -> tensor<1001x97xf32> {
    %y = dither.scan max %x {dim = 1 : i64, exclusive} : tensor<1001x97xf32>
    return %y : tensor<1001x97xf32>
  }
  // A batch that is not the first dimension keeps its place.
  func.func @inner_batch(%x: tensor<3x?x2xf32>) -> (tensor<1x?x1xf32>, tensor<?x2xf32>, tensor<3x?x2xf32>) {
    %y = dither.reduce max %x {dims = array<i64: 0, 2>, keep} : tensor<3x?x2xf32>
    %z = dither.logsumexp %x {dims = array<i64: 0>} : tensor<3x?x2xf32>
    %w = dither.layer_norm %x {epsilon = 1.0 : f64} : tensor<3x?x2xf32>
    return %y, %z, %w : tensor<1x?x1xf32>, tensor<?x2xf32>, tensor<3x?x2xf32>
  }
}
