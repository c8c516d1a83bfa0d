"""Planted label flips: how many `label-check` finds, and how many doubts data without planted flips give.

    python -m benchmarks.label_noise [sms_spam heart_disease medmcqa_subject] [--seeds 10] [--json OUT]

Labels of up to 2,000 rows are flipped to another class at random; out-of-fold estimates (5 folds, logistic
regression, with the correction that a study would choose) are made from the flipped labels. Compared: the
rows of `label-check` (the number from the confident joint, the rows with the lowest estimate of the recorded
label), the rows off the diagonal of the confident joint, and as many rows by the lowest estimate. Labels that
were wrong in the set before count as false alarms: the sets are not known to be clean.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from interpretable.models import linear, text  # noqa: F401 - importing a family registers it
from interpretable.models.base import Effort, families
from interpretable.models.features import describe
from interpretable.models.folds import make_folds
from interpretable.models.output_map import choose_map
from interpretable.models.train import out_of_fold
from interpretable.records.dataset import Dataset
from interpretable.score.output import all_chances, to_prediction
from interpretable.stats.intervals import mean_t
from interpretable.stats.label_noise import confident_joint, doubtful_rows
from interpretable.study.sources import gather

SETS = ("sms_spam", "heart_disease", "medmcqa_subject")
RATES = (0.0, 0.05, 0.1, 0.2)
MOST = 2_000


def flipped(rows: Dataset, rate: float, random: np.random.Generator) -> tuple[Dataset, np.ndarray]:
    """The rows with a share of their labels moved to another class, and which."""
    moved = np.zeros(len(rows), dtype=bool)
    moved[random.permutation(len(rows))[: round(rate * len(rows))]] = True
    classes = len(rows.classes)
    other = (rows.target + random.integers(1, classes, len(rows))) % classes
    return replace(rows, target=np.where(moved, other, rows.target)), moved


def honest(rows: Dataset, seed: int) -> np.ndarray:
    """Calibrated out-of-fold chances f8[n, K]."""
    features, folds = describe(rows, rows), make_folds(rows, 5, seed=seed)
    reads_text = bool(rows.task.text_columns)
    effort = Effort(level="quick", refits=0, settings={"C": 10.0, "parts": ["word"]} if reads_text else {})
    family = families["text" if reads_text else "linear"]
    raw = out_of_fold(family, rows, features, folds, effort=effort, progress=lambda _: None)
    link = "logit" if len(rows.classes) == 2 else "softmax"
    choice = choose_map(link, raw, rows.target, folds, name="linear")
    return all_chances(to_prediction(link, raw * choice.slope + choice.intercept))


def trial(dataset: Dataset, rate: float, seed: int) -> dict[str, float]:
    rows, moved = flipped(dataset.sample(MOST, seed=seed), rate, np.random.default_rng(seed))
    chances = honest(rows, seed)
    found = confident_joint(rows.target, chances)
    told = {"estimated share": found.doubtful}
    ours = doubtful_rows(rows.target, chances, round(found.doubtful * len(rows)))
    told["doubted share"] = len(ours) / len(rows)
    joint = np.flatnonzero((found.example_of >= 0) & (found.example_of != rows.target))
    own = chances[np.arange(len(rows)), rows.target]
    plain = np.argsort(own, kind="stable")[: len(joint)]
    for name, chosen in (("label-check", ours), ("joint", joint), ("lowest, as many as joint", plain)):
        if rate:
            hits = int(moved[chosen].sum())
            told[f"{name}: precision"] = hits / max(len(chosen), 1)
            told[f"{name}: recall"] = hits / int(moved.sum())
    if rate:
        told["label-check: precision of the first 20"] = float(moved[ours[:20]].mean())
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("sets", nargs="*", default=list(SETS))
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    results: list[dict[str, Any]] = []
    for name in asked.sets:
        dataset, _ = gather(Path("sample_data") / name / "task.toml", None)
        for rate in RATES:
            trials = [trial(dataset, rate, seed) for seed in range(asked.seeds)]
            print(f"\n{name}, {rate:.0%} flipped, {asked.seeds} seeds", flush=True)
            for key in trials[0]:
                values = np.array([t[key] for t in trials])
                low, high = mean_t(values)
                results.append({"set": name, "rate": rate, "figure": key, "mean": float(values.mean())})
                results[-1] |= {"low": low, "high": high}
                print(f"  {key:34}{values.mean():8.3f} ({low:.3f} to {high:.3f})")
    if asked.json:
        asked.json.write_text(json.dumps(results, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
