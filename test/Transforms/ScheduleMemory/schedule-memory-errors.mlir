// RUN: dither-opt %s --dither-schedule-memory --verify-diagnostics

// expected-error @+1 {{needs a body of one block}}
func.func @branches(%c: i1) {
  cf.cond_br %c, ^a, ^b
^a:
  return
^b:
  return
}
