//===- Csv.cpp - Tables of numbers as text --------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/io/Csv.h"

#include "runtime/io/File.h"
#include "runtime/io/Gzip.h"

#include <charconv>
#include <cmath>
#include <cstring>

namespace dither::runtime {

namespace {
std::string_view trim(std::string_view text) {
  auto isSpace = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && isSpace(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && isSpace(text.back()))
    text.remove_suffix(1);
  return text;
}

Error at(size_t line, size_t column, std::string_view what) {
  return Error(Code::Corrupt,
               concat("line ", line, ", column ", column, ": ", what));
}

/// from_chars rather than strtod, which follows the locale.
Error parseNumber(std::string_view text, size_t line, size_t column,
                  double &value) {
  std::string_view number = trim(text);
  if (number.empty())
    return at(line, column, "a number is missing");
  if (number[0] == '+' && number.size() > 1 && number[1] != '-')
    number.remove_prefix(1);
  auto [end, code] =
      std::from_chars(number.data(), number.data() + number.size(), value);
  if (code == std::errc::result_out_of_range)
    return at(line, column,
              concat(inQuotes(number), " is out of the range of a double"));
  if (code != std::errc() || end != number.data() + number.size() ||
      !std::isfinite(value))
    return at(line, column,
              concat(inQuotes(number), " is not a finite number"));
  return Error::success();
}

Error parseLine(std::string_view text, size_t line, const CsvOptions &options,
                Table &table) {
  size_t column = 0;
  while (true) {
    size_t end = text.find(options.separator);
    double value = 0;
    if (Error error = parseNumber(text.substr(0, end), line, ++column, value))
      return error;
    table.values.push_back(value);
    if (end == std::string_view::npos)
      break;
    text.remove_prefix(end + 1);
  }
  if (table.rows == 0)
    table.columns = column;
  else if (column != table.columns)
    return at(line, std::min(column, table.columns) + 1,
              concat("the line has ", column, " numbers, those before it have ",
                     table.columns));
  ++table.rows;
  return Error::success();
}

/// Takes the next line off `text`, without its end.
std::string_view takeLine(std::string_view &text) {
  size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}
} // namespace

Expected<Table> parseCsv(Bytes text, const CsvOptions &options) {
  if (text.size > options.maxText)
    return Error(Code::Unsupported,
                 concat("the table has ", text.size, " bytes, more than ",
                        options.maxText, "; split it"));
  std::string_view rest(reinterpret_cast<const char *>(text.data), text.size);
  if (rest.substr(0, 3) == "\xef\xbb\xbf")
    rest.remove_prefix(3); // a byte order mark
  size_t line = 0;
  for (; line < options.skipLines && !rest.empty(); ++line)
    takeLine(rest);

  Table table;
  size_t blankLine = 0; // blank lines are allowed at the end only
  while (!rest.empty()) {
    std::string_view content = takeLine(rest);
    ++line;
    if (trim(content).empty()) {
      blankLine = blankLine ? blankLine : line;
      continue;
    }
    if (blankLine)
      return at(blankLine, 1, "the line is empty");
    if (Error error = parseLine(content, line, options, table))
      return error;
  }
  if (table.rows == 0)
    return at(line + 1, 1, "the table has no numbers");
  return table;
}

Expected<Table> readCsv(const std::string &path, const CsvOptions &options) {
  Expected<Buffer> content = readFile(path, options.maxText);
  if (!content)
    return content.takeError();
  if (isGzip(content->bytes())) {
    content = gunzip(content->bytes(), options.maxText);
    if (!content)
      return content.takeError().in(path);
  }
  Expected<Table> table = parseCsv(content->bytes(), options);
  if (!table)
    return table.takeError().in(path);
  return table;
}

} // namespace dither::runtime
