"""Compares the losses of two log.jsonl: compare_logs.py ONE OTHER TOLERANCE, which is relative."""

import json
import sys

one, other = ([json.loads(line) for line in open(path)] for path in sys.argv[1:3])
assert [x["epoch"] for x in one] == [x["epoch"] for x in other], (one, other)
for x, y in zip(one, other):
    assert abs(x["loss"] - y["loss"]) <= float(sys.argv[3]) * x["loss"], (x, y)
print(f"{len(one)} epochs agree")
