"""Makes a plug-in of each kind in a copy of the tree and compiles them: new_plugin.py COPY BUILD.

The declarations are generated from all plug-ins anew, as the build does."""

import pathlib
import shlex
import json
import subprocess
import sys

KINDS = ["estimator", "format", "initializer", "optimizer", "pattern", "recipe", "schedule", "distribution", "sample-estimator"]


def snapshot(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def find_flags(build):
    """How the build compiles a file of the dialect."""
    for entry in json.loads((build / "compile_commands.json").read_text()):
        if entry["file"].endswith("/NM/NM.cpp"):
            words = shlex.split(entry["command"].replace(" -Xclang -", " "))  # Those concern precompiled headers.
            return [word for word in words if word.startswith(("-I", "-D", "-std", "-f", "-isystem", "/usr/lib", "/usr/include"))]
    sys.exit("compile_commands.json has no file of the dialect")


def main(copy, build):
    copy, build = pathlib.Path(copy), pathlib.Path(build)
    before = snapshot(copy)
    for kind in KINDS:
        subprocess.run([copy / "scripts/new-plugin", kind, "MadeUp" + kind.title().replace("-", "")], check=True)
    changed = [path for path, text in before.items() if path.read_bytes() != text]
    if changed:
        sys.exit(f"changed: {changed}")

    generated = copy / "Dither"
    generated.mkdir()
    plugins = generated / "Plugins.td"
    tds = sorted((copy / "dialects/Dither").glob("*s/*/*.td"))
    includes = [td.relative_to(copy / "dialects") for td in tds if td.parts[-3] not in ("Ops", "Interfaces")]
    plugins.write_text("".join(f'include "{include}"\n' for include in includes))
    llvm = subprocess.run(["llvm-config-22", "--includedir"], check=True, capture_output=True, text=True).stdout.strip()
    for name, action in {"Attrs.h.inc": ["-gen-attrdef-decls", "-attrdefs-dialect=dither"], "Enums.h.inc": ["-gen-enum-decls"]}.items():
        subprocess.run(["mlir-tblgen-22", *action, "-I", llvm, "-I", copy / "dialects", plugins, "-o", generated / name], check=True)
    source = copy / "all.cpp"
    made = sorted((copy / "dialects").glob("Dither/*/MadeUp*/*.cpp"))
    source.write_text("".join(f'#include "{path}"\n' for path in made))
    # The generated files here come before those of the build.
    subprocess.run(["clang++-22", "-fsyntax-only", "-I", copy, "-I", copy / "dialects", *find_flags(build), source], check=True)
    print(f"{len(made)} plug-ins compile")


main(*sys.argv[1:])
