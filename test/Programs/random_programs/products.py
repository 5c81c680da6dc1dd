"""Products of matrices, what is made of them, and factors."""

from builder import EXTENTS

# Of products of 16 bits: those that fill tiles, and whose rows begin at multiples of 16 bytes, and others.
SHORT_ROWS, SHORT_COLUMNS, SHORT_DEPTHS = [1, 8, 16, 33, 64, 72, 136, "b"], [1, 8, 16, 24, 40, 130, 136], [0, 1, 8, 24, 64, 72, 136, 200, 328]


class Products:
    """Each method adds one op or a few, or nothing where no value fits."""

    def linear(self):
        v = self.pick("f32", 2)
        if v and v[1][1] != "b":
            self.sum_up()
            n = self.rng.choice(EXTENTS)
            w, b = self.add_input([v[1][1], n], "f32"), self.add_input([n], "f32")
            self.emit(f"dither.linear {v[0]}, {w[0]}, {b[0]} : {self.ty(v)}, {self.ty(w)}, {self.ty(b)}", [v[1][0], n], "f32")

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
