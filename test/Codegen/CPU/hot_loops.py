"""The innermost loops of generated assembly: hot_loops.py FILE [FUNCTION].

Prints a line for each block that jumps back to its own label and has vector arithmetic, the one with the most first: how many of which
instructions it has, and how many operands on the stack."""

import collections
import re
import sys

text = open(sys.argv[1]).read()
if len(sys.argv) > 2:
    begin = text.index(sys.argv[2] + ":\n")
    text = text[begin:text.index("retq", begin)]
loops = []
label, block = None, []
for line in text.splitlines():
    line = line.split("#")[0].rstrip()
    if match := re.match(r"(\.?\w[\w.]*):", line):
        label, block = match[1], []
        continue
    if not line.startswith("\t") or line.startswith("\t."):
        continue
    block.append(line.strip())
    if re.match(r"j\w+\s", block[-1]) and block[-1].split()[-1] == label:
        loops.append(block)
        label, block = None, []
ARITHMETIC = re.compile(r"v(fn?madd|fmsub|pdpb|pmadd|tdp)|tdp")


def describe(block):
    counts = collections.Counter()
    for line in block:
        name, _, operands = line.partition("\t")
        width = next((register for register in ("zmm", "ymm", "xmm") if register in operands), "")
        if name.startswith("v") or name.startswith("t"):
            counts[f"{name.replace('132ps', 'ps').replace('213ps', 'ps').replace('231ps', 'ps')}.{width}"] += 1
        if "(%rsp" in operands:
            counts["stack"] += 1
    return " ".join([f"instructions={len(block)}", f"stack={counts.pop('stack', 0)}"] + [f"{name}={count}" for name, count in sorted(counts.items())])


for block in sorted(loops, key=lambda block: -sum(bool(ARITHMETIC.match(line)) for line in block)):
    if any(ARITHMETIC.match(line) for line in block):
        print(describe(block))
