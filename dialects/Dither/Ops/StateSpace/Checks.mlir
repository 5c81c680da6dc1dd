dither.model @state_space {
  // Two blocks and a step behind them, from states that are given, with all operands.
  func.func @selective_scan_all(%a: tensor<?x5x2xf64>, %b: tensor<?x5x2xf64> {dither.range = [0.1, 1.0]}, %c: tensor<2x1xf64> {dither.range = [-2.0, -0.1]},
      %d: tensor<?x5x1xf64>, %e: tensor<?x5x1xf64>, %f: tensor<2xf64>, %g: tensor<?x2x1xf64>) -> tensor<?x5x2xf64> {
    %y, %last, %starts = dither.selective_scan %a, %b, %c, %d, %e skip %f from %g {block = 2 : i64}
      : tensor<?x5x2xf64>, tensor<2x1xf64>, tensor<?x5x1xf64> skip tensor<2xf64> from tensor<?x2x1xf64>
    return %y : tensor<?x5x2xf64>
  }

  // One block, no samples.
  func.func @selective_scan_short(%a: tensor<3x2xf64>, %b: tensor<3x2xf64> {dither.range = [0.1, 1.0]}, %c: tensor<2x2xf64>, %d: tensor<3x2xf64>,
      %e: tensor<3x2xf64>) -> tensor<3x2xf64> {
    %y, %last, %starts = dither.selective_scan %a, %b, %c, %d, %e : tensor<3x2xf64>, tensor<2x2xf64>, tensor<3x2xf64>
    return %y : tensor<3x2xf64>
  }

  // Sequences of sequences.
  func.func @selective_scan_last(%a: tensor<?x2x2x1xf64>, %b: tensor<?x2x2x1xf64> {dither.range = [0.1, 1.0]}, %c: tensor<1x2xf64>, %d: tensor<?x2x2x2xf64>)
      -> tensor<?x2x1x2xf64> {
    %y, %last, %starts = dither.selective_scan %a, %b, %c, %d, %d {block = 1 : i64} : tensor<?x2x2x1xf64>, tensor<1x2xf64>, tensor<?x2x2x2xf64>
    return %last : tensor<?x2x1x2xf64>
  }

  func.func @selective_scan_starts(%a: tensor<?x3x2xf64>, %b: tensor<?x3x2xf64> {dither.range = [0.1, 1.0]}, %c: tensor<2x1xf64>, %d: tensor<?x3x1xf64>,
      %f: tensor<?x2x1xf64>) -> tensor<?x3x1x2xf64> {
    %y, %last, %starts = dither.selective_scan %a, %b, %c, %d, %d from %f {block = 1 : i64}
      : tensor<?x3x2xf64>, tensor<2x1xf64>, tensor<?x3x1xf64> from tensor<?x2x1xf64>
    return %starts : tensor<?x3x1x2xf64>
  }

  func.func @selective_scan_none(%a: tensor<?x0x3xf64>, %b: tensor<3x2xf64>, %c: tensor<?x0x2xf64>, %d: tensor<?x3x2xf64>) -> tensor<?x3x2xf64> {
    %y, %last, %starts = dither.selective_scan %a, %a, %b, %c, %c from %d
      : tensor<?x0x3xf64>, tensor<3x2xf64>, tensor<?x0x2xf64> from tensor<?x3x2xf64>
    return %last : tensor<?x3x2xf64>
  }

  func.func @selective_scan_stateless(%a: tensor<?x3x2xf64>, %b: tensor<2x0xf64>, %c: tensor<?x3x0xf64>, %d: tensor<2xf64>) -> tensor<?x3x2xf64> {
    %y, %last, %starts = dither.selective_scan %a, %a, %b, %c, %c skip %d : tensor<?x3x2xf64>, tensor<2x0xf64>, tensor<?x3x0xf64> skip tensor<2xf64>
    return %y : tensor<?x3x2xf64>
  }
}
