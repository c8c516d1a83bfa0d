"""Every mechanism beside one study of a sample set, with the local model: verdicts and bills in one table.

Run: python -m benchmarks.small_and_large [heart_disease | sms_spam] [--folder DIR] [--only NAME ...]
The study is small on purpose (logistic or text, --quick), and so is every question: the local model is a
smoke test, and a generated row costs it seconds. Sixty rows are set aside as the unlabelled file of "label".
With --folder a stopped run goes on where it stopped: answers are kept.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas

import interpretable
from interpretable import data, words
from interpretable.study import OpenStudy, open_study

SAMPLES = Path(__file__).parent.parent / "sample_data"
MODELS = {"heart_disease": "logistic", "sms_spam": "text"}
ROWS = {"heart_disease": 920, "sms_spam": 1200}  # of the table, drawn by chance
ASIDE = 60
OPTIONS: dict[str, dict[str, Any]] = {
    "baseline": {"rows": 40, "calibration_rows": 40, "shots": 4},
    "curve": {"rows": 40, "pool": 40, "repeats": 2},
    "shift": {"by": "site"},
    "cascade": {"rows": 60, "max_error": 0.1},
    "prior": {"words": 60, "repeats": 1},
    "augment": {"rows": 12, "repeats": 1, "folds": 3, "smoke_test": True},
    "label": {"trial": 40, "repeats": 1},
    "narrate": {"rows": 10},
    "attack": {"rows": 10},
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", nargs="?", default="heart_disease", choices=MODELS)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--only", nargs="*", default=list(OPTIONS))
    given = parser.parse_args()
    if given.folder is not None:
        run(given.name, given.folder, given.only)
        return
    with tempfile.TemporaryDirectory() as folder:
        run(given.name, Path(folder), given.only)


def run(name: str, folder: Path, wanted: list[str]) -> None:
    """Train where there is no study yet, ask what was not asked yet, print the table."""
    study, aside = make_study(name, folder)
    for mechanism in wanted:
        options = OPTIONS[mechanism] | ({"rows": aside} if mechanism == "label" else {})
        there = options.get("by", "") in {"", *(column.name for column in study.task.columns)}
        if mechanism in study.beside or not there:
            continue
        study.ask_beside(mechanism, llm="local", progress=note, **options)
    print("| Mechanism | Verdict | Why | Questions | Tokens | Seconds |\n|---|---|---|---|---|---|")
    for mechanism, found in study.beside.items():
        told = found.told
        bill = told.ledger
        cost = (bill.calls, bill.tokens_in + bill.tokens_out, round(bill.seconds)) if bill else ("–",) * 3
        code = f"beside.reason.{mechanism}.{told.reason}"
        why = words.say(code) if told.reason and words.has(code) else "–"
        verdict = words.say(f"beside.overview.{told.verdict}")
        line = (words.say(f"beside.title.{mechanism}"), verdict, why, *cost)
        print("| " + " | ".join(map(str, line)) + " |")


def make_study(name: str, folder: Path) -> tuple[OpenStudy, Path]:
    """The study, and the file of rows set aside without their outcomes."""
    out, aside = folder / name, folder / f"{name}_unlabelled.csv"
    if not out.exists():
        task = data.read_task(SAMPLES / name / "task.toml")
        table = pandas.read_csv(SAMPLES / name / task.data, dtype=str, keep_default_na=False)
        table = table.sample(min(len(table), ROWS[name]), random_state=0)
        table[:ASIDE].drop(columns=task.target).to_csv(aside, index=False)
        given = {"models": MODELS[name], "quick": True, "llm": "off"}
        interpretable.train(replace(task, data=""), data=table[ASIDE:], out=out, **given)
    return open_study(out), aside


def note(text: str) -> None:
    print(text, end="\r", file=sys.stderr)


if __name__ == "__main__":
    main()
