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

def Dither_RandomBitsOp : Dither_CoreOp<"random_bits"> {
  let summary = "32 random bits for each element: Philox4x32-10";
  let description = [{
    Element `i` (row-major) is word `i mod 4` of the Philox4x32-10 block (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3",
    2011) with the key `(seed, seed >> 32)` and the counter `(i / 4, stream, step, step >> 32)`. A pure function: never stored where it
    can be computed again.

    ```mlir
    %bits = dither.random_bits %rng {stream = 3 : i64} : tensor<2xi64> -> tensor<4x8xi32>
    ```

    Constraints: (C1) `rng` is `tensor<2xi64>`; (C2) the result is an i32 tensor of static shape with fewer than 2^32 elements; (C3) the
    stream is in [0, 2^32).
  }];
  let arguments = (ins Dither_Rng:$rng, I64Attr:$stream);
  let results = (outs Dither_IntTensor:$y);
  let assemblyFormat = "$rng attr-dict `:` type($rng) `->` type($y)";
  let hasVerifier = 1;
}

class Dither_DistributionOp<string mnemonic, string text> : Dither_PureOp<mnemonic, [Dither_Decomposable]> {
  let summary = text;
  let description = text # [{, drawn from `dither.random_bits` of the same stream.

    ```mlir
    %y = dither.}] # mnemonic # [{ %rng {stream = 3 : i64} : tensor<2xi64> -> tensor<4x8xf32>
    ```

    Constraints: as of `dither.random_bits`, with f32 elements.}];
  let arguments = (ins Dither_Rng:$rng, I64Attr:$stream);
  let results = (outs Dither_FloatTensor:$y);
  let assemblyFormat = "$rng attr-dict `:` type($rng) `->` type($y)";
  let hasVerifier = 1;
}

def Dither_UniformOp : Dither_DistributionOp<"uniform", "Uniform numbers in (0, 1): odd multiples of 2^-25">;
def Dither_NormalOp : Dither_DistributionOp<"normal", "Standard normal numbers by the Box-Muller transform">;
def Dither_GumbelOp : Dither_DistributionOp<"gumbel", "Standard Gumbel numbers, -log(-log u)">;
def Dither_RademacherOp : Dither_DistributionOp<"rademacher", "-1 or 1 with equal chances">;

def Dither_BernoulliOp : Dither_PureOp<"bernoulli", [Dither_Decomposable]> {
  let summary = "1 with a given probability, else 0";
  let description = [{
    ```mlir
    %y = dither.bernoulli %rng {stream = 3 : i64, probability = 0.9 : f64} : tensor<2xi64> -> tensor<4x8xf32>
    ```

    Constraints: as of `dither.uniform`; (C1) the probability is in [0, 1].
  }];
  let arguments = (ins Dither_Rng:$rng, I64Attr:$stream, F64Attr:$probability);
  let results = (outs Dither_FloatTensor:$y);
  let assemblyFormat = "$rng attr-dict `:` type($rng) `->` type($y)";
  let hasVerifier = 1;
}

#endif // DITHER_RANDOM_TD
