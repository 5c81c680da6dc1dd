#!/usr/bin/env python3
"""Runs the examples of the reference: examples.py DITHER_OPT REFERENCE.md...

An example is a fenced block of mlir. Those of ops and attributes must be valid; the first one of a pass, up to `// becomes`, must go
through the pass. Around a fragment goes what it lacks: values that nothing defines become arguments of a function, with the types that
the op names; parameters and functions that are only mentioned are declared. A block with `...` is a sketch and only counted."""

import re
import subprocess
import sys

TYPE = r"(?:(?:tensor|memref)<[^<>]*>|\b(?:f32|f64|i32|i64|index)\b)"
FUNCTIONS = {
    "loss": "func.func private @loss(tensor<?x64xf32>, tensor<?xi32>) -> tensor<f32>",
    "correct": "func.func private @correct(tensor<?x64xf32>, tensor<?xi32>) -> tensor<?xf32>",
}


def read_examples(path):
    """Heading and text of each."""
    heading = ""
    lines = iter(open(path))
    for line in lines:
        if line.startswith("###"):
            heading = line.strip("# \n")
        elif line.strip() == "```mlir":
            text = ""
            while (line := next(lines)).strip() != "```":
                text += line
            yield heading, text


def strip_braces(text):
    out, depth = "", 0
    for c in text:
        depth += c == "{"
        out += c if depth == 0 else ""
        depth -= c == "}"
    return out


def free_values(text):
    """Values that nothing in the fragment defines, with their types."""
    defined, free = set(), {}
    # An op begins with a name at the start of a line; the lines that follow belong to it.
    for op in re.split(r"\n(?=\s*(?:%[\w, %]+ = )?\w+\.\w+ )", strip_braces(text.strip())):
        results, _, rest = op.rpartition(" = ")
        head, _, tail = rest.rpartition(" : ")
        types = re.findall(TYPE, re.split("->| to ", tail)[0])
        inline = {}  # op(%x, %y : type, type)
        for names, listed in re.findall(r"\((%[\w, %]+) : ([^()]*)\)", rest):
            inline.update(zip(re.findall(r"%\w+", names), re.findall(TYPE, listed)))
        positional = [value for value in re.findall(r"%\w+", rest if tail.rstrip().endswith(")") else head) if value not in inline]
        for value, type in inline.items():
            if value not in defined:
                free.setdefault(value, type)
        for i, value in enumerate(positional):
            if value not in defined and types:
                free.setdefault(value, types[min(i, len(types) - 1)])
        defined.update(re.findall(r"%\w+", results))
    return free


def wrap(text):
    if text.lstrip().startswith("#"):
        return "".join(f"module attributes {{doc.example = {line.strip()}}} {{}}\n" for line in text.splitlines())
    if not re.match(r"\s*(dither\.(model|param|train) |\w+\.func |module )", text):
        signature = ", ".join(f"{name}: {type}" for name, type in free_values(text).items())
        text = f"func.func @example({signature}) {{\n{text}  return\n}}\n"
    if "dither.model " in text:
        return text
    symbols = [f"dither.param @{name} : {type} init #dither.fill<0.0>"
               for name, type in sorted(set(re.findall(r"dither\.read @(\w+) : (\S+)", text)))]
    symbols += [FUNCTIONS[name] for name in FUNCTIONS if re.search(rf"dither\.train .*@{name}\b", text)]
    if symbols or re.match(r"\s*dither\.", text):
        text = "\n".join(["dither.model @example {"] + symbols + [text + "}\n"])
    return text


def main(opt, *paths):
    count, failures, sketches, passes = 0, 0, [], set()
    for heading, text in (example for path in paths for example in read_examples(path)):
        arguments = ["--allow-unregistered-dialect"]
        if is_pass := re.fullmatch(r"`-(dither-.*)`", heading):
            if heading in passes:
                continue  # What the first one becomes.
            passes.add(heading)
            arguments.append("--" + is_pass[1])
            text = text.split("// becomes")[0]
        if "..." in text:
            sketches.append(heading)
            continue
        count += 1
        program = wrap(text)
        run = subprocess.run([opt, *arguments, "-o", "/dev/null"], input=program, text=True, capture_output=True)
        if run.returncode != 0:
            failures += 1
            print(f"--- {heading}\n{program}\n{run.stderr}")
    print(f"{count} examples, {failures} failed; {len(sketches)} sketches: {', '.join(sketches)}")
    return failures > 0 or count == 0


sys.exit(main(*sys.argv[1:]))
