"""Rows and texts of the local language model, judged: the share of use, why not, time, copies, verdict.

A small study of heart_disease and one of sms_spam are made from seeded samples. Beside each, rows or texts
are made inside every fold and judged by the gate. The local model only shows that the path works.

Run: OMP_NUM_THREADS=1 python -m benchmarks.augment --keep FOLDER [--set heart_disease] [--kind paraphrase]
Answers stay in FOLDER, so a stopped run goes on, and a second one asks nothing.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas

import interpretable
from interpretable import data, llm
from interpretable.llm import Cached, LLMClient
from interpretable.records.augmented import Augmented
from interpretable.records.quality import Quality
from interpretable.study.beside import Asking
from interpretable.study.beside.augment import run

SETS: dict[str, dict[str, Any]] = {
    "heart_disease": {"sample": 100, "model": "logistic", "rows": 9},
    "sms_spam": {"sample": 170, "model": "text", "rows": 12},
}
GATE = {"folds": 2, "repeats": 1}
SEED = 0


@dataclass(frozen=True, kw_only=True)
class Kept(Asking):
    """An asking whose answers outlive the run."""

    answers: Path

    @contextmanager
    def client(self) -> Iterator[LLMClient]:
        with llm.connect(self.mode, self.task) as client:
            yield Cached(client, self.answers)


def measure(name: str, *, kind: str | None, keep: Path, scratch: Path) -> Augmented:
    """One set: the study, the rows, the verdict."""
    chosen, folder = SETS[name], Path("sample_data") / name
    task = data.read_task(folder / "task.toml")
    table = pandas.read_csv(folder / "data.csv", dtype=str, keep_default_na=False)
    some = table.sample(chosen["sample"], random_state=SEED)
    study = interpretable.train(
        task=task, data=some, out=scratch / name, models=[chosen["model"]], quick=True, llm="off"
    )
    asking = Kept(
        mode="local", task=study.task, folder=scratch / "none", seed=SEED,
        progress=lambda note: print(note, flush=True), answers=keep / f"{name}-{kind or 'default'}",
    )  # fmt: skip
    found: Augmented = run(study, asking, rows=chosen["rows"], kind=kind, smoke_test=True, **GATE)
    return found


def tell(name: str, found: Augmented) -> None:
    """Print what a table in the docs holds."""
    account, gate, bill = found.account, found.gate, found.told.ledger
    print(f"\n{name}, {found.kind}, {gate.n} training rows, student {gate.student}")
    print(f"asked {account.asked}, usable {account.usable}, refused {account.refused}")
    print(f"curation {gate.curation}")
    for arm in gate.arms:
        gain = None if arm.gain is None else (arm.gain.value, arm.gain.low, arm.gain.high)
        print(f"  {arm.name:10} loss {arm.loss:.4f} gain {gain} weights {arm.weights}")
    print(f"verdict {gate.verdict} ({gate.reason})")
    _tell_quality(found.quality)
    if bill is not None:
        print(
            f"{bill.calls} calls, {bill.cached} from memory, {bill.seconds:.0f} s, {bill.tokens_out} tokens"
        )


def _tell_quality(told: Quality | None) -> None:
    if told is None:
        print("too few rows to measure what they are like")
        return
    print(f"set of {told.made}, made from {told.shown} rows, against {told.others} others")
    for name in ("told_apart", "copies_shown", "copies_others", "loss_gap", "attack_auc", "attack_tpr"):
        one = getattr(told, name)
        print(f"  {name:13} {one and [one.value, one.low, one.high]}")
    print(f"  loss generated {told.loss_generated} real {told.loss_real} closest {told.closest}")
    print(f"  columns {[(c.column, round(c.generated, 2), round(c.real, 2)) for c in told.columns]}")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--keep", type=Path, required=True)
    asked.add_argument("--set", choices=SETS, action="append")
    asked.add_argument("--kind", default=None)
    given = asked.parse_args()
    for name in given.set or SETS:
        with tempfile.TemporaryDirectory() as scratch:
            found = measure(name, kind=given.kind, keep=given.keep, scratch=Path(scratch))
        tell(name, found)


if __name__ == "__main__":
    main()
