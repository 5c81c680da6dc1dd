"""Random numbers, distributions and expectations."""

from builder import EXTENTS


class Chance:
    """Each method adds one op or a few, or nothing where no value fits."""

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
