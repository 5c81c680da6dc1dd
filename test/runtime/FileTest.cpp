//===- FileTest.cpp - Whole files, and JSON -------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/io/File.h"
#include "runtime/io/Json.h"
#include "runtime/io/Npy.h"

#include "Support.h"

#include <csignal>
#include <sys/resource.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace dither::runtime;
using namespace dither::test;

namespace {
Error writeAll(const std::string &path, const std::string &text) {
  AtomicFile file;
  if (Error error = file.open(path))
    return error;
  if (Error error = file.write(text.data(), text.size()))
    return error;
  return file.commit();
}

/// Lets no file grow beyond a size: what a full disk looks like.
class FileSizeLimit {
public:
  explicit FileSizeLimit(rlim_t size) {
    getrlimit(RLIMIT_FSIZE, &old);
    rlimit limit = {size, old.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
    handler = signal(SIGXFSZ, SIG_IGN);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &old);
    signal(SIGXFSZ, handler);
  }

private:
  rlimit old;
  void (*handler)(int);
};

TEST(File, RoundTrip) {
  TempFolder folder;
  std::string path = folder.path("a"), text(3 << 20, 'x');
  ASSERT_FALSE(writeAll(path, text));
  Expected<Buffer> read = readFile(path);
  ASSERT_TRUE(read);
  EXPECT_EQ(std::string(reinterpret_cast<char *>(read->data()), read->size()),
            text);
  ASSERT_FALSE(writeAll(path, ""));
  EXPECT_EQ(readFile(path)->size(), 0u);
  EXPECT_TRUE(failsWith(readFile(folder.path("none")), "none"));
  EXPECT_TRUE(failsWith(readFile("/"), "Is a directory"));
  writeBytes(path, "12345");
  EXPECT_TRUE(failsWith(readFile(path, 4), "more than 4 bytes"));
}

TEST(File, ReadsPipes) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  std::string text(200000, 'p');
  std::thread writer([&] {
    for (size_t at = 0; at < text.size();)
      at += static_cast<size_t>(
          std::max<ssize_t>(0, write(ends[1], &text[at], text.size() - at)));
    close(ends[1]);
  });
  std::string path = "/proc/self/fd/" + std::to_string(ends[0]);
  Expected<Buffer> read = readFile(path);
  writer.join();
  close(ends[0]);
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(std::string(reinterpret_cast<char *>(read->data()), read->size()),
            text);
  EXPECT_TRUE(failsWith(readFile("/dev/zero", 1000), "more than 1000"));
}

TEST(File, FullDiskLeavesTheOldFile) {
  TempFolder folder;
  std::string path = folder.path("a");
  ASSERT_FALSE(writeAll(path, "old"));
  {
    FileSizeLimit limit(1000);
    EXPECT_TRUE(failsWith(writeAll(path, std::string(5000, 'n')), "cannot"));
    EXPECT_TRUE(
        failsWith(writeAll(folder.path("b"), std::string(5000, 'n')), "/b'"));
  }
  EXPECT_EQ(readBytes(path), "old");
  EXPECT_EQ(folder.names(), std::vector<std::string>{"a"});
}

TEST(File, DevicesAreWrittenInPlace) {
  EXPECT_TRUE(failsWith(writeAll("/dev/full", "x"), "No space left"));
  struct stat status;
  ASSERT_EQ(stat("/dev/full", &status), 0);
  EXPECT_TRUE(S_ISCHR(status.st_mode));
  EXPECT_FALSE(writeAll("/dev/null", "x"));
}

TEST(File, AbandonedFilesLeaveNothing) {
  TempFolder folder;
  {
    AtomicFile file;
    ASSERT_FALSE(file.open(folder.path("a")));
    ASSERT_FALSE(file.write("x", 1));
  }
  EXPECT_TRUE(folder.names().empty());
}

TEST(File, KeepsModeAndSymbolicLinks) {
  TempFolder folder;
  std::string path = folder.path("a"), link = folder.path("l");
  ASSERT_FALSE(writeAll(path, "old"));
  ASSERT_EQ(chmod(path.c_str(), 0640), 0);
  ASSERT_EQ(symlink("a", link.c_str()), 0);
  ASSERT_FALSE(writeAll(link, "new"));
  EXPECT_EQ(readBytes(path), "new");
  struct stat status;
  ASSERT_EQ(lstat(link.c_str(), &status), 0);
  EXPECT_TRUE(S_ISLNK(status.st_mode));
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0640u);
}

TEST(File, NamesWhatCannotBeWritten) {
  EXPECT_TRUE(failsWith(writeAll("/none/a", "x"), "'/none/a'"));
  EXPECT_TRUE(failsWith(writeAll("/", "x"), "Is a directory"));
}

TEST(Buffer, IsAlignedAndZero) {
  for (size_t size : {1, 63, 4096, 1 << 20, 5 << 20}) {
    Expected<Buffer> buffer = Buffer::allocate(size, "a test");
    ASSERT_TRUE(buffer);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(buffer->data()) % 64, 0u);
    EXPECT_EQ(buffer->data()[0] | buffer->data()[size - 1], 0);
  }
  EXPECT_EQ(Buffer::allocate(0, "nothing")->data(), nullptr);
  EXPECT_TRUE(failsWith(Buffer::allocate(SIZE_MAX / 2, "a test"),
                        "bytes of a test; free memory"));
}

TEST(Json, ReadsValues) {
  std::string text = R"([null, true, -5, 1e3, "\u20ac", {"a": []}])";
  Expected<Json> json = parseJson(bytesOf(text));
  ASSERT_TRUE(json);
  ASSERT_EQ(json->items.size(), 6u);
  EXPECT_TRUE(json->items[0].is(Json::Kind::Null));
  EXPECT_EQ(json->items[1].integer, 1);
  EXPECT_EQ(json->items[2].integer, -5);
  EXPECT_EQ(json->items[3].number, 1000);
  EXPECT_EQ(json->items[4].string, "\xe2\x82\xac");
  EXPECT_TRUE(json->items[5].find("a")->is(Json::Kind::Array));
  EXPECT_EQ(json->items[5].find("b"), nullptr);
}

TEST(Json, LimitsDepth) {
  std::string deep = std::string(16, '[') + std::string(16, ']');
  EXPECT_TRUE(parseJson(bytesOf(deep)));
  EXPECT_TRUE(failsWith(parseJson(bytesOf("[" + deep + "]")), "deeper"));
}

TEST(Json, LimitsCount) {
  std::string many = "[0";
  for (int i = 0; i < 3000000; ++i)
    many += ",0";
  EXPECT_TRUE(failsWith(parseJson(bytesOf(many + "]")), "more than"));
}

TEST(Json, WritesStrings) {
  EXPECT_EQ(jsonString("a\"\\\n"), "\"a\\\"\\\\\\u000a\"");
}

TEST(Error, QuotesStrangeNames) {
  EXPECT_EQ(inQuotes("a\nb"), "'a?b'");
  EXPECT_EQ(inQuotes(std::string(500, 'x')).size(), 125u);
}
} // namespace
