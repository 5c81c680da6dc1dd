"""Ops that move elements: shapes, slices, rows by their numbers."""
import math

from builder import EXTENTS


class Places:
    """Each method adds one op or a few, or nothing where no value fits."""

    def iota(self):
        shape = [self.rng.choice(EXTENTS) for _ in range(self.rng.randint(1, 3))]
        self.emit(f"dither.iota {{dim = {self.rng.randrange(len(shape))} : i64}} : {self.type(shape, 'i32')}", shape, "i32")

    def broadcast(self):
        v = self.pick("f32")
        if v and v[1]:
            small = self.constant([d if d != "b" and self.rng.random() < 0.5 else 1 for d in v[1]], "i32")
            self.emit(f"dither.broadcast {small[0]} like {v[0]} : {self.ty(small)}, {self.ty(v)}", v[1], "i32")

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
