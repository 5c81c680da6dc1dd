"""Loops and conditions."""


class Control:
    """Each method adds one op or a few, or nothing where no value fits."""

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
