#!/usr/bin/env python3
"""Writes the test images and labels of the digits as test-x.npy and test-y.npy: split.py DATA FOLDER. Needs nothing but Python."""

import array
import gzip
import sys


def write_npy(path, typecode, dtype, shape, values):
    header = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}"
    header = header.ljust(117) + "\n"  # The data begins at a multiple of 64.
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode())
        array.array(typecode, values).tofile(file)


def main(data, folder):
    with gzip.open(data, "rt") as lines:
        rows = [[int(field) for field in line.split(",")] for line in lines]
    test = rows[4::5]
    write_npy(f"{folder}/test-x.npy", "f", "<f4", (len(test), 64), [pixel for row in test for pixel in row[:64]])
    write_npy(f"{folder}/test-y.npy", "i", "<i4", (len(test),), [row[64] for row in test])


main(*sys.argv[1:])
