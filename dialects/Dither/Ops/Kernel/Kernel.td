#ifndef DITHER_KERNEL_TD
#define DITHER_KERNEL_TD

include "Dither/IR/OpBase.td"
include "mlir/Interfaces/DestinationStyleOpInterface.td"

def Dither_ContractOp : Dither_Op<"contract", [DestinationStyleOpInterface, AttrSizedOperandSegments,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "A product with a dense or packed matrix, as a kernel";
  let description = [{
    Writes `x w` into `init`, whose old contents are not read. `w` is one row-major matrix, or the parts of a packed one as of
    `dither.packed_matmul`, and `x` may be codes with `x_parts`, as there. Works on tensors and, after bufferization, on memrefs; the contraction generator turns it
    into loops. With `rows`, the matrix of the product has row `rows[k]` of a dense `w` in place of its row `k`; the positions exist.
    What `kernel` stages, and sums that wait, are in `scratch`, as `dither-assign-scratch` makes it for the plan.

    The sums are f32, and so is the result, or an `epilogue` narrows it to bf16 or f16.
    The `epilogue` makes each element of the result of the element of the product, its first argument, and of an element of each of the `fused`
    tensors, which `fused_maps` name by row and column. It is arithmetic that vectors do lane by lane, and ends in `dither.yield`.

    ```mlir
    %y = dither.contract x(%x : tensor<8x64xf32>) w(%w : tensor<64x10xf32>) into(%init : tensor<8x10xf32>) -> tensor<8x10xf32>
    %z = dither.contract x(%x : tensor<8x64xf32>) w(%w : tensor<64x10xf32>) into(%init : tensor<8x10xf32>) fused(%bias : tensor<10xf32>)
      {fused_maps = [affine_map<(row, column) -> (column)>]} epilogue {
      ^bb0(%sum: f32, %b: f32):
        %biased = arith.addf %sum, %b : f32
        dither.yield %biased : f32
      } -> tensor<8x10xf32>
    ```

    Constraints: (C1) there is a pattern or a format if and only if there is `dense`, and without one part; (C2) pattern and format fit
    `dense`; (C3) the parts are as of `dither.pack`; (C4) the shapes are those of a product; (C5) no codes of `x` meet a transpose; (C6) codes
    have `x_parts` as of `dither.packed_matmul`; (C7) `rows` are i32 of rank 1, and choose among rows of a dense matrix, not of its transpose; (C8) `fused` and `fused_maps` come with an epilogue, one map for each tensor, from two dimensions to its row, its
    column or a constant in each of its dimensions, the column in the last, along which elements lie side by side; (C9) the epilogue is one block of elementwise operations with an
    argument for the product and for each tensor, and yields an element of the result; (C10) `kernel`, how the product becomes loops, is a `#dither.kernel`.
  }];
  let arguments = (ins AnyShaped:$x, Variadic<AnyShaped>:$x_parts, Variadic<AnyShaped>:$parts, Optional<AnyShaped>:$rows, AnyShaped:$init,
                       Variadic<AnyShaped>:$fused, Variadic<AnyShaped>:$scratch, UnitAttr:$transpose_x, UnitAttr:$transpose_w, OptionalAttr<TypeAttrOf<AnyRankedTensor>>:$dense,
                       OptionalAttr<AnyAttr>:$pattern, OptionalAttr<AnyAttr>:$format,
                       OptionalAttr<AffineMapArrayAttr>:$fused_maps, OptionalAttr<AnyAttr>:$kernel);
  let regions = (region MaxSizedRegion<1>:$epilogue);
  let results = (outs Optional<AnyRankedTensor>:$y);
  let assemblyFormat = [{
    `x` `(` $x `:` type($x) `)` (`activations` `(` $x_parts^ `:` type($x_parts) `)`)? `w` `(` $parts `:` type($parts) `)`
    (`rows` `(` $rows^ `:` type($rows) `)`)?
    `into` `(` $init `:` type($init) `)` (`fused` `(` $fused^ `:` type($fused) `)`)? (`scratch` `(` $scratch^ `:` type($scratch) `)`)?
    attr-dict (`epilogue` $epilogue^)? (`->` type($y)^)?
  }];
  let hasVerifier = 1;
  // A product without an epilogue.
  let builders = [OpBuilder<(ins "::mlir::Type":$type, "::mlir::Value":$x, "::mlir::ValueRange":$xParts, "::mlir::ValueRange":$parts,
    "::mlir::Value":$rows, "::mlir::Value":$init, "bool":$transposeX, "bool":$transposeW,
    CArg<"::mlir::TypeAttr", "{}">:$dense, CArg<"::mlir::Attribute", "{}">:$pattern, CArg<"::mlir::Attribute", "{}">:$format)>];
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() { return getInitMutable(); }
    /// Whether vectors can do lane by lane what a block computes.
    static bool isElementwise(::mlir::Block &block);
    /// Whether a map names elements of a fused tensor of a rank.
    static bool isFusedMap(::mlir::AffineMap map, int64_t rank);
    /// The plan of the kernel; null before there is one.
    KernelAttr getPlan() { return ::llvm::cast_if_present<KernelAttr>(getKernelAttr()); }
    /// The extent of the contraction.
    int64_t getDepth() { return ::llvm::cast<::mlir::ShapedType>(getX().getType()).getDimSize(getTransposeX() ? 0 : 1); }
  }];
}

def Dither_YieldOp : Dither_Op<"yield", [
    Pure, Terminator, ParentOneOf<["ContractOp", "ForOp", "WhileOp", "CondOp", "AssociativeScanOp", "ExpectOp"]>]> {
  let summary = "Ends a region";
  let description = [{
    Gives what the region makes: the element of the result of `dither.contract`, values of `dither.for`, `dither.while`, `dither.cond` and `dither.associative_scan`.
  }];
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
}

def Dither_SampledContractOp : Dither_Op<"sampled_contract", [
    DestinationStyleOpInterface, DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "The listed elements of a product, as a kernel";
  let description = [{
    Writes the elements of `x' y` at the places of `rows` and `offsets`, as of `dither.list_rows`, into `init`, whose old contents are not read.
    The kernel transposes rows of `x` and of `y` in `scratch`, which `dither-assign-scratch` gives.

    ```mlir
    %v = dither.sampled_contract x(%x : tensor<8x64xf32>) y(%y : tensor<8x16xf32>) at(%rows, %offsets : tensor<512xi8>, tensor<17xi32>)
      into(%init : tensor<512xf32>) -> tensor<512xf32>
    ```

    Constraints: (C1) `x` and `y` are matrices with as many rows; (C2) `rows` and `offsets` are as of `dither.list_rows`, `init` is as long as
    `rows`.
  }];
  let arguments = (ins AnyShaped:$x, AnyShaped:$y, AnyShaped:$rows, AnyShaped:$offsets, AnyShaped:$init, Optional<AnyShaped>:$scratch);
  let results = (outs Optional<AnyRankedTensor>:$slots);
  let assemblyFormat = [{
    `x` `(` $x `:` type($x) `)` `y` `(` $y `:` type($y) `)` `at` `(` $rows `,` $offsets `:` type($rows) `,` type($offsets) `)`
    `into` `(` $init `:` type($init) `)` (`scratch` `(` $scratch^ `:` type($scratch) `)`)? attr-dict (`->` type($slots)^)?
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() { return getInitMutable(); }
  }];
}

def Dither_OnDeviceOp : Dither_Op<"on_device", [DestinationStyleOpInterface, AttrSizedOperandSegments,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "An op that a device has kernels of, as such";
  let description = [{
    The op that `kernel` names, with its attributes as `settings`: `dither-keep-device-ops` makes it for a device, so that the op keeps its name until
    `dither-form-kernels` emits its kernels. Works on tensors and, after bufferization, on memrefs. The old contents of `inits` are not read unless the op
    `updates` them: then elements that it does not write stay.

    ```mlir
    %m = dither.on_device "dither.top_mask"(%x : tensor<64xf32>) into(%init : tensor<64xi1>) {settings = {count = 8 : i64}} -> tensor<64xi1>
    ```
  }];
  let arguments = (ins StrAttr:$kernel, Variadic<AnyShaped>:$inputs, Variadic<AnyShaped>:$inits, DefaultValuedAttr<DictionaryAttr, "{}">:$settings, UnitAttr:$updates);
  let results = (outs Variadic<AnyRankedTensor>:$outputs);
  let assemblyFormat = [{
    $kernel `(` $inputs `:` type($inputs) `)` `into` `(` $inits `:` type($inits) `)` attr-dict (`->` type($outputs)^)?
  }];
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() { return getInitsMutable(); }
  }];
}

#endif // DITHER_KERNEL_TD
