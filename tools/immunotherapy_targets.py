#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Abscopal developers
"""Writes models/immunotherapy/calibration/problem.toml from the tables of the evidence.

    tools/immunotherapy_targets.py EVIDENCE_FOLDER

The trial files beside it hold patients, visits and arms; here stands which row of evidence each arm answers to. A row is named by trial and the
beginning of its arm; strata by a condition on the patients. Rows of drugs the model does not have are left out.
"""
import csv
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent.parent / "models/immunotherapy/calibration"

# file of the trial → arm of that file → rows of trials_calibration.csv: (trial, beginning of the arm, condition, held out)
ARMS = {
    "melanoma_first_line": {
        "nivolumab": [("CheckMate-067", "nivolumab", "", False), ("RELATIVITY-047", "nivolumab", "", True)],
        "ipilimumab": [("CheckMate-067", "ipilimumab", "", False), ("KEYNOTE-006", "ipilimumab", "", False)],
        "pembrolizumab every 3 weeks": [("KEYNOTE-006", "pembrolizumab Q3W", "", False)],
        "pembrolizumab every 2 weeks": [("KEYNOTE-006", "pembrolizumab Q2W", "", True)],
        "dacarbazine": [("CA184-024", "dacarbazine", "", False)],
        "interleukin-2": [("Atkins 1999 HD IL-2", "HD IL-2", "", False)],
    },
    "melanoma_first_line_wild_type": {
        "nivolumab": [("CheckMate-066", "nivolumab", "", False)],
        "dacarbazine": [("CheckMate-066", "dacarbazine", "", False)],
    },
    "melanoma_after_chemotherapy": {
        "ipilimumab 3 mg/kg": [("MDX010-20", "ipilimumab", "", False), ("CA184-169", "ipilimumab 3", "", False), ("CA184-022", "ipilimumab 3 ", "", False)],
        "ipilimumab 10 mg/kg": [("CA184-169", "ipilimumab 10", "", False), ("CA184-022", "ipilimumab 10", "", True)],
        "ipilimumab 0.3 mg/kg": [("CA184-022", "ipilimumab 0.3", "", False)],
        "peptide vaccine": [("MDX010-20", "gp100", "", False)],
        "nivolumab": [("CA209-003 (nivolumab phase 1)", "nivolumab melanoma", "", False)],
        "interleukin-2": [("Schwartzentruber 2011", "HD IL-2", "", True)],
    },
    "melanoma_after_ipilimumab": {
        "nivolumab": [("CheckMate-037", "nivolumab", "", False)],
        "dacarbazine": [("CheckMate-037", "chemotherapy", "", False)],
        "pembrolizumab 2 mg/kg": [("KEYNOTE-002", "pembrolizumab 2 ", "", False)],
        "pembrolizumab 10 mg/kg": [("KEYNOTE-002", "pembrolizumab 10 ", "", True)],
        "carboplatin and paclitaxel": [("KEYNOTE-002", "chemotherapy", "", False)],
    },
    "melanoma_injectable": {
        "talimogene": [("OPTiM", "T-VEC", "", False)],
        "sargramostim": [("OPTiM", "GM-CSF", "", False)],
    },
    "melanoma_resected": {
        "pembrolizumab": [("EORTC 1325/KEYNOTE-054", "pembrolizumab", "", False)],
        "placebo": [("EORTC 1325/KEYNOTE-054", "placebo", "", False), ("EORTC 18071", "placebo", "", False)],
        "ipilimumab 10 mg/kg": [("EORTC 18071", "ipilimumab 10", "", False)],
    },
    "nsclc_first_line": {
        "pemetrexed and carboplatin": [("KEYNOTE-189", "placebo", "", False), ("CheckMate-227 part 1", "chemotherapy (PD-L1>=1%)", "pd_l1_tps >= 1", False), ("CheckMate-227 part 1", "chemotherapy (PD-L1<1%)", "pd_l1_tps < 1", True)],
        "carboplatin and paclitaxel, 4 cycles": [("KEYNOTE-407", "placebo", "", False)],
        "carboplatin and paclitaxel, 6 cycles": [("CA184-104", "placebo", "", True)],
        "carboplatin and nab-paclitaxel": [("IMpower130", "carboplatin", "", False)],
        "nivolumab": [("CheckMate-227 part 1", "nivolumab", "pd_l1_tps >= 1", False)],
    },
    "nsclc_first_line_pd_l1_high": {
        "pembrolizumab": [("KEYNOTE-024", "pembrolizumab", "", False)],
        "atezolizumab": [("IMpower110", "atezolizumab", "", True)],
        "pemetrexed and carboplatin": [("KEYNOTE-024", "platinum", "", False), ("IMpower110", "chemotherapy", "", True)],
    },
    "nsclc_second_line": {
        "nivolumab": [("CheckMate-057", "nivolumab", "", False), ("CheckMate-017", "nivolumab", "", False), ("CheckMate-078", "nivolumab", "", True), ("CA209-003 (nivolumab phase 1)", "nivolumab NSCLC", "", True)],
        "atezolizumab": [("OAK", "atezolizumab", "", False), ("POPLAR", "atezolizumab", "", True)],
        "avelumab": [("JAVELIN Lung 200", "avelumab", "pd_l1_tps >= 1", False)],
        "pembrolizumab 2 mg/kg": [("KEYNOTE-010", "pembrolizumab 2 mg/kg", "pd_l1_tps >= 1", False), ("KEYNOTE-010", "pembrolizumab 2 mg/kg TPS>=50%", "pd_l1_tps >= 50", False)],
        "pembrolizumab 10 mg/kg": [("KEYNOTE-010", "pembrolizumab 10 mg/kg", "pd_l1_tps >= 1", True), ("KEYNOTE-010", "pembrolizumab 10 mg/kg TPS>=50%", "pd_l1_tps >= 50", True)],
        "docetaxel": [("CheckMate-057", "docetaxel", "", False), ("CheckMate-017", "docetaxel", "", False), ("OAK", "docetaxel", "", False), ("POPLAR", "docetaxel", "", True), ("KEYNOTE-010", "docetaxel", "pd_l1_tps >= 1", False), ("JAVELIN Lung 200", "docetaxel", "pd_l1_tps >= 1", True), ("CheckMate-078", "docetaxel", "", True)],
    },
    "rcc_first_line": {
        "interferon alfa": [("Motzer 2007 sunitinib vs IFN", "IFN", "", False), ("Motzer 2002 IFN first-line pool", "IFN", "", False)],
        "interleukin-2": [("Fyfe 1995 HD IL-2", "HD IL-2", "", False)],
    },
    "rcc_second_line": {
        "nivolumab": [("CheckMate-025", "nivolumab", "", False), ("CA209-003 (nivolumab phase 1)", "nivolumab RCC", "", True)],
    },
    "hnscc_first_line": {
        "pembrolizumab": [("KEYNOTE-048", "pembrolizumab", "", False), ("KEYNOTE-048", "pembrolizumab CPS>=20", "pd_l1_tps >= 15", False), ("KEYNOTE-048", "pembrolizumab CPS>=1", "pd_l1_tps >= 0.4", True)],
    },
    "hnscc_second_line": {
        "nivolumab": [("CheckMate-141", "nivolumab", "", False)],
        "pembrolizumab": [("KEYNOTE-040", "pembrolizumab", "", False)],
        "docetaxel": [("CheckMate-141", "SOC", "", False), ("KEYNOTE-040", "SOC", "", False)],
    },
}

# file → arm → trial, regimen of adverse_events_calibration.csv: rows of one trial and drug
EVENTS = {
    "melanoma_first_line": {
        "nivolumab": [("CheckMate-067", "nivolumab")],
        "ipilimumab": [("CheckMate-067", "ipilimumab"), ("KEYNOTE-006", "ipilimumab")],
        "pembrolizumab every 3 weeks": [("KEYNOTE-006", "pembrolizumab")],
        "interleukin-2": [("Proleukin label", "high-dose IL-2")],
    },
    "melanoma_after_ipilimumab": {
        "pembrolizumab 2 mg/kg": [("KEYNOTE-002", "pembrolizumab 2 mg/kg")],
    },
    "melanoma_injectable": {"talimogene": [("OPTiM (Imlygic label)", "T-VEC")]},
    "melanoma_resected": {
        "pembrolizumab": [("KEYNOTE-054", "pembrolizumab")],
        "ipilimumab 10 mg/kg": [("EORTC 18071", "ipilimumab 10 mg/kg")],
        "interferon alfa": [("ECOG 1684 (Intron A label)", "high-dose IFN-alpha-2b")],
    },
    "nsclc_first_line": {
        "pemetrexed and carboplatin": [("KEYNOTE-189", "chemotherapy (pemetrexed + platinum)")],
    },
    "nsclc_second_line": {
        "nivolumab": [("CheckMate-057", "nivolumab")],
        "docetaxel": [("CheckMate-057", "chemotherapy (docetaxel)"), ("KEYNOTE-010", "chemotherapy (docetaxel)")],
        "pembrolizumab 2 mg/kg": [("KEYNOTE-010", "pembrolizumab")],
    },
    "hnscc_second_line": {"pembrolizumab": [("KEYNOTE-012", "pembrolizumab")]},
}
TERMS = {
    "fatigue": "Fatigue", "fatigue or asthenia": "Fatigue", "malaise/fatigue": "Fatigue", "diarrhoea": "Diarrhea", "nausea": "Nausea",
    "vomiting": "Vomiting", "pruritus": "Pruritus", "rash": "Rash maculo-papular", "fever": "Fever", "chills": "Chills",
    "decreased appetite": "Anorexia", "hepatitis/ALT increase": "Alanine aminotransferase increased", "hypothyroidism": "Hypothyroidism",
    "colitis": "Colitis", "arthralgia": "Arthralgia", "headache": "Headache", "pneumonitis": "Pneumonitis", "hypophysitis": "Hypophysitis",
    "anaemia": "Anemia", "neutropenia": "Neutrophil count decreased", "asthenia": "Generalized muscle weakness",
    "oral mucositis (stomatitis)": "Mucositis oral", "oral mucositis/mouth sores (stomatitis)": "Mucositis oral",
    "hypotension": "Capillary leak syndrome", "depression": "Depression", "myalgia/pain": "Pain",
}

# Strata: file, arm, trial, n where not printed, (label, condition, response %)
STRATA = [
    ("nsclc_second_line", "pembrolizumab 2 mg/kg", "KEYNOTE-001", [("", "pd_l1_tps < 1", 10.7, 28), ("", "pd_l1_tps >= 1 and pd_l1_tps < 50", 16.5, 103), ("", "pd_l1_tps >= 50", 45.2, 73)]),
    ("nsclc_second_line", "nivolumab", "MSK cohort, mutations", [("", "tmb < 5", 21.1, 199), ("", "tmb >= 5 and tmb < 10", 18.6, 210), ("", "tmb >= 10 and tmb < 20", 31.5, 146), ("", "tmb >= 20", 44.4, 45)]),
    ("nsclc_second_line", "nivolumab", "CheckMate-057", [("", "pd_l1_tps < 1", 9, 108), ("", "pd_l1_tps >= 1", 31, 123)]),
    ("nsclc_second_line", "atezolizumab", "OAK", [("", "pd_l1_tps < 1", 8, 180), ("", "pd_l1_tps >= 50", 31, 72)]),
    ("melanoma_first_line", "nivolumab", "CheckMate-067", [("", "pd_l1_tps < 5", 41.3, 208), ("", "pd_l1_tps >= 5", 57.5, 80)]),
    ("melanoma_first_line", "ipilimumab", "CheckMate-067", [("", "pd_l1_tps < 5", 17.8, 202), ("", "pd_l1_tps >= 5", 21.3, 75)]),
    ("melanoma_first_line", "pembrolizumab every 3 weeks", "KEYNOTE-001", [("", "liver_2 or liver_3", 30.6, 85), ("", "not (liver_2 or liver_3)", 56.3, 138), ("", "size_1 + size_2 + size_3 + size_4 + size_5 < 102", 44, 287), ("", "size_1 + size_2 + size_3 + size_4 + size_5 >= 102", 23, 288)]),
    ("hnscc_first_line", "pembrolizumab", "KEYNOTE-048", [("", "pd_l1_tps < 0.4", 4.5, 44), ("", "pd_l1_tps >= 0.4 and pd_l1_tps < 15", 14.5, 124), ("", "pd_l1_tps >= 15", 23.3, 133)]),
    ("hnscc_second_line", "pembrolizumab", "KEYNOTE-040", [("", "pd_l1_tps >= 50", 26.6, 64), ("", "pd_l1_tps < 50", 10.4, 182)]),
]


def rows(folder, name):
    with open(folder / name, encoding="utf-8") as file:
        return list(csv.DictReader(file))


def number(text):
    try:
        return float(text)
    except ValueError:
        return None


def target(trial, arm, measure, value, n, source, where="", held_out=False, lower="", upper="", event="", grade=0):
    lines = [f"\n[[target]]  # {source}", f'trial = "{trial}"', f'arm = "{arm}"', f'measure = "{measure}"', f"value = {value:g}"]
    if event:
        lines.insert(4, f'event = "{event}"')
    if grade:
        lines.insert(4, f"grade = {grade}")
    if where:
        lines.append(f'where = "{where}"')
    if number(lower) is not None:
        lines.append(f"lower = {float(lower):g}")
        if number(upper) is not None:
            lines.append(f"upper = {float(upper):g}")
    if number(n):
        lines.append(f"n = {number(n):g}")
    if held_out:
        lines.append("held_out = true")
    return "\n".join(lines) + "\n"


def of_arm(row, trial, arm, where, held_out):
    """The targets one row of trials_calibration.csv gives."""
    source = row["trial"]
    tell = lambda measure, cell, **more: (  # noqa: E731
        target(trial, arm, measure, number(row[cell]), row["N"], source, where, held_out, **more) if number(row[cell]) is not None else "")
    text = tell("orr", "ORR_pct")
    if number(row["PFS_median_months"]) is not None:
        text += tell("pfs_median", "PFS_median_months", lower=row["PFS_ci_lo"], upper=row["PFS_ci_hi"])
    if row["PFS_type"] == "RFS":
        text += tell("pfs_12m", "PFS_12m_pct")
    text += tell("os_12m", "OS_12m_pct") + tell("os_24m", "OS_24m_pct")
    if not row["AE_basis"].startswith(("all-cause", "immune")):
        text += tell("grade3plus", "grade3plus_TRAE_pct")
    return text


def main():
    evidence = pathlib.Path(sys.argv[1])
    trials, events = rows(evidence, "trials_calibration.csv"), rows(evidence, "adverse_events_calibration.csv")
    text = (HERE / "head.toml").read_text(encoding="utf-8")
    text += "\n# --- The trials --------------------------------------------------------------------------------------\n"
    for trial in ARMS:
        text += f'\n[[trial]]\nname = "{trial}"\nfile = "{trial}.toml"\n'
    text += "\n# --- What was seen: written by tools/immunotherapy_targets.py from the tables of the evidence --------\n"
    for trial, arms in ARMS.items():
        for arm, sources in arms.items():
            for name, begin, where, held_out in sources:
                found = [r for r in trials if r["trial"] == name and (r["arm"] == begin or r["arm"].startswith(begin))]
                exact = [r for r in found if r["arm"] == begin]
                text += of_arm((exact or found)[0], trial, arm, where, held_out)
    for trial, arms in EVENTS.items():
        for arm, sources in arms.items():
            for name, drug in sources:
                seen = set()
                for r in events:
                    if r["trial"] != name or r["drug_or_regimen"] != drug or r["event"] not in TERMS or "severe" in r["attribution"]:
                        continue
                    if number(r["any_grade_pct"]) is None or r["event"] in seen or (name == "KEYNOTE-006" and "Q2W" in r["context"]):
                        continue
                    seen.add(r["event"])
                    text += target(trial, arm, "event", number(r["any_grade_pct"]), r["N"], name, event=TERMS[r["event"]], grade=1)
    for trial, arm, name, strata in STRATA:
        for _, where, response, n in strata:
            text += target(trial, arm, "orr", response, n, name + ", stratum", where)
    (HERE / "problem.toml").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
