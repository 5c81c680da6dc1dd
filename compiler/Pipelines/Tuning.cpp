//===- Tuning.cpp - Plans of kernels that were measured -------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Pipelines/Tuning.h"
#include "mlir/AsmParser/AsmParser.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;
using namespace dither;

static constexpr llvm::StringLiteral formatName = "dither-tuning";
static constexpr int64_t formatVersion = 1;

DictionaryAttr Tuning::getAttribute(MLIRContext *context) const {
  NamedAttrList plans;
  for (const TunedProduct &product : products)
    plans.set(product.product, product.kernel);
  return plans.getDictionary(context);
}

namespace {
/// One file that is read.
class Reader {
public:
  Reader(StringRef path, MLIRContext *context)
      : path(path), context(context),
        location(FileLineColLoc::get(context, path, 1, 1)) {}

  FailureOr<Tuning> read() {
    auto file = llvm::MemoryBuffer::getFile(path);
    if (std::error_code error = file.getError())
      return fail("cannot be read: " + error.message());
    auto json = llvm::json::parse((*file)->getBuffer());
    if (!json)
      return fail("is no JSON: " + llvm::toString(json.takeError()));
    const llvm::json::Object *root = json->getAsObject();
    if (!root || root->getString("format") != StringRef(formatName))
      return fail("is not a file that 'dither tune' wrote");
    std::optional<int64_t> version = root->getInteger("version");
    if (version != formatVersion)
      return fail("has a version that this compiler does not know; measure "
                  "again with 'dither tune'");
    const llvm::json::Array *features = root->getArray("features");
    const llvm::json::Array *products = root->getArray("products");
    if (!features || !products)
      return fail("lacks 'features' or 'products'");
    Tuning tuning;
    tuning.threads = root->getInteger("threads").value_or(1);
    for (const llvm::json::Value &feature : *features) {
      if (!feature.getAsString())
        return fail("has a feature that is no string");
      tuning.features.push_back(feature.getAsString()->str());
    }
    if (tuning.features.empty())
      return fail("does not say for which CPU features it is");
    for (const llvm::json::Value &entry : *products)
      if (failed(readProduct(entry.getAsObject(), tuning)))
        return failure();
    return tuning;
  }

private:
  LogicalResult fail(const Twine &what) {
    return emitError(location) << "the tuning file " << what;
  }

  LogicalResult readProduct(const llvm::json::Object *entry, Tuning &tuning) {
    std::optional<StringRef> product, kernel;
    if (entry) {
      product = entry->getString("product");
      kernel = entry->getString("kernel");
    }
    if (!product || product->empty() || !kernel)
      return fail("has an entry without 'product' or 'kernel'");
    Attribute attribute;
    std::string why;
    {
      ScopedDiagnosticHandler handler(context, [&](Diagnostic &diagnostic) {
        why = diagnostic.str();
        return success();
      });
      attribute = parseAttribute(*kernel, context);
    }
    auto plan = dyn_cast_if_present<KernelAttr>(attribute);
    if (!plan)
      return fail("has no #dither.kernel for the product '" + *product +
                  "': " + (why.empty() ? kernel->str() : why));
    tuning.products.push_back({product->str(), plan,
                               entry->getNumber("median_us").value_or(0),
                               entry->getNumber("model_us").value_or(0)});
    return success();
  }

  StringRef path;
  MLIRContext *context;
  Location location;
};
} // namespace

FailureOr<Tuning> dither::readTuning(StringRef path, MLIRContext *context) {
  return Reader(path, context).read();
}

std::string dither::printTuning(const Tuning &tuning) {
  llvm::json::Array features, products;
  for (const std::string &feature : tuning.features)
    features.push_back(feature);
  for (const TunedProduct &product : tuning.products) {
    std::string kernel;
    llvm::raw_string_ostream(kernel) << product.kernel;
    products.push_back(llvm::json::Object{{"product", product.product},
                                          {"kernel", kernel},
                                          {"median_us", product.median},
                                          {"model_us", product.model}});
  }
  llvm::json::Object root{{"format", formatName},
                          {"version", formatVersion},
                          {"features", std::move(features)},
                          {"threads", tuning.threads},
                          {"products", std::move(products)}};
  return llvm::formatv("{0:2}\n", llvm::json::Value(std::move(root))).str();
}
