#!/usr/bin/env python3
"""Counts instructions of the machine code in cubins, by kernel.

    count_opcodes.py CUBIN [KERNEL] [--all]

A cubin is an ELF file with a section .text.KERNEL for each kernel. Instructions have 16 bytes; the low 12 bits of the first say which one it
is. No document says so, and the names here are tentative: they are what kernels have as often as PTX has the instructions that they are named
after. Others are not counted; with --all, they are, by number.
"""
import argparse
import collections
import struct
import sys

NAMES = {
    0x23C: "HMMA", 0x237: "IMMA", 0x9F0: "HGMMA.SS", 0xDF0: "HGMMA.RS", 0x9F3: "QGMMA.SS", 0xDF3: "QGMMA.RS", 0x83B: "LDSM", 0xFAE: "LDGSTS",
    0x5B4: "UTMALDG", 0xB1D: "BAR", 0x981: "LDG", 0x387: "STL", 0x983: "LDL",
}
INSTRUCTION_BYTES = 16


def read_sections(data):
    """The name and bytes of each section of a 64-bit little-endian ELF file."""
    if data[:6] != b"\x7fELF\x02\x01":
        sys.exit("no 64-bit little-endian ELF file")
    table, = struct.unpack_from("<Q", data, 0x28)
    size, count, names = struct.unpack_from("<HHH", data, 0x3A)
    headers = [struct.unpack_from("<IIQQQQ", data, table + i * size) for i in range(count)]
    first = headers[names][4]
    for name, kind, _, _, offset, length in headers:
        end = data.index(b"\0", first + name)
        # Kind 8 has no bytes in the file.
        yield data[first + name:end].decode(), b"" if kind == 8 else data[offset:offset + length]


def count(code, everything):
    counts = collections.Counter()
    for at in range(0, len(code), INSTRUCTION_BYTES):
        opcode = struct.unpack_from("<Q", code, at)[0] & 0xFFF
        name = NAMES.get(opcode, f"{opcode:03x}" if everything else None)
        if name:
            counts[name] += 1
    return counts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cubin")
    parser.add_argument("kernel", nargs="?", help="the one of this name")
    parser.add_argument("--all", action="store_true", help="other instructions, too")
    options = parser.parse_args()
    with open(options.cubin, "rb") as file:
        data = file.read()
    prefix = ".text."
    kernels = {name[len(prefix):]: code for name, code in read_sections(data) if name.startswith(prefix)}
    if options.kernel and options.kernel not in kernels:
        sys.exit(f"no kernel is named {options.kernel}; there are {', '.join(sorted(kernels))}")
    for name in [options.kernel] if options.kernel else sorted(kernels):
        counts = sorted(count(kernels[name], options.all).items())
        print(f"{name}:", ", ".join(f"{number} {opcode}" for opcode, number in counts) or "none of these")


if __name__ == "__main__":
    main()
