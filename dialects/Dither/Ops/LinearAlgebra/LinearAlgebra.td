#ifndef DITHER_LINEAR_ALGEBRA_TD
#define DITHER_LINEAR_ALGEBRA_TD

include "Dither/IR/OpBase.td"

/// Ops on matrices, which the last two dimensions are: those before count matrices. They are made of loops over rows and columns and of products, and need
/// no library. Each matrix is taken by itself.
class Dither_LinearAlgebraOp<string mnemonic, Trait differentiable> : Dither_PureOp<mnemonic, [
    Dither_InferTypes, Dither_Decomposable, differentiable]>;

def Dither_TriangularSolveOp : Dither_LinearAlgebraOp<"triangular_solve", Dither_Differentiable> {
  let summary = "Solution of equations with a triangular matrix";
  let description = [{
    `x` with `a x = b`, where `a` is lower triangular, or with `upper` upper triangular. The elements on the other side of the diagonal are not
    read. With `transpose`, it is `a' x = b`. With `unit_diagonal`, the diagonal is 1 and not read. A zero on the diagonal gives infinities and NaN.

    Columns are eliminated one after the other in blocks of rows; what the blocks before add to a block is one product.

    ```mlir
    %x = dither.triangular_solve %a, %b : tensor<8x8xf32>, tensor<8x3xf32>
    %y = dither.triangular_solve %c, %d {upper, transpose} : tensor<?x8x8xf64>, tensor<?x8x3xf64>
    ```

    Constraints: (C1) `a` is `[..., n, n]` and `b` is `[..., n, m]`; (C2) at most the first dimension is dynamic, and none of the matrices'; (C3) elements are
    f32 or f64, of one type.
  }];
  let arguments = (ins Dither_FloatTensor:$a, Dither_FloatTensor:$b, UnitAttr:$upper, UnitAttr:$transpose, UnitAttr:$unit_diagonal);
  let results = (outs Dither_FloatTensor:$x);
  let assemblyFormat = "$a `,` $b attr-dict `:` type($a) `,` type($b)";
}

def Dither_CholeskyOp : Dither_LinearAlgebraOp<"cholesky", Dither_Differentiable> {
  let summary = "Cholesky factor of a positive definite matrix";
  let description = [{
    The lower triangular `l` with a positive diagonal and `a = l l'`. Of `a`, which is symmetric, the lower triangle alone is read, and the gradient is one
    with respect to its elements. If a pivot is not positive, `a` is not positive definite: all elements of the lower triangle are NaN then.

    Rows are eliminated one after the other in blocks; what remains is updated by one product for each block.

    The gradient is that of Murray, "Differentiation of the Cholesky decomposition", 2016: two triangular solutions.

    ```mlir
    %l = dither.cholesky %a : tensor<8x8xf32>
    ```

    Constraints: (C1) `a` is `[..., n, n]`; (C2) at most the first dimension is dynamic, and none of the matrices'; (C3) elements are f32 or f64.
  }];
  let arguments = (ins Dither_FloatTensor:$a);
  let results = (outs Dither_FloatTensor:$l);
  let assemblyFormat = "$a attr-dict `:` type($a)";
}

def Dither_QrOp : Dither_LinearAlgebraOp<"qr", Dither_Differentiable> {
  let summary = "QR decomposition";
  let description = [{
    `a = q r` with `q` of `[..., m, n]`, whose columns are orthonormal, and `r` of `[..., n, n]`, upper triangular with a diagonal that is not negative. If the columns
    of `a` are linearly independent, the diagonal is positive and there is one such pair; else `q` is one of many, and gradients are not finite.

    Columns are reflected one after the other (Householder, "Unitary triangularization of a nonsymmetric matrix", 1958): `q` is orthonormal to
    rounding whatever the condition of `a`. The gradient is that of Walter and Lehmann, "Algorithmic differentiation of linear algebra
    functions with application in optimum experimental design", 2010.

    ```mlir
    %q, %r = dither.qr %a : tensor<12x8xf32>
    ```

    Constraints: (C1) `a` is `[..., m, n]`, `m >= n`; (C2) at most the first dimension is dynamic, and none of the matrices'; (C3) elements are f32 or f64.
  }];
  let arguments = (ins Dither_FloatTensor:$a);
  let results = (outs Dither_FloatTensor:$q, Dither_FloatTensor:$r);
  let assemblyFormat = "$a attr-dict `:` type($a)";
}

def Dither_EighOp : Dither_LinearAlgebraOp<"eigh", Dither_Differentiable> {
  let summary = "Eigenvalues and eigenvectors of a symmetric matrix";
  let description = [{
    The eigenvalues `[..., n]` of `(a + a') / 2`, in ascending order, and orthonormal eigenvectors, the columns of `[..., n, n]`. Of each eigenvector, the first of
    those elements that are at least 0.9 of the largest one in magnitude is positive: where two are equal, the sign does not hang on how they are
    rounded. If `a` has an infinity or NaN, all results are NaN.

    The method is that of Jacobi in rounds of `n / 2` disjoint rotations (Brent and Luk, "The solution of singular-value and symmetric eigenvalue
    problems on multiprocessor arrays", 1985). Sweeps of `n - 1` rounds, of `n` where that is odd, end when the norm of what is off the diagonal is
    below `2 eps sqrt(n)` of that of `a`, or after 30 of them: three to ten are usual, up to twenty where eigenvalues spread over many orders of
    magnitude. Vectors are then made orthonormal by a step of Newton's method, and values are Rayleigh quotients: errors are a few `eps` times the norm of `a`,
    also those of small eigenvalues.

    The gradient divides by differences of eigenvalues: where two are equal, eigenvectors have none, and it is not finite. That of eigenvalues alone always is.

    ```mlir
    %values, %vectors = dither.eigh %a : tensor<8x8xf32>
    ```

    Constraints: (C1) `a` is `[..., n, n]`; (C2) at most the first dimension is dynamic, and none of the matrices'; (C3) elements are f32 or f64.
  }];
  let arguments = (ins Dither_FloatTensor:$a);
  let results = (outs Dither_FloatTensor:$values, Dither_FloatTensor:$vectors);
  let assemblyFormat = "$a attr-dict `:` type($a)";
}

def Dither_InverseRootOp : Dither_LinearAlgebraOp<"inverse_root", Dither_Differentiable> {
  let summary = "Inverse root of a positive definite matrix";
  let description = [{
    `(s + epsilon)^(-1/p)`, where `s = (a + a') / 2` and `epsilon` times the identity is added, as Shampoo preconditions gradients with (Gupta, Koren and Singer,
    "Shampoo: preconditioned stochastic tensor optimization", 2018). If an eigenvalue of the sum is not positive, all elements are NaN.

    It is made by `dither.eigh`. The coupled Newton iteration is made of products alone, but loses as many digits as the condition of `a` has, which
    preconditioners make large; and the eigenvectors give a gradient that is finite also where eigenvalues are equal: it divides by no differences of them.
    Its own gradient is that of `dither.eigh`.

    ```mlir
    %y = dither.inverse_root %a {p = 4 : i64, epsilon = 1.0e-6 : f64} : tensor<8x8xf32>
    ```

    Constraints: (C1) `a` is `[..., n, n]`; (C2) at most the first dimension is dynamic, and none of the matrices'; (C3) elements are f32 or f64;
    (C4) `p` is from 1 to 64; (C5) `epsilon` is not negative.
  }];
  let arguments = (ins Dither_FloatTensor:$a, I64Attr:$p, DefaultValuedAttr<F64Attr, "0.0">:$epsilon);
  let results = (outs Dither_FloatTensor:$y);
  let assemblyFormat = "$a attr-dict `:` type($a)";
}

def Dither_SolveOp : Dither_LinearAlgebraOp<"solve", Dither_DifferentiatedByParts> {
  let summary = "Solution of equations with a positive definite matrix";
  let description = [{
    `x` with `a x = b`, where `a` is symmetric and positive definite; by `dither.cholesky`, as whose operand `a` is read. If it is not positive definite,
    `x` is NaN. Other equations are solved by `dither.qr` and `dither.triangular_solve`.

    ```mlir
    %x = dither.solve %a, %b : tensor<8x8xf32>, tensor<8x3xf32>
    ```

    Constraints: those of `dither.triangular_solve`.
  }];
  let arguments = (ins Dither_FloatTensor:$a, Dither_FloatTensor:$b);
  let results = (outs Dither_FloatTensor:$x);
  let assemblyFormat = "$a `,` $b attr-dict `:` type($a) `,` type($b)";
}

def Dither_InverseOp : Dither_LinearAlgebraOp<"inverse", Dither_DifferentiatedByParts> {
  let summary = "Inverse of a positive definite matrix";
  let description = [{
    The inverse of `a`, which is symmetric and positive definite, as `dither.solve` gives it of the identity. To multiply with it, `dither.solve` is
    cheaper and more exact.

    ```mlir
    %y = dither.inverse %a : tensor<8x8xf32>
    ```

    Constraints: those of `dither.cholesky`.
  }];
  let arguments = (ins Dither_FloatTensor:$a);
  let results = (outs Dither_FloatTensor:$y);
  let assemblyFormat = "$a attr-dict `:` type($a)";
}

def Dither_LogDetOp : Dither_LinearAlgebraOp<"log_det", Dither_DifferentiatedByParts> {
  let summary = "Logarithm of the determinant of a positive definite matrix";
  let description = [{
    `log det a` of each `a`, which is symmetric and positive definite: twice the sum of the logarithms of the diagonal of `dither.cholesky`, as whose operand `a` is
    read. If it is not positive definite, the result is NaN.

    ```mlir
    %y = dither.log_det %a : tensor<?x8x8xf32>
    ```

    Constraints: those of `dither.cholesky`.
  }];
  let arguments = (ins Dither_FloatTensor:$a);
  let results = (outs Dither_FloatTensor:$y);
  let assemblyFormat = "$a attr-dict `:` type($a)";
}

#endif // DITHER_LINEAR_ALGEBRA_TD
