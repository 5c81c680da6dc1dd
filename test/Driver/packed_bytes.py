"""Packed means packed: packed_bytes.py DITHER MODEL DATA FOLDER.

Counts by hand what 2:4 and e2m1 with a power-of-two scale for 32 weights take, and finds these bytes in the artifact and in resident
memory. Then decodes them by a decoder that shares nothing with the compiler's, and compares with the trained weights: of each four
weights the two largest are there, each as near to its value as the format allows."""

import json
import pathlib
import re
import struct
import subprocess
import sys

import numpy as np

DITHER, MODEL, DATA, FOLDER = sys.argv[1], sys.argv[2], sys.argv[3], pathlib.Path(sys.argv[4])
E2M1 = np.array([0, 0.5, 1, 1.5, 2, 3, 4, 6], np.float64)


def dither(*arguments):
    return subprocess.run([DITHER, *arguments], check=True, capture_output=True, text=True).stdout


def count_bytes(rows, columns):
    codes = rows // 4 * 2 * 4  # Bits of a column: of each four weights, two of 4 bits ...
    indices = rows // 4 * 2 * 2  # ... with two indices of 2 bits,
    scales = rows // 32 * 8  # and 8 bits for 32 weights along the contraction.
    return (codes + indices + scales) * columns // 8


def read_safetensors(path):
    content = path.read_bytes()
    size = struct.unpack("<Q", content[:8])[0]
    header = json.loads(content[8:8 + size])
    return {name: np.frombuffer(content[8 + size:][slice(*entry["data_offsets"])], "<f4").reshape(entry["shape"])
            for name, entry in header.items() if name != "__metadata__" and entry["dtype"] == "F32"}


def read_symbol(path, name):
    """The bytes of a symbol in .rodata."""
    sections = subprocess.run(["readelf", "-SW", path], check=True, capture_output=True, text=True).stdout
    symbols = subprocess.run(["readelf", "-sW", path], check=True, capture_output=True, text=True).stdout
    address, offset = (int(text, 16) for text in re.search(r"\.rodata +PROGBITS +(\w+) (\w+)", sections).groups())
    value, size = re.search(rf"(\w+) +(\d+) OBJECT .* {re.escape(name)}$", symbols, re.M).groups()
    begin = int(value, 16) - address + offset
    return path.read_bytes()[begin:begin + int(size)]


def fields(part, bits):
    """Fields of `bits` bits in words: byte b of a word has the elements b, b + 4 and so on of a column, the first in its low bits."""
    height, width = part.shape
    words = part.reshape(width // 64, height // 4, 64, 4)
    parts = np.stack([(words >> (bits * i)) & (2**bits - 1) for i in range(8 // bits)])  # element of a byte, panel, word, column, byte
    return parts.transpose(2, 0, 4, 1, 3).reshape(height * 8 // bits, width)


def rows(part):
    """The rows of a matrix that lies in panels of 64 columns."""
    height, width = part.shape
    return part.reshape(width // 64, height, 64).transpose(1, 0, 2).reshape(height, width)


def decode(codes, indices, scales, shape):
    codes, indices = fields(codes, 4), fields(indices, 2)
    values = E2M1[codes & 7] * np.where(codes & 8, -1.0, 1.0)
    dense, kept = np.zeros(shape), np.zeros(shape, bool)
    for slot in range(codes.shape[0]):
        row = slot // 2 * 4 + indices[slot]
        dense[row, np.arange(shape[1])] = values[slot] * 2.0**(scales[slot // 2 * 4 // 32].astype(int) - 127)
        kept[row, np.arange(shape[1])] = True
    return dense, kept


def check_weights(weights, dense, kept, scales):
    groups = lambda a: a.reshape(-1, 4, weights.shape[1])
    assert (groups(kept).sum(1) == 2).all(), "not two of each four"
    magnitudes = groups(np.abs(weights).astype(np.float64))
    least, most = np.where(groups(kept), magnitudes, np.inf).min(1), np.where(groups(kept), 0, magnitudes).max(1)
    assert (least >= most).all(), "a larger weight is missing"
    # The nearest of all values that the format has at this scale.
    steps = np.repeat(2.0**(scales.astype(int) - 127), 32, 0)
    grid = np.concatenate([E2M1, -E2M1])
    nearest = np.abs(weights[..., None] - grid * steps[..., None]).min(-1)
    assert (np.abs(weights - dense)[kept] <= nearest[kept]).all(), "not the nearest value"


FOLDER.mkdir(parents=True, exist_ok=True)
dither("train", MODEL, "--data", DATA, "--epochs", "1", "--out", FOLDER / "out")
artifact = FOLDER / "model.so"
dither("compile", MODEL, "--params", FOLDER / "out/model.safetensors", "-o", artifact)
weights = read_safetensors(FOLDER / "out/model.safetensors")
manifest = json.loads(read_symbol(artifact, "dither.manifest").rstrip(b"\0"))
data = read_symbol(artifact, "dither.data")
parts = {tensor["name"]: tensor for tensor in manifest["tensors"]}
read = lambda name: np.frombuffer(data[parts[name]["offset"]:][:parts[name]["size"]], np.uint8).reshape(parts[name]["shape"])
total = sum(weights[name].nbytes for name in parts if name in weights)
for name in ("w1", "w2"):
    found = sum(parts[f"{name}.{part}"]["size"] for part in ("codes", "indices", "scales"))
    expected = count_bytes(*weights[name].shape)
    total += expected
    print(f"{name}: {found} bytes, {8 * found / weights[name].size} bits per weight")
    assert found == expected and 8 * found == 3.25 * weights[name].size
    codes, indices, scales = (read(f"{name}.{part}") for part in ("codes", "indices", "scales"))
    scales = rows(scales)
    dense, kept = decode(codes, indices, scales, weights[name].shape)
    check_weights(weights[name], dense, kept, scales)
assert len(data.rstrip(b"\0")) <= total <= len(data), (total, len(data))
assert name not in parts, "the dense matrix is there, too"
report = json.loads(dither("bench", artifact, "--function", "forward", "--batch", "1", "--repetitions", "1", "--json"))
print(f"resident: {report['resident_bytes']} bytes, of which arena {report['arena_bytes']}")
assert report["resident_bytes"] - report["arena_bytes"] == total
print("packed")
