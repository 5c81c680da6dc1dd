// RUN: dither-opt %s --dither-bind-outputs | FileCheck %s
// RUN: dither-opt %s --dither-bind-outputs --remarks-filter=dither -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

// A state is written in place; of other results each has an argument, also one that is an input as it came.
// REMARK: dither-bind-outputs {{.*}} Function=step | carried=0, outputs=2, updates=1
// CHECK-LABEL: @step
// CHECK-SAME: %[[W:.*]]: tensor<4xf32> {bufferization.writable = true, dither.kind = "state", dither.name = "w"}
// CHECK-SAME: %[[X:.*]]: tensor<?xf32> {bufferization.writable = false, dither.kind = "input", dither.name = "x"}
// CHECK-SAME: %[[Y:.*]]: tensor<?xf32> {bufferization.writable = true, dither.kind = "output", dither.name = "y"}
// CHECK-SAME: %[[Z:.*]]: tensor<?xf32> {bufferization.writable = true, dither.kind = "output", dither.name = "2"}
// CHECK: %[[V:.*]] = dither.exp %[[W]]
// CHECK: %[[A:.*]] = bufferization.materialize_in_destination %[[V]] in %[[W]]
// CHECK: %[[B:.*]] = bufferization.materialize_in_destination %{{.*}} in %[[Y]]
// CHECK: %[[C:.*]] = bufferization.materialize_in_destination %[[X]] in %[[Z]]
// CHECK: return %[[A]], %[[B]], %[[C]]
func.func @step(%w: tensor<4xf32> {dither.kind = "state", dither.name = "w"}, %x: tensor<?xf32> {dither.kind = "input", dither.name = "x"})
    -> (tensor<4xf32> {dither.updates = "w"}, tensor<?xf32> {dither.name = "y"}, tensor<?xf32>) {
  %v = dither.exp %w : tensor<4xf32>
  %y = dither.exp %x : tensor<?xf32>
  return %v, %y, %x : tensor<4xf32>, tensor<?xf32>, tensor<?xf32>
}

// A state that stays as it is is not copied.
// CHECK-LABEL: @unchanged
// CHECK-NOT: materialize
func.func @unchanged(%w: tensor<4xf32> {dither.kind = "state", dither.name = "w"}) -> (tensor<4xf32> {dither.updates = "w"}) {
  return %w : tensor<4xf32>
}

// A loop writes into the state that it starts from, if nothing reads that later.
// CHECK-LABEL: @loop
// CHECK-NOT: materialize
// CHECK-LABEL: @loop_before_read
// CHECK: materialize
func.func @loop(%w: tensor<4xf32> {dither.kind = "state", dither.name = "w"}, %x: f32, %i: index, %j: index, %k: index)
    -> (tensor<4xf32> {dither.updates = "w"}) {
  %v = scf.for %n = %i to %j step %k iter_args(%s = %w) -> (tensor<4xf32>) {
    %t = tensor.insert %x into %s[%n] : tensor<4xf32>
    scf.yield %t : tensor<4xf32>
  }
  return %v : tensor<4xf32>
}
func.func @loop_before_read(%w: tensor<4xf32> {dither.kind = "state", dither.name = "w"}, %x: f32, %i: index, %j: index, %k: index)
    -> (tensor<4xf32> {dither.updates = "w"}, tensor<4xf32> {dither.name = "old"}) {
  %v = scf.for %n = %i to %j step %k iter_args(%s = %w) -> (tensor<4xf32>) {
    %t = tensor.insert %x into %s[%n] : tensor<4xf32>
    scf.yield %t : tensor<4xf32>
  }
  %old = dither.exp %w : tensor<4xf32>
  return %v, %old : tensor<4xf32>, tensor<4xf32>
}

// A loop that starts from nothing starts from the output; from where it ends twice, the second one is copied.
// CHECK-LABEL: @empty
// CHECK-SAME: %[[Y:[a-z0-9]+]]: tensor<4xf32> {bufferization.writable = true, dither.kind = "output", dither.name = "y"}
// CHECK: %[[V:.*]] = scf.for {{.*}} iter_args(%{{.*}} = %[[Y]])
// CHECK: %[[COPY:.*]] = bufferization.materialize_in_destination %[[V]] in
// CHECK: return %[[V]], %[[COPY]]
func.func @empty(%x: f32, %i: index, %j: index, %k: index) -> (tensor<4xf32> {dither.name = "y"}, tensor<4xf32> {dither.name = "again"}) {
  %0 = tensor.empty() : tensor<4xf32>
  %v = scf.for %n = %i to %j step %k iter_args(%s = %0) -> (tensor<4xf32>) {
    %t = tensor.insert %x into %s[%n] : tensor<4xf32>
    scf.yield %t : tensor<4xf32>
  }
  return %v, %v : tensor<4xf32>, tensor<4xf32>
}

// Neither has results to bind.
// REMARK-NOT: Function={{nothing|external}}
// CHECK-LABEL: @nothing()
// CHECK-NEXT: return
func.func @nothing() {
  return
}

// CHECK-LABEL: private @external(tensor<4xf32>) -> tensor<4xf32>
func.func private @external(tensor<4xf32>) -> tensor<4xf32>

// So do slices that are inserted one after the other, whatever reads the last one; what reads one in between must not see the others.
// CHECK-LABEL: @slices
// CHECK-SAME: %[[Y:[a-z0-9]+]]: tensor<4xf32> {bufferization.writable = true, dither.kind = "output", dither.name = "0"}
// CHECK: %[[A:.*]] = tensor.insert_slice %{{.*}} into %[[Y]][0]
// CHECK: %[[B:.*]] = tensor.insert_slice %{{.*}} into %[[A]][2]
// CHECK: %[[C:.*]] = bufferization.materialize_in_destination %{{.*}} in
// CHECK: return %[[B]], %[[C]]
func.func @slices(%x: tensor<2xf32>) -> (tensor<4xf32>, tensor<3xf32>) {
  %0 = tensor.empty() : tensor<4xf32>
  %a = tensor.insert_slice %x into %0[0] [2] [1] : tensor<2xf32> into tensor<4xf32>
  %b = tensor.insert_slice %x into %a[2] [2] [1] : tensor<2xf32> into tensor<4xf32>
  %c = tensor.extract_slice %b[1] [3] [1] : tensor<4xf32> to tensor<3xf32>
  return %b, %c : tensor<4xf32>, tensor<3xf32>
}
// CHECK-LABEL: @seen_between
// CHECK: %[[EMPTY:.*]] = tensor.empty
// CHECK: tensor.insert_slice %{{.*}} into %[[EMPTY]]
// CHECK-COUNT-2: bufferization.materialize_in_destination
func.func @seen_between(%x: tensor<2xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = tensor.empty() : tensor<4xf32>
  %a = tensor.insert_slice %x into %0[0] [2] [1] : tensor<2xf32> into tensor<4xf32>
  %b = tensor.insert_slice %x into %a[2] [2] [1] : tensor<2xf32> into tensor<4xf32>
  %c = dither.exp %a : tensor<4xf32>
  return %b, %c : tensor<4xf32>, tensor<4xf32>
}

// What slices are inserted into may be written before.
// CHECK-LABEL: @filled
// CHECK-SAME: %[[Y:[a-z0-9]+]]: tensor<4xf32> {bufferization.writable = true, dither.kind = "output", dither.name = "0"}
// CHECK: %[[ZEROS:.*]] = linalg.fill {{.*}} outs(%[[Y]] : tensor<4xf32>)
// CHECK: %[[A:.*]] = tensor.insert_slice %{{.*}} into %[[ZEROS]]
// CHECK: return %[[A]]
func.func @filled(%x: tensor<2xf32>, %zero: f32) -> tensor<4xf32> {
  %0 = tensor.empty() : tensor<4xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%0 : tensor<4xf32>) -> tensor<4xf32>
  %a = tensor.insert_slice %x into %zeros[1] [2] [1] : tensor<2xf32> into tensor<4xf32>
  return %a : tensor<4xf32>
}
