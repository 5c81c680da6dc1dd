#ifndef DITHER_DIALECT_TD
#define DITHER_DIALECT_TD

include "mlir/IR/DialectBase.td"

def Dither_Dialect : Dialect {
  let name = "dither";
  let cppNamespace = "::dither";
  let summary = "Models whose sparsity, quantization and gradients are annotations";
  let description = [{
    One dialect describes a model for training and for inference. A model is a symbol (`dither.model`) that holds
    parameters (`dither.param`), functions over tensors (`func.func`) and training declarations (`dither.train`).
    Sparsity patterns, number formats, estimators, recipes and optimizers are attributes that implement an interface.
    Tensors are immutable values, and every op has a reference meaning that the interpreter runs.
  }];
  let useDefaultAttributePrinterParser = 1;
  let hasConstantMaterializer = 1;
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::math::MathDialect", "::mlir::func::FuncDialect",
    "::mlir::vector::VectorDialect", "::mlir::tensor::TensorDialect"
  ];
}

#endif // DITHER_DIALECT_TD
