dither.model @gradient {
  func.func @stop_gradient(%a: tensor<?x5xf64>) -> tensor<?x5xf64> attributes {dither.no_slope} {
    %y = dither.stop_gradient %a : tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @surrogate(%a: tensor<?x5xf64>, %b: tensor<?x5xf64>) -> tensor<?x5xf64> attributes {dither.no_slope} {
    %y = dither.surrogate %a for %b : tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }
}
