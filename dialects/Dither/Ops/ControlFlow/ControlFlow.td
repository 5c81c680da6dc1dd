#ifndef DITHER_CONTROL_FLOW_TD
#define DITHER_CONTROL_FLOW_TD

include "Dither/IR/OpBase.td"

/// An op with regions of one block, each of which ends with `dither.yield`. Regions read values from outside as they are.
class Dither_StructuredOp<string mnemonic, list<Trait> traits = []> : Dither_Op<mnemonic, !listconcat([
    RecursiveMemoryEffects, SingleBlock, DeclareOpInterfaceMethods<StructuredOpInterface>], traits)> {
  let hasRegionVerifier = 1;
}

def Dither_ForOp : Dither_StructuredOp<"for", [
    AttrSizedOperandSegments, DeclareOpInterfaceMethods<StructuredOpInterface, ["saveForGradients"]>,
    DeclareOpInterfaceMethods<LoopLikeOpInterface, ["getLoopRegions"]>]> {
  let summary = "Runs a region once for each number";
  let description = [{
    The region runs for `i = 0, ..., trips - 1`, with `reverse` from the last to the first. Its arguments are `i` (`tensor<i64>`); the *carried* values,
    first those given, then those that the run before has yielded; and row `i` of each tensor that the loop runs `over`. It yields the carried
    values for the next run and then, for each further result, row `i` of that result. Results are the last carried values, and the rows,
    stacked. The number of rows says how often the region runs; where there is none, `trips` does.

    With nothing carried, this is a map over rows; with rows and carried values, what JAX calls scan.

    ```mlir
    %y = dither.for carry(%x) {trips = 3 : i64} : (tensor<4xf32>) -> tensor<4xf32> {
    ^bb0(%i: tensor<i64>, %a: tensor<4xf32>):
      %b = dither.mul %a, %a : tensor<4xf32>, tensor<4xf32>
      dither.yield %b : tensor<4xf32>
    }
    %h, %all = dither.for carry(%x) over(%rows) : (tensor<4xf32>, tensor<8x4xf32>) -> (tensor<4xf32>, tensor<8x4xf32>) {
    ^bb0(%i: tensor<i64>, %a: tensor<4xf32>, %row: tensor<4xf32>):
      %b = dither.add %a, %row : tensor<4xf32>, tensor<4xf32>
      %c = dither.tanh %b : tensor<4xf32>
      dither.yield %c, %c : tensor<4xf32>, tensor<4xf32>
    }
    ```

    The gradient runs the other way. Only carried values are kept for it, of each run; the rest of a run is computed again. Random numbers differ
    from run to run if they are drawn from `dither.fold_in` of `i`.

    Constraints: (C1) there are either `trips`, not negative, or tensors to run over, of rank 1 or more and equal first extents; (C2) the region
    takes `i`, the carried values and the rows; (C3) it yields the carried values, of the types given, and rows; (C4) results are the
    carried values and stacks of as many rows as there are runs, whose bytes can be counted.
  }];
  let arguments = (ins Variadic<Dither_Tensor>:$carried, Variadic<Dither_Tensor>:$slices, OptionalAttr<I64Attr>:$trips, UnitAttr:$reverse);
  let results = (outs Variadic<Dither_Tensor>:$values);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    (`carry` `(` $carried^ `)`)? (`over` `(` $slices^ `)`)? attr-dict `:` functional-type(operands, results) $body
  }];
  let hasCanonicalizer = 1;
  let extraClassDeclaration = [{
    unsigned getNumCarried() { return getCarried().size(); }
    /// How often the region runs; dynamic where the rows are.
    int64_t getNumTrips();
    ::mlir::Value getIndex() { return getBody().getArgument(0); }
    ::mlir::Block::BlockArgListType getCarriedArguments() {
      return getBody().getArguments().slice(1, getNumCarried());
    }
    ::mlir::Block::BlockArgListType getRows() { return getBody().getArguments().drop_front(1 + getNumCarried()); }
    ::mlir::OperandRange getYielded() { return getBody().front().getTerminator()->getOperands(); }
  }];
}

def Dither_WhileOp : Dither_StructuredOp<"while", [
    Dither_InferTypes, DeclareOpInterfaceMethods<StructuredOpInterface, ["saveForGradients"]>]> {
  let summary = "Runs a region while a condition holds";
  let description = [{
    The first region says of the carried values whether the second one, which yields the next ones, runs (again). Results are those of which the
    condition does not hold. With `max_trips`, the second region runs no more than so many times; only then is there a gradient, which
    keeps the carried values of all these runs.

    ```mlir
    %y = dither.while carry(%x) {max_trips = 16 : i64} : tensor<f32> {
    ^bb0(%a: tensor<f32>):
      %limit = dither.constant dense<100.0> : tensor<f32>
      %c = dither.compare lt %a, %limit : tensor<f32>, tensor<f32>
      dither.yield %c : tensor<i1>
    } do {
    ^bb0(%a: tensor<f32>):
      %b = dither.mul %a, %a : tensor<f32>, tensor<f32>
      dither.yield %b : tensor<f32>
    }
    ```

    Constraints: (C1) both regions take the carried values; (C2) the first one yields a `tensor<i1>`, the second one values of the types of those
    carried; (C3) `max_trips` is not negative.
  }];
  let arguments = (ins Variadic<Dither_Tensor>:$carried, OptionalAttr<I64Attr>:$max_trips);
  let results = (outs Variadic<Dither_Tensor>:$values);
  let regions = (region SizedRegion<1>:$condition, SizedRegion<1>:$body);
  let assemblyFormat = "`carry` `(` $carried `)` attr-dict `:` type($carried) $condition `do` $body";
}

def Dither_CondOp : Dither_StructuredOp<"cond"> {
  let summary = "Runs one of two regions";
  let description = [{
    The first region where the condition holds, else the second one; the results are what it yields. For the gradient, the region runs again. To choose
    element by element, use `dither.select`.

    ```mlir
    func.func @f(%c: tensor<i1>, %x: tensor<4xf32>) -> tensor<4xf32> {
      %y = dither.cond %c -> tensor<4xf32> {
        %a = dither.exp %x : tensor<4xf32>
        dither.yield %a : tensor<4xf32>
      } else {
        dither.yield %x : tensor<4xf32>
      }
      return %y : tensor<4xf32>
    }
    ```

    Constraints: (C1) the regions have no arguments; (C2) each yields values of the types of the results, of which there is
    at least one.
  }];
  let arguments = (ins Dither_Condition:$condition);
  let results = (outs Variadic<Dither_Tensor>:$values);
  let regions = (region SizedRegion<1>:$then, SizedRegion<1>:$otherwise);
  let assemblyFormat = "$condition attr-dict `->` type($values) $then `else` $otherwise";
  let hasCanonicalizer = 1;
}

def Dither_AssociativeScanOp : Dither_Op<"associative_scan", [
    RecursiveMemoryEffects, SingleBlock, Dither_InferTypes, Dither_Decomposable, Dither_DifferentiatedByParts]> {
  let summary = "Combinations of all elements up to each one, by a region";
  let description = [{
    Element `i` along `dim` is `((x[0] * x[1]) * ...) * x[i]`, where the region says what `*` is: it takes the elements of all operands on the left, then
    those on the right, without `dim`, and yields the combined ones. With `reverse`, it goes from the last element, which is leftmost, to the first. The
    author promises that `*` is associative: in which order neighbours are combined is not said, and results are equal up to rounding.

    ```mlir
    // h[i] = a[i] h[i - 1] + b[i], and the products of a.
    %p, %h = dither.associative_scan %a, %b {dim = 1 : i64} : tensor<?x128xf32>, tensor<?x128xf32> {
    ^bb0(%a0: tensor<?xf32>, %b0: tensor<?xf32>, %a1: tensor<?xf32>, %b1: tensor<?xf32>):
      %c = dither.mul %a1, %a0 : tensor<?xf32>, tensor<?xf32>
      %d = dither.mul %a1, %b0 : tensor<?xf32>, tensor<?xf32>
      %e = dither.add %d, %b1 : tensor<?xf32>, tensor<?xf32>
      dither.yield %c, %e : tensor<?xf32>, tensor<?xf32>
    }
    // Products of matrices.
    %q = dither.associative_scan %m {dim = 0 : i64} : tensor<64x3x3xf32> {
    ^bb0(%l: tensor<3x3xf32>, %r: tensor<3x3xf32>):
      %n = dither.matmul %l, %r : tensor<3x3xf32>, tensor<3x3xf32>
      dither.yield %n : tensor<3x3xf32>
    }
    ```

    Elements are combined from the first to the last, by a loop. If they are small, and the region is made of ops that work element by element, the loop
    goes through about `sqrt(n)` blocks side by side, each of as many elements; what all blocks before one combine to comes in front of its elements then.
    This combines twice as often, in vectors. A tree would do no less, and go over memory once for each of its levels.

    The gradient is that of these ops.

    Constraints: (C1) there is an operand; `dim` is below the rank of each; (C2) extents along `dim` are static and equal, and at most the first dimension
    of an operand is dynamic; (C3) the region takes elements twice, and (C4) yields them once.
  }];
  let arguments = (ins Variadic<Dither_Tensor>:$xs, I64Attr:$dim, UnitAttr:$reverse);
  let results = (outs Variadic<Dither_Tensor>:$ys);
  let regions = (region SizedRegion<1>:$combine);
  let assemblyFormat = "$xs attr-dict `:` type($xs) $combine";
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
}

#endif // DITHER_CONTROL_FLOW_TD
