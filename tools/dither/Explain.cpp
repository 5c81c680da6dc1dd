#include "tools/dither/Commands.h"
#include "tools/dither/Session.h"
int dither::runExplain(const ExplainOptions &) { return 1; }
int dither::runCheck(const CheckOptions &) { return 1; }
std::string dither::makeHeader(mlir::ModuleOp, const CompileOptions &) { return ""; }
