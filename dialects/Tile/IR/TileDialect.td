#ifndef DITHER_TILE_DIALECT_TD
#define DITHER_TILE_DIALECT_TD

include "mlir/IR/DialectBase.td"

def Tile_Dialect : Dialect {
  let name = "tile";
  let cppNamespace = "::dither::tile";
  let summary = "Kernels over tiles, whose layouts are linear";
  let description = [{
    A tile is a small tensor in registers of a block of threads, or in its shared memory. Where its elements are is a linear layout, `#tile.linear`: what
    copies, conversions and products of tiles become follows from their layouts alone. See docs/rationale/layouts.md.
  }];
  let useDefaultAttributePrinterParser = 1;
  let useDefaultTypePrinterParser = 1;
}

#endif // DITHER_TILE_DIALECT_TD
