//===- LinearLayout.cpp - Layouts that are linear over bits ---------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Tile/Layout/LinearLayout.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/MathExtras.h"
#include <array>
#include <cassert>

using namespace llvm;
using namespace dither::tile;

unsigned Dim::getBits() const { return Log2_64(size); }

//===----------------------------------------------------------------------===//
// Dimensions
//===----------------------------------------------------------------------===//

static const Dim *findDim(ArrayRef<Dim> dims, StringRef name) {
  const Dim *dim =
      llvm::find_if(dims, [&](const Dim &dim) { return dim.name == name; });
  return dim == dims.end() ? nullptr : dim;
}

static unsigned getIndex(ArrayRef<Dim> dims, StringRef name) {
  const Dim *dim = findDim(dims, name);
  assert(dim && "the layout has no such dimension");
  return dim - dims.begin();
}

static unsigned getBits(ArrayRef<Dim> dims) {
  unsigned bits = 0;
  for (const Dim &dim : dims)
    bits += dim.getBits();
  return bits;
}

static std::string listNames(ArrayRef<Dim> dims) {
  auto names = map_range(dims, [](const Dim &dim) { return dim.name; });
  return "(" + join(names, ", ") + ")";
}

static uint64_t pack(ArrayRef<Dim> dims, ArrayRef<uint64_t> coordinates) {
  assert(dims.size() == coordinates.size() && "one coordinate a dimension");
  uint64_t packed = 0;
  unsigned bit = 0;
  for (auto [dim, coordinate] : zip_equal(dims, coordinates)) {
    assert(coordinate < dim.size && "coordinate beyond its dimension");
    packed |= coordinate << bit;
    bit += dim.getBits();
  }
  return packed;
}

static SmallVector<uint64_t, 2> unpack(ArrayRef<Dim> dims, uint64_t packed) {
  SmallVector<uint64_t, 2> coordinates;
  for (const Dim &dim : dims) {
    coordinates.push_back(packed & (dim.size - 1));
    packed >>= dim.getBits();
  }
  return coordinates;
}

/// Those of `first`, grown by those of `second` with the same name, then the
/// others of `second`.
static SmallVector<Dim, 4> unite(ArrayRef<Dim> first, ArrayRef<Dim> second) {
  SmallVector<Dim, 4> united(first);
  for (const Dim &dim : second) {
    if (findDim(first, dim.name))
      united[getIndex(first, dim.name)].size *= dim.size;
    else
      united.push_back(dim);
  }
  return united;
}

bool LinearLayout::hasInput(StringRef name) const {
  return findDim(inputs, name);
}
bool LinearLayout::hasOutput(StringRef name) const {
  return findDim(outputs, name);
}
uint64_t LinearLayout::getInputSize(StringRef name) const {
  const Dim *dim = findDim(inputs, name);
  return dim ? dim->size : 1;
}
uint64_t LinearLayout::getOutputSize(StringRef name) const {
  const Dim *dim = findDim(outputs, name);
  return dim ? dim->size : 1;
}
unsigned LinearLayout::getOutputBits() const { return ::getBits(outputs); }

unsigned LinearLayout::getFirstInputBit(unsigned input) const {
  return ::getBits(ArrayRef(inputs).take_front(input));
}

uint64_t LinearLayout::packOutputs(ArrayRef<uint64_t> coordinates) const {
  return pack(outputs, coordinates);
}

SmallVector<uint64_t, 2> LinearLayout::unpackOutputs(uint64_t packed) const {
  return unpack(outputs, packed);
}

SmallVector<uint64_t, 2> LinearLayout::getBasis(StringRef input,
                                                unsigned bit) const {
  unsigned index = getIndex(inputs, input);
  assert(bit < inputs[index].getBits() && "the input has fewer bits");
  return unpackOutputs(columns[getFirstInputBit(index) + bit]);
}

uint64_t LinearLayout::getBasis(StringRef input, unsigned bit,
                                StringRef output) const {
  return getBasis(input, bit)[getIndex(outputs, output)];
}

//===----------------------------------------------------------------------===//
// Construction
//===----------------------------------------------------------------------===//

LinearLayout LinearLayout::identity(StringRef input, uint64_t size,
                                    StringRef output) {
  assert(isPowerOf2_64(size) && "sizes are powers of two");
  LinearLayout layout({{input.str(), size}}, {{output.str(), size}}, {});
  for (unsigned bit = 0; bit < Log2_64(size); ++bit)
    layout.columns.push_back(uint64_t(1) << bit);
  return layout;
}

LinearLayout LinearLayout::zeros(StringRef input, uint64_t size,
                                 StringRef output, uint64_t outputSize) {
  assert(isPowerOf2_64(size) && isPowerOf2_64(outputSize) &&
         "sizes are powers of two");
  return {{{input.str(), size}},
          {{output.str(), outputSize}},
          SmallVector<uint64_t, 16>(Log2_64(size), 0)};
}

/// (C1)
static LogicalResult verifyNames(ArrayRef<Dim> dims, StringRef what,
                                 std::string &reason) {
  for (const auto &[index, dim] : enumerate(dims)) {
    StringRef name = dim.name;
    bool isIdentifier =
        !name.empty() && (isAlpha(name[0]) || name[0] == '_') &&
        all_of(name, [](char c) { return isAlnum(c) || c == '_'; });
    if (!isIdentifier) {
      reason =
          ("(C1) '" + name + "' is not a name: letters, digits and '_'").str();
      return failure();
    }
    if (findDim(dims.take_front(index), name)) {
      reason = ("(C1) " + what + " '" + name + "' is there twice").str();
      return failure();
    }
  }
  return success();
}

FailureOr<LinearLayout> LinearLayout::fromBases(ArrayRef<Bases> inputs,
                                                ArrayRef<Dim> outputs,
                                                std::string &reason) {
  auto fail = [&](const Twine &why) {
    reason = why.str();
    return failure();
  };
  LinearLayout layout;
  layout.outputs.assign(outputs.begin(), outputs.end());
  unsigned inputBits = 0, outputBits = 0;
  for (const Bases &input : inputs) {
    inputBits += input.coordinates.size();
    if (inputBits > maxBits)
      return fail("(C5) inputs have more than " + Twine(maxBits) +
                  " bits together");
    layout.inputs.push_back(
        {input.input, uint64_t(1) << input.coordinates.size()});
  }
  if (failed(verifyNames(layout.inputs, "input", reason)) ||
      failed(verifyNames(layout.outputs, "output", reason)))
    return failure();
  for (const Dim &output : outputs) {
    if (!isPowerOf2_64(output.size))
      return fail("(C2) the size of '" + output.name + "', " +
                  Twine(output.size) + ", is not a power of two");
    outputBits += output.getBits();
    if (outputBits > maxBits)
      return fail("(C5) outputs have more than " + Twine(maxBits) +
                  " bits together");
  }
  for (const Bases &input : inputs)
    for (const auto &[bit, coordinates] : enumerate(input.coordinates)) {
      std::string place =
          "bit " + std::to_string(bit) + " of '" + input.input + "'";
      if (coordinates.size() != outputs.size())
        return fail("(C3) " + place + " has " + Twine(coordinates.size()) +
                    " coordinates, of " + Twine(outputs.size()) + " outputs");
      for (auto [output, coordinate] : zip_equal(outputs, coordinates))
        if (coordinate >= output.size)
          return fail("(C4) " + place + " has the coordinate " +
                      Twine(coordinate) + " in '" + output.name +
                      "', which has the size " + Twine(output.size));
      layout.columns.push_back(layout.packOutputs(coordinates));
    }
  return layout;
}

FailureOr<LinearLayout> LinearLayout::strided(ArrayRef<Stride> strides,
                                              StringRef output,
                                              uint64_t outputSize,
                                              std::string &reason) {
  SmallVector<Bases> inputs;
  uint64_t taken = 0;
  for (const Stride &stride : strides) {
    if (!isPowerOf2_64(stride.size)) {
      reason = "the size of '" + stride.input + "', " +
               std::to_string(stride.size) + ", is not a power of two";
      return failure();
    }
    Bases *input = find_if(
        inputs, [&](const Bases &b) { return b.input == stride.input; });
    if (input == inputs.end()) {
      inputs.push_back({stride.input, {}});
      input = &inputs.back();
    }
    for (unsigned bit = 0; bit < Log2_64(stride.size); ++bit) {
      uint64_t value = stride.stride << bit;
      // Sums of numbers without common bits are their exclusive or.
      if ((value >> bit) != stride.stride || (taken & value)) {
        reason = "strides of '" + stride.input +
                 "' meet bits of others: the sum of indices may carry";
        return failure();
      }
      taken |= value;
      input->coordinates.push_back({value});
    }
  }
  return fromBases(inputs, {{output.str(), outputSize}}, reason);
}

//===----------------------------------------------------------------------===//
// Application
//===----------------------------------------------------------------------===//

/// The exclusive or of the columns whose bits are set.
static uint64_t combine(ArrayRef<uint64_t> columns, uint64_t index) {
  uint64_t sum = 0;
  for (; index; index &= index - 1)
    sum ^= columns[countr_zero(index)];
  return sum;
}

uint64_t LinearLayout::applyPacked(uint64_t index) const {
  assert(!(index >> columns.size()) && "index beyond the inputs");
  return combine(columns, index);
}

SmallVector<uint64_t, 2> LinearLayout::apply(ArrayRef<uint64_t> indices) const {
  return unpackOutputs(applyPacked(pack(inputs, indices)));
}

//===----------------------------------------------------------------------===//
// Products and parts
//===----------------------------------------------------------------------===//

LinearLayout LinearLayout::operator*(const LinearLayout &outer) const {
  LinearLayout product(unite(inputs, outer.inputs),
                       unite(outputs, outer.outputs), {});
  assert(::getBits(product.inputs) <= maxBits &&
         ::getBits(product.outputs) <= maxBits && "too many bits");
  auto addBits = [&](const LinearLayout &part, StringRef input, bool isOuter) {
    const Dim *dim = findDim(part.inputs, input);
    for (unsigned bit = 0, e = dim ? dim->getBits() : 0; bit < e; ++bit) {
      SmallVector<uint64_t, 2> moved(product.outputs.size(), 0);
      for (auto [output, coordinate] :
           zip_equal(part.outputs, part.getBasis(input, bit)))
        moved[getIndex(product.outputs, output.name)] =
            isOuter ? coordinate * getOutputSize(output.name) : coordinate;
      product.columns.push_back(product.packOutputs(moved));
    }
  };
  for (const Dim &input : product.inputs) {
    addBits(*this, input.name, false);
    addBits(outer, input.name, true);
  }
  return product;
}

std::optional<LinearLayout>
LinearLayout::divideLeft(const LinearLayout &tile) const {
  LinearLayout rest(inputs, outputs, {});
  auto shrink = [](MutableArrayRef<Dim> dims, ArrayRef<Dim> by) {
    for (const Dim &dim : by) {
      if (!findDim(dims, dim.name) || findDim(dims, dim.name)->size < dim.size)
        return false;
      dims[getIndex(dims, dim.name)].size /= dim.size;
    }
    return true;
  };
  if (!shrink(rest.inputs, tile.inputs) || !shrink(rest.outputs, tile.outputs))
    return std::nullopt;
  for (const Dim &input : inputs) {
    unsigned tileBits = Log2_64(tile.getInputSize(input.name));
    for (unsigned bit = 0; bit < input.getBits(); ++bit) {
      SmallVector<uint64_t, 2> coordinates = getBasis(input.name, bit);
      for (auto [output, coordinate] : zip_equal(outputs, coordinates)) {
        uint64_t size = tile.getOutputSize(output.name);
        uint64_t inTile = bit < tileBits && tile.hasOutput(output.name)
                              ? tile.getBasis(input.name, bit, output.name)
                              : 0;
        // The tile's bits stay within the tile, the others outside of it.
        if (bit < tileBits ? coordinate != inTile : coordinate % size != 0)
          return std::nullopt;
        coordinate /= size;
      }
      if (bit >= tileBits)
        rest.columns.push_back(rest.packOutputs(coordinates));
    }
  }
  return rest;
}

LinearLayout LinearLayout::sublayout(ArrayRef<StringRef> inputs,
                                     ArrayRef<StringRef> outputs) const {
  LinearLayout part;
  for (StringRef input : inputs)
    part.inputs.push_back(this->inputs[getIndex(this->inputs, input)]);
  for (StringRef output : outputs)
    part.outputs.push_back(this->outputs[getIndex(this->outputs, output)]);
  for (const Dim &input : part.inputs)
    for (unsigned bit = 0; bit < input.getBits(); ++bit) {
      SmallVector<uint64_t, 2> coordinates;
      for (StringRef output : outputs)
        coordinates.push_back(getBasis(input.name, bit, output));
      part.columns.push_back(part.packOutputs(coordinates));
    }
  return part;
}

LinearLayout LinearLayout::transpose(ArrayRef<StringRef> inputs,
                                     ArrayRef<StringRef> outputs) const {
  assert(inputs.size() == this->inputs.size() &&
         outputs.size() == this->outputs.size() && "not all dimensions");
  return sublayout(inputs, outputs);
}

LinearLayout LinearLayout::renameInput(StringRef from, StringRef to) const {
  assert((from == to || !hasInput(to)) && "the name is taken");
  LinearLayout renamed = *this;
  renamed.inputs[getIndex(inputs, from)].name = to.str();
  return renamed;
}

LinearLayout LinearLayout::renameOutput(StringRef from, StringRef to) const {
  assert((from == to || !hasOutput(to)) && "the name is taken");
  LinearLayout renamed = *this;
  renamed.outputs[getIndex(outputs, from)].name = to.str();
  return renamed;
}

LinearLayout LinearLayout::reshapeInputs(ArrayRef<Dim> inputs) const {
  assert(::getBits(inputs) == getInputBits() && "not the same number of bits");
  return {SmallVector<Dim, 4>(inputs), outputs, columns};
}

LinearLayout LinearLayout::reshapeOutputs(ArrayRef<Dim> outputs) const {
  assert(::getBits(outputs) == getOutputBits() &&
         "not the same number of bits");
  return {inputs, SmallVector<Dim, 4>(outputs), columns};
}

//===----------------------------------------------------------------------===//
// Linear algebra
//===----------------------------------------------------------------------===//

namespace {
/// Columns, brought into echelon form in their order. A column that is a sum of
/// earlier ones is free; combinations have none of these, so that of all
/// indices with the same coordinates they are the least: indices differ by sums
/// of the kernel, each of whose basis vectors has another free bit as its
/// highest.
class Echelon {
public:
  explicit Echelon(ArrayRef<uint64_t> columns) {
    for (const auto &[bit, column] : enumerate(columns)) {
      auto [rest, index] = reduce(column);
      index ^= uint64_t(1) << bit;
      if (!rest) {
        kernel.push_back(index);
        continue;
      }
      rows[Log2_64(rest)] = {rest, index};
      ++rank;
    }
  }

  unsigned getRank() const { return rank; }
  ArrayRef<uint64_t> getKernel() const { return kernel; }

  /// The least index with these coordinates, if there is one.
  std::optional<uint64_t> solve(uint64_t coordinates) const {
    auto [rest, index] = reduce(coordinates);
    return rest ? std::nullopt : std::optional<uint64_t>(index);
  }

private:
  struct Row {
    uint64_t value = 0, index = 0;
  };

  Row reduce(uint64_t value) const {
    Row left{value, 0};
    for (unsigned bit = 64; bit-- > 0;) {
      if (!((left.value >> bit) & 1) || !rows[bit].value)
        continue;
      left.value ^= rows[bit].value;
      left.index ^= rows[bit].index;
    }
    return left;
  }

  /// By the highest bit of the value.
  std::array<Row, 64> rows;
  SmallVector<uint64_t> kernel;
  unsigned rank = 0;
};
} // namespace

unsigned LinearLayout::getRank() const { return Echelon(columns).getRank(); }

SmallVector<uint64_t> LinearLayout::getKernel() const {
  return SmallVector<uint64_t>(Echelon(columns).getKernel());
}

uint64_t LinearLayout::getFreeBits(StringRef input) const {
  uint64_t free = 0;
  for (uint64_t index : getKernel())
    free |= uint64_t(1) << Log2_64(index);
  unsigned dim = getIndex(inputs, input);
  return (free >> getFirstInputBit(dim)) & (inputs[dim].size - 1);
}

uint64_t LinearLayout::getNumConsecutive(StringRef input,
                                         StringRef output) const {
  uint64_t limit = std::min(getInputSize(input), getOutputSize(output));
  uint64_t size = 1;
  while (size < limit && divideLeft(identity(input, 2 * size, output)))
    size *= 2;
  return size;
}

SmallVector<uint64_t, 16>
LinearLayout::getColumnsInOrder(ArrayRef<Dim> like) const {
  SmallVector<StringRef> inputNames, outputNames;
  for (const Dim &input : inputs)
    inputNames.push_back(input.name);
  for (const Dim &output : like)
    outputNames.push_back(output.name);
  return transpose(inputNames, outputNames).columns;
}

/// Whether both have the same dimensions, in any order.
static LogicalResult verifySame(ArrayRef<Dim> first, ArrayRef<Dim> second,
                                std::string &reason) {
  bool same = first.size() == second.size();
  for (const Dim &dim : first)
    same &= findDim(second, dim.name) != nullptr;
  if (!same) {
    reason = "dimensions " + listNames(first) + " meet " + listNames(second);
    return failure();
  }
  for (const Dim &dim : first) {
    uint64_t size = findDim(second, dim.name)->size;
    if (size == dim.size)
      continue;
    reason = "'" + dim.name + "' has the size " + std::to_string(dim.size) +
             " and meets " + std::to_string(size);
    return failure();
  }
  return success();
}

FailureOr<LinearLayout> LinearLayout::compose(const LinearLayout &outer,
                                              std::string &reason) const {
  if (failed(verifySame(outputs, outer.inputs, reason)))
    return failure();
  LinearLayout composed(inputs, outer.outputs, {});
  for (uint64_t column : getColumnsInOrder(outer.inputs))
    composed.columns.push_back(outer.applyPacked(column));
  return composed;
}

FailureOr<LinearLayout>
LinearLayout::invertAndCompose(const LinearLayout &target,
                               std::string &reason) const {
  if (failed(verifySame(outputs, target.outputs, reason)))
    return failure();
  LinearLayout conversion(inputs, target.inputs, {});
  Echelon echelon(target.columns);
  for (uint64_t column : getColumnsInOrder(target.outputs)) {
    std::optional<uint64_t> index = echelon.solve(column);
    if (!index) {
      std::string place;
      for (auto [output, coordinate] :
           zip_equal(target.outputs, target.unpackOutputs(column)))
        place += (place.empty() ? "" : ", ") + output.name + " " +
                 std::to_string(coordinate);
      reason = "no index of the target has " + place;
      return failure();
    }
    conversion.columns.push_back(*index);
  }
  return conversion;
}

FailureOr<LinearLayout> LinearLayout::pseudoInvert(std::string &reason) const {
  if (!isSurjective()) {
    reason = "the layout gives 2^" + std::to_string(getRank()) + " of 2^" +
             std::to_string(getOutputBits()) + " coordinates: no inverse";
    return failure();
  }
  LinearLayout inverse(outputs, inputs, {});
  Echelon echelon(columns);
  for (unsigned bit = 0, e = getOutputBits(); bit < e; ++bit)
    inverse.columns.push_back(*echelon.solve(uint64_t(1) << bit));
  return inverse;
}

FailureOr<LinearLayout> LinearLayout::invert(std::string &reason) const {
  if (isInjective())
    return pseudoInvert(reason);
  reason = "2^" + std::to_string(getKernel().size()) +
           " indices of the layout share their coordinates: no inverse";
  return failure();
}

namespace dither::tile {
hash_code hash_value(const LinearLayout &layout) {
  auto hash = [](const Dim &dim) { return hash_combine(dim.name, dim.size); };
  auto hashAll = [&](ArrayRef<Dim> dims) {
    auto hashes = map_range(dims, hash);
    return hash_combine_range(hashes.begin(), hashes.end());
  };
  return hash_combine(
      hashAll(layout.inputs), hashAll(layout.outputs),
      hash_combine_range(layout.columns.begin(), layout.columns.end()));
}
} // namespace dither::tile
