#ifndef DITHER_TILE_TYPES_TD
#define DITHER_TILE_TYPES_TD

include "Tile/IR/TileAttrs.td"

class Tile_Type<string name, string typeMnemonic> : TypeDef<Tile_Dialect, name> {
  let mnemonic = typeMnemonic;
  let genVerifyDecl = 1;
}

def Tile_RegistersType : Tile_Type<"Registers", "registers"> {
  let summary = "A tile in registers of a block of threads";
  let description = [{
    `layout` says which element each register of each lane of each warp holds: (register, lane, warp) -> (row, column). Elements of 16 bits share
    registers in pairs, those of 8 in fours.

    ```mlir
    !tile.registers<16x8xf32, #tile.linear<register = [[0, 1], [8, 0]], lane = [[0, 2], [0, 4], [1, 0], [2, 0], [4, 0]], warp = [] -> row: 16, column: 8>>
    ```

    Constraints: (C1) the layout's inputs are `register`, `lane` and `warp`, its outputs `row` and `column`, of the tile's shape; (C2) each element is in
    some register; (C3) elements are f32 or i32, or of 16 bits or i8, of which a thread has a register
    full at least.
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$shape, "::mlir::Type":$elementType, "::dither::tile::LinearAttr":$layout);
  let assemblyFormat = "`<` custom<TileShape>($shape, $elementType) `,` $layout `>`";
  let extraClassDeclaration = [{
    /// Elements that a thread holds.
    int64_t getCount() const { return getLayout().getLayout().getInputSize("register"); }
  }];
}

def Tile_SharedType : Tile_Type<"Shared", "shared"> {
  let summary = "Tiles in shared memory";
  let description = [{
    `stages` tiles one after the other. `layout` says which element of a tile is where in its memory: offset -> (row, column). Consecutive elements are those of
    a row or of a column.

    ```mlir
    !tile.shared<3, 8x8xbf16, #tile.linear<offset = [[0, 1], [0, 2], [0, 4], [1, 0], [2, 0], [4, 0]] -> row: 8, column: 8>>
    ```

    Constraints: (C1) the layout is bijective, from `offset` to `row` and `column` of the tile's shape; (C2) there is a stage at least; (C3) consecutive
    elements are those of a row or of a column, at least two of them.
  }];
  let parameters = (ins "int64_t":$stages, ArrayRefParameter<"int64_t">:$shape, "::mlir::Type":$elementType,
                        "::dither::tile::LinearAttr":$layout);
  let assemblyFormat = "`<` $stages `,` custom<TileShape>($shape, $elementType) `,` $layout `>`";
  let extraClassDeclaration = [{
    /// Elements of a stage.
    int64_t getCount() const { return getShape()[0] * getShape()[1]; }
    /// Whether consecutive elements are those of a column.
    bool isColumnMajor() const { return getLayout().getLayout().getNumConsecutive("offset", "row") > 1; }
    /// How many of them are consecutive in memory, too, from each that is a multiple of their number.
    int64_t getConsecutive() const {
      return getLayout().getLayout().getNumConsecutive("offset", isColumnMajor() ? "row" : "column");
    }
  }];
}

def Tile_MapType : Tile_Type<"Map", "map"> {
  let summary = "How tiles of a matrix are copied by TMA";
  let description = [{
    Boxes of `shape` elements of a matrix in global memory, whose rows have elements side by side, with the swizzle of `swizzle` bytes. A kernel has it as an
    argument, a CUtensorMap that the runtime makes at each launch.

    ```mlir
    !tile.map<64x32xbf16, 64>
    ```

    Constraints: (C1) the swizzle is 32, 64 or 128 bytes, and rows of the box are that long; (C2) a box has at most 256 rows and columns; (C3) elements have 8, 16 or
    32 bits.
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$shape, "::mlir::Type":$elementType, "int64_t":$swizzle);
  let assemblyFormat = "`<` custom<TileShape>($shape, $elementType) `,` $swizzle `>`";
}

#endif // DITHER_TILE_TYPES_TD
