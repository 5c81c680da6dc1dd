"""Peak memory of a training step, as planned and as measured: peak_memory.py DITHER MODEL DIRECTORY.

MODEL is compiled as it is and without its estimators. The difference of the peaks of resident memory, which the kernel counts, must be
within 5% of the difference of the arenas, which the compiler planned and `explain` prints."""

import json
import os
import pathlib
import re
import statistics
import subprocess
import sys

DITHER, MODEL, DIRECTORY = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
# Large enough that pages and what the process needs besides do not blur the difference.
WIDER = [(r"batch = 64\b", "batch = 1024"), (r"\b64x256x", "64x4096x"), (r"\b256x128x", "4096x2048x"), (r"\b128x10x", "2048x10x"),
         (r"<256xf32>", "<4096xf32>"), (r"<128xf32>", "<2048xf32>"), (r"\?x256x", "?x4096x"), (r"\?x128x", "?x2048x")]


def dither(*arguments):
    return subprocess.run([DITHER, *arguments], check=True, capture_output=True, text=True).stdout


def run(artifact):
    """Arena and peak of a process that runs a step."""
    child = subprocess.Popen([DITHER, "bench", artifact, "--function", "fit.step", "--repetitions", "1", "--threads", "1", "--json"],
                             stdout=subprocess.PIPE, text=True)
    report = json.loads(child.stdout.read())
    _, status, usage = os.wait4(child.pid, 0)
    assert status == 0
    return report["arena_bytes"], usage.ru_maxrss * 1024


def measure(path):
    artifact = path.with_suffix(".so")
    dither("compile", path, "--training", "-o", artifact)
    # How much of its libraries a process maps varies a little.
    return statistics.median(run(artifact) for _ in range(7))


DIRECTORY.mkdir(parents=True, exist_ok=True)
text = MODEL.read_text()
for pattern, replacement in WIDER:
    text = re.sub(pattern, replacement, text)
annotated, exact = DIRECTORY / "annotated.mlir", DIRECTORY / "exact.mlir"
annotated.write_text(text)
exact.write_text(re.sub(r" \{(residual|backward) = [^}]*\}", "", text))
memory = json.loads(dither("explain", annotated, "--json"))["memory"]
step = next(entry for entry in memory if entry["function"] == "fit.step")
(small, small_peak), (large, large_peak) = measure(annotated), measure(exact)
assert (small, large) == (step["peak"], step["without_estimators"]), (small, large, step)
planned, measured = large - small, large_peak - small_peak
print(f"planned {planned} bytes less, measured {measured}")
assert planned > 8_000_000 and abs(measured - planned) <= 0.05 * planned
print("agree")
