#ifndef DITHER_TILE_ASYNC_OPS_TD
#define DITHER_TILE_ASYNC_OPS_TD

// Warps with roles of their own, barriers between them, and what does its work while threads go on: TMA and `wgmma`, of sm_90a.

def Tile_Barriers : MemRefRankOf<[I64], [1]>;

def Tile_RoleOp : Tile_Op<"role", [SingleBlock, NoTerminator, RecursiveMemoryEffects]> {
  let summary = "What some warps of a block do";
  let description = [{
    `warps` warps, from `first` on, do what is in the body, where they are counted from 0. Others pass by. With `registers`, each of their threads has that many from
    here on, more or fewer than at the launch.

    ```mlir
    tile.role first 4 warps 8 registers 232 {
      tile.wait %full[%stage] phase %phase : memref<4xi64, #gpu.address_space<workgroup>>
    }
    ```

    Constraints: (C1) with `registers`, the warps are groups of four, and there are 24 to 256 registers, a multiple of 8; (C2) no role is in another; (C3) there is a warp,
    and the first is not negative.
  }];
  let arguments = (ins I64Attr:$first, I64Attr:$warps, OptionalAttr<I64Attr>:$registers);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "`first` $first `warps` $warps (`registers` $registers^)? attr-dict-with-keyword $body";
  let hasVerifier = 1;
}

def Tile_InitBarriersOp : Tile_Op<"init_barriers", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "Makes barriers in shared memory";
  let description = [{
    Each element becomes a barrier whose phases end when `count` have arrived: an mbarrier. All threads run this, the first does it; a barrier of the whole block comes
    behind it.

    ```mlir
    tile.init_barriers %full, 1 : memref<4xi64, #gpu.address_space<workgroup>>
    ```

    Constraints: (C1) the memory is of the workgroup, and its extent is known; (C2) the count is 1 to 2^20 - 1; (C3) it is in no role.
  }];
  let arguments = (ins Tile_Barriers:$barriers, I64Attr:$count);
  let assemblyFormat = "$barriers `,` $count attr-dict `:` type($barriers)";
  let hasVerifier = 1;
}

class Tile_BarrierOp<string mnemonic> : Tile_Op<mnemonic, [MemoryEffects<[MemRead, MemWrite]>]> {
  let hasVerifier = 1;
}

def Tile_ArriveOp : Tile_BarrierOp<"arrive"> {
  let summary = "A warp arrives at a barrier";
  let description = [{
    Once for each warp, when all of its lanes have come: what they did before is done for whoever waits for the phase.

    ```mlir
    tile.arrive %empty[%stage] : memref<4xi64, #gpu.address_space<workgroup>>
    ```

    Constraints: (C1) the barriers are in memory of the workgroup, whose extent is known, and have the number, where it is a constant.
  }];
  let arguments = (ins Tile_Barriers:$barriers, Index:$number);
  let assemblyFormat = "$barriers `[` $number `]` attr-dict `:` type($barriers)";
}

def Tile_ExpectOp : Tile_BarrierOp<"expect"> {
  let summary = "Arrives at a barrier that waits for bytes, too";
  let description = [{
    The phase does not end before copies have brought `bytes` bytes. One thread runs this, and then asks for the copies.

    ```mlir
    tile.expect %full[%stage], 8192 : memref<4xi64, #gpu.address_space<workgroup>>
    ```

    Constraints: (C1) as of `tile.arrive`; (C2) there are 1 to 2^20 - 1 bytes.
  }];
  let arguments = (ins Tile_Barriers:$barriers, Index:$number, I64Attr:$bytes);
  let assemblyFormat = "$barriers `[` $number `]` `,` $bytes attr-dict `:` type($barriers)";
}

def Tile_WaitOp : Tile_BarrierOp<"wait"> {
  let summary = "Waits for the end of a phase";
  let description = [{
    Until phase `phase` of a barrier has ended. They are counted from 0; before the first, a phase -1 has ended. A barrier knows the parity of phases, so that no
    thread may be more than one behind.

    ```mlir
    tile.wait %full[%stage] phase %phase : memref<4xi64, #gpu.address_space<workgroup>>
    ```

    Constraints: (C1) as of `tile.arrive`; (C2) a constant phase is -1 at least.
  }];
  let arguments = (ins Tile_Barriers:$barriers, Index:$number, Index:$phase);
  let assemblyFormat = "$barriers `[` $number `]` `phase` $phase attr-dict `:` type($barriers)";
}

def Tile_DescribeOp : Tile_Op<"describe", [Pure]> {
  let summary = "How tiles of a matrix are copied";
  let description = [{
    `dither-outline-kernels` takes it out of the kernel: the host says where the matrix is, and its extents, the runtime makes the map.

    ```mlir
    %map = tile.describe %x : memref<?x64xbf16> as !tile.map<128x64xbf16, 128>
    ```

    Constraints: (C1) elements are of one type; (C2) elements of a row are side by side, and rows begin at multiples of 16 bytes
    from the start of the memory, which is one.
  }];
  let arguments = (ins Tile_Matrix:$matrix);
  let results = (outs Tile_MapType:$map);
  let assemblyFormat = "$matrix attr-dict `:` type($matrix) `as` type($map)";
  let hasVerifier = 1;
}

def Tile_FetchOp : Tile_Op<"fetch", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "Asks for a tile of a matrix, by TMA";
  let description = [{
    The thread that runs this asks for the block of a matrix from (`row`, `column`) on, which comes to a stage of the tiles; elements that the matrix does not have are zero.
    Rows and columns are those of the tile, as of `tile.copy`. Its bytes are counted by a barrier.

    ```mlir
    tile.fetch %map[%row, %column] to %tiles[%stage] signals %full[%stage]
      : !tile.map<64x64xbf16, 128>, !tile.shared<4, 64x128xbf16, #shared>, memref<4xi64, #gpu.address_space<workgroup>>
    ```

    Constraints: (C1) the tiles have the layout that TMA writes with boxes of this map: `getTmaLayout` (dialects/Tile/Layout) makes it;
    (C2) a constant stage is one of the tiles'; (C3) as (C1) of `tile.arrive`.
  }];
  let arguments = (ins Tile_MapType:$map, Index:$row, Index:$column, Tile_SharedType:$tiles, Index:$stage, Tile_Barriers:$barriers, Index:$number);
  let assemblyFormat = [{
    $map `[` $row `,` $column `]` `to` $tiles `[` $stage `]` `signals` $barriers `[` $number `]` attr-dict
    `:` type($map) `,` type($tiles) `,` type($barriers)
  }];
  let hasVerifier = 1;
}

def Tile_PublishOp : Tile_Op<"publish", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "What a thread wrote may be read by `wgmma` and TMA";
  let description = [{
    These read shared memory another way than threads do: `fence.proxy.async`. It is between what a thread writes to tiles and its `tile.arrive`.

    ```mlir
    tile.publish
    ```
  }];
  let assemblyFormat = "attr-dict";
}

def Tile_GroupMmaOp : Tile_Op<"group_mma", [MemoryEffects<[MemRead]>, AllTypesMatch<["c", "d"]>]> {
  let summary = "A product of tiles in shared memory, by groups of four warps";
  let description = [{
    `d = a b + c` by instructions `wgmma.mma_async`, one after the other along the contraction. `d` exists behind the `tile.group_wait` for it; until
    then it may only be the `c` of the next one. The stages must stay as they are until then. With metadata, `a` has two of each four elements of a row, as for
    `tile.mma_sparse`.

    ```mlir
    %d = tile.group_mma %a[%stage], %b[%stage], %c : !tile.shared<4, 128x64xbf16, #a>, !tile.shared<4, 64x128xbf16, #b>, !tile.registers<128x128xf32, #c>
    ```

    Constraints: (C1) the shapes are those of a product over a multiple of 16 elements, 32 of i8; (C2) a and b have elements of one type, bf16 or f16, c of f32, the metadata i16;
    or i8 and i32 as of `tile.mma`, without metadata;
    (C3) the tiles in shared memory have layouts that TMA writes; (C4) c has the layout of the instruction's accumulators, as `getGroupAccumulatorLayout`
    (dialects/Tile/Layout) makes it, of groups that have all columns, 8 to 256; (C5) the metadata are over 64 elements, of groups that have 64 rows each, in the layout of
    `getSparseMetadataLayout`; (C6) constant stages are those of the tiles.
  }];
  let arguments = (ins Tile_SharedType:$a, Index:$aStage, Optional<Tile_RegistersType>:$metadata, Tile_SharedType:$b, Index:$bStage, Tile_RegistersType:$c);
  let results = (outs Tile_RegistersType:$d);
  let assemblyFormat = [{
    $a `[` $aStage `]` (`metadata` $metadata^ `:` type($metadata))? `,` $b `[` $bStage `]` `,` $c attr-dict `:` type($a) `,` type($b) `,` type($d)
  }];
  let hasVerifier = 1;
}

def Tile_AssembleOp : Tile_Op<"assemble", [Pure]> {
  let summary = "A tile of what threads have";
  let description = [{
    The elements of a thread, in the order of its registers.

    ```mlir
    %a = tile.assemble %values : vector<64xbf16> -> !tile.registers<128x64xbf16, #a>
    ```

    Constraints: (C1) there are as many elements as a thread has of the tile, of its type.
  }];
  let arguments = (ins VectorOfRankAndType<[1], [AnyType]>:$values);
  let results = (outs Tile_RegistersType:$tile);
  let assemblyFormat = "$values attr-dict `:` type($values) `->` type($tile)";
  let hasVerifier = 1;
}

def Tile_GroupMmaRegistersOp : Tile_Op<"group_mma_registers", [MemoryEffects<[MemRead]>, AllTypesMatch<["c", "d"]>]> {
  let summary = "A product by groups of four warps, of which they hold the first operand";
  let description = [{
    As `tile.group_mma`, with `a` in registers. Threads may hold other rows, and other steps of the contraction, than the fragments of the instruction have there, as
    long as b has the same order along the contraction, and c that of the rows: `matchGroupOperand` (dialects/Tile/Layout) finds it.

    ```mlir
    %d = tile.group_mma_registers %a, %b[%stage], %c : !tile.registers<128x64xbf16, #a>, !tile.shared<4, 64x16xbf16, #b>, !tile.registers<128x16xf32, #c>
    ```

    Constraints: (C1) to (C4) as of `tile.group_mma`, for b and c in the order of a; (C5) a constant stage is one of the tiles'.
  }];
  let arguments = (ins Tile_RegistersType:$a, Tile_SharedType:$b, Index:$stage, Tile_RegistersType:$c);
  let results = (outs Tile_RegistersType:$d);
  let assemblyFormat = "$a `,` $b `[` $stage `]` `,` $c attr-dict `:` type($a) `,` type($b) `,` type($d)";
  let hasVerifier = 1;
}

def Tile_GroupWaitOp : Tile_Op<"group_wait", [MemoryEffects<[MemRead]>, AllTypesMatch<["tile", "result"]>]> {
  let summary = "Waits for products by groups of warps";
  let description = [{
    All but the last `pending` products of this group of warps are done: their stages are free, and with 0 the sums exist.

    ```mlir
    %sums = tile.group_wait %d pending 0 : !tile.registers<128x128xf32, #c>
    ```

    Constraints: (C1) there are 0 to 7.
  }];
  let arguments = (ins Tile_RegistersType:$tile, I64Attr:$pending);
  let results = (outs Tile_RegistersType:$result);
  let assemblyFormat = "$tile `pending` $pending attr-dict `:` type($tile)";
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Instructions of a thread that the NVVM dialect does not have
//===----------------------------------------------------------------------===//

/// What registers hold of sums, or of operands.
def Tile_Sum : AnyTypeOf<[F32, I32]>;

def Tile_WgmmaOp : Tile_Op<"wgmma", [AttrSizedOperandSegments]> {
  let summary = "The instruction `wgmma.mma_async`";
  let description = [{
    `m64` by `n` by `k`, of which the first operand is in registers, or has a matrix descriptor as the second one has. Results are tied to the sums.

    ```mlir
    %d:4 = tile.wgmma bf16 n 8 k 16 a() matrix %a b %b sums(%c0, %c1, %c2, %c3) {transposedA = false, transposedB = true}
      : (i64, i64, f32, f32, f32, f32) -> (f32, f32, f32, f32)
    ```

    Constraints: (C1) there are as many results as sums, n / 2, of f32, or of i32 for bytes; (C2) there are four registers, which are not transposed, or a matrix; (C3) k is 16,
    or 32 with metadata, whose selector is 0 or 1; 32 of bytes, which have no metadata and are not transposed; (C4) n is a multiple of 8, 8 to 256, of 16 above 32 for bytes;
    (C5) elements are bf16, f16 or i8.
  }];
  let arguments = (ins TypeAttr:$element, I64Attr:$n, I64Attr:$k, Variadic<I32>:$registers, Optional<I64>:$matrix, I64:$b, Optional<I32>:$metadata,
                       DefaultValuedAttr<I64Attr, "0">:$selector, Variadic<Tile_Sum>:$sums, BoolAttr:$transposedA, BoolAttr:$transposedB);
  let results = (outs Variadic<Tile_Sum>:$results);
  let assemblyFormat = [{
    $element `n` $n `k` $k `a` `(` $registers `)` (`matrix` $matrix^)? `b` $b (`metadata` $metadata^)? `sums` `(` $sums `)` attr-dict
    `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def Tile_WgmmaFenceOp : Tile_Op<"wgmma_fence", [AllTypesMatch<["registers", "results"]>]> {
  let summary = "The instruction `wgmma.fence`, before which registers have their values";
  let description = [{
    That results are tied to the registers keeps what writes them before it.

    ```mlir
    %c:2 = tile.wgmma_fence %c0, %c1 : f32, f32
    ```
  }];
  let arguments = (ins Variadic<Tile_Sum>:$registers);
  let results = (outs Variadic<Tile_Sum>:$results);
  let assemblyFormat = "$registers attr-dict `:` type($registers)";
}

def Tile_WgmmaWaitOp : Tile_Op<"wgmma_wait", [AllTypesMatch<["sums", "results"]>]> {
  let summary = "The instruction `wgmma.wait_group`, behind which registers have their values";
  let description = [{
    That results are tied to the sums keeps what uses them behind it: there are as many.

    ```mlir
    %d:2 = tile.wgmma_wait 0, %c0, %c1 : f32, f32
    ```

    Constraints: (C1) 0 to 7 are left.
  }];
  let arguments = (ins I64Attr:$pending, Variadic<Tile_Sum>:$sums);
  let results = (outs Variadic<Tile_Sum>:$results);
  let assemblyFormat = "$pending `,` $sums attr-dict `:` type($sums)";
  let hasVerifier = 1;
}

#endif // DITHER_TILE_ASYNC_OPS_TD
