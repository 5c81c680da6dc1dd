//===- FuzzCsv.cpp - Fuzz target of .csv and .csv.gz ----------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/io/Csv.h"
#include "runtime/io/Gzip.h"

#include <cstdlib>

using namespace dither::runtime;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  CsvOptions options;
  options.maxText = 1 << 20;
  Buffer unpacked;
  Bytes text{data, size};
  if (isGzip(text)) {
    Expected<Buffer> result = gunzip(text, options.maxText);
    if (!result)
      return 0;
    unpacked = std::move(*result);
    text = unpacked.bytes();
  }
  Expected<Table> table = parseCsv(text, options);
  if (table && (table->rows == 0 ||
                table->values.size() != table->rows * table->columns))
    abort();
  if (!table && table.error().message().empty())
    abort();
  return 0;
}
