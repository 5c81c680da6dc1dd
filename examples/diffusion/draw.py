#!/usr/bin/env python3
"""Labels to draw images of, and a picture of them. Needs nothing but Python.

    draw.py labels COUNT LABELS.npy        writes 0, 1, ..., 9, 0, 1, ...
    draw.py picture IMAGES.npy PICTURE.png  8x8 images with pixels 0 to 16, ten in a row
"""

import array
import ast
import struct
import sys
import zlib

SIDE, COLUMNS, ZOOM, GAP = 8, 10, 5, 4


def write_labels(count, path):
    header = f"{{'descr': '<i4', 'fortran_order': False, 'shape': ({count},), }}"
    header = header.ljust(117) + "\n"  # The data begins at a multiple of 64.
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode())
        array.array("i", [i % 10 for i in range(count)]).tofile(file)


def read_images(path):
    with open(path, "rb") as file:
        file.seek(8)
        header = ast.literal_eval(file.read(int.from_bytes(file.read(2), "little")).decode())
        values = array.array("f", file.read())
    if header["descr"] != "<f4" or header["shape"][1:] != (SIDE * SIDE,):
        sys.exit(f"error: {path} has {header['descr']} of {header['shape']}, not images of {SIDE * SIDE} f32 pixels")
    return [values[i : i + SIDE * SIDE] for i in range(0, len(values), SIDE * SIDE)]


def paint(images):
    """Rows of bytes, dark ink on white."""
    cell = SIDE * ZOOM + GAP
    rows = [bytearray(b"\xff" * (COLUMNS * cell + GAP)) for _ in range(-(-len(images) // COLUMNS) * cell + GAP)]
    for number, image in enumerate(images):
        top, left = number // COLUMNS * cell + GAP, number % COLUMNS * cell + GAP
        for y in range(SIDE * ZOOM):
            for x in range(SIDE * ZOOM):
                ink = min(max(image[y // ZOOM * SIDE + x // ZOOM] / 16, 0), 1)
                rows[top + y][left + x] = 255 - round(255 * ink)
    return rows


def write_png(path, rows):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    size = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 0, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", data) + chunk(b"IEND", b""))


def main(what, given, path):
    if what == "labels":
        write_labels(int(given), path)
    else:
        write_png(path, paint(read_images(given)))


if len(sys.argv) != 4 or sys.argv[1] not in ("labels", "picture"):
    sys.exit(__doc__)
main(*sys.argv[1:])
