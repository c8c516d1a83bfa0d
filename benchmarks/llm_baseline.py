"""A language model beside the small models on two sample sets; and how often the verdict errs by chance.

`--simulate` needs no language model: 40 rows, four modes exactly as good as the small model (the same truth,
noise of the same size), AUROC about .75; the share of samples in which the verdict is "helps".

Run: python -m benchmarks.llm_baseline [--sets heart_disease sms_spam] [--rows 40] [--shots 4] [--out FOLDER]
     python -m benchmarks.llm_baseline --simulate 2000
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas

import interpretable
from interpretable import words
from interpretable.collab import readings
from interpretable.errors import LLMError
from interpretable.records.dataset import Dataset
from interpretable.records.evaluation import Figure
from interpretable.records.llm_baseline import BaselineFinding
from interpretable.records.task import Column, Task
from interpretable.study import open_study
from interpretable.study.layout import SEAL

SAMPLES = Path(__file__).parents[1] / "sample_data"
TASK = Task(
    name="simulated", kind="binary", target="y", positive="yes", columns=(Column(name="x", kind="number"),)
)


def shown(one: Figure | None) -> str:
    return "-" if one is None else words.figure(one)


def print_table(name: str, found: BaselineFinding) -> None:
    metrics = list(found.small[0].metrics)
    print(
        f"\n{name}: {found.told.verdict} ({found.told.reason}), {found.rows} of {found.rows_test} test rows"
    )
    print("| Who | Reading | " + " | ".join(metrics) + " | s per 1,000 | tokens per 1,000 |")
    for small in found.small:
        cells = [shown(small.metrics[m]) for m in metrics]
        print(f"| {small.model} |  | {' | '.join(cells)} | {small.cost.seconds:.2g} |  |")
    for mode in found.modes:
        for reading in mode.readings:
            cells = [shown(reading.metrics[m]) for m in metrics]
            cost = "" if mode.cost is None else f"{mode.cost.seconds:.0f} | {mode.cost.tokens:.0f}"
            print(f"| {mode.mode} | {reading.name} | {' | '.join(cells)} | {cost} |")
    for line in (*words.llm_lines(found), *_probes(found)):
        print("-", line)


def _probes(found: BaselineFinding) -> list[str]:
    lines = [
        f"{one.change}: {one.skipped or one.n}, changed {shown(one.changed)}, moved {shown(one.moved)}"
        for one in found.steadiness
    ]
    if found.completion is not None and found.renamed is not None:
        lines += [*words.llm_completion(found.completion), *words.llm_renamed(found.renamed)]
    return lines


def simulate(events: int, samples: int, *, rows: int = 40, modes: int = 4) -> dict[str, float]:
    """Share of each verdict where every mode is exactly as good as the small model."""
    random = np.random.default_rng(events)
    y = np.r_[np.ones(events, dtype=np.int64), np.zeros(rows - events, dtype=np.int64)]
    ids = np.arange(rows).astype(str).astype(object)
    data = Dataset(
        task=TASK, frame=pandas.DataFrame({"x": np.zeros(rows)}), row_ids=ids, target=y, classes=("no", "yes")
    )
    seen: dict[str, int] = {}
    for _ in range(samples):
        truth = 1.2 * y + random.normal(0, 1, rows)
        small = truth + random.normal(0, 0.8, rows)
        given = [truth + random.normal(0, 0.8, rows) for _ in range(modes)]
        verdict, _ = readings.verdict_of([readings.gain_of(data, p, small, modes=modes) for p in given])
        seen[verdict] = seen.get(verdict, 0) + 1
    return {verdict: count / samples for verdict, count in seen.items()}


def measure(name: str, folder: Path, options: dict[str, Any]) -> None:
    out = folder / name
    if (out / SEAL).is_file():
        study = open_study(out)
    else:
        study = interpretable.train(SAMPLES / name / "task.toml", out=out, quick=True, llm="off")
    try:
        print_table(name, study.ask_beside("baseline", llm="local", **options))
    except LLMError as error:
        print(f"{name}: {' '.join(error.problems)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", nargs="*", default=["heart_disease", "sms_spam"])
    parser.add_argument("--rows", type=int, default=40)
    parser.add_argument("--shots", type=int, default=4)
    parser.add_argument("--simulate", type=int, default=0)
    parser.add_argument("--out", type=Path, help="where studies are kept, so that a stopped run goes on")
    asked = parser.parse_args()
    if asked.simulate:
        for events in (5, 20):
            print(f"{events} events of 40 rows:", simulate(events, asked.simulate))
        return
    options = {"rows": asked.rows, "calibration_rows": asked.rows, "shots": asked.shots}
    with tempfile.TemporaryDirectory() as folder:
        for name in asked.sets:
            measure(name, asked.out or Path(folder), options)


if __name__ == "__main__":
    main()
