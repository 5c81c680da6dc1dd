#!/usr/bin/env python3
"""Compares the table of methods in a document with the registered attributes: methods.py PLUGINS.json DOCUMENT.md [--fix].

The table stands between two marks, `<!-- methods -->` and `<!-- /methods -->`. With --fix, it is written anew."""

import json
import re
import sys

def make_table(records):
    members = records["!instanceof"]
    kinds = [name for name in members if members[name] and name.startswith("Dither_") and name != "Dither_Plugin"]
    lines = ["| kind | attribute | what it is |", "|---|---|---|"]
    # What several methods of a kind have in common is a base, too, but no kind.
    for kind in (kind for kind in kinds if f"{kind.removeprefix('Dither_')}AttrInterface" in records):
        for record in (records[name] for name in members[kind]):
            anchor = record["cppClassName"].lower()
            link = f"[`#dither.{record['mnemonic']}`](docs/reference/attributes.md#{anchor})"
            lines.append(f"| {kind.removeprefix('Dither_').lower()} | {link} | {record['summary']} |")
    return "\n".join(lines) + "\n"


def main(plugins, document, fix=""):
    with open(plugins) as file:
        table = make_table(json.load(file))
    with open(document) as file:
        old = file.read()
    marked = re.compile(r"(?<=<!-- methods -->\n).*?(?=<!-- /methods -->)", re.DOTALL)
    if not marked.search(old):
        sys.exit(f"{document}: no marks of the table of methods")
    new = marked.sub(lambda _: table, old)
    if new == old:
        return
    if not fix:
        sys.exit(f"{document}: the table of methods is stale")
    with open(document, "w") as file:
        file.write(new)


main(*sys.argv[1:])
