#ifndef DITHER_SPECIAL_TD
#define DITHER_SPECIAL_TD

include "Dither/Ops/Elementwise/Elementwise.td"

def Dither_Log1pOp : Dither_DiffUnaryOp<"log1p", "log(1 + x), of full precision near 0">;
def Dither_Expm1Op : Dither_DiffUnaryOp<"expm1", "exp(x) - 1, of full precision near 0">;
def Dither_ErfInvOp : Dither_DiffUnaryOp<"erf_inv", "Inverse of the error function; NaN outside of [-1, 1]">;
def Dither_LgammaOp : Dither_DiffUnaryOp<"lgamma", "Logarithm of the magnitude of the gamma function">;
def Dither_DigammaOp
    : Dither_DiffUnaryOp<"digamma", "Derivative of dither.lgamma; NaN at negative integers, infinite at 0">;
def Dither_BesselI0eOp : Dither_DiffUnaryOp<"bessel_i0e", "Modified Bessel function of order 0, times exp(-|x|)">;
def Dither_BesselI1eOp : Dither_DiffUnaryOp<"bessel_i1e", "Modified Bessel function of order 1, times exp(-|x|)">;

def Dither_PolygammaOp : Dither_ElementwiseOp<"polygamma", [Dither_Differentiable]> {
  let summary = "Derivatives of dither.digamma";
  let description = [{
    The derivative of that order of the digamma function, element by element: order 1 is the trigamma function.

    ```mlir
    %y = dither.polygamma %x {order = 1 : i64} : tensor<4x3xf32>
    ```

    Constraints: (C1) the order is in [1, 20].
  }];
  let arguments = (ins Dither_FloatTensor:$x, I64Attr:$order);
  let results = (outs Dither_Tensor:$y);
  let assemblyFormat = "$x attr-dict `:` type($x)";
  let hasVerifier = 1;
}

def Dither_GammaPOp : Dither_DiffBinaryOp<"gamma_p", "Regularized lower incomplete gamma function", Dither_FloatTensor> {
  let summary = "Regularized lower incomplete gamma function";
  let description = [{
    `P(a, x)`, the integral of the density `t^(a-1) exp(-t) / Gamma(a)` from 0 to `x`, element by element, with broadcasting. NaN
    unless `a > 0` and `x >= 0`. A power series for `x < 1.5`, else Gauss-Legendre quadrature of the smaller tail.

    ```mlir
    %p = dither.gamma_p %a, %x : tensor<4x3xf32>, tensor<3xf32>
    ```

    Constraints: (C1) the element types agree; (C2) the shapes broadcast.
  }];
}

def Dither_GammaSlopeOp : Dither_ElementwiseOp<"gamma_slope", [Dither_Differentiable]> {
  let summary = "How a quantile of the gamma distribution moves with its shape";
  let description = [{
    `R_n(a, l)`, the derivative of order `n` of `P(a, x)` (see `dither.gamma_p`) by `a`, divided by that by `l = log x`, element by element, with
    broadcasting. Where `x` is a number drawn with shape `a`, `d(log x)/da = -R_1`: implicit reparameterization (Figurnov, Mohamed and Mnih, "Implicit
    Reparameterization Gradients", 2018). The logarithm is taken since numbers of small shapes underflow. NaN unless `a > 0`.

    ```mlir
    %r = dither.gamma_slope %a, %l {order = 1 : i64} : tensor<4x3xf32>, tensor<4x3xf32>
    ```

    Constraints: (C1) the element types agree; (C2) the shapes broadcast; (C3) the order is in [1, 8].
  }];
  let arguments = (ins Dither_FloatTensor:$x, Dither_FloatTensor:$y, I64Attr:$order);
  let results = (outs Dither_Tensor:$z);
  let assemblyFormat = "$x `,` $y attr-dict `:` type($x) `,` type($y)";
  let hasVerifier = 1;
}

def Dither_VonMisesSlopeOp
    : Dither_BinaryOp<"von_mises_slope", "How a quantile of the von Mises distribution moves", Dither_FloatTensor> {
  let summary = "How a quantile of the von Mises distribution moves with its concentration";
  let description = [{
    The derivative of the distribution function of `f(t) = exp(k cos t) / (2 pi I0(k))` on `[-pi, pi]` by `k`, at `t`, divided by `f(t)`, element by
    element, with broadcasting. Where `t` is a number drawn with concentration `k`, `dt/dk` is its negative. NaN unless `k >= 0` and `|t| <= pi`.
    It has no derivative of its own.

    ```mlir
    %r = dither.von_mises_slope %k, %t : tensor<3xf32>, tensor<4x3xf32>
    ```

    Constraints: (C1) the element types agree; (C2) the shapes broadcast.
  }];
}

/// What is drawn, with the derivative of the draw by a parameter of its distribution.
class Dither_ImplicitOp<string mnemonic, string text, string how, string slope>
    : Dither_DiffBinaryOp<mnemonic, text, Dither_FloatTensor> {
  let summary = text;
  let description = [{
    The value is `y`, }] # how # [{; the gradient goes to the parameter `x` alone, and is that of the quantile which `y` is: }] # slope # [{.
    Figurnov, Mohamed and Mnih, "Implicit reparameterization gradients", 2018.

    ```mlir
    %z = dither.}] # mnemonic # [{ %x, %y : tensor<3xf32>, tensor<4x3xf32>
    ```

    Constraints: (C1) the element types agree; (C2) the shapes broadcast.
  }];
}
def Dither_ImplicitGammaOp : Dither_ImplicitOp<"implicit_gamma", "A draw of the gamma distribution that moves with its shape",
    "the logarithm of a number drawn with shape `x`", "see `dither.gamma_slope`">;
def Dither_ImplicitVonMisesOp : Dither_ImplicitOp<"implicit_von_mises", "A draw of the von Mises distribution that moves with its concentration",
    "an angle drawn with concentration `x`", "see `dither.von_mises_slope`; there is no second one">;

#endif // DITHER_SPECIAL_TD
