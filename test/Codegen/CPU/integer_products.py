"""Products of codes of 8 bits with packed matrices around the edges of panels and tiles: integer_products.py DITHER DIRECTORY."""

import numpy as np

from packed import CODES, DEPTH, DIRECTORY, VECTORS, check_representation, compile_avx2, compile_model, function, make_rows, run, write_model

# What multiplies integers where there are whole panels, and something that does not.
INTEGERS = ["format = #dither.int<bits = 8>", "format = #dither.int<bits = 8, group = 32, scale = e8m0>", "format = #dither.int<bits = 4, group = 32, scale = f16>",
            "format = #dither.int<bits = 3, group = 32>", "format = #dither.int<bits = 2, group = 16>", "format = #dither.int<bits = 6, group = 16>",
            "format = #dither.minifloat<e2m1, group = 32, scale = e8m0>", "format = #dither.minifloat<e3m0, group = 8>",
            "format = #dither.ternary<group = 0>", "format = #dither.sign<group = 32>", "format = #dither.shift<bits = 3>",
            "pattern = #dither.nm<2 : 4>, format = #dither.int<bits = 4, group = 32, scale = f16>",
            "pattern = #dither.nm<2 : 4>, format = #dither.ternary<group = 0>",
            "pattern = #dither.nm<1 : 4>, format = #dither.int<bits = 8>", "pattern = #dither.nm<3 : 4>, format = #dither.minifloat<e2m1, group = 32>",
            "pattern = #dither.nm<2 : 8>, format = #dither.minifloat<e1m2>", "pattern = #dither.nm<4 : 4>, format = #dither.int<bits = 8>",
            "format = #dither.minifloat<e4m3>"]
# Patterns whose indices fill words only over more elements; sums of so many elements that their parts stay in their places.
DEEP = ["format = #dither.sign<group = 0>", "format = #dither.ternary<group = 256>", "format = #dither.int<bits = 4>", "format = #dither.int<bits = 2, group = 128>",
        "pattern = #dither.nm<6 : 8>, format = #dither.int<bits = 4>", "pattern = #dither.nm<5 : 8>, format = #dither.int<bits = 2>",
        "pattern = #dither.nm<7 : 8>, format = #dither.int<bits = 8>", "pattern = #dither.nm<1 : 4>, format = #dither.sign<group = 0>"]
# What fills several blocks of tiles, and those of rows.
BLOCKS = ["format = #dither.int<bits = 8>", "format = #dither.int<bits = 4, group = 128, scale = f16>", "format = #dither.ternary<group = 64>",
          "format = #dither.minifloat<e2m1>", "pattern = #dither.nm<2 : 4>, format = #dither.int<bits = 8>",
          "pattern = #dither.nm<4 : 8>, format = #dither.int<bits = 4, group = 64, scale = f16>",
          "pattern = #dither.nm<1 : 2>, format = #dither.int<bits = 8, group = 32>"]
# Of a depth that fills no words, whose fields are padded; x ends where it ends.
RAGGED = ["format = #dither.int<bits = 8>", "format = #dither.int<bits = 4>", "format = #dither.int<bits = 3>", "format = #dither.ternary<group = 0>",
          "format = #dither.sign<group = 0>", "format = #dither.shift<bits = 3>", "format = #dither.minifloat<e2m1>"]
RAGGED_PATTERNS = ["pattern = #dither.nm<2 : 4>, format = #dither.int<bits = 8>", "pattern = #dither.nm<1 : 4>, format = #dither.minifloat<e2m1>",
                   "pattern = #dither.nm<1 : 2>, format = #dither.int<bits = 4>", "pattern = #dither.nm<3 : 4>, format = #dither.ternary<group = 0>"]


def check_lookups(representation, random, depth, n):
    """Where there are one or two rows, and columns enough, products are looked up; exact sums are the same however they are found."""
    write_model([function("f", representation, n, CODES, depth, [1, 2])])
    compile_model("model.so")
    avx2 = compile_avx2()
    x = make_rows(random, depth, 6)[:2]
    expected = run(DIRECTORY / "model.so", "f", x)
    assert np.abs(expected).max() > 0
    for rows, name in ((1, "model.so"), (2, "model.so"), (2, avx2)):
        assert run(DIRECTORY / name, f"f_{rows}", x[:rows]).tobytes() == expected[:rows].tobytes(), f"{representation}: {rows} rows of {name}"
    return 1


def check_extremes(representations, depth=256, n=64):
    """The largest codes of both sides, whose sums of 16 bits must not overflow; in a model for all."""
    functions = []
    for i, representation in enumerate(representations):
        for sign in (1, -1):
            name = f"f{i}{'n' if sign < 0 else ''}"
            functions.append(function(name, representation, n, CODES, depth).replace("#dither.kaiming_uniform", f"#dither.fill<{sign}.0>"))
    write_model(functions)
    ones = np.ones((1, depth), np.float32)
    rows = np.concatenate([ones, -ones, np.tile(np.float32([1, -1]), (1, depth // 2))])
    compile_model("model.so")
    for artifact in dict.fromkeys(("model.so", compile_avx2())):
        for i, representation in enumerate(representations):
            for sign, suffix in ((1, ""), (-1, "n")):
                found = run(DIRECTORY / artifact, f"f{i}{suffix}", rows)
                # All weights are the value that stands for one, which a single product cannot overflow.
                value = run(DIRECTORY / artifact, f"f{i}{suffix}", np.eye(1, depth, dtype=np.float32))[0, 0]
                assert 0.5 < sign * value < 1.5
                expected = (rows.sum(1) * value)[:, None] + np.zeros(n)
                assert np.allclose(found, expected, rtol=1e-6, atol=0), f"{representation}: {found[:, 0]}, not {expected[:, 0]}"
    return len(representations)


generator = np.random.default_rng(7)
count = sum(check_representation(representation, generator, [37, 192], CODES) for representation in INTEGERS)
count += sum(check_representation(representation, generator, [64], CODES, 256) for representation in DEEP)
count += sum(check_representation(representation, generator, [128], CODES, 640, [300, 17], [300, 40]) for representation in BLOCKS)
count += sum(check_representation(representation, generator, [64], CODES) for representation in VECTORS)
# Of more vectors than sums of 16 bits hold, in whole tiles and one panel; of few.
count += sum(check_lookups(VECTORS[book], generator, depth, n) for book in (0, 2) for depth, n in ((2136, 576), (8, 512)))
# By tiles, with a depth that is not whole rows of them.
count += check_representation(VECTORS[2], generator, [128], CODES, 200, [300, 17], [40, 17])
# So wide that panels take turns, four of them, and one at the end.
count += sum(check_representation(representation, generator, [1088], CODES, 64, [300, 17], [300])
             for representation in ("format = #dither.int<bits = 8>", "format = #dither.int<bits = 4, group = 32, scale = f16>"))
count += check_extremes([f"format = #dither.int<bits = {bits}>" for bits in range(2, 9)] + ["format = #dither.ternary<group = 0>",
                         "format = #dither.sign<group = 0>", "format = #dither.shift<bits = 4>", "format = #dither.minifloat<e2m1>"])
count += sum(check_representation(representation, generator, [61], CODES, 333, [40, 17, 3, 1], [3]) for representation in RAGGED)
count += sum(check_representation(representation, generator, [70], CODES, 108, [40, 17, 3, 1], [40]) for representation in RAGGED_PATTERNS)
# Padded so little that words lie in memory as tiles take them, in blocks.
count += check_representation(RAGGED[0], generator, [500], CODES, 1000, [300, 17], [300, 40])
# Of nothing.
write_model([function("narrow", "format = #dither.int<bits = 4>", 0, CODES), function("flat", "format = #dither.int<bits = 4>", 64, CODES, 0)])
assert run(DIRECTORY / "model.mlir", "narrow", np.ones((3, DEPTH), np.float32)).shape == (3, 0)
assert run(DIRECTORY / "model.mlir", "flat", np.ones((3, 0), np.float32)).tobytes() == bytes(4 * 3 * 64)
print(f"{count} products agree")
