"""Ops along a dimension: reductions, scans, orders, transforms, normalization."""
import math

from builder import EXTENTS


class Rows:
    """Each method adds one op or a few, or nothing where no value fits."""

    def count_elements(self):
        v = self.pick("f32")
        if v and v[1]:
            self.emit(f"dither.count {v[0]} {{dims = array<i64: {self.rng.randrange(len(v[1]))}>}} : {self.ty(v)} -> tensor<f32>", [], "f32")

    def loss(self):
        v = self.pick("f32", self.rng.choice([2, 3]))
        if v and not self.sharp and v[1][-1] not in ("b", 0):
            labels = self.add_input(v[1][:-1], "i32")
            self.emit(f"dither.cross_entropy {v[0]}, {labels[0]} : {self.ty(v)}, {self.ty(labels)}", [], "f32")

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

    def order(self):
        """Elements in their order, and by positions along a dimension, of which some do not exist."""
        v = self.pick("f32") or self.pick("i32")
        known = [d for d, extent in enumerate(v[1]) if extent != "b"] if v else []
        if not known:
            return
        d, flag = self.rng.choice(known), self.rng.choice(["", ", descending"])
        kind = self.rng.choice(["sort", "argsort", "top_k", "along"] + ["soft"] * 3 * (not self.sharp))
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
        elif kind == "soft" and not self.target and v[2] == "f32" and v[1][-1] != "b" and "b" not in v[1][1:] and math.prod(v[1][1:]) < 2000:
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
        if not v or not v[1] or "b" in v[1][1:] or self.target:
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
