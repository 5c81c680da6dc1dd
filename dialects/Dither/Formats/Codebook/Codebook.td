#ifndef DITHER_FORMAT_CODEBOOK_TD
#define DITHER_FORMAT_CODEBOOK_TD

include "Dither/IR/PluginBase.td"

def Dither_CodebookAttr : Dither_Format<"Codebook", "codebook", ["hasZero", "getCodeType", "getVectorSize", "getIndexCodes", "getBookBits"]> {
  let summary = "Eight weights of a column together as a row of a book, or as the sum of two";
  let description = [{
    Vector quantization ("VPTQ: Extreme Low-bit Vector Post-Training Quantization for Large Language Models", 2024) and its additive form
    ("Extreme Compression of Large Language Models via Additive Quantization", 2024). Eight consecutive weights of a column share an index of `index_bits` bits
    for each of `books` books of `2^index_bits` vectors, whose sum they are, times the scale of the column: 2 bits for a weight with one book of 2^16 or two of 2^8,
    1 bit with one of 2^8. An index is a code of 8 bits, or two below one another, the low bits first. Elements of a book are integers of 6 bits with an offset
    of 32, of 2^16 vectors 7 bits and 64.

    The scale is a tenth of the mean magnitude of the column, or of 1. Books of 2^8 come from k-means on 16384 or more vectors, evenly spaced, with eight
    steps of Lloyd's algorithm from entries that are such, the second book from what the first one leaves over; elements are rounded, and clamped to 31. A
    book of 2^16 starts as the sums of two such books, the second with zeros in front, at `lo + 256 hi`. A vector takes the nearest row of the first
    book, then the nearest to what is left in the second; of a book of 2^16, `lo` from the first 256 rows, then `hi` from the rows `256 hi` less
    row 0. Of equally near ones the first. Infinities and NaN count as 0. Means
    and distances are sums of f32, whose last bits may choose another row on another CPU.

    ```mlir
    #dither.codebook<books = 1, index_bits = 16>
    #dither.codebook<books = 2, index_bits = 8, scale = f16>
    #dither.codebook<books = 1, index_bits = 8>
    ```

    Constraints: (C1) the tensor is an f32 matrix of static shape, and 8 divides its first extent; (C2) there is one book with indices of 8 or 16 bits, or there are
    two with 8; (C3) scales are f32 or f16. It is not composed with a pattern, which takes out single weights.
  }];
  let parameters = (ins "int64_t":$books, "int64_t":$index_bits, DefaultValuedParameter<"ScaleKind", "ScaleKind::f32">:$scale);
  let assemblyFormat = "`<` struct(params) `>`";
  let extraClassDeclaration = [{
    /// Codes of 8 bits for each vector.
    int64_t getCodesPerVector() const { return getBooks() * getIndexBits() / 8; }
    /// The type of the dense tensor whose codes have a type.
    ::mlir::RankedTensorType getDenseType(::mlir::RankedTensorType codes) const;
    ScaleGroups getColumnGroups(::mlir::Type tensor) const;
  }];
}

#endif // DITHER_FORMAT_CODEBOOK_TD
