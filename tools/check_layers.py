#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails if a file includes a header of a layer that it may not know, or if the public API outgrows a short book.

ALLOWED is the architecture."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# layer -> the layers it may include (its own always)
ALLOWED = {
    "base": set(),
    "lanes": {"base"},
    "model": {"base"},
    "ode": {"base", "lanes", "model"},
    "tissue": {"base", "lanes", "model"},
    "simulation": {"base", "lanes", "model", "ode", "tissue"},
    "trial": {"base", "model", "ode", "tissue", "simulation"},
    # The report only looks: a Result and its numbers, never the machine that made them.
    "report": {"base", "model", "trial", "tissue"},
    "cli": {"base", "model", "ode", "tissue", "simulation", "trial", "report"},
}

MOST_PUBLIC_HEADERS = 15

# public header -> the layer that implements it
PUBLIC = {
    "error": "base", "units": "base", "random": "base",
    "expression": "model", "spec": "model", "model": "model",
    "state": "ode",
    "simulation": "simulation", "ensemble": "simulation",
    "regimen": "trial", "cohort": "trial", "trial": "trial", "result": "trial", "statistics": "trial", "endpoints": "trial",
    "report": "report",
    "tissue": "tissue",
}


def layer_of_header(path: str) -> str | None:
    if path.startswith("abscopal/"):
        name = pathlib.PurePath(path).stem
        return PUBLIC.get(name, "unlisted public header " + path)
    first = path.split("/")[0]
    return first if first in ALLOWED else None


def layer_of_file(file: pathlib.Path) -> str | None:
    parts = file.relative_to(ROOT).parts
    if parts[0] == "src":
        return parts[1]
    if parts[0] == "include":
        return PUBLIC.get(file.stem)
    return "cli" if parts[0] == "cli" else None


def main() -> int:
    faults = []
    files = [f for folder in ("src", "include", "cli") for f in (ROOT / folder).rglob("*.[ch]pp")]
    for file in sorted(files):
        layer = layer_of_file(file)
        if layer is None:
            faults.append(f"{file.relative_to(ROOT)}: belongs to no layer; list it in tools/check_layers.py")
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            match = re.match(r'\s*#\s*include\s*["<]([^">]+)[">]', line)
            target = layer_of_header(match.group(1)) if match else None
            if target and target != layer and target not in ALLOWED.get(layer, set()):
                faults.append(f"{file.relative_to(ROOT)}:{number}: layer '{layer}' may not include '{match.group(1)}' ({target})")
    n_public = len(list((ROOT / "include/abscopal").glob("*.hpp")))
    if n_public > MOST_PUBLIC_HEADERS:
        faults.append(f"include/abscopal: {n_public} headers, more than {MOST_PUBLIC_HEADERS}")
    print("\n".join(faults) or f"{len(files)} files keep the layers")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
