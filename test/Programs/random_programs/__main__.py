"""Compares compiled code with the reference interpreter on random programs.

    random_programs DITHER REFERENCE [--programs N] [--seed S] [--large]

Programs are functions of a few models, each compiled once; `dither check --kernels` runs both worlds, at several extents of a dynamic
batch. Exact programs use ops whose result does not depend on the order of evaluation (inputs are small integers, so that sums and
products are exact in f32), some on NaN, infinities and denormals: results must be equal, bit for bit but for the sign and payload of NaN.
Smooth ones also use exp, log, tanh and so on, whose approximations differ, and sums in another order: results must agree within 1e-4 of
the larger of 1 and the magnitude. Shapes are ragged and include 0, 1 and primes. REFERENCE lists the ops: each must occur.
A failing program is printed, with its number for --only.
"""
import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

from program import make_program

# Ops that lowering introduces for a parameter that is read, and what is no op of a function.
IMPLIED = {"unpack", "packed_matmul", "contract", "yield", "sampled_contract", "on_device", "param", "model", "train"}
# Those that call functions, and what they call; a program is one function.
IMPLIED |= {"vjp", "jvp", "custom_vjp", "import", "instance", "call"}


def check(dither, folder, programs, flags, seed):
    """Numbers and reasons of those that fail."""
    path = pathlib.Path(folder, "programs.mlir")
    path.write_text("dither.model @random {\n" + "".join(texts[p.number] for p in programs) + "}\n")
    done = subprocess.run([dither, "check", path, "--kernels", "--seed", str(seed), *flags], capture_output=True, text=True)
    failures = dict((int(n), reason) for n, reason in re.findall(r"^@f(\d+), (.*)$", done.stdout, re.M))
    if done.returncode == 0 or failures:
        return failures
    if len(programs) == 1:
        return {programs[0].number: f"exit status {done.returncode}: {done.stderr}"}
    half = len(programs) // 2
    return {**check(dither, folder, programs[:half], flags, seed), **check(dither, folder, programs[half:], flags, seed)}


texts = {}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dither")
    parser.add_argument("reference", help="docs/reference/ops.md")
    parser.add_argument("--programs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--target", help="what runs the kernels, as of dither check")
    parser.add_argument("--chips", help="of a target that has several, as of dither check")
    parser.add_argument("--large", action="store_true", help="inputs that leave the first cache")
    parser.add_argument("--short", action="store_true", help="many products of 16 bits")
    parser.add_argument("--only", type=int, help="the one program of this number")
    parser.add_argument("--model-size", type=int, default=100, help="programs of one model")
    options = parser.parse_args()
    numbers = range(options.programs) if options.only is None else [options.only]
    groups, used, failures = {}, set(IMPLIED), {}
    for number in numbers:
        program = make_program(number, options)
        texts[number] = program.text()
        used.update(re.findall(r"dither\.(\w+)", texts[number]))
        flags = program.flags() + (("--target", options.target) if options.target else ()) + (("--chips", options.chips) if options.chips else ())
        groups.setdefault(flags, []).append(program)
    with tempfile.TemporaryDirectory() as folder:
        for flags, programs in sorted(groups.items()):
            for first in range(0, len(programs), options.model_size):
                failures.update(check(options.dither, folder, programs[first:first + options.model_size], flags, options.seed))
    for number, reason in sorted(failures.items()):
        print(f"program {number} of seed {options.seed}: {reason}\n{texts[number]}")
    ops = set(re.findall(r"^### `dither\.(\w+)`", pathlib.Path(options.reference).read_text(), re.M))
    missing = sorted(ops - used) if options.only is None else []
    print(f"{len(texts) - len(failures)} passed, {len(failures)} failed; {len(ops)} ops, not used: {', '.join(missing) or 'none'}")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
