#ifndef DITHER_EXPECTATION_TD
#define DITHER_EXPECTATION_TD

include "Dither/IR/OpBase.td"

def Dither_Combination : I32EnumAttr<"Combination", "how the costs of samples are put together", [
    I32EnumAttrCase<"mean", 0>, I32EnumAttrCase<"logMeanExp", 1, "log_mean_exp">]> {
  let cppNamespace = "::dither";
}

def Dither_ExpectOp : Dither_Op<"expect", [
    RecursiveMemoryEffects, SingleBlock, Dither_Decomposable, Dither_DifferentiatedByParts]> {
  let summary = "An expectation, by samples, with the gradient of the expectation";
  let description = [{
    The region draws random tensors, by `dither.draw` from the seed that is its argument, and yields a cost. The result is the mean of the costs of
    `samples` runs of the region, each with a seed of its own. Its gradient estimates that of the *expected* cost, also in what the distributions of
    the samples depend on: each node says by its estimator how. A number of nodes may follow from each other, each with an estimator of its own, and
    regions may hold further expectations. Schulman et al., "Gradient estimation using stochastic computation graphs", 2015; Becker et al.,
    "Probabilistic programming with programmable variational inference", 2024.

    ```mlir
    func.func @bound(%mean: tensor<?x16xf32>, %deviation: tensor<?x16xf32>, %logits: tensor<?xf32>) -> tensor<?xf32> {
      %rng = dither.rng : tensor<2xi64>
      %cost = dither.expect %rng {stream = 5 : i64, samples = 4 : i64} : tensor<2xi64> -> tensor<?xf32> {
      ^bb0(%own: tensor<2xi64>):
        %b = dither.draw #dither.bernoulli(%logits) from %own {stream = 1 : i64, estimator = #dither.enumerate}
            : (tensor<?xf32>, tensor<2xi64>) -> tensor<?xf32>
        %z = dither.draw #dither.normal(%mean, %deviation) from %own {stream = 2 : i64, estimator = #dither.pathwise}
            : (tensor<?x16xf32>, tensor<?x16xf32>, tensor<2xi64>) -> tensor<?x16xf32>
        %s = dither.reduce sum %z {dims = array<i64: 1>} : tensor<?x16xf32>
        %c = dither.mul %b, %s : tensor<?xf32>, tensor<?xf32>
        dither.yield %c : tensor<?xf32>
      }
      return %cost : tensor<?xf32>
    }
    ```

    A cost with a shape is that of as many independent rows: element `i` depends on nothing but row `i` of each node, whose first extents are
    those of the cost, and on nodes that are `shared`. The author says so; it is not checked. It keeps the noise of one row out of the
    gradient of others.

    With `combine log_mean_exp`, the region yields log weights, and the result is the logarithm of the mean of their exponentials, the bound of
    importance weighted autoencoders; nodes then have `#dither.pathwise` or `#dither.score_function`. Burda et al., "Importance weighted autoencoders",
    2016; leaving one out is then as in Mnih and Rezende, "Variational inference for Monte Carlo objectives", 2016.

    A second derivative passes through nodes with `#dither.pathwise` only, and is an error elsewhere.

    Constraints: (C1) `rng` is `tensor<2xi64>`, and so is the argument of the region; (C2) the region yields a floating-point tensor of the
    type of the result; (C3) `samples` is positive, and the stream is in [0, 2^32); (C4) a node whose estimator leaves one out needs two
    samples or more.
  }];
  let arguments = (ins Dither_Rng:$rng, I64Attr:$stream, DefaultValuedAttr<I64Attr, "1">:$samples,
                       DefaultValuedAttr<Dither_Combination, "Combination::mean">:$combine);
  let results = (outs Dither_FloatTensor:$y);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$rng (`combine` $combine^)? attr-dict `:` type($rng) `->` type($y) $body";
  let hasRegionVerifier = 1;
}

def Dither_DrawOp : Dither_PureOp<"draw", [
    AttrSizedOperandSegments, Dither_Decomposable, Dither_DifferentiatedByParts]> {
  let summary = "A random tensor of a distribution";
  let description = [{
    Independent draws for each element, or each row of elements, with the distribution's parameters there. The same for the same seed, step
    and stream.

    ```mlir
    %z = dither.draw #dither.normal(%mean, %deviation) from %rng {stream = 2 : i64}
        : (tensor<?x16xf32>, tensor<16xf32>, tensor<2xi64>) -> tensor<?x16xf32>
    ```

    Without an estimator, a gradient passes to the parameters as it does through any function of them and of random numbers, if the
    distribution allows it (`#dither.pathwise`). With another estimator, the op is a node of the `dither.expect` in whose region it stands; it may stand
    in a function that is called there. A node may have a `baseline`, of the shape of the cost: what the cost is compared with by
    `#dither.score_function`.

    Constraints: (C1) `rng` is `tensor<2xi64>`; (C2) there are as many parameters as the distribution has, and types that fit; (C3) the
    stream is in [0, 2^32); (C4) the estimator serves the distribution; (C5) in `dither.expect`, the first extents are those of the
    cost, unless the node is `shared` by its rows; (C6) a baseline has the type of the cost.
  }];
  let arguments = (ins AnyAttr:$distribution, Variadic<Dither_FloatTensor>:$parameters, Dither_Rng:$rng, Optional<Dither_FloatTensor>:$baseline,
                       I64Attr:$stream, OptionalAttr<AnyAttr>:$estimator, UnitAttr:$shared);
  let results = (outs Dither_Tensor:$y);
  let assemblyFormat = [{
    $distribution `(` $parameters `)` `from` $rng (`baseline` $baseline^)? attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    DistributionAttrInterface getDistributionInterface() { return ::llvm::cast<DistributionAttrInterface>(getDistribution()); }
    SampleEstimatorAttrInterface getEstimatorInterface() {
      return ::llvm::cast_if_present<SampleEstimatorAttrInterface>(getEstimatorAttr());
    }
    /// The log density of draws of the node, were they `sample`.
    ::mlir::Value buildLogDensity(::mlir::ImplicitLocOpBuilder &b, ::mlir::Value sample);
  }];
}

def Dither_LogDensityOp : Dither_PureOp<"log_density", [Dither_Decomposable, Dither_DifferentiatedByParts]> {
  let summary = "The logarithm of the density of draws";
  let description = [{
    Of each draw of a tensor, the logarithm of the density, or of a discrete distribution's probability.

    ```mlir
    %l = dither.log_density #dither.normal(%mean, %deviation) at %z : (tensor<?x16xf32>, tensor<16xf32>, tensor<?x16xf32>) -> tensor<?x16xf32>
    ```

    Constraints: (C1) there are as many parameters as the distribution has, and types that fit; (C2) the result has the shape of the sample without
    the dimensions of a draw, and the elements of the parameters.
  }];
  let arguments = (ins AnyAttr:$distribution, Variadic<Dither_FloatTensor>:$parameters, Dither_Tensor:$sample);
  let results = (outs Dither_FloatTensor:$y);
  let assemblyFormat = "$distribution `(` $parameters `)` `at` $sample attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def Dither_ScoreOp : Dither_PureOp<"score", [
    AllTypesMatch<["score", "signal", "y"]>, Dither_Decomposable, Dither_Differentiable]> {
  let summary = "A product with the gradient of one factor, which is an estimate";
  let description = [{
    The elementwise product. Its gradient goes to `score` alone, and is an estimate of that of an expectation: it is not differentiated further. What
    score functions are made of.

    ```mlir
    %t = dither.score %log_density by %cost : tensor<?xf32>
    ```
  }];
  let arguments = (ins Dither_FloatTensor:$score, Dither_FloatTensor:$signal);
  let results = (outs Dither_FloatTensor:$y);
  let assemblyFormat = "$score `by` $signal attr-dict `:` type($y)";
}

#endif // DITHER_EXPECTATION_TD
