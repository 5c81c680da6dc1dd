// RUN: dither-opt %s --dither-bind-parameters=mode=test --verify-diagnostics

// expected-error@+1 {{cannot bind parameters in mode 'test'; it is train or deploy}}
dither.model @m {
}
