dither.model @there {
  dither.import @back "again.mlir"
}
