"""Patterns and formats: codes, masks, packed and listed weights."""
import math

from builder import EXTENTS


def pad_fields(rows, columns, bits):
    """The extents of packed fields in memory: whole words and panels, unless those would be three times as much."""
    def pad(extent, unit):
        wide = -(-extent // 64) * 64
        return wide if 8 * wide <= 9 * extent else -(-extent // unit) * unit

    padded = pad(rows, 32 // bits), pad(columns, 16)
    return padded if padded[0] * padded[1] <= 3 * rows * columns else (rows, columns)


class Weights:
    """Each method adds one op or a few, or nothing where no value fits."""

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
