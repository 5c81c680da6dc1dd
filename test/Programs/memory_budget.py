"""Training with a budget of memory: memory_budget.py DITHER EXAMPLES DIRECTORY.

With and without a budget, all losses and parameters have the same bits. The planned peak is within the budget, and what the kernel counts as
resident falls by what was planned, within 5%. A budget that cannot be reached is an error that names the least, which can."""

import json
import os
import pathlib
import re
import statistics
import subprocess
import sys

DITHER, EXAMPLES, DIRECTORY = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
LAYERS = 8


def run(*arguments):
    return subprocess.run([DITHER, *map(str, arguments)], capture_output=True, text=True)


def dither(*arguments):
    result = run(*arguments)
    assert result.returncode == 0, result.stderr
    return result.stdout


def write_perceptron(path, width, batch):
    lines = ["dither.model @deep {"]
    widths = [64] + LAYERS * [width] + [10]
    for i in range(LAYERS + 1):
        lines += [f"dither.param @w{i} : tensor<{widths[i]}x{widths[i + 1]}xf32> init #dither.kaiming_uniform",
                  f"dither.param @b{i} : tensor<{widths[i + 1]}xf32> init #dither.fill<0.0>"]
    lines.append("func.func @loss(%x0: tensor<?x64xf32>, %labels: tensor<?xi32>) -> tensor<f32> {")
    for i in range(LAYERS + 1):
        x, w, b = f"tensor<?x{widths[i]}xf32>", f"tensor<{widths[i]}x{widths[i + 1]}xf32>", f"tensor<{widths[i + 1]}xf32>"
        lines += [f"%w{i} = dither.read @w{i} : {w}", f"%b{i} = dither.read @b{i} : {b}",
                  f"%z{i} = dither.linear %x{i}, %w{i}, %b{i} : {x}, {w}, {b}",
                  f"%x{i + 1} = dither.gelu %z{i} : tensor<?x{widths[i + 1]}xf32>"]
    lines += [f"%loss = dither.cross_entropy %z{LAYERS}, %labels : tensor<?x10xf32>, tensor<?xi32>", "return %loss : tensor<f32>", "}",
              f"dither.train @fit loss @loss optimizer #dither.adamw<rate = 1.0e-3> {{batch = {batch} : i64, epochs = 2 : i64}}", "}"]
    path.write_text("\n".join(lines))


def explain_step(model, *options):
    memory = json.loads(dither("explain", model, "--json", *options))["memory"]
    return next(entry for entry in memory if entry["function"] == "fit.step")


def train(model, name, *options):
    out = DIRECTORY / name
    dither("train", model, "--data", EXAMPLES / "data/digits.csv.gz", "--seed", 1, "--epochs", 2, "--out", out, *options)
    log = [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]
    return [entry["loss"] for entry in log], (out / "model.safetensors").read_bytes()


def measure(artifact):
    """Arena and peak of a process that runs a step."""
    child = subprocess.Popen([DITHER, "bench", artifact, "--function", "fit.step", "--repetitions", "1", "--threads", "1", "--json"],
                             stdout=subprocess.PIPE, text=True)
    report = json.loads(child.stdout.read())
    _, status, usage = os.wait4(child.pid, 0)
    assert status == 0
    return report["arena_bytes"], usage.ru_maxrss * 1024


def compile_and_measure(model, name, *options):
    artifact = DIRECTORY / name
    dither("compile", model, "--training", "--function", "fit.step", "-o", artifact, *options)
    # How much of its libraries a process maps varies a little.
    runs = [measure(artifact) for _ in range(3)]
    return runs[0][0], statistics.median(peak for _, peak in runs)


def check_bits(model, name, share):
    budget = int(explain_step(model)["peak"] * share)
    step = explain_step(model, "--memory-budget", budget)
    assert step["peak"] <= budget < step["without_budget"], step
    assert step["recomputed"] and 0 < step["operations_added"] < step["operations"], step
    free, limited = train(model, name + "-free"), train(model, name + "-limited", "--memory-budget", budget)
    assert free == limited, (free[0], limited[0])


def check_measured(model):
    free = explain_step(model)["peak"]
    limited = explain_step(model, "--memory-budget", f"{free * 0.625 / 2**20:.3f}M")["peak"]
    (large, large_peak) = compile_and_measure(model, "free.so")
    (small, small_peak) = compile_and_measure(model, "limited.so", "--memory-budget", free * 5 // 8)
    assert (large, small) == (free, limited), (large, small, free, limited)
    planned, measured = large - small, large_peak - small_peak
    print(f"planned {planned} bytes less, measured {measured}")
    assert planned > 16_000_000 and abs(measured - planned) <= 0.05 * planned


def check_unreachable(model):
    compile_step = ["compile", model, "--training", "--function", "fit.step", "-o", DIRECTORY / "least.so", "--memory-budget"]
    result = run(*compile_step, "1K")
    found = re.search(r"error: @fit.step needs \d+ bytes of memory, more than the budget of 1024; computing values again, the least that was "
                      r"reached is (\d+): raise --memory-budget to that, or lower the batch", result.stderr)
    assert result.returncode != 0 and found, result.stderr
    dither(*compile_step, found[1])


DIRECTORY.mkdir(parents=True, exist_ok=True)
perceptron, wide = DIRECTORY / "perceptron.mlir", DIRECTORY / "wide.mlir"
write_perceptron(perceptron, width=128, batch=256)
write_perceptron(wide, width=1024, batch=768)
check_bits(perceptron, "perceptron", 0.5)
check_bits(EXAMPLES / "digits/digits-conv.mlir", "convolution", 0.7)
check_unreachable(perceptron)
check_measured(wide)
print("agree")
