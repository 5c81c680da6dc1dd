"""Windows over images and sequences."""


class Windows:
    """Each method adds one op or a few, or nothing where no value fits."""

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
