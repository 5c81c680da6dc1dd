//===- Tensors.h - Tensors between files, the compiler and the runtime -*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TOOLS_DITHER_TENSORS_H
#define DITHER_TOOLS_DITHER_TENSORS_H

#include "Dither/IR/Dither.h"
#include "dither/runtime.h"
#include "runtime/io/Element.h"
#include "llvm/ADT/StringMap.h"

namespace dither {

/// A DLTensor over the memory of a host tensor, which must outlive it.
class TensorRef {
public:
  explicit TensorRef(const HostTensor &tensor);
  DLTensor get() const;

private:
  HostTensor tensor;
  std::vector<int64_t> shape;
};

/// The element type of the compiler, or null where it has none.
mlir::Type toType(runtime::Element element, mlir::MLIRContext *context);
mlir::Type toType(DLDataType type, mlir::MLIRContext *context);

/// "f32 4x8".
std::string describe(const HostTensor &tensor);
/// "f32 4x8", with "batch" for a dynamic extent.
std::string describe(mlir::RankedTensorType type);

/// Element `index` of packed bytes; 64-bit integers are rounded.
double readNumber(runtime::Element element, const uint8_t *bytes, size_t index);

/// One array in a file of numpy.
llvm::FailureOr<HostTensor> readTensor(const std::string &path,
                                       mlir::MLIRContext *context);
llvm::LogicalResult writeTensor(const std::string &path,
                                const HostTensor &tensor);

/// Rows of numbers, as numpy prints an array.
void printTensor(llvm::raw_ostream &os, const HostTensor &tensor);

using ParameterMap = llvm::StringMap<HostTensor>;

/// The parameters of a model from a checkpoint, checked for types and for
/// numbers that are not finite.
llvm::FailureOr<ParameterMap> loadParameters(ModelOp model,
                                             const std::string &path);
/// The parameters of a model by their initializers.
llvm::FailureOr<ParameterMap> initializeParameters(ModelOp model,
                                                   uint64_t seed);
/// The first where a path is given, else the second, with a note on stderr.
llvm::FailureOr<ParameterMap> getParameters(ModelOp model,
                                            const std::string &path,
                                            uint64_t seed);

} // namespace dither

#endif // DITHER_TOOLS_DITHER_TENSORS_H
