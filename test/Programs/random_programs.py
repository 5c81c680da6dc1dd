#!/usr/bin/env python3
"""Compares compiled code with the reference interpreter on random programs.

    random_programs.py DITHER [--programs N] [--seed S] [--keep FOLDER]

Two kinds of programs. Exact ones use ops whose result does not depend on the order of evaluation (inputs are small integers, so that
sums and products are exact in f32): results must be equal, bit for bit but for the sign and payload of NaN. Smooth ones also use
exp, log, tanh and so on, whose approximations differ: results must agree within 1e-4 of the larger of 1 and the magnitude.
Shapes are ragged and include 0, 1, primes and a dynamic batch. A failing program is kept and printed with the command to repeat it.
"""
import argparse
import math
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

EXTENTS = [0, 1, 2, 3, 4, 7, 8, 13, 16, 17, 31, 33]
SPECIAL = [math.nan, math.inf, -math.inf, 1e-40, -0.0, 3.5, -2.5]


class Program:
    """A straight-line function that is grown op by op."""

    def __init__(self, rng, exact, special):
        self.rng, self.exact, self.special = rng, exact, special
        self.inputs, self.lines, self.values, self.count = [], [], [], 0
        self.batch = rng.choice([1, 2, 3, 5, 8, 9, 16, 17])

    def type(self, shape, element):
        dims = "x".join(["?" if d == "b" else str(d) for d in shape])
        return f"tensor<{dims}x{element}>" if shape else f"tensor<{element}>"

    def extent(self, d):
        return self.batch if d == "b" else d

    def add_input(self, shape, element):
        name = f"%in{len(self.inputs)}"
        self.inputs.append((shape, element))
        self.values.append((name, shape, element))
        return self.values[-1]

    def emit(self, text, shape, element):
        name = f"%v{self.count}"
        self.count += 1
        self.lines.append(f"    {name} = {text}")
        self.values.append((name, list(shape), element))
        return self.values[-1]

    def pick(self, element=None, rank=None, static=False):
        found = [v for v in self.values if (element is None or v[2] == element) and (rank is None or len(v[1]) == rank)
                 and not (static and "b" in v[1])]
        return self.rng.choice(found) if found else None

    def ty(self, v):
        return self.type(v[1], v[2])

    # Each of the following adds one op, or nothing where no value fits.
    def unary(self):
        v = self.pick("f32")
        ops = ["neg", "abs", "floor", "ceil", "round", "sign", "relu", "stop_gradient"]
        if not self.exact:
            ops = ["neg", "abs", "exp", "tanh", "erf", "sin", "cos", "gelu", "silu", "sigmoid", "softplus", "elu", "leaky_relu"]
        if v:
            self.emit(f"dither.{self.rng.choice(ops)} {v[0]} : {self.ty(v)}", v[1], "f32")

    def binary(self):
        v = self.pick()
        if not v or v[2] in ("i1", "f16", "bf16"):
            return
        shape = [1 if d != "b" and self.rng.random() < 0.3 else d for d in v[1]][self.rng.randint(0, len(v[1])):]
        other = next((w for w in self.values if w[1] == v[1] and w[2] == v[2] and w[0] != v[0]), None)
        if not other or self.rng.random() < 0.5:
            other = self.constant(shape if "b" not in shape else shape[shape.index("b") + 1:], v[2])
        ops = {"f32": ["add", "sub", "mul", "max", "min"], "i32": ["add", "sub", "mul", "max", "min", "div", "and", "or", "xor"]}
        op = self.rng.choice(ops.get(v[2], ["and", "or", "xor"]))
        a, b = (v, other) if self.rng.random() < 0.5 else (other, v)
        self.emit(f"dither.{op} {a[0]}, {b[0]} : {self.ty(a)}, {self.ty(b)}", v[1], v[2])

    def constant(self, shape, element):
        value = self.rng.randint(-3, 3)
        text = f"{value}.0" if element[0] in "fb" else str(value)
        return self.emit(f"dither.constant dense<{text}> : {self.type(shape, element)}", shape, element)

    def compare(self):
        v = self.pick("f32") or self.pick("i32")
        if v and self.exact:
            w = self.constant([], v[2])
            p = self.rng.choice(["eq", "ne", "lt", "le", "gt", "ge"])
            c = self.emit(f"dither.compare {p} {v[0]}, {w[0]} : {self.ty(v)}, {self.ty(w)}", v[1], "i1")
            self.emit(f"dither.select {c[0]}, {v[0]}, {w[0]} : {self.ty(c)}, {self.ty(v)}, {self.ty(w)}", v[1], v[2])

    def cast(self):
        v = self.pick()
        if v and self.exact:
            to = self.rng.choice(["f32", "i32", "i1", "i64", "f16", "bf16", "i8"])
            w = self.emit(f"dither.cast {v[0]} : {self.ty(v)} to {self.type(v[1], to)}", v[1], to)
            if to not in ("f32", "i32"):
                self.emit(f"dither.cast {w[0]} : {self.ty(w)} to {self.type(v[1], 'f32')}", v[1], "f32")

    def reduce(self):
        v = self.pick("f32") or self.pick("i32")
        if not v or not v[1]:
            return
        dims = sorted(self.rng.sample(range(len(v[1])), self.rng.randint(1, len(v[1]))))
        keep = self.rng.random() < 0.5
        shape = [1 if i in dims else d for i, d in enumerate(v[1]) if keep or i not in dims]
        attrs = f"dims = array<i64: {', '.join(map(str, dims))}>" + (", keep" if keep else "")
        kind = self.rng.choice(["sum", "max", "min"])
        self.emit(f"dither.reduce {kind} {v[0]} {{{attrs}}} : {self.ty(v)}", shape, v[2])

    def argmax(self):
        v = self.pick("f32")
        if v and self.exact and v[1] and v[1][-1] not in ("b", 0):
            self.emit(f"dither.argmax {v[0]} : {self.ty(v)}", v[1][:-1], "i32")

    def softmax(self):
        v = self.pick("f32")
        if v and not self.exact and v[1]:
            self.emit(f"dither.{self.rng.choice(['softmax', 'log_softmax'])} {v[0]} : {self.ty(v)}", v[1], "f32")

    def transpose(self):
        v = self.pick()
        if v and len(v[1]) > 1 and "b" not in v[1]:
            p = list(range(len(v[1])))
            self.rng.shuffle(p)
            self.emit(f"dither.transpose {v[0]} {{permutation = array<i64: {', '.join(map(str, p))}>}} : {self.ty(v)}",
                      [v[1][i] for i in p], v[2])

    def reshape(self):
        v = self.pick()
        if not v or not v[1]:
            return
        if v[1][0] == "b":
            shape = ["b", math.prod(v[1][1:])] if self.rng.random() < 0.5 else ["b", 1] + v[1][1:]
        else:
            shape = self.rng.choice([[math.prod(v[1])], [1] + v[1], v[1] + [1], [v[1][0], math.prod(v[1][1:])]])
        self.emit(f"dither.reshape {v[0]} : {self.ty(v)} to {self.type(shape, v[2])}", shape, v[2])

    def slice(self):
        v = self.pick()
        if not v or not v[1]:
            return
        offsets, sizes, strides, shape = [], [], [], []
        for d in v[1]:
            if d == "b":
                offsets, sizes, strides, shape = offsets + [0], sizes + [-1], strides + [1], shape + ["b"]
                continue
            stride = self.rng.randint(1, 3)
            offset = self.rng.randint(0, max(0, d - 1))
            size = self.rng.randint(0, max(0, (d - offset + stride - 1) // stride)) if d else 0
            offsets, sizes, strides, shape = offsets + [offset], sizes + [size], strides + [stride], shape + [size]
        join = lambda a: ", ".join(map(str, a))
        s = self.emit(f"dither.slice {v[0]} {{offsets = array<i64: {join(offsets)}>, sizes = array<i64: {join(sizes)}>, "
                      f"strides = array<i64: {join(strides)}>}} : {self.ty(v)}", shape, v[2])
        self.emit(f"dither.embed {s[0]} like {v[0]} {{offsets = array<i64: {join(offsets)}>, strides = array<i64: {join(strides)}>}} : "
                  f"{self.ty(s)}, {self.ty(v)}", v[1], v[2])

    def matmul(self):
        v = self.pick("f32", 2)
        if not v:
            return
        tx, ty = (self.rng.random() < 0.3 and "b" not in v[1]), self.rng.random() < 0.3
        k, rows = (v[1][0], v[1][1]) if tx else (v[1][1], v[1][0])
        n = self.rng.choice(EXTENTS)
        w = self.add_input([n, k] if ty else [k, n], "f32")
        flags = ", ".join(["transpose_x"] * tx + ["transpose_y"] * ty)
        flags = f" {{{flags}}}" if flags else ""
        self.emit(f"dither.matmul {v[0]}, {w[0]}{flags} : {self.ty(v)}, {self.ty(w)}", [rows, n], "f32")

    def packed(self):
        v = self.pick("f32", 2)
        if not v or "b" == v[1][1] or not v[1][1]:
            return
        n, k = self.rng.choice([1, 3, 8, 16, 17, 35]), v[1][1]
        pattern = [f"#dither.nm<{a} : {m}>" for a, m in [(1, 2), (2, 4), (1, 4), (3, 8), (4, 16), (1, 7), (5, 13)] if k % m == 0]
        groups = [0, -1] + [g for g in (2, 4, 8, 16, 13, 31) if k % g == 0]
        g = self.rng.choice(groups)
        formats = [f"#dither.int<bits = {self.rng.randint(2, 8)}, group = {g}>", f"#dither.int<bits = 4, group = {g}, affine = true>",
                   f"#dither.int<bits = {self.rng.randint(2, 8)}, group = {g}, scale = e8m0>",
                   f"#dither.minifloat<{self.rng.choice(['e2m1', 'e3m0', 'e1m2', 'e2m3', 'e3m2', 'e4m3', 'e5m2'])}, group = {g}, "
                   f"scale = {self.rng.choice(['f32', 'f16', 'e8m0'])}>"]
        p = self.rng.choice(pattern + [None])
        f = self.rng.choice(formats + ([None] if p else []))
        name = f"@w{len(self.params)}"
        annotations = ", ".join([f"pattern = {p}"] * bool(p) + [f"format = {f}"] * bool(f))
        self.params.append(f"  dither.param {name} : {self.type([k, n], 'f32')} init #dither.kaiming_uniform frozen {{{annotations}}}")
        w = self.emit(f"dither.read {name} : {self.type([k, n], 'f32')}", [k, n], "f32")
        self.exact_output = False
        self.special = False  # A missing weight takes no part, whatever x is.
        self.emit(f"dither.matmul {v[0]}, {w[0]} : {self.ty(v)}, {self.ty(w)}", [v[1][0], n], "f32")

    params, exact_output = (), True

    def grow(self):
        self.params = []
        element = self.rng.choice(["f32", "f32", "f32", "i32"])
        rank = self.rng.randint(1, 3)
        shape = [self.rng.choice(EXTENTS) for _ in range(rank)]
        if self.rng.random() < 0.4:
            shape[0] = "b"
        self.add_input(shape, element)
        if self.rng.random() < 0.3 and len(shape) == 2 and element == "f32":
            self.packed()
        ops = [self.unary, self.unary, self.binary, self.binary, self.compare, self.cast, self.reduce, self.argmax, self.softmax,
               self.transpose, self.reshape, self.slice, self.matmul]
        for _ in range(self.rng.randint(1, 7)):
            self.rng.choice(ops)()

    def result(self):
        """The last value, in a type that files can hold."""
        v = self.values[-1]
        if v[2] in ("bf16",):
            v = self.emit(f"dither.cast {v[0]} : {self.ty(v)} to {self.type(v[1], 'f32')}", v[1], "f32")
        return v

    def text(self):
        v = self.result()
        args = ", ".join(f"%in{i}: {self.type(s, e)}" for i, (s, e) in enumerate(self.inputs))
        body = "\n".join(self.lines)
        params = "\n".join(self.params)
        return (f"dither.model @random {{\n{params}\n  func.func @f({args}) -> {self.ty(v)} {{\n{body}\n"
                f"    return {v[0]} : {self.ty(v)}\n  }}\n}}\n")

    def write_inputs(self, folder):
        paths = []
        for i, (shape, element) in enumerate(self.inputs):
            dims = [self.extent(d) for d in shape]
            count = math.prod(dims)
            if element == "f32":
                data = [float(self.rng.randint(-4, 4)) for _ in range(count)]
                if self.special:
                    data = [self.rng.choice(SPECIAL) if self.rng.random() < 0.2 else x for x in data]
                raw, code = struct.pack(f"<{count}f", *data), "<f4"
            else:
                raw, code = struct.pack(f"<{count}i", *[self.rng.randint(-9, 9) for _ in range(count)]), "<i4"
            text = "(" + "".join(f"{d}," for d in dims) + ")"
            header = f"{{'descr': '{code}', 'fortran_order': False, 'shape': {text}, }}"
            header += " " * ((-len(header) - 11) % 64) + "\n"
            path = pathlib.Path(folder) / f"in{i}.npy"
            path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + raw)
            paths.append(path)
        return paths


CODES = {"<f4": "f", "<f8": "d", "<i4": "i", "<i8": "q", "|i1": "b", "|b1": "?", "<f2": "e", "<i2": "h"}


def read_npy(path):
    data = path.read_bytes()
    size = struct.unpack("<H", data[8:10])[0]
    header = eval(data[10:10 + size])
    count = math.prod(header["shape"])
    return header["shape"], struct.unpack(f"<{count}{CODES[header['descr']]}", data[10 + size:])


def agree(a, b, exact):
    if isinstance(a, float) and math.isnan(a):
        return math.isnan(b)
    if exact or not isinstance(a, float):
        return a == b
    if math.isinf(a) or math.isinf(b):
        return a == b or max(abs(a), abs(b)) > 1e38
    return abs(a - b) <= 1e-4 * max(1, abs(b))


def run(dither, folder, program, paths):
    outputs = []
    for extra in ([], ["--interpret"]):
        out = pathlib.Path(folder) / f"out{len(outputs)}.npy"
        command = [dither, "run", f"{folder}/program.mlir", "--function", "f", "--output", str(out)] + extra
        for path in paths:
            command += ["--input", str(path)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            return f"exit status {done.returncode} of {' '.join(command)}\n{done.stderr}"
        outputs.append(read_npy(out))
    (shape, a), (expected, b) = outputs
    if shape != expected:
        return f"shape {shape} instead of {expected}"
    exact = program.exact and program.exact_output
    wrong = [i for i in range(len(a)) if not agree(a[i], b[i], exact)]
    if wrong:
        return f"{len(wrong)} of {len(a)} elements differ; element {wrong[0]} is {a[wrong[0]]!r} instead of {b[wrong[0]]!r}"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dither")
    parser.add_argument("--programs", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", help="folder for failing programs")
    options = parser.parse_args()
    failed = 0
    for number in range(options.programs):
        rng = random.Random(f"{options.seed}/{number}")
        program = Program(rng, exact=rng.random() < 0.7, special=rng.random() < 0.3)
        program.grow()
        with tempfile.TemporaryDirectory() as folder:
            text = program.text()
            pathlib.Path(folder, "program.mlir").write_text(text)
            error = run(options.dither, folder, program, program.write_inputs(folder))
            if error:
                failed += 1
                print(f"program {number} of seed {options.seed}: {error}\n{text}")
                if options.keep:
                    subprocess.run(["cp", "-r", folder, f"{options.keep}/program-{options.seed}-{number}"], check=True)
    print(f"{options.programs - failed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
