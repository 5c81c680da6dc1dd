dither.model @special {
  func.func @log1p(%a: tensor<?x5xf64> {dither.range = [-0.9, 3.0]}) -> tensor<?x5xf64> {
    %y = dither.log1p %a : tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @expm1(%a: tensor<?x5xf64>) -> tensor<?x5xf64> {
    %y = dither.expm1 %a : tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @erf_inv(%a: tensor<?x5xf64> {dither.range = [-0.9, 0.9]}) -> tensor<?x5xf64> {
    %y = dither.erf_inv %a : tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @lgamma(%a: tensor<?x5xf64> {dither.range = [0.3, 12.0]}) -> tensor<?x5xf64> {
    %y = dither.lgamma %a : tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @lgamma_negative(%a: tensor<?x5xf64> {dither.range = [-1.8, -1.2]}) -> tensor<?x5xf64> {
    %y = dither.lgamma %a : tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @digamma(%a: tensor<?x5xf64> {dither.range = [0.3, 12.0]}) -> tensor<?x5xf64> {
    %y = dither.digamma %a : tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @digamma_negative(%a: tensor<?x5xf64> {dither.range = [-1.8, -1.2]}) -> tensor<?x5xf64> {
    %y = dither.digamma %a : tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @polygamma(%a: tensor<?x5xf64> {dither.range = [0.5, 6.0]}) -> tensor<?x5xf64> {
    %y = dither.polygamma %a {order = 1 : i64} : tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @polygamma_negative(%a: tensor<?x5xf64> {dither.range = [-1.7, -1.3]}) -> tensor<?x5xf64> {
    %y = dither.polygamma %a {order = 2 : i64} : tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @bessel_i0e(%a: tensor<?x5xf64> {dither.range = [0.1, 30.0]}) -> tensor<?x5xf64> {
    %y = dither.bessel_i0e %a : tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @bessel_i1e(%a: tensor<?x5xf64> {dither.range = [-30.0, -0.1]}) -> tensor<?x5xf64> {
    %y = dither.bessel_i1e %a : tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @gamma_p(%a: tensor<?x5xf64> {dither.range = [0.3, 9.0]}, %b: tensor<5xf64> {dither.range = [0.2, 9.0]}) -> tensor<?x5xf64> {
    %y = dither.gamma_p %a, %b : tensor<?x5xf64>, tensor<5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @gamma_slope(%a: tensor<?x5xf64> {dither.range = [0.3, 9.0]}, %b: tensor<5xf64> {dither.range = [-2.0, 2.2]}) -> tensor<?x5xf64> {
    %y = dither.gamma_slope %a, %b {order = 1 : i64} : tensor<?x5xf64>, tensor<5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @von_mises_slope(%a: tensor<5xf32> {dither.range = [0.1, 20.0]}, %b: tensor<?x5xf32> {dither.range = [-3.0, 3.0]}) -> tensor<?x5xf32> {
    %y = dither.von_mises_slope %a, %b : tensor<5xf32>, tensor<?x5xf32>
    return %y : tensor<?x5xf32>
  }

  func.func @implicit_gamma(%a: tensor<5xf64> {dither.range = [0.3, 9.0]}, %b: tensor<?x5xf64>) -> tensor<?x5xf64> attributes {dither.no_slope} {
    %y = dither.implicit_gamma %a, %b : tensor<5xf64>, tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }

  func.func @implicit_von_mises(%a: tensor<5xf64> {dither.range = [0.1, 9.0]}, %b: tensor<?x5xf64>) -> tensor<?x5xf64> attributes {dither.no_slope} {
    %y = dither.implicit_von_mises %a, %b : tensor<5xf64>, tensor<?x5xf64>
    return %y : tensor<?x5xf64>
  }
}
