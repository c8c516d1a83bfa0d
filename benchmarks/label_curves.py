"""Learning curves: labels chosen by the queue of `label-next` against labels chosen by chance.

    python -m benchmarks.label_curves [sms_spam medmcqa_subject heart_disease] [--seeds 10] [--json OUT]

Each seed holds out 30 % of the rows to measure on, starts every way from the same 100 rows drawn by chance,
and adds batches of 50 up to 800. The model is logistic regression (text: TF-IDF of words, penalty C = 10)
without a correction. Differences are means over seeds of "a rule minus chance" with Student t intervals; the
seeds share rows, so these intervals speak of this data set, not of others.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from interpretable.explain.context import Context
from interpretable.explain.label_queue import Rule, label_queue
from interpretable.models import linear, text  # noqa: F401 - importing a family registers it
from interpretable.models.base import Effort, families
from interpretable.models.features import describe
from interpretable.records.dataset import Dataset
from interpretable.score.domain import fit_domain
from interpretable.score.output import all_chances
from interpretable.score.scorer import Scorer, columns_of, make_scorer, predict
from interpretable.stats import metrics
from interpretable.stats.intervals import mean_t
from interpretable.study.sources import gather

SETS = ("sms_spam", "medmcqa_subject", "heart_disease")
START, BATCH, END = 100, 50, 800
ALONE = {"random": 0.0, "novel": 0.0}
RULES: dict[str, Rule | None] = {
    "chance": None,
    "queue": Rule(),
    "closest only": Rule(**ALONE, pool=1),
    "close, no copies": Rule(**ALONE),
    "close, 10 % by chance": Rule(random=0.1, novel=0.0),
}


def fit(train: Dataset, everything: Dataset) -> tuple[Scorer, Context]:
    features = describe(train, everything)
    reads_text = bool(train.task.text_columns)
    effort = Effort(level="quick", refits=0, settings={"C": 10.0, "parts": ["word"]} if reads_text else {})
    fitted = families["text" if reads_text else "linear"].fit(train, features, effort)
    domain = fit_domain(features, columns_of(make_scorer(fitted.record), train), len(train))
    return make_scorer(fitted.record), Context(task=train.task, bundle_id="", averages=(0.5,), domain=domain)


def measured(scorer: Scorer, test: Dataset) -> dict[str, float]:
    said = predict(scorer, columns_of(scorer, test), len(test))
    chances = all_chances(said)
    found = {
        "log_loss": metrics.log_loss(test.target, said),
        "accuracy": float((chances.argmax(axis=1) == test.target).mean()),
    }
    if said.ndim == 1:
        found["auroc"] = metrics.auroc(test.target, said)
        found["told minus happened"] = float(said.mean() - test.target.mean())
    return found


def curve(dataset: Dataset, rule: Rule | None, seed: int) -> Iterator[dict[str, Any]]:
    drawn = np.random.default_rng(seed).permutation(len(dataset))
    cut = int(0.3 * len(dataset))
    test, pool = dataset.take(drawn[:cut]), drawn[cut:]
    labelled, free = list(pool[:START]), list(pool[START:])
    while True:
        scorer, context = fit(dataset.take(np.sort(labelled)), dataset)
        yield {"labels": len(labelled), **measured(scorer, test)}
        if len(labelled) >= min(END, START + len(free)) or len(free) < BATCH:
            return
        if rule is None:
            chosen = free[:BATCH]
        else:
            rows = dataset.take(np.array(free))
            places = {str(dataset.row_ids[i]): i for i in free}
            picks = label_queue(scorer, rows, context, n=BATCH, seed=seed + len(labelled), rule=rule)
            chosen = [places[pick.row_id] for pick in picks]
        labelled += chosen
        free = [i for i in free if i not in set(chosen)]


def compared(runs: dict[str, list[list[dict[str, Any]]]], metric: str) -> list[dict[str, Any]]:
    """Per rule and number of labels: mean, and difference to chance over the same seeds."""
    found = []
    base = runs["chance"]
    for name, seeds in runs.items():
        for k, step in enumerate(base[0]):
            own = np.array([run[k][metric] for run in seeds])
            row = {"rule": name, "labels": step["labels"], "metric": metric, "mean": float(own.mean())}
            if name != "chance" and len(own) > 1:
                gap = own - np.array([run[k][metric] for run in base[: len(own)]])
                low, high = mean_t(gap)
                row |= {"gap": float(gap.mean()), "low": low, "high": high}
            found.append(row)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("sets", nargs="*", default=list(SETS))
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--rules", nargs="*", default=["queue"], choices=[r for r in RULES if r != "chance"])
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    results = {}
    for name in asked.sets:
        dataset, _ = gather(Path("sample_data") / name / "task.toml", None)
        start = time.process_time()
        runs = {
            rule: [
                list(curve(dataset, RULES[rule], seed))
                for seed in range(asked.first, asked.first + asked.seeds)
            ]
            for rule in ("chance", *asked.rules)
        }
        rows = [
            row for metric in runs["chance"][0][0] if metric != "labels" for row in compared(runs, metric)
        ]
        results[name] = rows
        print(
            f"\n{name}: {len(dataset):,} rows, {asked.seeds} seeds, {time.process_time() - start:.0f} CPU s"
        )
        for row in rows:
            if row["labels"] in (100, 150, 200, 300, 400, 500, 600, 800):
                gap = f"{row['gap']:+.4f} ({row['low']:+.4f} to {row['high']:+.4f})" if "gap" in row else ""
                print(
                    f"{row['metric']:20}{row['rule']:20}{row['labels']:5}{row['mean']:9.4f}  {gap}",
                    flush=True,
                )
    if asked.json:
        asked.json.write_text(json.dumps(results, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
