dither.model @back {
  dither.import @there "circle.mlir"
}
