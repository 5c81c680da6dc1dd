#ifndef DITHER_TILE_ATTRS_TD
#define DITHER_TILE_ATTRS_TD

include "Tile/IR/TileDialect.td"
include "mlir/IR/AttrTypeBase.td"

def Tile_LinearAttr : AttrDef<Tile_Dialect, "Linear"> {
  let mnemonic = "linear";
  let summary = "A layout that is linear over bits";
  let description = [{
    Where the elements of a tile are. Left of the arrow are inputs, right of it outputs, all with sizes that are powers of two. An input has, for each of
    its bits from the lowest on, the coordinates of the index that has just this bit, one for each output, without brackets if there is one output. The
    coordinates of any other index are the exclusive or of those of its bits. Zhou et al., "Linear Layouts: Robust Code Generation of Efficient Tensor
    Computation Using F2", 2025.

    The accumulator of an instruction `mma.sync.m16n8k16`, the same over four warps, of which two along columns, and 8 x 64 elements of 16 bits in shared memory, with
    the swizzle of 128 bytes:

    ```mlir
    #tile.linear<register = [[0, 1], [8, 0]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]] -> row: 16, column: 8>
    #tile.linear<register = [[0, 1], [8, 0]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [[0, 8], [16, 0]] -> row: 32, column: 16>
    #tile.linear<offset = [[0, 1], [0, 2], [0, 4], [0, 8], [0, 16], [0, 32], [1, 8], [2, 16], [4, 32]] -> row: 8, column: 64>
    ```

    With one output, without bits of an input, and without inputs:

    ```mlir
    #tile.linear<row = [16, 32], column = [1, 2, 4, 8] -> offset: 64>
    #tile.linear<lane = [1, 2, 4, 8, 16], warp = [] -> row: 32>
    #tile.linear<() -> row: 1>
    ```

    Constraints: (C1) names are of letters, digits and `_`, and no two inputs and no two outputs have the same; (C2) sizes of outputs are powers of two; (C3) each
    bit has as many coordinates as there are outputs; (C4) coordinates are less than the sizes of their outputs; (C5) inputs have at most 62 bits together,
    and so have outputs.
  }];
  let parameters = (ins AttrParameter<"::dither::tile::LinearLayout", "the layout", "const ::dither::tile::LinearLayout &">:$layout);
  let hasCustomAssemblyFormat = 1;
}

#endif // DITHER_TILE_ATTRS_TD
