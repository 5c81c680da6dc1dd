"""A program of ops of all kinds."""
import random

from builder import EXTENTS, Builder
from chance import Chance
from control import Control
from elementwise import Elementwise
from places import Places
from products import Products
from rows import Rows
from weights import Weights
from windows import Windows

# Of inputs that leave the first cache, with as many rows as several loops may have in common.
LARGE_ROWS, LARGE_COLUMNS = [64, 96, 97, 128, "b"], [40, 65, 128, 300]


class Program(Elementwise, Chance, Places, Rows, Products, Windows, Weights, Control, Builder):
    """A function that is grown op by op."""

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
        rare = [self.bits, self.special_function, self.random, self.expectation, self.iota, self.broadcast, self.quantize, self.pack_bits,
                self.loss, self.count_elements, self.surrogate, self.linear, self.index, self.scan, self.associate, self.normalize,
                self.listed, self.convolution, self.other_windows, self.rearrange, self.table, self.region, self.contract, self.order,
                self.fourier, self.factor, self.factor]
        for _ in range(self.rng.randint(1, 7)):
            self.rng.choice(common if self.rng.random() < 0.7 else rare)()
        # So that few programs have all of them.
        rare[self.number % len(rare)]()
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
