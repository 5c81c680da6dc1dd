//===- LinearLayout.h - Layouts that are linear over bits -------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A layout says where things are: which element of a tile a register of a lane
// holds, which element an address of shared memory holds. All extents are
// powers of two, and the map is linear over F2: the coordinates of an index are
// the exclusive or of the coordinates of its bits. See Zhou et al., "Linear
// Layouts: Robust Code Generation of Efficient Tensor Computation Using F2",
// 2025, and docs/rationale/layouts.md.
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TILE_LAYOUT_LINEARLAYOUT_H
#define DITHER_TILE_LAYOUT_LINEARLAYOUT_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/LogicalResult.h"
#include "llvm/Support/raw_ostream.h"
#include <optional>
#include <string>

namespace dither::tile {

/// A dimension of a layout. Its size is a power of two.
struct Dim {
  std::string name;
  uint64_t size;

  unsigned getBits() const;
  bool operator==(const Dim &other) const {
    return name == other.name && size == other.size;
  }
};

/// Names that builders use. Others are as good.
namespace dim {
inline constexpr llvm::StringLiteral reg = "register";
inline constexpr llvm::StringLiteral lane = "lane";
inline constexpr llvm::StringLiteral warp = "warp";
inline constexpr llvm::StringLiteral row = "row";
inline constexpr llvm::StringLiteral column = "column";
inline constexpr llvm::StringLiteral offset = "offset";
} // namespace dim

class LinearLayout {
public:
  /// Where each bit of an input goes, the lowest first: a coordinate for each
  /// output.
  struct Bases {
    std::string input;
    llvm::SmallVector<llvm::SmallVector<uint64_t, 2>> coordinates;
  };
  /// `size` steps of an input, `stride` apart.
  struct Stride {
    std::string input;
    uint64_t size, stride;
  };
  /// Inputs, and outputs, have no more bits than this together.
  static constexpr unsigned maxBits = 62;

  /// Without inputs and outputs: neutral in products.
  LinearLayout() = default;

  /// The coordinate is the index.
  static LinearLayout identity(llvm::StringRef input, uint64_t size,
                               llvm::StringRef output);
  /// All indices have the coordinate 0: a broadcast.
  static LinearLayout zeros(llvm::StringRef input, uint64_t size,
                            llvm::StringRef output, uint64_t outputSize = 1);
  /// The one way by which data from outside become a layout; `reason` cites the
  /// constraints of #tile.linear.
  static llvm::FailureOr<LinearLayout> fromBases(llvm::ArrayRef<Bases> inputs,
                                                 llvm::ArrayRef<Dim> outputs,
                                                 std::string &reason);
  /// The sum of all indices times their strides. An input that is named again
  /// grows by higher bits. Fails if the sum may carry: then it is not linear.
  static llvm::FailureOr<LinearLayout> strided(llvm::ArrayRef<Stride> strides,
                                               llvm::StringRef output,
                                               uint64_t outputSize,
                                               std::string &reason);
  /// What print() writes.
  static llvm::FailureOr<LinearLayout> parse(llvm::StringRef text,
                                             std::string &reason);

  llvm::ArrayRef<Dim> getInputs() const { return inputs; }
  llvm::ArrayRef<Dim> getOutputs() const { return outputs; }
  bool hasInput(llvm::StringRef name) const;
  bool hasOutput(llvm::StringRef name) const;
  /// Sizes of dimensions; one that is missing has size 1.
  uint64_t getInputSize(llvm::StringRef name) const;
  uint64_t getOutputSize(llvm::StringRef name) const;
  /// Bits of all inputs, and of all outputs, together.
  unsigned getInputBits() const { return columns.size(); }
  unsigned getOutputBits() const;
  /// The coordinates of the index that has just one bit.
  llvm::SmallVector<uint64_t, 2> getBasis(llvm::StringRef input,
                                          unsigned bit) const;
  /// The coordinate in `output` alone.
  uint64_t getBasis(llvm::StringRef input, unsigned bit,
                    llvm::StringRef output) const;

  /// The coordinates, in the order of outputs, of indices in that of inputs.
  llvm::SmallVector<uint64_t, 2> apply(llvm::ArrayRef<uint64_t> indices) const;
  /// The same where all indices, and all coordinates, are packed into a number:
  /// the first dimension has the lowest bits.
  uint64_t applyPacked(uint64_t index) const;

  /// This layout, of whose positions each is replaced by `outer`. Dimensions
  /// that both have grow: the bits of this one are the lower. The others follow
  /// those of this one.
  LinearLayout operator*(const LinearLayout &outer) const;
  LinearLayout &operator*=(const LinearLayout &outer) {
    return *this = *this * outer;
  }
  /// `rest` so that this layout is `tile * rest`. All dimensions stay, some of
  /// them with size 1.
  std::optional<LinearLayout> divideLeft(const LinearLayout &tile) const;
  /// `outer` applied to what this layout gives. The outputs of this one and the
  /// inputs of `outer` are the same but for order.
  llvm::FailureOr<LinearLayout> compose(const LinearLayout &outer,
                                        std::string &reason) const;
  /// The inverse of a bijective layout.
  llvm::FailureOr<LinearLayout> invert(std::string &reason) const;
  /// A right inverse of a surjective layout: of the indices with the same
  /// coordinates, the least when packed. A copy is thereby read where the bits
  /// that make copies are 0.
  llvm::FailureOr<LinearLayout> pseudoInvert(std::string &reason) const;
  /// The conversion from this layout to `target`, which has the same outputs:
  /// an index of this one becomes the least index of `target` that holds the
  /// same. Fails if `target` does not have all that this one has.
  llvm::FailureOr<LinearLayout> invertAndCompose(const LinearLayout &target,
                                                 std::string &reason) const;

  unsigned getRank() const;
  bool isInjective() const { return getRank() == getInputBits(); }
  bool isSurjective() const { return getRank() == getOutputBits(); }
  bool isBijective() const { return isInjective() && isSurjective(); }
  /// A basis of the packed indices whose coordinates are 0. Each has a highest
  /// bit of its own.
  llvm::SmallVector<uint64_t> getKernel() const;
  /// The bits of an input that are the highest of one of the kernel: indices
  /// where these are 0, for all inputs, meet each coordinate once.
  uint64_t getFreeBits(llvm::StringRef input) const;
  /// How many consecutive values of `output`, aligned to their number, the
  /// lowest bits of `input` step through.
  uint64_t getNumConsecutive(llvm::StringRef input,
                             llvm::StringRef output) const;

  /// These dimensions, in this order. Other inputs are 0, other outputs left
  /// out.
  LinearLayout sublayout(llvm::ArrayRef<llvm::StringRef> inputs,
                         llvm::ArrayRef<llvm::StringRef> outputs) const;
  /// The same dimensions in another order.
  LinearLayout transpose(llvm::ArrayRef<llvm::StringRef> inputs,
                         llvm::ArrayRef<llvm::StringRef> outputs) const;
  LinearLayout renameInput(llvm::StringRef from, llvm::StringRef to) const;
  LinearLayout renameOutput(llvm::StringRef from, llvm::StringRef to) const;
  /// The same bits, cut into other dimensions.
  LinearLayout reshapeInputs(llvm::ArrayRef<Dim> inputs) const;
  LinearLayout reshapeOutputs(llvm::ArrayRef<Dim> outputs) const;

  /// Dimensions and their order count, too.
  bool operator==(const LinearLayout &other) const {
    return inputs == other.inputs && outputs == other.outputs &&
           columns == other.columns;
  }
  bool operator!=(const LinearLayout &other) const { return !(*this == other); }
  // The name by which LLVM finds it.
  // NOLINTNEXTLINE(readability-identifier-naming)
  friend llvm::hash_code hash_value(const LinearLayout &layout);

  /// `register = [[0, 1], [8, 0]], lane = [[0, 2]] -> row: 16, column: 4`; with
  /// one output, `register = [1, 2] -> offset: 4`.
  void print(llvm::raw_ostream &os) const;
  std::string str() const;

private:
  LinearLayout(llvm::SmallVector<Dim, 4> inputs,
               llvm::SmallVector<Dim, 4> outputs,
               llvm::SmallVector<uint64_t, 16> columns)
      : inputs(std::move(inputs)), outputs(std::move(outputs)),
        columns(std::move(columns)) {}

  /// The first bit of a dimension, in packed numbers.
  unsigned getFirstInputBit(unsigned input) const;
  uint64_t packOutputs(llvm::ArrayRef<uint64_t> coordinates) const;
  llvm::SmallVector<uint64_t, 2> unpackOutputs(uint64_t packed) const;
  /// Columns so that outputs are in the order of `like`, which has the same.
  llvm::SmallVector<uint64_t, 16>
  getColumnsInOrder(llvm::ArrayRef<Dim> like) const;

  llvm::SmallVector<Dim, 4> inputs, outputs;
  /// For each packed input bit, its packed coordinates.
  llvm::SmallVector<uint64_t, 16> columns;
};

inline llvm::raw_ostream &operator<<(llvm::raw_ostream &os,
                                     const LinearLayout &layout) {
  layout.print(os);
  return os;
}

} // namespace dither::tile

#endif // DITHER_TILE_LAYOUT_LINEARLAYOUT_H
