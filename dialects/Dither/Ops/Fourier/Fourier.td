#ifndef DITHER_FOURIER_TD
#define DITHER_FOURIER_TD

include "Dither/IR/OpBase.td"

class Dither_FourierOp<string mnemonic, list<Trait> traits = []> : Dither_PureOp<mnemonic, !listconcat([
    DeclareOpInterfaceMethods<InferTypeOpInterface>, Dither_Decomposable], traits)>;

/// A linear map of the last extent, or of pairs along the one before.
class Dither_TransformOp<string mnemonic> : Dither_FourierOp<mnemonic, [Dither_Differentiable]> {
  let arguments = (ins Dither_FloatTensor:$x, OptionalAttr<I64Attr>:$length);
  let results = (outs Dither_FloatTensor:$y);
  let assemblyFormat = "$x attr-dict `:` type($x)";
}

def Dither_RfftOp : Dither_TransformOp<"rfft"> {
  let summary = "Discrete Fourier transform of real numbers";
  let description = [{
    `y[k] = sum_j x[j] exp(-2 pi i j k / n)` for `k = 0, ..., n / 2` along the last dimension, in any number of others. The last dimension of the result, of
    extent 2, holds the real and the imaginary part. `n` is `length`, which cuts `x` off or appends zeros, or the extent.

    ```mlir
    %y = dither.rfft %x : tensor<?x12xf32>
    // 100 numbers and 28 zeros: [3, 65, 2].
    %z = dither.rfft %short {length = 128 : i64} : tensor<3x100xf32>
    ```

    Prime factors of `n` up to 64 cost `8 p` operations for each number (Cooley and Tukey, "An algorithm for the machine calculation of complex Fourier
    series", 1965), small ones together less than that; a larger prime is a convolution of smooth length (Bluestein, "A linear filtering approach to the
    computation of the discrete Fourier transform", 1970). So all lengths take `O(n log n)`. The root mean square of the error is that of the numbers times
    `O(eps log n)`: factors are computed in f64 and rounded once. Floats of 16 bits are computed in f32.

    Constraints: (C1) `x` has rank 1 or more, and at most the first dimension is dynamic; (C2) `n` is positive, below 2^24, and known.
  }];
}

def Dither_IrfftOp : Dither_TransformOp<"irfft"> {
  let summary = "Inverse discrete Fourier transform to real numbers";
  let description = [{
    The inverse of `dither.rfft`: `x` is `[..., n / 2 + 1, 2]`, and the result has `n` real numbers along its last dimension. `n` is `length` or, where that is
    not given, the even number that the extent belongs to; an odd one has to be given. If `x` has more numbers than `n / 2 + 1` they are left out,
    if less, the others are 0. Imaginary parts of the first number and, where `n` is even, of number `n / 2` do not count.

    ```mlir
    %y = dither.irfft %x : tensor<?x7x2xf32>
    // 13 numbers.
    %z = dither.irfft %x {length = 13 : i64} : tensor<?x7x2xf32>
    ```

    Constraints: (C1) `x` has rank 2 or more, pairs in its last dimension, and at most the first dimension is dynamic; (C2) `n` is positive, below
    2^24, and known.
  }];
}

def Dither_FftOp : Dither_TransformOp<"fft"> {
  let summary = "Discrete Fourier transform of complex numbers";
  let description = [{
    `y[k] = sum_j x[j] exp(-2 pi i j k / n)` for `k = 0, ..., n - 1` along the dimension before the last, which holds the real and the imaginary
    part. `n` is `length`, which cuts `x` off or appends zeros, or the extent. Costs and errors are those of `dither.rfft`.

    ```mlir
    %y = dither.fft %x : tensor<?x12x2xf32>
    %z = dither.fft %x {length = 16 : i64} : tensor<?x12x2xf32>
    ```

    Constraints: (C1) `x` has rank 2 or more, pairs in its last dimension, and at most the first dimension is dynamic; (C2) `n` is positive, below
    2^24, and known.
  }];
}

def Dither_IfftOp : Dither_TransformOp<"ifft"> {
  let summary = "Inverse discrete Fourier transform of complex numbers";
  let description = [{
    `y[j] = 1 / n sum_k x[k] exp(2 pi i j k / n)`, the inverse of `dither.fft`.

    ```mlir
    %y = dither.ifft %x : tensor<?x12x2xf32>
    ```

    Constraints: (C1) `x` has rank 2 or more, pairs in its last dimension, and at most the first dimension is dynamic; (C2) `n` is positive, below
    2^24, and known.
  }];
}

def Dither_FftConvOp : Dither_FourierOp<"fft_conv", [Dither_DifferentiatedByParts]> {
  let summary = "Causal convolution with a long kernel for each channel";
  let description = [{
    `y[..., t, c] = sum_s k[s, c] x[..., t - s, c]`, where `x` is 0 before its beginning: each channel of a sequence `[..., T, C]` has a kernel of its own,
    as long as one likes, of `[S, C]`. Products of Fourier transforms take `O(T log T)` (Romero et al., "CKConv: Continuous kernel convolution for
    sequential data", 2022; Poli et al., "Hyena hierarchy", 2023), of a length with small factors alone that is enough for no end to meet the beginning.
    What a later element has of NaN or infinity, earlier results have, too. For short kernels, `dither.conv` does less.

    ```mlir
    %y = dither.fft_conv %x, %k : tensor<?x128x64xf32>, tensor<128x64xf32>
    ```

    Constraints: (C1) `x` has rank 2 or more and `k` rank 2, and at most the first dimension of `x` is dynamic, which is neither time nor channels;
    (C2) they have equal numbers of channels, and `S` is positive; (C3) the element types agree; (C4) `T` is below 2^23.
  }];
  let arguments = (ins Dither_FloatTensor:$x, Dither_FloatTensor:$k);
  let results = (outs Dither_FloatTensor:$y);
  let assemblyFormat = "$x `,` $k attr-dict `:` type($x) `,` type($k)";
}

#endif // DITHER_FOURIER_TD
