//===- Einsum.cpp - Contractions by letters -------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"
#include "llvm/ADT/StringExtras.h"
#include <map>

using namespace mlir;
using namespace dither;

//===- Letters ------------------------------------------------------------===//

namespace {
struct Equation {
  SmallVector<StringRef> factors;
  StringRef result;
};
} // namespace

static std::optional<Equation> parseEquation(StringRef text) {
  if (text.count("->") != 1)
    return std::nullopt;
  auto [left, right] = text.split("->");
  Equation equation;
  left.split(equation.factors, ',');
  equation.result = right;
  auto isLetters = [](StringRef letters) {
    return llvm::all_of(letters, [](char c) { return llvm::isAlpha(c); });
  };
  if (!llvm::all_of(equation.factors, isLetters) || !isLetters(right))
    return std::nullopt;
  return equation;
}

static bool hasLetterTwice(StringRef letters) {
  return llvm::any_of(letters, [&](char c) { return letters.count(c) > 1; });
}

LogicalResult
EinsumOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                           ValueRange operands, DictionaryAttr attributes,
                           OpaqueProperties properties, RegionRange regions,
                           SmallVectorImpl<Type> &types) {
  auto op =
      makeInferenceAdaptor<EinsumOp>(operands, attributes, properties, regions);
  if (failed(verifyAttributes(op, location)))
    return failure();
  auto equation = parseEquation(op.getEquation());
  if (!equation || equation->factors.size() != operands.size() ||
      operands.empty())
    return emitOptionalError(location,
                             "(C1) needs an equation such as "
                             "\"ij,jk->ik\", with letters for each "
                             "operand, got \"",
                             op.getEquation(), "\"");
  std::map<char, int64_t> extents;
  Type element = getElementTypeOrSelf(operands[0].getType());
  for (auto [letters, value] : llvm::zip_equal(equation->factors, operands)) {
    auto type = cast<RankedTensorType>(value.getType());
    if (int64_t(letters.size()) != type.getRank() || hasLetterTwice(letters))
      return emitOptionalError(location,
                               "(C2) needs a letter of its own for "
                               "each dimension of ",
                               type, ", got \"", letters, "\"");
    if (type.getElementType() != element)
      return emitOptionalError(
          location, "(C5) element types differ; convert with dither.cast");
    for (auto [letter, extent] : llvm::zip_equal(letters, type.getShape())) {
      auto [known, isNew] = extents.insert({letter, extent});
      if (!isNew && known->second != extent)
        return emitOptionalError(location, "(C4) has different extents for '",
                                 Twine(letter), "'");
    }
  }
  if (hasLetterTwice(equation->result))
    return emitOptionalError(location,
                             "(C2) has a result with a letter twice: "
                             "\"",
                             equation->result, "\"");
  SmallVector<int64_t> shape;
  for (char letter : equation->result) {
    if (!extents.count(letter))
      return emitOptionalError(location, "(C3) finds '", Twine(letter),
                               "' in no operand");
    shape.push_back(extents[letter]);
  }
  types.push_back(RankedTensorType::get(shape, element));
  return success();
}

//===- Pairs --------------------------------------------------------------===//

namespace {
/// A tensor with letters for its dimensions.
struct Factor {
  Value value;
  std::string letters;

  RankedTensorType getType() const {
    return cast<RankedTensorType>(value.getType());
  }
  int64_t getExtent(char letter) const {
    return getType().getDimSize(letters.find(letter));
  }
  bool has(char letter) const {
    return letters.find(letter) != std::string::npos;
  }
  bool isDynamic(char letter) const {
    return has(letter) && ShapedType::isDynamic(getExtent(letter));
  }
};

} // namespace

static Factor transpose(ImplicitLocOpBuilder &b, const Factor &factor,
                        StringRef letters) {
  if (letters == factor.letters)
    return factor;
  SmallVector<int64_t> permutation;
  for (char c : letters)
    permutation.push_back(factor.letters.find(c));
  return {
      TransposeOp::create(b, factor.value, b.getDenseI64ArrayAttr(permutation)),
      letters.str()};
}

/// Sums over all letters but those of `kept`.
static Factor sumOthers(ImplicitLocOpBuilder &b, const Factor &factor,
                        StringRef kept) {
  SmallVector<int64_t> dims;
  std::string left;
  for (auto [d, c] : llvm::enumerate(factor.letters)) {
    if (kept.contains(c))
      left += c;
    else
      dims.push_back(d);
  }
  if (dims.empty())
    return factor;
  return {ReduceOp::create(b, ReduceKind::sum, factor.value,
                           b.getDenseI64ArrayAttr(dims), false),
          left};
}

static std::string orderDynamicFirst(const Factor &factor, StringRef letters) {
  std::string order;
  for (bool dynamic : {true, false})
    for (char c : letters)
      if (factor.isDynamic(c) == dynamic)
        order += c;
  return order;
}

namespace {
/// Contracts two factors, of whose letters those in `kept` remain.
class PairContraction {
public:
  PairContraction(ImplicitLocOpBuilder &b, Factor x, Factor y, StringRef kept)
      : b(b), x(std::move(x)), y(std::move(y)), kept(kept) {}

  Factor build() {
    x = sumOthers(b, x, (kept + y.letters).str());
    y = sumOthers(b, y, (kept + x.letters).str());
    // A dynamic extent of one factor alone comes first in the result.
    if (llvm::any_of(y.letters,
                     [&](char c) { return y.isDynamic(c) && !x.has(c); }))
      std::swap(x, y);
    for (char c : orderDynamicFirst(x, x.letters)) {
      if (!y.has(c))
        rows += c;
      else if (kept.contains(c))
        common += c;
      else
        summed += c;
    }
    for (char c : y.letters)
      if (!x.has(c))
        columns += c;
    if (summed.empty() ||
        (!common.empty() && (rows.empty() || columns.empty())))
      return buildElementwise();
    return {buildProducts(transpose(b, x, common + rows + summed),
                          transpose(b, y, common + summed + columns),
                          common.size()),
            common + rows + columns};
  }

private:
  SmallVector<int64_t> getShape(const Factor &factor, StringRef letters) {
    return llvm::map_to_vector(letters, [&](char c) -> int64_t {
      return factor.has(c) ? factor.getExtent(c) : 1;
    });
  }

  /// The product of elements, stretched, and its sum. Null after an error.
  Factor buildElementwise() {
    std::string all = common + rows + columns + summed;
    // A reshape knows a dynamic extent where it comes first.
    for (char c : StringRef(all).drop_front(!all.empty()))
      if (x.isDynamic(c) || y.isDynamic(c)) {
        emitError(b.getLoc(), "dither.einsum cannot stretch a tensor along '")
            << Twine(c)
            << "', whose extent is dynamic, behind others; transpose the "
               "operands so that it is their first dimension";
        return {};
      }
    auto stretch = [&](const Factor &factor) -> Value {
      std::string own;
      for (char c : all)
        if (factor.has(c))
          own += c;
      return buildReshape(b, transpose(b, factor, own).value,
                          getShape(factor, all));
    };
    Value product = MulOp::create(b, stretch(x), stretch(y));
    Factor result = {product, all};
    if (summed.empty())
      return result;
    SmallVector<int64_t> dims;
    for (unsigned d = all.size() - summed.size(); d < all.size(); ++d)
      dims.push_back(d);
    return {ReduceOp::create(b, ReduceKind::sum, product,
                             b.getDenseI64ArrayAttr(dims), false),
            common + rows + columns};
  }

  /// One product for each value of the first `depth` letters, which both have.
  Value buildProducts(const Factor &left, const Factor &right, size_t depth) {
    if (depth == 0)
      return buildProduct(left, right);
    return buildFor(b, {}, {left.value, right.value},
                    [&](Value, ValueRange, ValueRange elements) {
                      return SmallVector<Value>{buildProducts(
                          {elements[0], left.letters.substr(1)},
                          {elements[1], right.letters.substr(1)}, depth - 1)};
                    })
        .front();
  }

  /// x has the rows before what is summed, y the columns behind it.
  Value buildProduct(const Factor &left, const Factor &right) {
    auto count = [](const Factor &factor, StringRef letters) {
      int64_t elements = 1;
      for (char c : letters)
        elements *= factor.getExtent(c);
      return elements;
    };
    SmallVector<int64_t> result = getShape(left, rows);
    llvm::append_range(result, getShape(right, columns));
    int64_t numColumns = count(right, columns);
    // What is dynamic comes first, also where it is summed.
    std::string order = orderDynamicFirst(left, summed);
    if (llvm::any_of(summed, [&](char c) { return left.isDynamic(c); })) {
      SmallVector<int64_t> shape = getShape(left, order);
      SmallVector<int64_t> xShape(shape), yShape(shape);
      xShape.push_back(count(left, rows));
      yShape.push_back(numColumns);
      Value product = MatmulOp::create(
          b, buildReshape(b, transpose(b, left, order + rows).value, xShape),
          buildReshape(b, transpose(b, right, order + columns).value, yShape),
          /*transpose_x=*/true, /*transpose_y=*/false);
      return buildReshape(b, product, result);
    }
    int64_t depth = count(left, summed);
    SmallVector<int64_t> xShape = getShape(left, rows);
    if (xShape.empty())
      xShape.push_back(1);
    xShape.push_back(depth);
    Value product =
        MatmulOp::create(b, buildReshape(b, left.value, xShape),
                         buildReshape(b, right.value, {depth, numColumns}),
                         /*transpose_x=*/false, /*transpose_y=*/false);
    return buildReshape(b, product, result);
  }

  ImplicitLocOpBuilder &b;
  Factor x, y;
  StringRef kept;
  /// Letters of both factors that remain, of one alone, and those summed over.
  std::string common, rows, columns, summed;
};
} // namespace

SmallVector<Value> EinsumOp::decompose(ImplicitLocOpBuilder &b) {
  Equation equation = *parseEquation(getEquation());
  Factor product = {getFactors()[0], equation.factors[0].str()};
  for (unsigned i = 1; i < getFactors().size(); ++i) {
    std::string kept = equation.result.str();
    for (unsigned later = i + 1; later < getFactors().size(); ++later)
      kept += equation.factors[later];
    Factor next = {getFactors()[i], equation.factors[i].str()};
    product = PairContraction(b, product, next, kept).build();
    if (!product.value)
      return {Value()};
  }
  product = sumOthers(b, product, equation.result);
  return {transpose(b, product, equation.result).value};
}
