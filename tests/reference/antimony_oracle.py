#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Converts models with libAntimony, as the truth for our own reader and writer.

Each line of standard input is `MODE<tab>IN<tab>OUT`; MODE is `antimony` (SBML to Antimony) or `sbml` (Antimony to SBML).
Prints `ok` or what libAntimony says against the model, one line each. Ends with 3 where libAntimony is not installed."""
import os
import sys

try:
    import antimony
except ImportError:
    sys.exit(3)


def convert(mode: str, source: str, target: str) -> str:
    load = antimony.loadSBMLFile if mode == "antimony" else antimony.loadAntimonyFile
    if load(source) < 0:
        return " ".join(antimony.getLastError().split())
    write = antimony.getAntimonyString if mode == "antimony" else antimony.getSBMLString
    with open(target, "w", encoding="utf-8") as file:
        file.write(write(antimony.getMainModuleName()))
    return "ok"


# libAntimony keeps traces of a refused model, so each is read in a process of its own.
for line in sys.stdin.readlines():
    child = os.fork()
    if child == 0:
        print(convert(*line.rstrip("\n").split("\t")), flush=True)
        os._exit(0)
    os.waitpid(child, 0)
