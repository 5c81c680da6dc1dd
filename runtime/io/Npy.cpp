//===- Npy.cpp - One array in a file of numpy -----------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/io/Npy.h"

#include "runtime/io/File.h"

#include <algorithm>
#include <cstring>

namespace dither::runtime {

namespace {
constexpr char magic[6] = {'\x93', 'N', 'U', 'M', 'P', 'Y'};
constexpr size_t maxHeader = size_t(1) << 16;

Error corrupt(std::string message) {
  return Error(Code::Corrupt, std::move(message));
}

struct Header {
  std::string descr;
  bool hasFortran = false, fortran = false;
  bool hasShape = false;
  std::vector<int64_t> shape;
};

/// Reads the Python literal of a header: a dict of a string, a boolean and a
/// tuple of integers, with any white space, quotes and trailing commas.
class HeaderParser {
public:
  explicit HeaderParser(std::string_view text) : rest(text) {}

  Error parse(Header &header) {
    if (!take('{'))
      return bad("does not begin with '{'");
    while (!take('}')) {
      if (Error error = parseEntry(header))
        return error;
      if (take(','))
        continue;
      if (!take('}'))
        return bad("lacks ',' or '}' behind a value");
      break;
    }
    skipSpace();
    if (!rest.empty())
      return bad("goes on behind its '}'");
    if (header.descr.empty() || !header.hasFortran || !header.hasShape)
      return bad("lacks 'descr', 'fortran_order' or 'shape'");
    return Error::success();
  }

private:
  static Error bad(std::string_view what) {
    return corrupt(concat("the header of the .npy file ", what));
  }
  void skipSpace() {
    while (!rest.empty() && (rest[0] == ' ' || rest[0] == '\n' ||
                             rest[0] == '\t' || rest[0] == '\r'))
      rest.remove_prefix(1);
  }
  bool take(char c) {
    skipSpace();
    if (rest.empty() || rest[0] != c)
      return false;
    rest.remove_prefix(1);
    return true;
  }
  bool takeWord(std::string_view word) {
    skipSpace();
    if (rest.substr(0, word.size()) != word)
      return false;
    rest.remove_prefix(word.size());
    return true;
  }

  Error parseString(std::string &out) {
    skipSpace();
    if (rest.empty() || (rest[0] != '\'' && rest[0] != '"'))
      return bad("has no string where one must be");
    size_t end = rest.find(rest[0], 1);
    if (end == std::string_view::npos)
      return bad("has a string without end");
    out = std::string(rest.substr(1, end - 1));
    rest.remove_prefix(end + 1);
    return Error::success();
  }

  Error parseSize(int64_t &out) {
    skipSpace();
    size_t count = 0;
    out = 0;
    for (; count < rest.size() && rest[count] >= '0' && rest[count] <= '9';
         ++count) {
      if (count == 18)
        return bad("has a size that is too large");
      out = out * 10 + (rest[count] - '0');
    }
    if (count == 0)
      return bad("has a shape with an entry that is no size");
    rest.remove_prefix(count);
    take('L'); // of Python 2
    return Error::success();
  }

  Error parseShape(std::vector<int64_t> &shape) {
    if (!take('('))
      return bad("has a shape that is no tuple");
    while (!take(')')) {
      if (shape.size() == maxRank)
        return bad("has more dimensions than numpy has");
      int64_t size;
      if (Error error = parseSize(size))
        return error;
      shape.push_back(size);
      if (take(','))
        continue;
      if (!take(')'))
        return bad("has a shape without ')'");
      break;
    }
    return Error::success();
  }

  Error parseEntry(Header &header) {
    std::string key;
    if (Error error = parseString(key))
      return error;
    if (!take(':'))
      return bad("lacks ':' behind a key");
    if (key == "descr" && header.descr.empty()) {
      skipSpace();
      if (!rest.empty() && rest[0] == '[')
        return Error(Code::Unsupported,
                     "the .npy file has records; save each field by itself");
      return parseString(header.descr);
    }
    if (key == "fortran_order" && !header.hasFortran) {
      header.hasFortran = true;
      header.fortran = takeWord("True");
      if (!header.fortran && !takeWord("False"))
        return bad("has a 'fortran_order' that is no boolean");
      return Error::success();
    }
    if (key == "shape" && !header.hasShape) {
      header.hasShape = true;
      return parseShape(header.shape);
    }
    return bad(concat("has the unknown or repeated key ", inQuotes(key)));
  }

  std::string_view rest;
};

/// Finds the text of the header and where the data begin.
Error locateHeader(Bytes file, std::string_view &text, size_t &dataBegin) {
  if (file.size < 10 || memcmp(file.data, magic, sizeof(magic)) != 0)
    return corrupt("not a .npy file: it does not begin with \\x93NUMPY");
  unsigned major = file.data[6], minor = file.data[7];
  if (major < 1 || major > 3 || minor != 0)
    return Error(
        Code::Unsupported,
        concat("version ", major, '.', minor,
               " of the .npy format is unknown; save with numpy.save"));
  size_t begin = major == 1 ? 10 : 12;
  if (file.size < begin)
    return corrupt("the .npy file is cut in its header");
  size_t size = file.data[8] | size_t(file.data[9]) << 8;
  if (major > 1)
    size |= size_t(file.data[10]) << 16 | size_t(file.data[11]) << 24;
  if (size > maxHeader)
    return corrupt(concat("the .npy file has a header of ", size,
                          " bytes, more than ", maxHeader));
  if (size > file.size - begin)
    return corrupt("the .npy file is cut in its header");
  text = {reinterpret_cast<const char *>(file.data) + begin, size};
  dataBegin = begin + size;
  return Error::success();
}

Expected<Element> elementOf(const std::string &descr) {
  if (std::optional<Element> element = elementFromNpy(descr))
    return *element;
  if (descr[0] == '>')
    return Error(
        Code::Unsupported,
        concat("the .npy file is big endian (", inQuotes(descr),
               "); convert it with x.astype(x.dtype.newbyteorder('<'))"));
  return Error(Code::Unsupported,
               concat("the .npy file has dtype ", inQuotes(descr),
                      ", which is not supported; convert it, for example with "
                      "x.astype('float32')"));
}
} // namespace

Expected<NpyArray> parseNpy(Bytes file) {
  std::string_view text;
  size_t dataBegin = 0;
  if (Error error = locateHeader(file, text, dataBegin))
    return error;
  Header header;
  if (Error error = HeaderParser(text).parse(header))
    return error;
  Expected<Element> element = elementOf(header.descr);
  if (!element)
    return element.takeError();
  if (header.fortran)
    return Error(Code::Unsupported,
                 "the .npy file is in Fortran order; save it with "
                 "numpy.save(path, numpy.ascontiguousarray(x))");
  std::optional<uint64_t> bytes = denseBytes(*element, header.shape);
  if (!bytes)
    return corrupt(concat("the .npy file claims the shape ",
                          shapeText(header.shape), ", which is too large"));
  size_t present = file.size - dataBegin;
  if (*bytes != present)
    return corrupt(concat("the .npy file has ", present, " bytes of data, but ",
                          shapeText(header.shape), " of ",
                          elementName(*element), " needs ", *bytes,
                          present < *bytes ? "; it is cut" : ""));
  NpyArray array;
  array.element = *element;
  array.shape = std::move(header.shape);
  array.bytes = {file.data + dataBegin, present};
  if (*element == Element::I1 &&
      std::any_of(array.bytes.data, array.bytes.data + present,
                  [](uint8_t byte) { return byte > 1; }))
    return corrupt("the .npy file has a boolean that is neither 0 nor 1");
  return array;
}

Expected<NpyFile> readNpy(const std::string &path) {
  Expected<Buffer> content = readFile(path);
  if (!content)
    return content.takeError();
  NpyFile file;
  file.content = std::move(*content);
  Expected<NpyArray> view = parseNpy(file.content.bytes());
  if (!view)
    return view.takeError().in(path);
  file.view = std::move(*view);
  if (reinterpret_cast<uintptr_t>(file.view.bytes.data) % Buffer::alignment) {
    // Headers need not be padded; slide the data to the front of the buffer.
    memmove(file.content.data(), file.view.bytes.data, file.view.bytes.size);
    file.view.bytes.data = file.content.data();
  }
  return file;
}

Error writeNpy(const std::string &path, const NpyArray &array) {
  std::string_view descr = npyName(array.element);
  if (descr.empty())
    return Error(Code::Unsupported,
                 concat("cannot write ", inQuotes(path), ": numpy has no ",
                        elementName(array.element),
                        "; write safetensors, or convert to f32 in the model"));
  if (denseBytes(array.element, array.shape) != array.bytes.size)
    return Error(Code::InvalidArgument,
                 concat("cannot write ", inQuotes(path), ": ", array.bytes.size,
                        " bytes do not fit the shape ",
                        shapeText(array.shape)));
  std::string shape = "(";
  for (size_t i = 0; i < array.shape.size(); ++i)
    shape += concat(i == 0 ? "" : ", ", array.shape[i]);
  shape += array.shape.size() == 1 ? ",)" : ")";
  std::string text =
      concat("{'descr': '", descr,
             "', 'fortran_order': False, 'shape': ", shape, ", }");
  // Data begin at a multiple of 64; the header ends with a new line.
  size_t total = (10 + text.size() + 1 + 63) / 64 * 64;
  text.append(total - 10 - text.size() - 1, ' ');
  text += '\n';
  std::string head(magic, sizeof(magic));
  head += '\1';
  head += '\0';
  head += static_cast<char>(text.size() & 0xff);
  head += static_cast<char>(text.size() >> 8);
  head += text;

  AtomicFile file;
  if (Error error = file.open(path))
    return error;
  if (Error error = file.write(head.data(), head.size()))
    return error;
  if (Error error = file.write(array.bytes.data, array.bytes.size))
    return error;
  return file.commit();
}

} // namespace dither::runtime
