// RUN: dither-opt %s | dither-opt | FileCheck %s
// RUN: dither-opt %s --pass-pipeline='builtin.module(func.func(dither-decompose{keep=dither.draw,dither.log_density,dither.score,dither.surrogate,dither.stop_gradient,dither.fold_in}))' | FileCheck %s --check-prefix=PARTS

// CHECK-LABEL: @score
// CHECK: dither.expect %{{.*}} {samples = 4 : i64, stream = 5 : i64}
// CHECK: dither.draw #dither.bernoulli(%{{.*}}) from %{{.*}} baseline %{{.*}} {estimator = #dither.score_function<leave_one_out = true>, stream = 1 : i64}

// Each run has a seed of its own; what the node adds to the gradient is in what stands for the value.
// PARTS-LABEL: @score
// PARTS: dither.for over
// PARTS: %[[OWN:.*]] = dither.fold_in
// PARTS: %[[B:.*]] = dither.draw #dither.bernoulli(%{{.*}}) from %[[OWN]] baseline %{{.*}} {stream = 1 : i64}
// PARTS: %[[S:.*]] = dither.stop_gradient %[[B]]
// PARTS: dither.log_density #dither.bernoulli(%{{.*}}) at %[[S]]
// PARTS: dither.yield
// PARTS: dither.score
// PARTS: dither.surrogate
func.func @score(%logits: tensor<?xf32>, %baseline: tensor<?xf32>, %rng: tensor<2xi64>) -> tensor<?xf32> {
  %cost = dither.expect %rng {stream = 5 : i64, samples = 4 : i64} : tensor<2xi64> -> tensor<?xf32> {
  ^bb0(%own: tensor<2xi64>):
    %b = dither.draw #dither.bernoulli(%logits) from %own baseline %baseline
        {stream = 1 : i64, estimator = #dither.score_function<leave_one_out = true>}
        : (tensor<?xf32>, tensor<2xi64>, tensor<?xf32>) -> tensor<?xf32>
    dither.yield %b : tensor<?xf32>
  }
  return %cost : tensor<?xf32>
}

// One sample of a node that needs no more is the region itself.
// PARTS-LABEL: @pathwise
// PARTS-NOT: dither.for
// PARTS-NOT: dither.surrogate
// PARTS: %[[Z:.*]] = dither.draw #dither.normal
// PARTS: %[[C:.*]] = dither.sin %[[Z]]
// PARTS: return %[[C]]
func.func @pathwise(%mean: tensor<?xf32>, %deviation: tensor<f32>, %rng: tensor<2xi64>) -> tensor<?xf32> {
  %cost = dither.expect %rng {stream = 5 : i64} : tensor<2xi64> -> tensor<?xf32> {
  ^bb0(%own: tensor<2xi64>):
    %z = dither.draw #dither.normal(%mean, %deviation) from %own {stream = 1 : i64, estimator = #dither.pathwise}
        : (tensor<?xf32>, tensor<f32>, tensor<2xi64>) -> tensor<?xf32>
    %c = dither.sin %z : tensor<?xf32>
    dither.yield %c : tensor<?xf32>
  }
  return %cost : tensor<?xf32>
}
