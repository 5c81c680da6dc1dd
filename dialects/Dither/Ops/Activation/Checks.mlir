dither.model @activation {
  func.func @gelu(%a: tensor<?x5xf64>) -> tensor<?x5xf64> {
    %y = dither.gelu %a : tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @silu(%a: tensor<?x5xf64>) -> tensor<?x5xf64> {
    %y = dither.silu %a : tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @sigmoid(%a: tensor<?x5xf64>) -> tensor<?x5xf64> {
    %y = dither.sigmoid %a : tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @softplus(%a: tensor<?x5xf64>) -> tensor<?x5xf64> {
    %y = dither.softplus %a : tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @relu(%a: tensor<?x5xf64>) -> tensor<?x5xf64> attributes {dither.first_order} {
    %y = dither.relu %a : tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @leaky_relu(%a: tensor<?x5xf64>) -> tensor<?x5xf64> attributes {dither.first_order} {
    %y = dither.leaky_relu %a : tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @elu(%a: tensor<?x5xf64>) -> tensor<?x5xf64> {
    %y = dither.elu %a : tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }
}
