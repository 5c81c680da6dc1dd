"""A straight-line function, its values, and what is known of them."""

EXTENTS = [0, 1, 2, 3, 4, 7, 8, 13, 16, 17, 31, 33]


class Builder:
    """What the ops of a program are added to."""

    exact_output = True

    def __init__(self, number, rng, exact, special, options):
        self.number, self.rng, self.exact, self.special = number, rng, exact, special
        self.large, self.short, self.target = options.large, options.short, options.target
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
        """A value; a new input where none has the rank that is asked for."""
        found = [v for v in self.values if (element is None or v[2] == element) and (rank is None or len(v[1]) == rank)
                 and not (static and "b" in v[1])]
        if not found and element and rank:
            return self.add_input([self.rng.choice(EXTENTS) for _ in range(rank)], element)
        return self.rng.choice(found) if found else None

    def ty(self, v):
        return self.type(v[1], v[2])

    def seed(self):
        if not self.generator:
            self.generator = self.emit("dither.rng : tensor<2xi64>", [2], "i64")
            self.values.pop()
        return self.generator[0]

    def constant(self, shape, element):
        value = self.rng.randint(-3, 3)
        text = f"{value}.0" if element[0] in "fb" else str(value)
        return self.emit(f"dither.constant dense<{text}> : {self.type(shape, element)}", shape, element)

    def signs(self, v):
        """As many signs, whose products are exact; or numbers below 1."""
        op = "sign" if self.sharp else "tanh"
        return self.emit(f"dither.{op} {v[0]} : {self.ty(v)}", v[1], "f32") if v[2] == "f32" else v

    @property
    def sharp(self):
        """Whether values are what they should be to the last bit, so that ops may have steps."""
        return self.exact and self.exact_output

    def sum_up(self):
        self.exact_output = self.exact_output and not self.fractions
        self.denormals = False  # Among integers they are lost, or not, by the order.
