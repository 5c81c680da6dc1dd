#!/usr/bin/env python3
"""Says how often the largest logit is that of the label: score.py LOGITS.npy LABELS.npy. Needs nothing but Python."""

import array
import ast
import sys


def read_npy(path):
    with open(path, "rb") as file:
        file.seek(8)
        header = ast.literal_eval(file.read(int.from_bytes(file.read(2), "little")).decode())
        values = array.array({"<f4": "f", "<i4": "i"}[header["descr"]], file.read())
    return header["shape"], values


def main(logits, labels):
    (count, classes), values = read_npy(logits)
    _, wanted = read_npy(labels)
    rows = [values[i * classes : (i + 1) * classes] for i in range(count)]
    correct = sum(row.index(max(row)) == label for row, label in zip(rows, wanted, strict=True))
    print(f"accuracy of the binary: {correct / count:.4f} ({correct} of {count} images)")


main(*sys.argv[1:])
