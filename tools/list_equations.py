#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Abscopal developers
"""Writes docs/theory/immunotherapy_equations.md: every law and every number of models/immunotherapy with its source.

Run it after a change of the .ant files: tools/list_equations.py
"""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent
MODEL = ROOT / "models/immunotherapy"
PAGE = ROOT / "docs/theory/immunotherapy_equations.md"
HEAD = """# Every equation of the immunotherapy model

Written by `tools/list_equations.py` from `models/immunotherapy/*.ant`; [the theory page](immunotherapy.md) says why they have this form. Reactions as
`substrates → products: rate`; rules as `name = value`. Numbers stand with what their file says of their source; those without are explained by the comment above them.
Research software; no medical advice.
"""

REACTION = re.compile(r"^\s*(\w+):\s*(?!\w+\()([^;]*?)(=>|->)([^;]*);\s*([^;]+)$")
RULE = re.compile(r"^\s*(\w+)\s*:=\s*(.+)$")
NUMBER = re.compile(r"^\s*(\w+)\s*=\s*(.+)$")


def statements(text):
    """Pairs of a statement and the comment of its line; a reaction keeps its law."""
    for line in text.replace("\\\n", " ").splitlines():
        code, _, comment = line.partition("//")
        parts = [part.strip() for part in code.split(";") if part.strip()]
        i = 0
        while i < len(parts):
            if re.match(r"^\w+:\s*(?!\w+\().*(=>|->)", parts[i]) and i + 1 < len(parts):
                yield parts[i] + "; " + parts[i + 1], comment.strip()
                i += 2
            else:
                yield parts[i], comment.strip()
                i += 1


def cell(text):
    return " ".join(text.split()).replace("|", "\\|")


def tables_of(path):
    laws, numbers = [], []
    for code, comment in statements(path.read_text()):
        if found := REACTION.match(code):
            name, left, _, right, rate = found.groups()
            laws.append(f"| `{name}` | `{cell(left) or '∅'} → {cell(right) or '∅'}: {cell(rate)}` | {cell(comment)} |")
        elif found := RULE.match(code):
            laws.append(f"| `{found[1]}` | `{cell(found[2])}` | {cell(comment)} |")
        elif (found := NUMBER.match(code)) and not re.fullmatch(r"0", found[2]):
            numbers.append(f"| `{found[1]}` | `{cell(found[2])}` | {cell(comment)} |")
    parts = []
    if laws:
        parts.append("| law | equation | note, source |\n|---|---|---|\n" + "\n".join(laws) + "\n")
    if numbers:
        parts.append("| number | value | source |\n|---|---|---|\n" + "\n".join(numbers) + "\n")
    return "\n".join(parts)


def main():
    order = re.findall(r'import "(\w+\.ant)"', (MODEL / "immunotherapy.ant").read_text())
    rest = sorted(p.name for p in MODEL.glob("*.ant") if p.name not in order)
    sections = [(name, tables_of(MODEL / name)) for name in order + rest]
    PAGE.write_text(HEAD + "".join(f"\n## `{name}`\n\n{body}" for name, body in sections if body))


if __name__ == "__main__":
    main()
