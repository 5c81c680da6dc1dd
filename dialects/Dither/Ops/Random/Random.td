#ifndef DITHER_RANDOM_TD
#define DITHER_RANDOM_TD

include "Dither/IR/OpBase.td"

def Dither_RngOp : Dither_Op<"rng", [Pure]> {
  let summary = "The seed and the step of this call";
  let description = [{
    All randomness of a function follows from this value and from the stream of each random op. It becomes an argument of the function.

    ```mlir
    %rng = dither.rng : tensor<2xi64>
    ```

    Constraints: (C1) the type is `tensor<2xi64>`.
  }];
  let results = (outs Dither_Rng:$rng);
  let assemblyFormat = "attr-dict `:` type($rng)";
}

def Dither_FoldInOp : Dither_PureOp<"fold_in", [Dither_Decomposable, AllTypesMatch<["rng", "y"]>]> {
  let summary = "Another seed for each number";
  let description = [{
    A seed that follows from `rng`, the stream and a number, such as that of a run of `dither.for`, with the same step: words 0 and 1 of
    `dither.random_bits` of that stream, with the number as the step, of the seed that words 0 and 1 are for `rng` itself.

    ```mlir
    func.func @own(%rng: tensor<2xi64>, %i: tensor<i64>) -> tensor<2xi64> {
      %own = dither.fold_in %rng, %i {stream = 3 : i64} : tensor<2xi64>
      return %own : tensor<2xi64>
    }
    ```

    Constraints: (C1) `rng` is `tensor<2xi64>`; (C2) the stream is in [0, 2^32).
  }];
  let arguments = (ins Dither_Rng:$rng, Dither_Number:$number, I64Attr:$stream);
  let results = (outs Dither_Rng:$y);
  let assemblyFormat = "$rng `,` $number attr-dict `:` type($rng)";
  let hasVerifier = 1;
}

/// An op whose result follows from a seed, a step and a stream.
class Dither_RandomOp<string mnemonic, list<Trait> traits, Type element, dag more = (ins)> : Dither_PureOp<mnemonic, traits> {
  let arguments = !con((ins Dither_Rng:$rng, Optional<Dither_Tensor>:$like, I64Attr:$stream), more);
  let results = (outs element:$y);
  let assemblyFormat = "$rng (`like` $like^)? attr-dict `:` type($rng) (`,` type($like)^)? `->` type($y)";
  let hasVerifier = 1;
}

def Dither_RandomBitsOp : Dither_RandomOp<"random_bits", [DeclareOpInterfaceMethods<ReferenceOpInterface>], Dither_IntTensor> {
  let summary = "32 random bits for each element: Philox4x32-10";
  let description = [{
    Element `i` (row-major) is word `i mod 4` of the Philox4x32-10 block (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3",
    2011) with the key `(seed, seed >> 32)` and the counter `(i / 4, stream, step, step >> 32)`. A pure function: never stored where it
    can be computed again. A dynamic first extent is that of `like`, whose elements are not read; row `i` then does not depend on how many there are.

    ```mlir
    %bits = dither.random_bits %rng {stream = 3 : i64} : tensor<2xi64> -> tensor<4x8xi32>
    %rows = dither.random_bits %rng like %x {stream = 4 : i64} : tensor<2xi64>, tensor<?x5xf32> -> tensor<?x8xi32>
    ```

    Constraints: (C1) `rng` is `tensor<2xi64>`; (C2) the result is an i32 tensor with fewer than 2^32 elements, whose first extent alone may be
    dynamic, if there is a `like` of which it is dynamic, too; (C3) the stream is in [0, 2^32).
  }];
  let hasCanonicalizer = 1;
}

class Dither_DistributionOp<string mnemonic, string text, string how>
    : Dither_RandomOp<mnemonic, [Dither_Decomposable], Dither_FloatTensor> {
  let summary = text;
  let description = text # [{, drawn from `dither.random_bits` of the same stream. }] # how # [{

    ```mlir
    %y = dither.}] # mnemonic # [{ %rng {stream = 3 : i64} : tensor<2xi64> -> tensor<4x8xf32>
    ```

    Constraints: as of `dither.random_bits`, with f32 elements.}];
  let builders = [OpBuilder<(ins "::mlir::Type":$type, "::mlir::Value":$rng, "int64_t":$stream), [{
    build($_builder, $_state, type, rng, ::mlir::Value(), stream);
  }]>];
}

def Dither_UniformOp : Dither_DistributionOp<"uniform", "Uniform numbers in (0, 1)", [{A word `w` of 32 bits gives
    `(w + 1/2) 2^-32`, rounded to f32 and kept below 1: near 0 the numbers are dense, near 1 they are multiples of 2^-24. What needs both ends should
    start from `dither.centred_uniform`.}]>;
def Dither_CentredUniformOp : Dither_DistributionOp<"centred_uniform", "Uniform numbers in [-1/2, 1/2] that keep their exponents", [{Of two
    words. `s` stands for `u = s` modulo 1, a uniform number in (0, 1) of which both ends are near `s = 0`, where floats are dense: never 0, exact to
    2^-56. With it, inverses of distribution functions are exact in both tails.}]>;
def Dither_ExponentialOp : Dither_DistributionOp<"exponential", "Exponential numbers of mean 1", [{Of two words, `-log(1 - u)` with a
    `u` whose distances to 0 and 1 are both exact to 2^-56, so that small and large numbers are as frequent as they should be.}]>;
def Dither_NormalOp : Dither_DistributionOp<"normal", "Standard normal numbers", [{The Box-Muller transform of two words: 24 bits for the
    angle, 40 for the radius, which reaches 7.5.}]>;
def Dither_GumbelOp : Dither_DistributionOp<"gumbel", "Standard Gumbel numbers", [{The negative logarithm of `dither.exponential`, which
    reaches 38; that of 24 random bits ends at 16.6, and samples categories as if they were cooler (Zheng et al., "Masked Diffusion Models are Secretly
    Time-Agnostic Masked Models and Exploit Inaccurate Categorical Sampling", 2024).}]>;
def Dither_RademacherOp : Dither_DistributionOp<"rademacher", "-1 or 1 with equal chances", "">;

def Dither_BernoulliOp : Dither_RandomOp<"bernoulli", [Dither_Decomposable], Dither_FloatTensor, (ins F64Attr:$probability)> {
  let summary = "1 with a given probability, else 0";
  let description = [{
    ```mlir
    %y = dither.bernoulli %rng {stream = 3 : i64, probability = 0.9 : f64} : tensor<2xi64> -> tensor<4x8xf32>
    ```

    Constraints: as of `dither.uniform`; (C1) the probability is in [0, 1].
  }];
}

#endif // DITHER_RANDOM_TD
