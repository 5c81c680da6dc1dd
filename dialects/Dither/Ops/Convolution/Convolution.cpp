//===- Convolution.cpp - Windows over images ------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Ops/Convolution/Window.h"

using namespace mlir;
using namespace dither;

/// Calls `body` with the row-major index of each element of the patches and
/// that of the element of the images which it sees, if there is one.
static void forEachSeen(const Window &window, ArrayRef<int64_t> images,
                        function_ref<void(int64_t, int64_t)> body) {
  int64_t height = images[1], width = images[2], channels = images[3];
  SmallVector<int64_t, 4> patches = window.getPatchesShape(images);
  int64_t to = 0;
  forEachIndex({patches[0], patches[1], patches[2], window.kernel[0],
                window.kernel[1], channels},
               [&](ArrayRef<int64_t> index) {
                 int64_t i = window.getElement(0, index[1], index[3]);
                 int64_t j = window.getElement(1, index[2], index[4]);
                 if (i >= 0 && i < height && j >= 0 && j < width)
                   body(to, ((index[0] * height + i) * width + j) * channels +
                                index[5]);
                 ++to;
               });
}

//===- Patches ------------------------------------------------------------===//

LogicalResult
PatchesOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                            ValueRange operands, DictionaryAttr attributes,
                            OpaqueProperties properties, RegionRange regions,
                            SmallVectorImpl<Type> &types) {
  auto op = makeInferenceAdaptor<PatchesOp>(operands, attributes, properties,
                                            regions);
  if (failed(verifyAttributes(op, location)))
    return failure();
  auto type = inferPatches(
      location, cast<RankedTensorType>(op.getX().getType()), Window::of(op));
  if (failed(type))
    return failure();
  types.push_back(*type);
  return success();
}

OpFoldResult PatchesOp::fold(FoldAdaptor) {
  return Window::of(*this).isIdentity() ? OpFoldResult(getX()) : OpFoldResult();
}

SmallVector<SmallVector<int64_t>>
PatchesOp::evaluateShapes(ArrayRef<HostTensor> operands) {
  return {SmallVector<int64_t>(
      Window::of(*this).getPatchesShape(operands[0].getShape()))};
}

LogicalResult PatchesOp::evaluate(ArrayRef<HostTensor> operands,
                                  MutableArrayRef<HostTensor> results) {
  forEachSeen(Window::of(*this), operands[0].getShape(),
              [&](int64_t to, int64_t from) {
                results[0].set(to, operands[0].get(from));
              });
  return success();
}

SmallVector<Value> PatchesOp::buildGradients(ImplicitLocOpBuilder &b,
                                             ValueRange dys) {
  return {FoldOp::create(b, getX().getType(), dys[0], getKernel(), getStrides(),
                         getPadding(), getDilations())};
}

//===- Fold ---------------------------------------------------------------===//

LogicalResult FoldOp::verify() {
  auto patches = inferPatches(
      getLoc(), cast<RankedTensorType>(getX().getType()), Window::of(*this));
  if (failed(patches))
    return failure();
  if (*patches != getP().getType())
    return emitOpError("(C4) takes patches of type ")
           << *patches << ", not " << getP().getType();
  return success();
}

SmallVector<SmallVector<int64_t>>
FoldOp::evaluateShapes(ArrayRef<HostTensor> operands) {
  SmallVector<int64_t> shape(
      cast<RankedTensorType>(getX().getType()).getShape());
  shape[0] = operands[0].getShape()[0];
  return {shape};
}

LogicalResult FoldOp::evaluate(ArrayRef<HostTensor> operands,
                               MutableArrayRef<HostTensor> results) {
  std::vector<double> sums(results[0].getNumElements());
  forEachSeen(Window::of(*this), results[0].getShape(),
              [&](int64_t from, int64_t to) {
                sums[to] += operands[0].getDouble(from);
              });
  for (auto [i, sum] : llvm::enumerate(sums))
    results[0].set(int64_t(i), Scalar::of(sum));
  return success();
}

SmallVector<Value> FoldOp::buildGradients(ImplicitLocOpBuilder &b,
                                          ValueRange dys) {
  return {PatchesOp::create(b, dys[0], getKernel(), getStrides(), getPadding(),
                            getDilations())};
}

//===- Convolution --------------------------------------------------------===//

/// Checks the element types of the operands of a convolution, the last of which
/// may be null.
static LogicalResult verifyElements(std::optional<Location> location, Value x,
                                    Value w, Value b) {
  Type element = getElementTypeOrSelf(x.getType());
  if (getElementTypeOrSelf(w.getType()) != element ||
      (b && getElementTypeOrSelf(b.getType()) != element))
    return emitOptionalError(
        location, "(C5) element types differ; convert with dither.cast");
  return success();
}

/// Checks an optional bias.
static LogicalResult verifyBias(std::optional<Location> location, Value b,
                                int64_t channels) {
  if (b && cast<RankedTensorType>(b.getType()).getShape() != ArrayRef{channels})
    return emitOptionalError(location, "(C4) needs b [", channels, "], got ",
                             b.getType());
  return success();
}

/// The type of the convolution of images of type `x`, or failure after an
/// error; `op` has the other operands.
template <typename Adaptor>
static FailureOr<RankedTensorType>
inferConvolution(std::optional<Location> location, Adaptor op,
                 RankedTensorType x, const Window &window) {
  auto patches = inferPatches(location, x, window);
  if (failed(patches))
    return failure();
  auto w = cast<RankedTensorType>(op.getW().getType());
  int64_t groups = int64_t(op.getGroups()), channels = x.getDimSize(3);
  if (groups <= 0 || channels % groups != 0)
    return emitOptionalError(location, "(C6) cannot make ", groups,
                             " groups of ", channels, " channels");
  int64_t depth = patches->getShape().back() / groups;
  if (w.getRank() != 2 || w.getDimSize(0) != depth)
    return emitOptionalError(location, "(C4) needs weights [", depth,
                             ", out], for ", window.kernel[0], " x ",
                             window.kernel[1], " x ", channels / groups,
                             " elements of a patch, got ", w);
  if (w.isDynamicDim(1) ? groups > 1 : w.getDimSize(1) % groups != 0)
    return emitOptionalError(location, "(C6) cannot make ", groups,
                             " groups of the columns of ", w);
  if (failed(verifyBias(location, op.getB(), w.getDimSize(1))) ||
      failed(verifyElements(location, op.getX(), op.getW(), op.getB())))
    return failure();
  SmallVector<int64_t> shape(patches->getShape());
  shape.back() = w.getDimSize(1);
  return RankedTensorType::get(shape, x.getElementType());
}

LogicalResult
Conv2dOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                           ValueRange operands, DictionaryAttr attributes,
                           OpaqueProperties properties, RegionRange regions,
                           SmallVectorImpl<Type> &types) {
  auto op =
      makeInferenceAdaptor<Conv2dOp>(operands, attributes, properties, regions);
  if (failed(verifyAttributes(op, location)))
    return failure();
  auto type = inferConvolution(location, op,
                               cast<RankedTensorType>(op.getX().getType()),
                               Window::of(op));
  if (failed(type))
    return failure();
  types.push_back(*type);
  return success();
}

namespace {
/// The most elements of a kernel that channels are multiplied by one after the
/// other: each is one more operand of a loop.
constexpr int64_t mostProducts = 100;

/// The parts of a convolution with groups.
class GroupedConvolution {
public:
  GroupedConvolution(ImplicitLocOpBuilder &b, Conv2dOp op)
      : b(b), op(op), type(op.getType()), groups(int64_t(op.getGroups())) {}

  Value build() {
    int64_t channels =
        cast<RankedTensorType>(op.getX().getType()).getDimSize(3);
    if (groups == 1)
      return LinearOp::create(b, buildPatches(op.getX()), op.getW(), op.getB(),
                              Attribute());
    return groups == channels ? buildDepthwise() : buildGroups();
  }

private:
  Value buildPatches(Value x) {
    return PatchesOp::create(b, x, op.getKernel(), op.getStrides(),
                             op.getPadding(), op.getDilations());
  }

  /// The part of a group along the last dimension, the only one that is cut.
  Value buildPart(Value x, int64_t group) {
    auto type = cast<RankedTensorType>(x.getType());
    SmallVector<int64_t> sizes(type.getShape());
    llvm::replace(sizes, ShapedType::kDynamic, int64_t(-1));
    SmallVector<int64_t> offsets(sizes.size(), 0), strides(sizes.size(), 1);
    sizes.back() /= groups;
    offsets.back() = group * sizes.back();
    return SliceOp::create(b, x, offsets, sizes, strides);
  }

  Value buildGroups() {
    SmallVector<Value> parts;
    for (int64_t group = 0; group < groups; ++group) {
      Value patches = buildPatches(buildPart(op.getX(), group));
      Value w = buildPart(op.getW(), group);
      Value bias = op.getB() ? buildPart(op.getB(), group) : Value();
      parts.push_back(LinearOp::create(b, patches, w, bias, Attribute()));
    }
    return ConcatOp::create(b, parts, 3);
  }

  /// Each channel is multiplied by itself: products of matrices would have one
  /// column. Sums of 16 bits are rounded once, as those of matrices are.
  Value buildDepthwise() {
    Value sum = op.getKernel()[0] * op.getKernel()[1] <= mostProducts
                    ? buildSumOfProducts()
                    : buildReduced();
    Value y = buildReshape(b, sum, type.getShape());
    if (y.getType() != type)
      y = CastOp::create(b, type, y);
    return op.getB() ? AddOp::create(b, y, op.getB()).getResult() : y;
  }

  /// Each element of the kernel times what it sees.
  Value buildSumOfProducts() {
    Window window = Window::of(op);
    Value x = buildPadded(b, op.getX(), window, 0);
    window = window.withoutPadding();
    Value sum;
    for (int64_t k = 0; k < window.kernel[0]; ++k) {
      Value rows = buildSeen(b, x, window, 0, k);
      for (int64_t l = 0; l < window.kernel[1]; ++l) {
        Value seen = buildSeen(b, rows, window, 1, l);
        Value w = SliceOp::create(
            b, op.getW(), ArrayRef<int64_t>{k * window.kernel[1] + l, 0},
            ArrayRef<int64_t>{1, type.getDimSize(3)}, ArrayRef<int64_t>{1, 1});
        Value product = buildProduct(seen, w, {});
        sum = sum ? AddOp::create(b, sum, product).getResult() : product;
      }
    }
    return sum;
  }

  /// The same for large kernels, by copies of what they see.
  Value buildReduced() {
    int64_t area = op.getKernel()[0] * op.getKernel()[1];
    Value products = buildProduct(buildPatches(op.getX()), op.getW(), {area});
    return ReduceOp::create(b, ReduceKind::sum, products,
                            b.getDenseI64ArrayAttr({3}), false);
  }

  /// The product [batch, down, across, elements..., channels, multiples], the
  /// last only if there are several of each channel.
  Value buildProduct(Value x, Value w, ArrayRef<int64_t> elements) {
    int64_t multiples = type.getDimSize(3) / groups;
    SmallVector<int64_t> seen(type.getShape().drop_back()), weights(elements);
    llvm::append_range(seen, elements);
    seen.push_back(groups);
    weights.push_back(groups);
    if (multiples != 1) {
      seen.push_back(1);
      weights.push_back(multiples);
    }
    x = buildWide(buildReshape(b, x, seen));
    w = buildWide(buildReshape(b, w, weights));
    return MulOp::create(b, x, w);
  }

  Value buildWide(Value x) {
    if (type.getElementTypeBitWidth() >= 32)
      return x;
    return CastOp::create(b, withElement(x.getType(), b.getF32Type()), x);
  }

  ImplicitLocOpBuilder &b;
  Conv2dOp op;
  RankedTensorType type;
  int64_t groups;
};
} // namespace

SmallVector<Value> Conv2dOp::decompose(ImplicitLocOpBuilder &b) {
  return {GroupedConvolution(b, *this).build()};
}

//===- Convolution of sequences -------------------------------------------===//

namespace {
/// Sequences as images of one row.
struct RowWindow {
  template <typename Op>
  explicit RowWindow(Op op)
      : kernel{1, int64_t(op.getKernel())}, strides{1, int64_t(op.getStride())},
        dilations{1, int64_t(op.getDilation())} {
    padding = {0, 0};
    llvm::append_range(padding, op.getPadding());
  }
  Window get() const { return {kernel, strides, padding, dilations}; }

  static RankedTensorType getImages(RankedTensorType sequences) {
    SmallVector<int64_t> shape(sequences.getShape());
    shape.insert(shape.begin() + 1, 1);
    return sequences.clone(shape);
  }
  static RankedTensorType getSequences(RankedTensorType images) {
    SmallVector<int64_t> shape(images.getShape());
    shape.erase(shape.begin() + 1);
    return images.clone(shape);
  }

  SmallVector<int64_t> kernel, strides, padding, dilations;
};
} // namespace

LogicalResult
Conv1dOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                           ValueRange operands, DictionaryAttr attributes,
                           OpaqueProperties properties, RegionRange regions,
                           SmallVectorImpl<Type> &types) {
  auto op =
      makeInferenceAdaptor<Conv1dOp>(operands, attributes, properties, regions);
  if (failed(verifyAttributes(op, location)))
    return failure();
  auto x = cast<RankedTensorType>(op.getX().getType());
  if (x.getRank() != 3 ||
      llvm::any_of(x.getShape().drop_front(), ShapedType::isDynamic))
    return emitOptionalError(location,
                             "(C1) needs sequences [batch, length, channels], "
                             "static but for the batch, got ",
                             x);
  if (op.getPadding().size() != 2)
    return emitOptionalError(location, "(C2) needs a `padding` of two numbers, "
                                       "in front and behind");
  auto type = inferConvolution(location, op, RowWindow::getImages(x),
                               RowWindow(op).get());
  if (failed(type))
    return failure();
  types.push_back(RowWindow::getSequences(*type));
  return success();
}

SmallVector<Value> Conv1dOp::decompose(ImplicitLocOpBuilder &b) {
  RowWindow window(*this);
  RankedTensorType images =
      RowWindow::getImages(cast<RankedTensorType>(getX().getType()));
  Value y = Conv2dOp::create(b, buildReshape(b, getX(), images.getShape()),
                             getW(), getB(), window.kernel, window.strides,
                             window.padding, window.dilations, getGroups());
  return {buildReshape(b, y, cast<RankedTensorType>(getType()).getShape())};
}

//===- Transposed convolution ---------------------------------------------===//

/// The extent of the result for one of `x`, or failure if it cannot be counted.
static FailureOr<int64_t> getUnfolded(const Window &window, int64_t dim,
                                      int64_t extent, int64_t more) {
  int64_t moved, all;
  if (llvm::MulOverflow(extent - 1, window.strides[dim], moved) ||
      llvm::AddOverflow(moved, window.getReach(dim) + more, all))
    return failure();
  // What the window says, less that which falls into the padding.
  return all - window.getPadded(dim, 0);
}

LogicalResult ConvTranspose2dOp::inferReturnTypes(
    MLIRContext *, std::optional<Location> location, ValueRange operands,
    DictionaryAttr attributes, OpaqueProperties properties, RegionRange regions,
    SmallVectorImpl<Type> &types) {
  auto op = makeInferenceAdaptor<ConvTranspose2dOp>(operands, attributes,
                                                    properties, regions);
  if (failed(verifyAttributes(op, location)))
    return failure();
  auto x = cast<RankedTensorType>(op.getX().getType());
  auto w = cast<RankedTensorType>(op.getW().getType());
  Window window = Window::of(op);
  if (failed(verifyWindow(location, x, window)))
    return failure();
  if (x.getDimSize(1) == 0 || x.getDimSize(2) == 0)
    return emitOptionalError(location,
                             "(C1) needs images with rows and "
                             "columns, got ",
                             x);
  ArrayRef<int64_t> more = op.getOutputPadding();
  if (more.size() != 2 || more[0] < 0 || more[1] < 0 ||
      more[0] >= window.strides[0] || more[1] >= window.strides[1])
    return emitOptionalError(location, "(C2) needs an `output_padding` of two "
                                       "numbers, not negative and below "
                                       "`strides`");
  int64_t area = window.kernel[0] * window.kernel[1];
  if (w.getRank() != 2 || w.getDimSize(0) != x.getDimSize(3) ||
      w.isDynamicDim(1) || w.getDimSize(1) % area != 0)
    return emitOptionalError(location, "(C4) needs weights [", x.getDimSize(3),
                             ", ", window.kernel[0], " x ", window.kernel[1],
                             " x out], got ", w);
  SmallVector<int64_t> shape(x.getShape());
  for (int64_t dim : {0, 1}) {
    auto extent = getUnfolded(window, dim, shape[dim + 1], more[dim]);
    if (failed(extent) || *extent < 1)
      return emitOptionalError(location, "(C3) gives images without ",
                               dim ? "columns" : "rows",
                               ", or more than can be counted");
    shape[dim + 1] = *extent;
  }
  shape[3] = w.getDimSize(1) / area;
  if (failed(verifyBias(location, op.getB(), shape[3])) ||
      failed(verifyElements(location, op.getX(), op.getW(), op.getB())))
    return failure();
  types.push_back(x.clone(shape));
  return success();
}

SmallVector<Value> ConvTranspose2dOp::decompose(ImplicitLocOpBuilder &b) {
  Value patches =
      LinearOp::create(b, getX(), getW(), /*b=*/Value(), Attribute());
  Value y = FoldOp::create(b, getType(), patches, getKernel(), getStrides(),
                           getPadding(), getDilations());
  return {getB() ? AddOp::create(b, y, getB()).getResult() : y};
}
