"""Ops on elements."""


class Elementwise:
    """Each method adds one op or a few, or nothing where no value fits."""

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
        two = self.emit("dither.constant dense<2.0> : tensor<f32>", [], "f32")
        a = self.emit(f"dither.add {x[0]}, {two[0]} : {ty}, tensor<f32>", v[1], "f32")
        ops = ["log1p", "expm1", "erf_inv", "lgamma", "digamma", "polygamma", "bessel_i0e", "bessel_i1e", "gamma_p", "gamma_slope",
               "von_mises_slope", "implicit_gamma", "implicit_von_mises"]
        for op in self.rng.sample(ops, 3):
            order = f" {{order = {self.rng.randint(1, 3)} : i64}}" if op in ("polygamma", "gamma_slope") else ""
            if op in ("log1p", "expm1", "erf_inv", "bessel_i0e", "bessel_i1e"):
                self.emit(f"dither.{op} {x[0]} : {ty}", v[1], "f32")
            elif op in ("lgamma", "digamma", "polygamma"):
                self.emit(f"dither.{op} {a[0]}{order} : {ty}", v[1], "f32")
            else:
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

    def surrogate(self):
        v = self.pick("f32")
        if v and self.sharp:
            hard = self.emit(f"dither.sign {v[0]} : {self.ty(v)}", v[1], "f32")
            self.emit(f"dither.surrogate {hard[0]} for {v[0]} : {self.ty(v)}", v[1], "f32")
