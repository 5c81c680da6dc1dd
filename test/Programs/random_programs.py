#!/usr/bin/env python3
"""Compares compiled code with the reference interpreter on random programs.

    random_programs.py DITHER REFERENCE [--programs N] [--seed S] [--large]

Programs are functions of a few models, each compiled once; `dither check --kernels` runs both worlds, at several extents of a dynamic
batch. Exact programs use ops whose result does not depend on the order of evaluation (inputs are small integers, so that sums and
products are exact in f32), some on NaN, infinities and denormals: results must be equal, bit for bit but for the sign and payload of NaN.
Smooth ones also use exp, log, tanh and so on, whose approximations differ, and sums in another order: results must agree within 1e-4 of
the larger of 1 and the magnitude. Shapes are ragged and include 0, 1 and primes. REFERENCE lists the ops: each must occur.
A failing program is printed, with its number for --only.
"""
import argparse
import math
import pathlib
import random
import re
import subprocess
import sys
import tempfile

EXTENTS = [0, 1, 2, 3, 4, 7, 8, 13, 16, 17, 31, 33]
# Of products of 16 bits: those that fill tiles, and whose rows begin at multiples of 16 bytes, and others.
SHORT_ROWS, SHORT_COLUMNS, SHORT_DEPTHS = [1, 8, 16, 33, 64, 72, 136, "b"], [1, 8, 16, 24, 40, 130, 136], [0, 1, 8, 24, 64, 72, 136, 200, 328]
# Of inputs that leave the first cache, with as many rows as several loops may have in common.
LARGE_ROWS, LARGE_COLUMNS = [64, 96, 97, 128, "b"], [40, 65, 128, 300]
# Ops that lowering introduces for a parameter that is read, and what is no op of a function.
IMPLIED = {"unpack", "packed_matmul", "contract", "yield", "sampled_contract", "on_device", "param", "model", "train"}
# Those that call functions, and what they call; a program is one function.
IMPLIED |= {"vjp", "jvp", "custom_vjp", "import", "instance", "call"}


def pad_fields(rows, columns, bits):
    """The extents of packed fields in memory: whole words and panels, unless those would be three times as much."""
    def pad(extent, unit):
        wide = -(-extent // 64) * 64
        return wide if 8 * wide <= 9 * extent else -(-extent // unit) * unit

    padded = pad(rows, 32 // bits), pad(columns, 16)
    return padded if padded[0] * padded[1] <= 3 * rows * columns else (rows, columns)


class Program:
    """A straight-line function that is grown op by op."""

    def __init__(self, number, rng, exact, special, options):
        self.number, self.rng, self.exact, self.special, self.large, self.short, self.target = number, rng, exact, special, options.large, options.short, options.target
        self.inputs, self.lines, self.values, self.params, self.count = [], [], [], [], 0
        self.generator = None
        self.denormals = True
        self.fractions = False  # Whether sums may be rounded, and thus depend on their order.

    def type(self, shape, element):
        dims = "x".join(["?" if d == "b" else str(d) for d in shape])
        return f"tensor<{dims}x{element}>" if shape else f"tensor<{element}>"

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
        ops = ["neg", "abs", "floor", "ceil", "round", "sign", "relu", "stop_gradient", "sqrt"]
        if not self.sharp:
            ops = ["neg", "abs", "exp", "tanh", "erf", "sin", "cos", "atan", "gelu", "silu", "sigmoid", "softplus", "elu", "leaky_relu", "log", "rsqrt"]
        if v:
            op = self.rng.choice(ops)
            self.fractions |= op == "sqrt"
            self.emit(f"dither.{op} {v[0]} : {self.ty(v)}", v[1], "f32")

    def special_function(self):
        """Special functions, where a small difference stays one: away from poles, at positive numbers that are not too large."""
        v = self.pick("f32")
        if not v or self.sharp:
            return
        ty = self.ty(v)
        bounded = self.emit(f"dither.tanh {v[0]} : {ty}", v[1], "f32")
        scale = self.emit(f"dither.constant dense<{self.rng.choice([0.5, 0.9])}> : tensor<f32>", [], "f32")
        x = self.emit(f"dither.mul {bounded[0]}, {scale[0]} : {ty}, tensor<f32>", v[1], "f32")
        op = self.rng.choice(["log1p", "expm1", "erf_inv", "lgamma", "digamma", "polygamma", "bessel_i0e", "bessel_i1e", "gamma_p", "gamma_slope",
                              "von_mises_slope", "implicit_gamma", "implicit_von_mises"])
        if op in ("log1p", "expm1", "erf_inv", "bessel_i0e", "bessel_i1e"):
            self.emit(f"dither.{op} {x[0]} : {ty}", v[1], "f32")
            return
        two = self.emit("dither.constant dense<2.0> : tensor<f32>", [], "f32")
        a = self.emit(f"dither.add {x[0]}, {two[0]} : {ty}, tensor<f32>", v[1], "f32")
        order = f" {{order = {self.rng.randint(1, 3)} : i64}}" if op in ("polygamma", "gamma_slope") else ""
        if op in ("lgamma", "digamma", "polygamma"):
            self.emit(f"dither.{op} {a[0]}{order} : {ty}", v[1], "f32")
            return
        y = a if op == "gamma_p" else x
        self.emit(f"dither.{op} {a[0]}, {y[0]}{order} : {ty}, {ty}", v[1], "f32")

    def binary(self):
        v = self.pick()
        if not v or v[2] in ("i1", "f16", "bf16"):
            return
        shape = [1 if d != "b" and self.rng.random() < 0.3 else d for d in v[1]][self.rng.randint(0, len(v[1])):]
        other = next((w for w in self.values if w[1] == v[1] and w[2] == v[2] and w[0] != v[0]), None)
        if not other or self.rng.random() < 0.5:
            other = self.constant(shape if "b" not in shape else shape[shape.index("b") + 1:], v[2])
        ops = {"f32": ["add", "sub", "mul", "max", "min", "div"], "i32": ["add", "sub", "mul", "max", "min", "div", "and", "or", "xor"]}
        op = self.rng.choice(ops.get(v[2], ["and", "or", "xor"]))
        if op == "div" and v[2] == "f32":
            if not self.sharp:  # A pole makes a small difference large.
                return
            self.fractions = True
        a, b = (v, other) if self.rng.random() < 0.5 else (other, v)
        self.emit(f"dither.{op} {a[0]}, {b[0]} : {self.ty(a)}, {self.ty(b)}", v[1], v[2])

    def bits(self):
        """Bitwise ops of integers. The bits of NaN are nobody's promise."""
        v = self.pick("i32")
        if not v:
            return
        amount = self.emit(f"dither.constant dense<{self.rng.randint(0, 31)}> : tensor<i32>", [], "i32")
        op = self.rng.choice(["not", "shl", "shr", "bitcast"])
        if op == "not":
            self.emit(f"dither.not {v[0]} : {self.ty(v)}", v[1], "i32")
        elif op != "bitcast":
            self.emit(f"dither.{op} {v[0]}, {amount[0]} : {self.ty(v)}, {self.ty(amount)}", v[1], "i32")
        elif self.exact and not self.special:
            # Small positive integers are the bits of denormals.
            self.fractions = True
            mask = self.emit("dither.constant dense<8388607> : tensor<i32>", [], "i32")
            low = self.emit(f"dither.and {v[0]}, {mask[0]} : {self.ty(v)}, {self.ty(mask)}", v[1], "i32")
            self.emit(f"dither.bitcast {low[0]} : {self.ty(low)} to {self.type(v[1], 'f32')}", v[1], "f32")

    def seed(self):
        if not self.generator:
            self.generator = self.emit("dither.rng : tensor<2xi64>", [2], "i64")
            self.values.pop()
        return self.generator[0]

    def expectation(self):
        """Draws, their densities, and the mean cost of three of them."""
        v = self.pick("f32")
        if not v or self.sharp or self.special or self.target or "b" in v[1][1:]:
            return
        ty, seed = self.ty(v), self.seed()
        mean = self.emit(f"dither.tanh {v[0]} : {ty}", v[1], "f32")
        deviation = self.emit("dither.constant dense<0.5> : tensor<f32>", [], "f32")
        draw = (f"dither.draw #dither.normal({mean[0]}, {deviation[0]}) from {{}} {{{{stream = {self.count} : i64{{}}}}}} : "
                f"({ty}, tensor<f32>, tensor<2xi64>) -> {ty}")
        z = self.emit(draw.format(seed, ""), v[1], "f32")
        density = self.emit(f"dither.log_density #dither.normal({mean[0]}, {deviation[0]}) at {z[0]} : ({ty}, tensor<f32>, {ty}) -> {ty}", v[1], "f32")
        cost = self.emit(f"dither.expect {seed} {{stream = {self.count} : i64, samples = 3 : i64}} : tensor<2xi64> -> {ty} {{\n"
                         f"    ^bb0(%own: tensor<2xi64>):\n      %z = {draw.format('%own', ', estimator = #dither.score_function')}\n"
                         f"      dither.yield %z : {ty}\n    }}", v[1], "f32")
        self.emit(f"dither.score {density[0]} by {cost[0]} : {ty}", v[1], "f32")

    def random(self):
        self.seed()
        shape = [self.rng.choice(EXTENTS) for _ in range(self.rng.randint(1, 3))]
        smooth = ["normal", "gumbel", "uniform", "exponential", "centred_uniform"]
        op = self.rng.choice(["uniform", "bernoulli", "rademacher", "random_bits"] if self.sharp else smooth)
        extra = f", probability = {self.rng.choice([0.0, 0.3, 1.0])} : f64" if op == "bernoulli" else ""
        element = "i32" if op == "random_bits" else "f32"
        self.emit(f"dither.{op} {self.generator[0]} {{stream = {self.count} : i64{extra}}} : tensor<2xi64> -> {self.type(shape, element)}",
                  shape, element)
        if op == "uniform":
            self.fractions = True

    def iota(self):
        shape = [self.rng.choice(EXTENTS) for _ in range(self.rng.randint(1, 3))]
        self.emit(f"dither.iota {{dim = {self.rng.randrange(len(shape))} : i64}} : {self.type(shape, 'i32')}", shape, "i32")

    def broadcast(self):
        v = self.pick("f32")
        if v and v[1]:
            small = self.constant([d if d != "b" and self.rng.random() < 0.5 else 1 for d in v[1]], "i32")
            self.emit(f"dither.broadcast {small[0]} like {v[0]} : {self.ty(small)}, {self.ty(v)}", v[1], "i32")

    def quantize(self):
        """Codes and back, or in one step; a pattern's mask."""
        v = self.pick("f32", 2, static=True)
        if not v or not self.sharp or self.special or 0 in v[1]:
            return
        k, n = v[1]
        form = self.rng.choice(["#dither.int<bits = 8, group = 0>", "#dither.int<bits = 4, group = 0>", "#dither.minifloat<e2m1, group = 0>"])
        kind = self.rng.choice(["quantize", "represent", "mask", "pack"])
        self.exact_output = False  # Scales are quotients.
        if kind == "quantize":
            scales = self.quantized(v, form)
            self.emit(f"dither.dequantize {form} {scales[0]}, {scales[1]} : {self.type([k, n], 'i8')}, tensor<1x{n}xf32> -> {self.ty(v)}",
                      v[1], "f32")
            return
        m = next((m for m in (4, 2, 7, 13) if k % m == 0), None)
        if not m:
            return
        pattern = f"#dither.nm<{self.rng.randint(1, m)} : {m}>" if kind != "pack" else "#dither.nm<1 : 1>"
        scores = self.emit(f"dither.abs {v[0]} : {self.ty(v)}", v[1], "f32")
        mask = self.emit(f"dither.pattern_mask {pattern} {scores[0]} : {self.ty(scores)}", v[1], "i1")
        if kind == "represent":
            self.emit(f"dither.represent {v[0]}, {mask[0]} {{format = {form}, estimator = #dither.straight_through}} : "
                      f"{self.ty(v)}, {self.ty(mask)}", v[1], "f32")
        else:
            self.emit(f"dither.apply_mask {v[0]}, {mask[0]} : {self.ty(v)}, {self.ty(mask)}", v[1], "f32")
        if kind == "pack" and m == 4:
            pattern, slots = "#dither.nm<2 : 4>", k // 2
            mask = self.emit(f"dither.pattern_mask {pattern} {scores[0]} : {self.ty(scores)}", v[1], "i1")
            rows, columns = pad_fields(slots, n, 2)
            parts = f"tensor<{slots}x{n}xf32>, tensor<{-(-rows // 4)}x{columns}xi8>"
            name = f"%v{self.count}"
            self.count += 1
            self.lines.append(f"    {name}:2 = dither.pack {v[0]}, {mask[0]} {{pattern = {pattern}}} : {self.ty(v)}, {self.ty(mask)} -> {parts}")
            self.emit(f"dither.unpack {name}#0, {name}#1 {{pattern = {pattern}}} : {parts} -> {self.ty(v)}", v[1], "f32")

    def quantized(self, v, form):
        name, codes = f"%v{self.count}", self.type(v[1], "i8")
        self.count += 1
        self.lines.append(f"    {name}:2 = dither.quantize {form} {v[0]} : {self.ty(v)} -> {codes}, tensor<1x{v[1][1]}xf32>")
        return f"{name}#0", f"{name}#1"

    def pack_bits(self):
        v = self.pick("i32", 2, static=True)
        if not v or not self.exact:
            return
        bits, (k, n) = self.rng.randint(1, 8), v[1]
        mask = self.emit(f"dither.constant dense<{2**bits - 1}> : tensor<i32>", [], "i32")
        low = self.emit(f"dither.and {v[0]}, {mask[0]} : {self.ty(v)}, {self.ty(mask)}", v[1], "i32")
        codes = self.emit(f"dither.cast {low[0]} : {self.ty(low)} to {self.type(v[1], 'i8')}", v[1], "i8")
        rows = sum(-(-k // (8 // width)) for width in (8, 4, 2, 1) if bits & width)
        packed = self.emit(f"dither.pack_bits {codes[0]} {{bits = {bits} : i64, dim = 0 : i64}} : {self.ty(codes)} -> "
                           f"{self.type([rows, n], 'i8')}", [rows, n], "i8")
        again = self.emit(f"dither.unpack_bits {packed[0]} {{bits = {bits} : i64, dim = 0 : i64}} : {self.ty(packed)} -> {self.ty(codes)}",
                          v[1], "i8")
        self.emit(f"dither.cast {again[0]} : {self.ty(again)} to {self.type(v[1], 'i32')}", v[1], "i32")

    def loss(self):
        v = self.pick("f32", self.rng.choice([2, 3]))
        if v and not self.sharp and v[1][-1] not in ("b", 0):
            labels = self.add_input(v[1][:-1], "i32")
            self.emit(f"dither.cross_entropy {v[0]}, {labels[0]} : {self.ty(v)}, {self.ty(labels)}", [], "f32")

    def count_elements(self):
        v = self.pick("f32")
        if v and v[1]:
            self.emit(f"dither.count {v[0]} {{dims = array<i64: {self.rng.randrange(len(v[1]))}>}} : {self.ty(v)} -> tensor<f32>", [], "f32")

    def surrogate(self):
        v = self.pick("f32")
        if v and self.sharp:
            hard = self.emit(f"dither.sign {v[0]} : {self.ty(v)}", v[1], "f32")
            self.emit(f"dither.surrogate {hard[0]} for {v[0]} : {self.ty(v)}", v[1], "f32")

    def linear(self):
        v = self.pick("f32", 2)
        if v and v[1][1] != "b":
            self.sum_up()
            n = self.rng.choice(EXTENTS)
            w, b = self.add_input([v[1][1], n], "f32"), self.add_input([n], "f32")
            self.emit(f"dither.linear {v[0]}, {w[0]}, {b[0]} : {self.ty(v)}, {self.ty(w)}, {self.ty(b)}", [v[1][0], n], "f32")

    def constant(self, shape, element):
        value = self.rng.randint(-3, 3)
        text = f"{value}.0" if element[0] in "fb" else str(value)
        return self.emit(f"dither.constant dense<{text}> : {self.type(shape, element)}", shape, element)

    def compare(self):
        v = self.pick("f32") or self.pick("i32")
        if v and self.sharp:
            w = self.constant([], v[2])
            p = self.rng.choice(["eq", "ne", "lt", "le", "gt", "ge"])
            c = self.emit(f"dither.compare {p} {v[0]}, {w[0]} : {self.ty(v)}, {self.ty(w)}", v[1], "i1")
            self.emit(f"dither.select {c[0]}, {v[0]}, {w[0]} : {self.ty(c)}, {self.ty(v)}, {self.ty(w)}", v[1], v[2])

    def cast(self):
        v = self.pick()
        if v and self.sharp:
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
        kind = self.rng.choice(["sum", "max", "min", "product"] + ["and", "or"] * (v[2] == "i32"))
        if kind == "sum":
            self.sum_up()
        if kind == "product":
            v = self.signs(v)
        if v[2] == "f32" and not self.sharp and self.rng.random() < 0.2:
            self.signs(self.emit(f"dither.logsumexp {v[0]} {{{attrs}}} : {self.ty(v)}", shape, "f32"))
            return
        if v[2] == "f32" and not self.sharp and self.rng.random() < 0.3:
            self.emit(f"dither.mean {v[0]} {{{attrs}}} : {self.ty(v)}", shape, "f32")
            return
        self.emit(f"dither.reduce {kind} {v[0]} {{{attrs}}} : {self.ty(v)}", shape, v[2])

    def argmax(self):
        v = self.pick("f32")
        if v and self.sharp and v[1] and v[1][-1] not in ("b", 0):
            self.emit(f"dither.{self.rng.choice(['argmax', 'argmin'])} {v[0]} : {self.ty(v)}", v[1][:-1], "i32")

    def softmax(self):
        v = self.pick("f32")
        if v and not self.sharp and v[1]:
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

    def rearrange(self):
        """Elements in other places, and some more of them."""
        v = self.pick()
        if not v or not v[1]:
            return
        known = [d for d, extent in enumerate(v[1]) if extent != "b"]
        pick, join = self.rng.choice, lambda a: f"array<i64: {', '.join(map(str, a))}>"
        kind = pick(["concat", "pad", "reverse", "roll", "repeat", "split"])
        shape = list(v[1])
        if kind == "pad":
            # A value that all types have.
            low, high = ([pick([0, 0, 1, 3]) if d in known else 0 for d in range(len(shape))] for _ in range(2))
            value = pick(["", ", value = 1.0 : f64"] + [", value = 0xFFF0000000000000 : f64"] * (v[2] == "f32" and self.special))
            self.emit(f"dither.pad {v[0]} {{low = {join(low)}, high = {join(high)}{value}}} : {self.ty(v)}",
                      [n if d not in known else low[d] + n + high[d] for d, n in enumerate(shape)], v[2])
        elif kind == "repeat":
            if "b" in shape[1:]:
                return
            counts = [pick([1, 1, 2, 3]) if d in known else 1 for d in range(len(shape))]
            self.emit(f"dither.repeat {v[0]} {{counts = {join(counts)}}} : {self.ty(v)}",
                      [n if d not in known else n * counts[d] for d, n in enumerate(shape)], v[2])
        elif kind in ("reverse", "roll"):
            dims = sorted(self.rng.sample(known, self.rng.randint(0, len(known))))
            shifts = f"shifts = {join(pick([-20, -3, 0, 1, 5]) for _ in dims)}, " if kind == "roll" else ""
            attributes = f"{{{shifts}dims = {join(dims)}}}".replace(": >", ">")
            self.emit(f"dither.{kind} {v[0]} {attributes} : {self.ty(v)}", shape, v[2])
        elif known:
            d = pick(known)
            cut = self.rng.randint(0, shape[d])
            name, sizes = f"%v{self.count}", [cut, shape[d] - cut]
            self.count += 1
            self.lines.append(f"    {name}:2 = dither.split {v[0]} {{dim = {d} : i64, sizes = {join(sizes)}}} : {self.ty(v)}")
            parts = [(f"{name}#{i}", shape[:d] + [n] + shape[d + 1:], v[2]) for i, n in enumerate(sizes)]
            parts = parts[::-1] + [v] * pick([0, 1])
            self.emit(f"dither.concat {', '.join(x[0] for x in parts)} {{dim = {d} : i64}} : {', '.join(map(self.ty, parts))}",
                      shape[:d] + [sum(x[1][d] for x in parts)] + shape[d + 1:], v[2])

    def table(self):
        """Rows that are read and added to by positions of any rank, and labels."""
        v = self.pick("f32") or self.pick("i32")
        if not v or not v[1] or v[1][0] in ("b", 0):
            return
        batch = ["b"] if "b" not in v[1] else [2]
        rows = self.add_input(self.rng.choice([[], [3], [self.rng.choice(EXTENTS)], batch, batch + [3], [2, 2, 5]]), "i32")
        y = self.emit(f"dither.gather {v[0]}, {rows[0]} : {self.ty(v)}, {self.ty(rows)}", rows[1] + v[1][1:], v[2])
        self.sum_up()
        if self.rng.random() < 0.3:
            self.emit(f"dither.one_hot {rows[0]} : {self.ty(rows)} to {self.type(rows[1] + [5], 'f32')}", rows[1] + [5], "f32")
        elif "b" not in v[1] and self.rng.random() < 0.3:
            self.emit(f"dither.segment_sum {y[0]}, {rows[0]} {{count = 4 : i64}} : {self.ty(y)}, {self.ty(rows)}", [4] + v[1][1:], v[2])
        else:
            self.emit(f"dither.scatter_add {y[0]} into {v[0]} at {rows[0]} : {self.ty(y)}, {self.ty(v)}, {self.ty(rows)}", v[1], v[2])

    def index(self):
        """Rows by positions, of which some do not exist; a product may read them where they are."""
        v = self.pick()
        if not v or not v[1] or v[1][0] in ("b", 0):
            return
        rows = self.add_input([self.rng.choice(EXTENTS)], "i32")
        y = self.emit(f"dither.gather {v[0]}, {rows[0]} : {self.ty(v)}, {self.ty(rows)}", rows[1] + v[1][1:], v[2])
        if "b" not in v[1] and self.rng.random() < 0.5:
            self.emit(f"dither.scatter {y[0]} into {v[0]} at {rows[0]} : {self.ty(y)}, {self.ty(v)}, {self.ty(rows)}", v[1], v[2])
        elif len(v[1]) == 2 and "b" not in v[1] and v[2] == "f32":
            self.sum_up()
            x = self.add_input([y[1][0], self.rng.choice(EXTENTS)], "f32")
            self.emit(f"dither.matmul {x[0]}, {y[0]} {{transpose_x}} : {self.ty(x)}, {self.ty(y)}", [x[1][1], y[1][1]], "f32")

    def order(self):
        """Elements in their order, and by positions along a dimension, of which some do not exist."""
        v = self.pick("f32") or self.pick("i32")
        known = [d for d, extent in enumerate(v[1]) if extent != "b"] if v else []
        if not known:
            return
        d, flag = self.rng.choice(known), self.rng.choice(["", ", descending"])
        kind = self.rng.choice(["sort", "argsort", "top_k", "soft", "along", "along"])
        resized = lambda n: v[1][:d] + [n] + v[1][d + 1:]
        if kind == "sort":
            self.emit(f"dither.sort {v[0]} {{dim = {d} : i64{flag}}} : {self.ty(v)}", v[1], v[2])
        elif kind == "argsort" and self.sharp:
            count = self.rng.choice([None, self.rng.randint(0, v[1][d] + 1)])
            flag += f", count = {count} : i64" if count is not None else ""
            shape = resized(v[1][d] if count is None else min(count, v[1][d]))
            self.emit(f"dither.argsort {v[0]} {{dim = {d} : i64{flag}}} : {self.ty(v)}", shape, "i32")
        elif kind == "top_k" and v[1][-1] != "b":
            k, name = self.rng.randint(0, v[1][-1]), f"%v{self.count}"
            self.count += 1
            self.lines.append(f"    {name}:2 = dither.top_k {v[0]} {{k = {k} : i64{self.rng.choice(['', ', smallest'])}}} : {self.ty(v)}")
            values = (f"{name}#0", v[1][:-1] + [k], v[2])
            self.emit(f"dither.max {values[0]}, {values[0]} : {self.ty(values)}, {self.ty(values)}", values[1], v[2])
        elif kind == "soft" and not self.sharp and v[2] == "f32" and v[1][-1] != "b" and "b" not in v[1][1:] and math.prod(v[1][1:]) < 2000:
            small = self.signs(v)
            network = self.rng.choice(["odd_even"] + ["bitonic"] * (v[1][-1] & (v[1][-1] - 1) == 0))
            swap = self.rng.choice(["logistic", "reciprocal", "cauchy", "optimal"])
            op, shape = self.rng.choice([("soft_sort", v[1]), ("soft_permutation", v[1] + v[1][-1:])])
            self.emit(f"dither.{op} {network} {swap} {small[0]} {{steepness = 2.0 : f64{flag}}} : {self.ty(small)}", shape, "f32")
        elif kind == "along" and v[1][d]:
            indices = self.add_input(resized(self.rng.choice(EXTENTS)), "i32")
            attributes = f"{{dim = {d} : i64}}"
            y = self.emit(f"dither.take_along {v[0]}, {indices[0]} {attributes} : {self.ty(v)}, {self.ty(indices)}", indices[1], v[2])
            self.sum_up()
            self.emit(f"dither.scatter_add_along {y[0]} into {v[0]} at {indices[0]} {attributes} : {self.ty(y)}, {self.ty(v)}, {self.ty(indices)}",
                      v[1], v[2])

    def listed(self):
        """Some elements of a matrix, by their places, and of a product."""
        v = self.pick("f32", 2, static=True)
        if not v or not self.sharp or 0 in v[1]:
            return
        (k, n), sparsity = v[1], self.rng.choice([0.0, 0.3, 0.5, 0.9, 1.0])
        kept = k * n - math.ceil(sparsity * (k * n) - 0.5)
        mask = self.emit(f"dither.top_mask {v[0]} {{count = {kept} : i64}} : {self.ty(v)}", v[1], "i1")
        name, slots = f"%v{self.count}", self.type([kept], "f32")
        self.count += 1
        places = f"tensor<{kept}xi8>, tensor<{n + 1}xi32>"
        self.lines.append(f"    {name}:2 = dither.list_rows {mask[0]} : {self.ty(mask)} -> {places}")
        pattern = f"{{pattern = #dither.unstructured<sparsity = {sparsity}>}}"
        if self.rng.random() < 0.3:
            self.emit(f"dither.sample {v[0]}, {name}#0, {name}#1 {pattern} : {self.ty(v)}, {places} -> {slots}", [kept], "f32")
        elif self.rng.random() < 0.5:
            s = self.emit(f"dither.gather_listed {v[0]}, {name}#0, {name}#1 : {self.ty(v)}, {places} -> {slots}", [kept], "f32")
            self.emit(f"dither.scatter_listed {s[0]}, {name}#0, {name}#1 : {slots}, {places} -> {self.ty(v)}", v[1], "f32")
        else:
            self.sum_up()
            rows = self.rng.choice(EXTENTS)
            x, y = self.add_input([rows, k], "f32"), self.add_input([rows, n], "f32")
            self.emit(f"dither.sampled_matmul {x[0]}, {y[0]}, {name}#0, {name}#1 {pattern} : {self.ty(x)}, {self.ty(y)}, {places} -> {slots}",
                      [kept], "f32")

    def signs(self, v):
        """As many signs, whose products are exact; or numbers below 1."""
        op = "sign" if self.sharp else "tanh"
        return self.emit(f"dither.{op} {v[0]} : {self.ty(v)}", v[1], "f32") if v[2] == "f32" else v

    def scan(self):
        v = self.pick("f32") or self.pick("i32")
        if not v or not v[1]:
            return
        kind = self.rng.choice(["sum", "product", "max", "min"] + ["logsumexp"] * (not self.sharp and v[2] == "f32") + ["recurrence"] * 3)
        flags = "".join(f", {flag}" for flag in ("reverse", "exclusive") if self.rng.random() < 0.5)
        attributes = f"{{dim = {self.rng.randrange(len(v[1]))} : i64{flags}}}"
        if kind in ("sum", "recurrence"):
            self.sum_up()
        if kind == "recurrence":
            a, dim = self.signs(v), int(attributes.split()[2])
            start = kind_of_start = ""
            if v[1][dim] != "b" and self.rng.random() < 0.5:
                initial = self.add_input(v[1][:dim] + v[1][dim + 1:], v[2])
                start, kind_of_start = f" from {initial[0]}", f" from {self.ty(initial)}"
            self.emit(f"dither.recurrence {a[0]}, {v[0]}{start} {attributes} : {self.ty(v)}{kind_of_start}", v[1], v[2])
            return
        if kind == "product":
            v = self.signs(v)
        y = self.emit(f"dither.scan {kind} {v[0]} {attributes} : {self.ty(v)}", v[1], v[2])
        if not self.sharp and v[2] == "f32":  # What nothing combines to may be infinite.
            self.signs(y)

    def associate(self):
        """The largest elements up to each, and what came with them; of long ones, in blocks."""
        v = self.pick("f32")
        if not v or not v[1] or self.target:
            return
        if self.rng.random() < 0.4:
            v = self.add_input([self.rng.choice([32, 40, 64]), self.rng.choice(EXTENTS)], "f32")
        dim = self.rng.randrange(len(v[1]))
        if v[1][dim] == "b":
            return
        element, flag = self.type(v[1][:dim] + v[1][dim + 1:], "f32"), self.rng.choice(["", ", reverse"])
        name = f"%v{self.count}"
        self.count += 1
        self.lines.append(f"    {name}:2 = dither.associative_scan {v[0]}, {v[0]} {{dim = {dim} : i64{flag}}} : {self.ty(v)}, {self.ty(v)} {{\n"
                          f"    ^bb0(%a: {element}, %b: {element}, %c: {element}, %d: {element}):\n      %m = dither.max %a, %c : {element}, {element}\n"
                          f"      dither.yield %m, %d : {element}, {element}\n    }}")
        self.emit(f"dither.sub {name}#0, {name}#1 : {self.ty(v)}, {self.ty(v)}", v[1], "f32")

    def normalize(self):
        v = self.pick("f32")
        if self.sharp or not v or not v[1] or v[1][-1] in ("b", 0):
            return
        count = self.rng.randint(0, 2)
        channels = len(v[1]) > 1 and "b" not in v[1][1:]
        op = self.rng.choice(["layer_norm", "rms_norm"] + ["group_norm", "batch_norm", "batch_norm_inference"] * channels)
        count = min(count, 1) if op == "rms_norm" else count
        last = self.rng.choice([v[1][-1:], v[1][-2:]]) if op in ("layer_norm", "rms_norm") and "b" not in v[1][-2:] else v[1][-1:]
        parameters = [self.add_input(last, "f32") for _ in range(count)]
        names, types = "".join(f", {p[0]}" for p in parameters), "".join(f", {self.ty(p)}" for p in parameters)
        epsilon = "epsilon = 1.0 : f64"  # Else what hardly varies becomes noise.
        if op == "batch_norm":
            name, statistics = f"%v{self.count}", self.type(last, "f32")
            self.count += 1
            self.lines.append(f"    {name}:3 = dither.batch_norm {v[0]}{names} {{{epsilon}}} : {self.ty(v)}{types} -> {statistics}")
            self.emit(f"dither.batch_norm_inference {v[0]} by {name}#1, {name}#2{names} {{{epsilon}}} : {self.ty(v)} by {statistics}{types}",
                      v[1], "f32")
            self.emit(f"dither.sub {name}#0, {self.values[-1][0]} : {self.ty(v)}, {self.ty(v)}", v[1], "f32")
        elif op == "batch_norm_inference":
            mean, root = self.add_input(last, "f32"), self.add_input(last, "f32")
            variance = self.emit(f"dither.mul {root[0]}, {root[0]} : {self.ty(root)}, {self.ty(root)}", last, "f32")
            self.emit(f"dither.{op} {v[0]} by {mean[0]}, {variance[0]}{names} {{{epsilon}}} : {self.ty(v)} by {self.ty(mean)}{types}", v[1], "f32")
        else:
            groups = [g for g in range(1, v[1][-1] + 1) if v[1][-1] % g == 0]
            extra = f"groups = {self.rng.choice(groups)} : i64, " if op == "group_norm" else ""
            self.emit(f"dither.{op} {v[0]}{names} {{{extra}{epsilon}}} : {self.ty(v)}{types}", v[1], "f32")

    def region(self):
        """A loop or a condition around an op or two."""
        v = self.pick("f32")
        if not v or self.target:  # Not on devices.
            return
        kind, ty, trips = self.rng.choice(["for", "over", "cond", "while", "random"]), self.ty(v), self.rng.choice([0, 1, 3])
        other = f"dither.sub {v[0]}, %a : {ty}, {ty}"
        if kind == "for":
            self.emit(f"dither.for carry({v[0]}) {{trips = {trips} : i64}} : ({ty}) -> {ty} {{\n    ^bb0(%i: tensor<i64>, %a: {ty}):\n"
                      f"      %b = {other}\n      dither.yield %b : {ty}\n    }}", v[1], "f32")
        elif kind == "over":
            rows = self.add_input([trips] + v[1], "f32")
            reverse = self.rng.choice(["", "{reverse} "])
            name = f"%v{self.count}"
            self.count += 1
            self.lines.append(f"    {name}:2 = dither.for carry({v[0]}) over({rows[0]}) {reverse}: ({ty}, {self.ty(rows)}) -> ({ty}, {self.ty(rows)}) {{\n"
                              f"    ^bb0(%i: tensor<i64>, %a: {ty}, %r: {ty}):\n      %b = {other}\n      %c = dither.max %b, %r : {ty}, {ty}\n"
                              f"      dither.yield %c, %b : {ty}, {ty}\n    }}")
            self.emit(f"dither.abs {name}#0 : {ty}", v[1], "f32")
            self.emit(f"dither.neg {name}#1 : {self.ty(rows)}", rows[1], "f32")
        elif kind == "random":
            self.seed()
            self.emit(f"dither.for {{trips = {trips} : i64}} : () -> tensor<{trips}x5xi32> {{\n    ^bb0(%i: tensor<i64>):\n"
                      f"      %s = dither.fold_in {self.generator[0]}, %i {{stream = {self.count} : i64}} : tensor<2xi64>\n"
                      f"      %b = dither.random_bits %s {{stream = 7 : i64}} : tensor<2xi64> -> tensor<5xi32>\n"
                      f"      dither.yield %b : tensor<5xi32>\n    }}", [trips, 5], "i32")
        else:
            number, zero = self.add_input([], "i32"), self.emit("dither.constant dense<0> : tensor<i32>", [], "i32")
            test = f"dither.compare gt {number[0]}, {zero[0]} : tensor<i32>, tensor<i32>"
            if kind == "cond":
                truth = self.emit(test, [], "i1")
                self.emit(f"dither.cond {truth[0]} -> {ty} {{\n      %b = dither.abs {v[0]} : {ty}\n      dither.yield %b : {ty}\n    }} else {{\n"
                          f"      dither.yield {v[0]} : {ty}\n    }}", v[1], "f32")
            else:
                self.emit(f"dither.while carry({v[0]}) {{max_trips = {trips} : i64}} : {ty} {{\n    ^bb0(%a: {ty}):\n      %t = {test}\n"
                          f"      dither.yield %t : tensor<i1>\n    }} do {{\n    ^bb0(%a: {ty}):\n      %b = {other}\n      dither.yield %b : {ty}\n    }}",
                          v[1], "f32")

    def scan_states(self):
        t, d, n = self.rng.choice([0, 1, 5, 8, 13]), self.rng.choice(EXTENTS), self.rng.choice([0, 1, 4, 16, 17])
        x, rates, b = self.add_input(["b", t, d], "f32"), self.add_input([d, n], "f32"), self.add_input(["b", t, n], "f32")
        name = f"%v{self.count}"
        self.count += 1
        dt = self.emit(f"dither.tanh {x[0]} : {self.ty(x)}", x[1], "f32")
        a = self.emit(f"dither.tanh {rates[0]} : {self.ty(rates)}", rates[1], "f32")
        self.lines.append(f"    {name}:3 = dither.selective_scan {dt[0]}, {dt[0]}, {a[0]}, {b[0]}, {b[0]} {{block = {self.rng.choice([4, 32])} : i64}}"
                          f" : {self.ty(x)}, {self.ty(rates)}, {self.ty(b)}")
        self.emit(f"dither.tanh {name}#0 : {self.ty(x)}", x[1], "f32")

    def contract(self):
        """Products by letters, attention, and scans of state spaces."""
        if self.target or self.special:
            return
        if not self.sharp and self.rng.random() < 0.3:
            self.scan_states()
            return
        b, h, i, j, k, e = "b", self.rng.choice([1, 2, 3]), *(self.rng.choice(EXTENTS) for _ in range(4))
        if self.sharp or self.rng.random() < 0.5:
            self.sum_up()
            equation, x, y, z = self.rng.choice([("bhik,bhjk->bhij", [b, h, i, k], [b, h, j, k], [b, h, i, j]), ("bik,kj->bij", [b, i, k], [k, j], [b, i, j]),
                                                 ("bik,bj->kj", [b, i, k], [b, j], [k, j]), ("bki,bk->bi", [b, k, i], [b, k], [b, i])])
            x, y = self.add_input(x, "f32"), self.add_input(y, "f32")
            self.emit(f'dither.einsum "{equation}" {x[0]}, {y[0]} : {self.ty(x)}, {self.ty(y)}', z, "f32")
            return
        q, keys, values = (self.add_input(shape, "f32") for shape in ([b, 2 * h, i, k], [b, h, j, k], [b, h, j, e]))
        name = f"%v{self.count}"
        self.count += 1
        flags = self.rng.choice(["", " {causal}"])
        self.lines.append(f"    {name}:2 = dither.attention {q[0]}, {keys[0]}, {values[0]}{flags} : {self.ty(q)}, {self.ty(keys)}, {self.ty(values)}")
        shape = [b, 2 * h, i, e]
        self.emit(f"dither.neg {name}#0 : {self.type(shape, 'f32')}", shape, "f32")

    def fourier(self):
        """Transforms along the last extent; convolutions through them. Roots of unity of 1, 2 and 4 are integers."""
        pick = self.rng.choice
        b, h, n = pick(["b", 0, 1, 3]), pick([1, 2, 3]), pick([1, 2, 4] if self.sharp else [1, 2, 3, 5, 8, 13, 31, 66, 75, 131])
        kind = pick(["rfft", "irfft", "fft", "ifft"] + ["fft_conv"] * (not self.sharp))
        self.sum_up()
        if kind == "fft_conv":
            x, k = self.add_input([b, h, n, 2], "f32"), self.add_input([pick([1, n, 2 * n]), 2], "f32")
            self.emit(f"dither.fft_conv {x[0]}, {k[0]} : {self.ty(x)}, {self.ty(k)}", x[1], "f32")
            return
        found, given = pick([max(n - 1, 0), n, n + 2]), n // 2 + 1 if kind == "irfft" else n
        shape = {"rfft": [found], "irfft": [max(found // 2 + 1, 1), 2]}.get(kind, [found, 2])
        length = "" if shape[0] == given and (kind != "irfft" or n == 2 * (given - 1)) else f" {{length = {n} : i64}}"
        x = self.add_input([b, h] + shape, "f32")
        tail = {"rfft": [n // 2 + 1, 2], "irfft": [n]}.get(kind, [n, 2])
        self.fractions |= kind in ("irfft", "ifft")
        self.emit(f"dither.{kind} {x[0]}{length} : {self.ty(x)}", [b, h] + tail, "f32")

    def diagonal(self, rows, columns, text):
        """A matrix that is 0 but for its diagonal, of which `text` makes elements out of the numbers of rows."""
        i, j = (self.emit(f"dither.iota {{dim = {d} : i64}} : {self.type([rows, columns], 'i32')}", [rows, columns], "i32") for d in range(2))
        same = self.emit(f"dither.compare eq {i[0]}, {j[0]} : {self.ty(i)}, {self.ty(j)}", i[1], "i1")
        number = self.emit(f"dither.cast {i[0]} : {self.ty(i)} to {self.type(i[1], 'f32')}", i[1], "f32")
        factor, shift = (self.emit(f"dither.constant dense<{value}> : tensor<f32>", [], "f32") for value in text)
        scaled = self.emit(f"dither.mul {number[0]}, {factor[0]} : {self.ty(number)}, tensor<f32>", i[1], "f32")
        shifted = self.emit(f"dither.add {scaled[0]}, {shift[0]} : {self.ty(scaled)}, tensor<f32>", i[1], "f32")
        zero = self.emit("dither.constant dense<0.0> : tensor<f32>", [], "f32")
        return self.emit(f"dither.select {same[0]}, {shifted[0]}, {zero[0]} : {self.ty(same)}, {self.ty(shifted)}, tensor<f32>", i[1], "f32")

    def factor(self):
        """Factors of matrices that are far from singular, and equations."""
        if self.target or self.special:  # Not on devices.
            return
        pick = self.rng.choice
        n, batch = pick([0, 1, 2, 5, 7]), pick([[], [2], ["b"], ["b", 2]])
        self.sum_up()
        if self.exact:  # Integers stay small in few rows.
            n = min(n, 3)
            a, b = self.add_input(batch + [n, n], "f32"), self.add_input(batch + [n, pick([0, 1, 5])], "f32")
            flags = ", ".join(flag for flag in ("upper", "transpose", "unit_diagonal") if flag[1] == "n" or self.rng.random() < 0.5)
            self.emit(f"dither.triangular_solve {a[0]}, {b[0]} {{{flags}}} : {self.ty(a)}, {self.ty(b)}", b[1], "f32")
            return
        kind = pick(["qr", "eigh", "triangular_solve", "cholesky", "inverse_root", "solve", "inverse", "log_det"])
        rows = n + pick([0, 3]) if kind == "qr" else n
        a = self.add_input(batch + [rows, n], "f32")
        a = self.emit(f"dither.tanh {a[0]} : {self.ty(a)}", a[1], "f32")
        if kind in ("qr", "eigh", "triangular_solve"):
            # The diagonal dominates, and eigenvalues are far from each other.
            d = self.diagonal(rows, n, ("-8.0" if kind == "eigh" else "0.0", "20.0"))
        else:
            letters = "uv"[:len(batch)]
            d = self.diagonal(n, n, ("0.0", "1.0"))
            a = self.emit(f'dither.einsum "{letters}ik,{letters}jk->{letters}ij" {a[0]}, {a[0]} : {self.ty(a)}, {self.ty(a)}', a[1], "f32")
        a = self.emit(f"dither.add {a[0]}, {d[0]} : {self.ty(a)}, {self.ty(d)}", a[1], "f32")
        if kind in ("qr", "eigh"):
            name = f"%v{self.count}"
            self.count += 1
            self.lines.append(f"    {name}:2 = dither.{kind} {a[0]} : {self.ty(a)}")
            types = [a[1], batch + [n, n]] if kind == "qr" else [batch + [n], a[1]]
            for i, shape in enumerate(types):
                self.emit(f"dither.neg {name}#{i} : {self.type(shape, 'f32')}", shape, "f32")
        elif kind in ("solve", "triangular_solve"):
            b = self.add_input(batch + [n, pick([0, 1, 5])], "f32")
            self.emit(f"dither.{kind} {a[0]}, {b[0]} : {self.ty(a)}, {self.ty(b)}", b[1], "f32")
        else:
            attributes = f" {{p = {pick([1, 2, 3, 4])} : i64, epsilon = 0.5 : f64}}" if kind == "inverse_root" else ""
            self.emit(f"dither.{kind} {a[0]}{attributes} : {self.ty(a)}", batch if kind == "log_det" else a[1], "f32")

    def matmul(self):
        v = self.pick("f32", 2)
        if not v:
            return
        tx, ty = (self.rng.random() < 0.3 and "b" not in v[1]), self.rng.random() < 0.3
        k, rows = (v[1][0], v[1][1]) if tx else (v[1][1], v[1][0])
        self.sum_up()
        n = self.rng.choice(EXTENTS)
        w = self.add_input([n, k] if ty else [k, n], "f32")
        flags = ", ".join(["transpose_x"] * tx + ["transpose_y"] * ty)
        flags = f" {{{flags}}}" if flags else ""
        self.emit(f"dither.matmul {v[0]}, {w[0]}{flags} : {self.ty(v)}, {self.ty(w)}", [rows, n], "f32")

    def short_matmul(self):
        """A product of 16 bits. Its inputs are small integers, so that the sums are exact and rounding has one result."""
        element, tx, ty = self.rng.choice(["bf16", "f16"]), self.rng.random() < 0.3, self.rng.random() < 0.3
        rows, n, k = self.rng.choice(SHORT_ROWS), self.rng.choice(SHORT_COLUMNS), self.rng.choice(SHORT_DEPTHS)
        if tx and rows == "b":
            rows = 72
        x = self.add_input([k, rows] if tx else [rows, k], element)
        w = self.add_input([n, k] if ty else [k, n], element)
        flags = ", ".join(["transpose_x"] * tx + ["transpose_y"] * ty)
        flags = f" {{{flags}}}" if flags else ""
        y = self.emit(f"dither.matmul {x[0]}, {w[0]}{flags} : {self.ty(x)}, {self.ty(w)}", [rows, n], element)
        self.emit(f"dither.cast {y[0]} : {self.ty(y)} to {self.type(y[1], 'f32')}", y[1], "f32")

    def window(self, height, width):
        """How a window moves over images, and how many positions it has."""
        pick = self.rng.choice
        kernel, strides, dilations = ([pick(of), pick(of)] for of in ([1, 2, 3], [1, 1, 2, 3], [1, 1, 2]))
        reach = [(k - 1) * d + 1 for k, d in zip(kernel, dilations)]
        padding = [pick([0, 0, 1, 2]) for _ in range(4)]
        padding[1] += max(0, reach[0] - height - padding[0] - padding[1])
        padding[3] += max(0, reach[1] - width - padding[2] - padding[3])
        positions = [(n + sum(p) - r) // s + 1 for n, p, r, s in zip((height, width), (padding[:2], padding[2:]), reach, strides)]
        text = ", ".join(f"{name} = array<i64: {', '.join(map(str, values))}>" for name, values in
                         [("kernel", kernel), ("strides", strides), ("padding", padding), ("dilations", dilations)])
        return text, kernel, positions

    def convolution(self):
        """Windows over images: their patches, the sums of patches, products with weights."""
        pick = self.rng.choice
        height, width, channels = pick([1, 2, 5, 8]), pick([1, 3, 7]), pick([1, 2, 3, 8, 17, 0])
        window, kernel, positions = self.window(height, width)
        depth = kernel[0] * kernel[1] * channels
        batch = pick(["b", 0, 1, 3])
        images, patches = [batch, height, width, channels], [batch, *positions, depth]
        kind = pick(["patches", "fold", "conv2d", "conv2d"])
        if kind != "patches":
            self.sum_up()
        x = self.add_input(patches if kind == "fold" else images, "f32")
        if kind == "patches":
            self.emit(f"dither.patches {x[0]} {{{window}}} : {self.ty(x)}", patches, "f32")
        elif kind == "fold":
            self.emit(f"dither.fold {x[0]} {{{window}}} : {self.ty(x)} to {self.type(images, 'f32')}", images, "f32")
        else:
            groups = pick([1, 1] + [g for g in (2, 3, 8) if channels % g == 0] + [channels or 1])
            columns = groups * pick([1, 3, 16, 35] if groups == 1 else [1, 2, 5])
            self.convolve("conv2d", x, [depth // groups, columns], columns, f"{window}, groups = {groups} : i64", [batch, *positions, columns])

    def convolve(self, op, x, weights, columns, attributes, shape):
        operands = [x, self.add_input(weights, "f32")] + ([self.add_input([columns], "f32")] if self.rng.random() < 0.5 else [])
        self.emit(f"dither.{op} {', '.join(v[0] for v in operands)} {{{attributes}}} : {', '.join(map(self.ty, operands))}", shape, "f32")

    def other_windows(self):
        """Pooling, sequences, and images that a window makes."""
        pick = self.rng.choice
        batch, channels = pick(["b", 0, 1, 3]), pick([1, 2, 3, 8, 17, 0])
        kind = pick(["max_pool2d", "avg_pool2d", "tiles", "conv1d", "conv_transpose2d"])
        height, width = pick([2, 5, 8]), pick([3, 7])
        if kind == "tiles":
            x = self.add_input([batch, height, width, channels], "f32")
            k, l = pick([1, 2]), pick([2, 3])
            self.emit(f"dither.max_pool2d {x[0]} {{kernel = array<i64: {k}, {l}>}} : {self.ty(x)}", [batch, height // k, width // l, channels], "f32")
            return
        if kind == "max_pool2d":
            window, _, positions = self.window(height, width)
            x = self.add_input([batch, height, width, channels], "f32")
            self.emit(f"dither.max_pool2d {x[0]} {{{window}}} : {self.ty(x)}", [batch, *positions, channels], "f32")
            return
        self.sum_up()
        if kind == "avg_pool2d":
            # Its quotients are no integers.
            self.fractions = True
            window, _, positions = self.window(height, width)
            x = self.add_input([batch, height, width, channels], "f32")
            self.emit(f"dither.avg_pool2d {x[0]} {{{window}, count_padding}} : {self.ty(x)}", [batch, *positions, channels], "f32")
        elif kind == "conv1d":
            k, stride, columns = pick([1, 2, 3]), pick([1, 2]), pick([1, 3, 16])
            x = self.add_input([batch, width, channels], "f32")
            self.convolve("conv1d", x, [k * channels, columns], columns, f"kernel = {k} : i64, stride = {stride} : i64, padding = array<i64: 1, 0>",
                          [batch, (width + 1 - k) // stride + 1, columns])
        else:
            k, stride, columns = pick([1, 2, 3]), pick([1, 2]), pick([1, 3, 5])
            x = self.add_input([batch, height, width, channels], "f32")
            self.convolve("conv_transpose2d", x, [channels, k * k * columns], columns, f"kernel = array<i64: {k}, {k}>, strides = array<i64: {stride}, 1>, "
                          f"padding = array<i64: 1, 0, 0, 1>, output_padding = array<i64: {stride - 1}, 0>",
                          [batch, (height - 1) * stride + k - 1 + stride - 1, width - 1 + k - 1, columns])

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
        formats += [f"#dither.{self.rng.choice(['ternary', 'sign'])}<group = {g}>", f"#dither.shift<bits = {self.rng.randint(2, 4)}, group = {g}>",
                    f"#dither.float16<{self.rng.choice(['bf16', 'f16'])}>"]
        p = self.rng.choice(pattern + [None])
        f = self.rng.choice(formats + ([None] if p else []))
        name = f"@w{self.number}_{len(self.params)}"
        annotations = ", ".join([f"pattern = {p}"] * bool(p) + [f"format = {f}"] * bool(f))
        self.params.append(f"  dither.param {name} : {self.type([k, n], 'f32')} init #dither.kaiming_uniform frozen {{{annotations}}}")
        w = self.emit(f"dither.read {name} : {self.type([k, n], 'f32')}", [k, n], "f32")
        self.exact_output = False
        self.special = False  # A missing weight takes no part, whatever x is.
        self.emit(f"dither.matmul {v[0]}, {w[0]} : {self.ty(v)}, {self.ty(w)}", [v[1][0], n], "f32")

    exact_output = True

    @property
    def sharp(self):
        """Whether values are what they should be to the last bit, so that ops may have steps."""
        return self.exact and self.exact_output

    def sum_up(self):
        self.exact_output = self.exact_output and not self.fractions
        self.denormals = False  # Among integers they are lost, or not, by the order.

    def grow(self):
        element = self.rng.choice(["f32", "f32", "f32", "i32"])
        rank = self.rng.randint(1, 3)
        shape = [self.rng.choice(EXTENTS) for _ in range(rank)]
        if self.rng.random() < 0.4:
            shape[0] = "b"
        if self.large:
            shape = [self.rng.choice(LARGE_ROWS), self.rng.choice(LARGE_COLUMNS)]
        self.add_input(shape, element)
        if self.rng.random() < 0.3 and len(shape) == 2 and element == "f32":
            self.packed()
        common = [self.unary, self.unary, self.binary, self.binary, self.compare, self.cast, self.reduce, self.argmax, self.softmax,
                  self.transpose, self.reshape, self.slice, self.matmul]
        rare = [self.bits, self.special_function, self.special_function, self.random, self.expectation, self.iota, self.broadcast, self.quantize, self.pack_bits, self.loss, self.count_elements,
                self.surrogate, self.linear, self.quantize, self.quantize, self.index, self.scan, self.scan, self.associate, self.normalize, self.listed,
                self.convolution, self.other_windows, self.rearrange, self.rearrange, self.table, self.region, self.region, self.contract,
                self.order, self.order, self.fourier, self.factor, self.factor]
        for _ in range(self.rng.randint(1, 7)):
            self.rng.choice(common if self.rng.random() < 0.7 else rare)()
        if self.short and self.exact and not self.special and self.rng.random() < 0.6:
            # Last, so that the result is of it.
            self.short_matmul()
            self.rng.choice([self.unary, self.binary])()

    def result(self):
        """The last value, in a type that files can hold."""
        v = self.values[-1]
        if v[2] in ("bf16",):
            v = self.emit(f"dither.cast {v[0]} : {self.ty(v)} to {self.type(v[1], 'f32')}", v[1], "f32")
        return v

    def text(self):
        """The function and its parameters."""
        v = self.result()
        args = ", ".join(f"%in{i}: {self.type(s, e)}" for i, (s, e) in enumerate(self.inputs))
        return "\n".join(self.params + [f"  func.func @f{self.number}({args}) -> {self.ty(v)} {{"] + self.lines
                         + [f"    return {v[0]} : {self.ty(v)}", "  }\n"])

    def flags(self):
        """How its model is checked."""
        exact = self.exact and self.exact_output
        return ((("--tolerance", "0", "--integers") if exact else ("--integers",) if self.exact else ())
                + (("--special",) + (() if self.denormals else ("--no-denormals",)) if self.special else ()))


def make_program(number, options):
    rng = random.Random(f"{options.seed}/{number}")
    exact = rng.random() < 0.7
    program = Program(number, rng, exact, special=exact and rng.random() < 0.3, options=options)
    program.grow()
    return program


def check(dither, folder, programs, flags, seed):
    """Numbers and reasons of those that fail."""
    path = pathlib.Path(folder, "programs.mlir")
    path.write_text("dither.model @random {\n" + "".join(texts[p.number] for p in programs) + "}\n")
    done = subprocess.run([dither, "check", path, "--kernels", "--seed", str(seed), *flags], capture_output=True, text=True)
    failures = dict((int(n), reason) for n, reason in re.findall(r"^@f(\d+), (.*)$", done.stdout, re.M))
    if done.returncode == 0 or failures:
        return failures
    if len(programs) == 1:
        return {programs[0].number: f"exit status {done.returncode}: {done.stderr}"}
    half = len(programs) // 2
    return {**check(dither, folder, programs[:half], flags, seed), **check(dither, folder, programs[half:], flags, seed)}


texts = {}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dither")
    parser.add_argument("reference", help="docs/reference/ops.md")
    parser.add_argument("--programs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--target", help="what runs the kernels, as of dither check")
    parser.add_argument("--chips", help="of a target that has several, as of dither check")
    parser.add_argument("--large", action="store_true", help="inputs that leave the first cache")
    parser.add_argument("--short", action="store_true", help="many products of 16 bits")
    parser.add_argument("--only", type=int, help="the one program of this number")
    parser.add_argument("--model-size", type=int, default=100, help="programs of one model")
    options = parser.parse_args()
    numbers = range(options.programs) if options.only is None else [options.only]
    groups, used, failures = {}, set(IMPLIED), {}
    for number in numbers:
        program = make_program(number, options)
        texts[number] = program.text()
        used.update(re.findall(r"dither\.(\w+)", texts[number]))
        flags = program.flags() + (("--target", options.target) if options.target else ()) + (("--chips", options.chips) if options.chips else ())
        groups.setdefault(flags, []).append(program)
    with tempfile.TemporaryDirectory() as folder:
        for flags, programs in sorted(groups.items()):
            for first in range(0, len(programs), options.model_size):
                failures.update(check(options.dither, folder, programs[first:first + options.model_size], flags, options.seed))
    for number, reason in sorted(failures.items()):
        print(f"program {number} of seed {options.seed}: {reason}\n{texts[number]}")
    ops = set(re.findall(r"^### `dither\.(\w+)`", pathlib.Path(options.reference).read_text(), re.M))
    missing = sorted(ops - used) if options.only is None else []
    print(f"{len(texts) - len(failures)} passed, {len(failures)} failed; {len(ops)} ops, not used: {', '.join(missing) or 'none'}")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
