#ifndef DITHER_TILE_OPS_TD
#define DITHER_TILE_OPS_TD

include "Tile/IR/TileTypes.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/IR/OpBase.td"

class Tile_Op<string mnemonic, list<Trait> traits = []> : Op<Tile_Dialect, mnemonic, traits>;

def Tile_Matrix : MemRefRankOf<[AnyType], [2]>;

def Tile_PlaceOp : Tile_Op<"place", [Pure]> {
  let summary = "Tiles in a piece of shared memory";
  let description = [{
    ```mlir
    %tiles = tile.place %memory : memref<64xbf16, #gpu.address_space<workgroup>> as !tile.shared<1, 8x8xbf16,
      #tile.linear<offset = [[0, 1], [0, 2], [0, 4], [1, 0], [2, 0], [4, 0]] -> row: 8, column: 8>>
    ```

    Constraints: (C1) the memory has as many elements as all stages, of their type; (C2) it is of the workgroup, element after element.
  }];
  let arguments = (ins MemRefRankOf<[AnyType], [1]>:$memory);
  let results = (outs Tile_SharedType:$tiles);
  let assemblyFormat = "$memory attr-dict `:` type($memory) `as` type($tiles)";
  let hasVerifier = 1;
}

def Tile_CopyOp : Tile_Op<"copy", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "Copies a block of a matrix to shared memory";
  let description = [{
    All threads of the block copy the elements from (`row`, `column`) on to a stage of the tiles, zeros where the matrix has none. Rows and columns are
    those of the tile: where its consecutive elements are those of a column, it gets the transpose of the matrix's block. With `rows`, the matrix's row
    `rows[k]` takes the place of its row `k`; the positions exist.

    What rows of the matrix allow (16, 8 or 4 bytes at multiples of these) is copied asynchronously: `nvvm.cp.async.commit.group` and
    `nvvm.cp.async.wait.group` order it.

    ```mlir
    tile.copy %x[%row, %column] to %tiles[%stage] : memref<?x64xbf16>, !tile.shared<1, 8x8xbf16,
      #tile.linear<offset = [[0, 1], [0, 2], [0, 4], [1, 0], [2, 0], [4, 0]] -> row: 8, column: 8>>
    ```

    Constraints: (C1) the matrix and the tiles have elements of one type, bf16, f16 or i8; (C2) `row` and `column`
    are multiples of 16 bytes, which nothing checks; (C3) the matrix has strides.
  }];
  let arguments = (ins Tile_Matrix:$matrix, Index:$row, Index:$column, Optional<MemRefRankOf<[I32], [1]>>:$rows, Tile_SharedType:$tiles,
                       Index:$stage);
  let assemblyFormat = [{
    $matrix `[` $row `,` $column `]` (`rows` `(` $rows^ `:` type($rows) `)`)? `to` $tiles `[` $stage `]` attr-dict
    `:` type($matrix) `,` type($tiles)
  }];
  let hasVerifier = 1;
}

def Tile_WriteOp : Tile_Op<"write", [MemoryEffects<[MemWrite]>]> {
  let summary = "Writes elements to shared memory";
  let description = [{
    A thread writes elements of a tile that are consecutive in memory, from (`row`, `column`) on, which begins as many of them: of a row or of a column
    as the tile's are, or of a small block whose elements have this order.

    ```mlir
    tile.write %values, %tiles[%stage, %row, %column] : vector<4xbf16>, !tile.shared<1, 8x8xbf16,
      #tile.linear<offset = [[0, 1], [0, 2], [0, 4], [1, 0], [2, 0], [4, 0]] -> row: 8, column: 8>>
    ```

    Constraints: (C1) the elements are of the tiles' type, of 16 bits or i8; (C2) as many are consecutive in memory, a row, a column or a block.
  }];
  let arguments = (ins VectorOfRankAndType<[1], [AnyType]>:$values, Tile_SharedType:$tiles, Index:$stage, Index:$row, Index:$column);
  let assemblyFormat = "$values `,` $tiles `[` $stage `,` $row `,` $column `]` attr-dict `:` type($values) `,` type($tiles)";
  let hasVerifier = 1;
}

def Tile_LoadOp : Tile_Op<"load", [MemoryEffects<[MemRead]>]> {
  let summary = "Loads a tile from shared memory into registers";
  let description = [{
    By `ldmatrix`, transposed where the layouts say so, or word by word.

    ```mlir
    %a = tile.load %tiles[%stage] : !tile.shared<1, 16x16xbf16, #shared> -> !tile.registers<16x16xbf16, #registers>
    ```

    Constraints: (C1) shapes and elements, of 16 bits or i8, are the same; (C2) `ldmatrix` gives registers of this
    layout, or the elements of a register are side by side in memory.
  }];
  let arguments = (ins Tile_SharedType:$tiles, Index:$stage);
  let results = (outs Tile_RegistersType:$tile);
  let assemblyFormat = "$tiles `[` $stage `]` attr-dict `:` type($tiles) `->` type($tile)";
  let hasVerifier = 1;
}

def Tile_FillOp : Tile_Op<"fill", [Pure]> {
  let summary = "A tile of equal elements";
  let description = [{
    ```mlir
    %zero = tile.fill 0.0 : !tile.registers<16x8xf32, #registers>
    ```

    Constraints: (C1) the elements are f32, or i32, and the value an integer then.
  }];
  let arguments = (ins F32Attr:$value);
  let results = (outs Tile_RegistersType:$tile);
  let assemblyFormat = "$value attr-dict `:` type($tile)";
  let hasVerifier = 1;
}

def Tile_MmaOp : Tile_Op<"mma", [Pure, AllTypesMatch<["c", "d"]>]> {
  let summary = "A product of tiles, added to a tile";
  let description = [{
    `d = a b + c` by instructions `mma.sync.m16n8k16`, or `m16n8k32` of bytes, one after the other along the contraction. Bytes are signed, and their
    sums wrap around.

    ```mlir
    %d = tile.mma %a, %b, %c : !tile.registers<16x16xbf16, #a>, !tile.registers<16x8xbf16, #b>, !tile.registers<16x8xf32, #c>
    ```

    Constraints: (C1) the shapes are those of a product over a multiple of 16 elements, 32 of i8; (C2) a and b have elements of one type, bf16 or f16, c of f32, or i8
    and i32; (C3) the layouts are those of the
    instruction's fragments over as many warps, as `getOperandLayout` and `getAccumulatorLayout` (dialects/Tile/Layout) make them.
  }];
  let arguments = (ins Tile_RegistersType:$a, Tile_RegistersType:$b, Tile_RegistersType:$c);
  let results = (outs Tile_RegistersType:$d);
  let assemblyFormat = "$a `,` $b `,` $c attr-dict `:` type($a) `,` type($b) `,` type($d)";
  let hasVerifier = 1;
}

def Tile_MmaSparseOp : Tile_Op<"mma_sparse", [Pure, AllTypesMatch<["c", "d"]>]> {
  let summary = "A product with a tile of which two of each four elements exist";
  let description = [{
    `d = a b + c` by instructions `mma.sp.sync.m16n8k32`. Of each four consecutive elements of a row of the matrix, `a` has two, in ascending order. Their
    positions, two bits each, are in `metadata`: in row `i` of it are those of rows 16 i to 16 i + 15. Element 2 (4 g + t) + h has the positions of row 16 i +
    8 h + g in the columns 16 t to 16 t + 15, the first in the lowest bits. The contraction has 64 elements.

    ```mlir
    %d = tile.mma_sparse %a metadata %m, %b, %c : !tile.registers<16x32xbf16, #a>, !tile.registers<1x64xi16, #m>, !tile.registers<64x8xbf16, #b>,
      !tile.registers<16x8xf32, #c>
    ```

    Constraints: (C1) the shapes are those of such a product; (C2) a and b have elements of one type, bf16 or f16, c of f32, the metadata i16; (C3) the
    layouts are those of the instruction's fragments over as many warps: see `getSparseMetadataLayout` (dialects/Tile/Layout) for that of the metadata, `tile.mma`
    for the others.
  }];
  let arguments = (ins Tile_RegistersType:$a, Tile_RegistersType:$metadata, Tile_RegistersType:$b, Tile_RegistersType:$c);
  let results = (outs Tile_RegistersType:$d);
  let assemblyFormat = [{
    $a `metadata` $metadata `,` $b `,` $c attr-dict `:` type($a) `,` type($metadata) `,` type($b) `,` type($d)
  }];
  let hasVerifier = 1;
}

def Tile_ForEachOp : Tile_Op<"for_each", [SingleBlock, NoTerminator, RecursiveMemoryEffects]> {
  let summary = "Does something with the elements of a tile";
  let description = [{
    The body runs for each two elements that are side by side in a row and in registers of a thread: it has their row, the column of the first, and
    both as a vector.

    ```mlir
    tile.for_each %d : !tile.registers<16x8xf32, #c> {
    ^bb0(%row: index, %column: index, %values: vector<2xf32>):
      vector.store %values, %y[%row, %column] : memref<16x8xf32>, vector<2xf32>
    }
    ```

    Constraints: (C1) the body has these arguments; (C2) registers step through pairs of columns, of f32 or i32.
  }];
  let arguments = (ins Tile_RegistersType:$tile);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$tile attr-dict `:` type($tile) $body";
  let hasVerifier = 1;
}

def Tile_CombineOp : Tile_Op<"combine", [SingleBlock, RecursiveMemoryEffects, AllTypesMatch<["a", "d"]>]> {
  let summary = "A tile of what the elements of two tiles become";
  let description = [{
    The body runs for each two elements that are side by side in a row and in registers of a thread: it has their row, the column of the first, both of
    `a` and both of `b`, and gives both of the result.

    ```mlir
    %d = tile.combine %a, %b : !tile.registers<16x8xf32, #c>, !tile.registers<16x8xi32, #c> {
    ^bb0(%row: index, %column: index, %as: vector<2xf32>, %bs: vector<2xi32>):
      %floats = arith.sitofp %bs : vector<2xi32> to vector<2xf32>
      %sums = arith.addf %as, %floats : vector<2xf32>
      tile.yield %sums : vector<2xf32>
    }
    ```

    Constraints: (C1) the body has these arguments, and gives a pair of the first tile's elements; (C2) both tiles have one shape and one layout, whose registers step
    through pairs of columns, and elements of f32 or i32.
  }];
  let arguments = (ins Tile_RegistersType:$a, Tile_RegistersType:$b);
  let results = (outs Tile_RegistersType:$d);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$a `,` $b attr-dict `:` type($a) `,` type($b) $body";
  let hasVerifier = 1;
}

def Tile_YieldOp : Tile_Op<"yield", [Pure, Terminator, HasParent<"CombineOp">]> {
  let summary = "Two elements of a combined tile";
  let description = [{
    ```mlir
    tile.yield %sums : vector<2xf32>
    ```
  }];
  let arguments = (ins VectorOfRankAndType<[1], [AnyType]>:$values);
  let assemblyFormat = "$values attr-dict `:` type($values)";
}

include "Tile/IR/TileAsyncOps.td"

#endif // DITHER_TILE_OPS_TD
