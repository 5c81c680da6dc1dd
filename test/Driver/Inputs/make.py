"""Writes the inputs of the driver's tests: make.py FOLDER KIND...

  data     data.csv: 200 samples of 8 features and a label of 3 classes
  arrays   x.npy, and .npy files with something wrong each
  damage   from out/model.safetensors and model.so, files with something wrong each
"""

import copy
import json
import pathlib
import struct
import sys

import numpy as np

FOLDER = pathlib.Path(sys.argv[1])


def data():
    random = np.random.default_rng(5)
    labels = random.integers(0, 3, 200)
    features = random.standard_normal((200, 8)) + 2 * np.eye(8)[labels]
    lines = [",".join(f"{value:.4f}" for value in row) + f",{label}\n" for row, label in zip(features, labels)]
    (FOLDER / "data.csv").write_text("".join(lines))

    def spoil(name, line, change):
        changed = list(lines)
        changed[line - 1] = change(changed[line - 1])
        (FOLDER / name).write_text("".join(changed))

    def field(number, text):
        return lambda line: ",".join(text if i == number else value for i, value in enumerate(line.strip().split(","))) + "\n"

    spoil("word.csv", 5, field(1, "two"))
    spoil("nan.csv", 9, field(0, "nan"))
    spoil("infinite.csv", 9, field(0, "-inf"))
    spoil("large.csv", 9, field(0, "1e300"))
    spoil("fraction.csv", 9, field(8, "2.5"))
    spoil("class.csv", 9, field(8, "3"))
    spoil("negative.csv", 9, field(8, "-1"))
    spoil("ragged.csv", 7, lambda line: line[line.index(",") + 1:])
    (FOLDER / "narrow.csv").write_text("".join(line[line.index(",") + 1:] for line in lines))
    (FOLDER / "few.csv").write_text("".join(lines[:15]))
    (FOLDER / "empty.csv").write_text("")


def arrays():
    x = np.linspace(-1, 1, 24, dtype=np.float32).reshape(3, 8)
    cases = {"x": x, "y": x[::-1].copy(), "narrow": x[:, :7], "flat": x[0], "double": x.astype(np.float64), "integer": x.astype(np.int32),
             "complex": x.astype(np.complex64), "fortran": np.asfortranarray(x), "big-endian": x.astype(">f4"),
             "object": np.array([{}], object), "no-rows": x[:0], "samples": np.tile(x, (20, 1)).astype(np.float64),
             "labels": np.arange(60) % 3, "large": np.zeros((2_000_000, 8), np.float32), "fewer-labels": np.arange(59) % 3, "half-labels": np.full(60, 0.5)}
    for name, array in cases.items():
        np.save(FOLDER / f"{name}.npy", array)
    good = (FOLDER / "x.npy").read_bytes()
    (FOLDER / "cut.npy").write_bytes(good[:-5])
    (FOLDER / "cut-header.npy").write_bytes(good[:30])
    (FOLDER / "longer.npy").write_bytes(good + b"123")
    (FOLDER / "magic.npy").write_bytes(b"\x92" + good[1:])
    (FOLDER / "negative.npy").write_bytes(good.replace(b"(3, 8)", b"(-3,8)"))


def flip(path, new, offset):
    content = bytearray(path.read_bytes())
    content[offset] ^= 4
    (FOLDER / new).write_bytes(content)


def damage_checkpoint():
    path = FOLDER / "out/model.safetensors"
    content = path.read_bytes()
    size = struct.unpack("<Q", content[:8])[0]
    header, tensors = json.loads(content[8:8 + size]), content[8 + size:]
    flip(path, "flipped-data.safetensors", -20)
    flip(path, "flipped-header.safetensors", content.index(b"dither.checksum") + 8)
    (FOLDER / "cut.safetensors").write_bytes(content[:-100])
    (FOLDER / "long-header.safetensors").write_bytes(content[:7] + b"\x7f" + content[8:])
    del header["__metadata__"]  # What other programs write.

    def write(name, change, data=tensors):
        changed = copy.deepcopy(header)
        change(changed)
        text = json.dumps(changed).encode()
        (FOLDER / name).write_bytes(struct.pack("<Q", len(text)) + text + data)

    begin = header["w"]["data_offsets"][0]
    write("plain.safetensors", lambda h: None)
    write("shape.safetensors", lambda h: h["w"].update(shape=[16, 8]))
    write("type.safetensors", lambda h: h["w"].update(dtype="I32"))
    write("missing.safetensors", lambda h: h.update(other=h.pop("w")))
    write("outside.safetensors", lambda h: h["w"].update(data_offsets=[0, 4]))
    write("nan.safetensors", lambda h: None, tensors[:begin] + struct.pack("<f", float("nan")) + tensors[begin + 4:])


def damage_artifact():
    path = FOLDER / "model.so"
    content = path.read_bytes()
    for part, offset in {"code": len(content) // 2, "header": 40, "manifest": content.index(b'"functions"'),
                         "trailer": len(content) - 2}.items():
        flip(path, f"flipped-{part}.so", offset)
    (FOLDER / "cut.so").write_bytes(content[:len(content) // 2])


FOLDER.mkdir(parents=True, exist_ok=True)
MAKERS = {"data": [data], "arrays": [arrays], "damage": [damage_checkpoint, damage_artifact]}
for kind in sys.argv[2:]:
    for make in MAKERS[kind]:
        make()
