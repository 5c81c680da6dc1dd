//===- Csv.h - Tables of numbers as text ------------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   Expected<Table> table = readCsv("digits.csv.gz");
//   if (table) use(table->at(row, column));
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_IO_CSV_H
#define DITHER_RUNTIME_IO_CSV_H

#include "runtime/io/Buffer.h"

#include <string>
#include <vector>

namespace dither::runtime {

/// Row-major. f64 holds every integer below 2^53 and every f32 exactly.
struct Table {
  size_t rows = 0;
  size_t columns = 0;
  std::vector<double> values;

  double at(size_t row, size_t column) const {
    return values[row * columns + column];
  }
};

struct CsvOptions {
  char separator = ',';
  /// Lines to pass over at the beginning: titles.
  size_t skipLines = 0;
  /// The most bytes of text, unpacked.
  uint64_t maxText = uint64_t(1) << 30;
};

/// Reads text. Every line has the same number of finite numbers. Messages name
/// line and column, both from 1.
Expected<Table> parseCsv(Bytes text, const CsvOptions &options = {});

/// Reads a file, unpacking it where it begins as gzip does, whatever its name.
Expected<Table> readCsv(const std::string &path,
                        const CsvOptions &options = {});

} // namespace dither::runtime

#endif // DITHER_RUNTIME_IO_CSV_H
