//===- CsvTest.cpp - Tables of numbers as text ----------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/io/Csv.h"
#include "runtime/io/Gzip.h"

#include "Support.h"

#include <zlib.h>

using namespace dither::runtime;
using namespace dither::test;

namespace {
Expected<Table> parse(const std::string &text, CsvOptions options = {}) {
  return parseCsv(bytesOf(text), options);
}

std::string gzip(const std::string &text) {
  z_stream stream = {};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 9,
                         Z_DEFAULT_STRATEGY),
            Z_OK);
  std::string out(deflateBound(&stream, text.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef *>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string textOf(const Buffer &buffer) {
  return std::string(reinterpret_cast<const char *>(buffer.data()),
                     buffer.size());
}

TEST(Csv, ReadsNumbers) {
  Expected<Table> table = parse("1, -2.5,3e2\r\n+4,\t.5,1e-300\n\n  \n");
  ASSERT_TRUE(table) << table.error().message();
  EXPECT_EQ(table->rows, 2u);
  EXPECT_EQ(table->columns, 3u);
  EXPECT_EQ(table->values, (std::vector<double>{1, -2.5, 300, 4, 0.5, 1e-300}));
  EXPECT_EQ(table->at(1, 0), 4);
}

TEST(Csv, ReadsWithoutFinalNewLine) {
  EXPECT_EQ(parse("7")->at(0, 0), 7);
  EXPECT_EQ(parse("\xef\xbb\xbf"
                  "7\n")
                ->at(0, 0),
            7);
}

TEST(Csv, TakesOptions) {
  CsvOptions options;
  options.separator = ';';
  options.skipLines = 1;
  Expected<Table> table = parse("a;b\n1;2\n", options);
  ASSERT_TRUE(table);
  EXPECT_EQ(table->columns, 2u);
  options.maxText = 3;
  EXPECT_TRUE(failsWith(parse("1;2\n3;4\n", options), "more than 3"));
}

struct Case {
  std::string text;
  const char *message;

  // Names the test; gtest would print the bytes, addresses among them.
  friend void PrintTo(const Case &param, std::ostream *os) {
    *os << param.message;
  }
};

class CsvErrors : public testing::TestWithParam<Case> {};

TEST_P(CsvErrors, NameLineAndColumn) {
  EXPECT_TRUE(failsWith(parse(GetParam().text), GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    All, CsvErrors,
    testing::Values(
        Case{"", "line 1, column 1: the table has no numbers"},
        Case{"\n\n", "line 3, column 1: the table has no numbers"},
        Case{"1,2\n3\n", "line 2, column 2: the line has 1 numbers"},
        Case{"1,2\n3,4,5\n", "line 2, column 3: the line has 3 numbers"},
        Case{"1,2\n3,x\n", "line 2, column 2: 'x' is not a finite number"},
        Case{"1,2\n3,\n", "line 2, column 2: a number is missing"},
        Case{",2", "line 1, column 1: a number is missing"},
        Case{"1\n\n2\n", "line 2, column 1: the line is empty"},
        Case{"1 2", "'1 2' is not a finite number"},
        Case{"0x10", "'0x10' is not"}, Case{"nan", "'nan' is not"},
        Case{"inf", "'inf' is not"}, Case{"+-1", "'+-1' is not"},
        Case{"+", "'+' is not"}, Case{"\"1\"", "is not a finite number"},
        Case{"1e999", "'1e999' is out of the range"},
        Case{std::string("1\0", 2), "is not a finite number"},
        Case{std::string(5000, '-'), "...' is not a finite number"}));

TEST(Csv, ReadsGzipWhateverItsName) {
  TempFolder folder;
  std::string packed = gzip("1,2\n"), more = gzip("3,4\n");
  writeBytes(folder.path("a.csv.gz"), packed);
  writeBytes(folder.path("b.csv"), packed + more);
  writeBytes(folder.path("c.csv"), "1,2\n3,x\n");
  EXPECT_EQ(readCsv(folder.path("a.csv.gz"))->at(0, 1), 2);
  EXPECT_EQ(readCsv(folder.path("b.csv"))->at(1, 1), 4);
  EXPECT_TRUE(failsWith(readCsv(folder.path("c.csv")), "c.csv: line 2"));
  EXPECT_TRUE(failsWith(readCsv(folder.path("d.csv")), "d.csv"));
}

TEST(Gzip, RefusesCutAndDamagedFiles) {
  std::string text = "1,2\n3,4\n5,6\n", packed = gzip(text);
  for (size_t size = 2; size < packed.size(); ++size)
    EXPECT_FALSE(gunzip(bytesOf(packed.substr(0, size)), 1000)) << size;
  for (size_t i = 0; i < packed.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = packed;
      damaged[i] = static_cast<char>(damaged[i] ^ 1 << bit);
      Expected<Buffer> read = gunzip(bytesOf(damaged), 1000);
      // Some bits (time, system, padding) mean nothing.
      EXPECT_TRUE(!read || textOf(*read) == text) << i;
    }
  EXPECT_TRUE(failsWith(gunzip(bytesOf(packed + "junk"), 1000), "damaged"));
}

TEST(Gzip, StopsAtItsLimit) {
  std::string bomb = gzip(std::string(10 << 20, '0')); // a thousandth of it
  EXPECT_TRUE(failsWith(gunzip(bytesOf(bomb), 1 << 20), "more than 1048576"));
  Expected<Buffer> exact = gunzip(bytesOf(bomb), 10 << 20);
  ASSERT_TRUE(exact);
  EXPECT_EQ(exact->size(), size_t(10 << 20));
  EXPECT_TRUE(failsWith(gunzip(bytesOf(bomb), (10 << 20) - 1), "more than"));
  EXPECT_TRUE(failsWith(gunzip(bytesOf(gzip("x")), 0), "more than 0"));
  Expected<Buffer> empty = gunzip(bytesOf(gzip("")), 0);
  ASSERT_TRUE(empty);
  EXPECT_EQ(empty->size(), 0u);
}
} // namespace
