"""How often labels by machine are let in, and how often the audit's range holds the true rate of error.

Simulation with a known truth (the logistic line of benchmarks/gate.py). The pool has labels of which a
known share is turned round, or labels dealt at random. Each repeat draws new rows and runs the whole trial:
5 folds, twice, the weight chosen inside, self-training as the control.

Run: python -m benchmarks.machine_labels [--repeats 40] [--rows 40] [--json OUT]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.gate import line_rows
from interpretable.collab.audit import by_person, draw_audit
from interpretable.collab.gate import run_gate
from interpretable.collab.taught import SelfTaught, Taught
from interpretable.collab.teacher import Fixed, Labels
from interpretable.records.gate import GateFinding

POOL = 300
ERRORS = {"all right": 0.0, "1 in 10 wrong": 0.1, "3 in 10 wrong": 0.3, "dealt at random": None}
AUDITS = ((350, 50, 0.02, 0.3), (200, 200, 0.1, 0.1), (380, 20, 0.01, 0.5), (3000, 400, 0.005, 0.1))


def trial(seed: int, *, rows: int, wrong: float | None, repeats: int = 2) -> GateFinding:
    """The finding on `rows` real rows and a pool whose labels are wrong at this rate (None: dealt)."""
    real, pool = line_rows(rows, seed=seed), line_rows(POOL, seed=10_000 + seed, part="all")
    assert pool.target is not None
    random = np.random.default_rng(seed)
    turned = np.where(random.random(POOL) < (wrong or 0.0), 1 - pool.target, pool.target)
    said = random.permutation(turned) if wrong is None else turned
    labels = Labels(said=said, sure=np.full(POOL, np.nan))
    taught = Taught(
        teacher=Fixed(name="planted", labels=labels), pool=pool, fitting=np.ones(POOL, dtype=bool)
    )
    return run_gate(
        real, taught, family="ridge", size=30.0, repeats=repeats, seed=seed, reasons=(),
        control=SelfTaught(taught=taught, family="ridge", everything=real),
    )  # fmt: skip


def coverage(plan: tuple[int, int, float, float], wanted: int, *, repeats: int, seed: int = 0) -> float:
    """Share of audits of `wanted` rows whose range holds the true rate of error."""
    first, second, low, high = plan
    said = np.repeat([0, 1], [first, second])
    random = np.random.default_rng(seed)
    wrong = np.zeros(first + second, dtype=bool)
    wrong[: round(first * low)] = True
    wrong[first : first + round(second * high)] = True
    truth, held = np.where(wrong, 1 - said, said), 0
    for number in range(repeats):
        drawn = draw_audit(said, wanted, seed=int(random.integers(2**31)) + number)
        found = by_person(said, drawn, truth[drawn], classes=("no", "yes"), drawn=len(drawn)).error
        held += bool(
            found.low is not None and found.high is not None and found.low <= wrong.mean() <= found.high
        )
    return held / repeats


def main(given: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeats", type=int, default=40)
    parser.add_argument("--rows", type=int, default=40)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args(given)
    told: dict[str, Any] = {"rows": asked.rows, "repeats": asked.repeats}
    for name, wrong in ERRORS.items():
        found = Counter(trial(s, rows=asked.rows, wrong=wrong).verdict for s in range(asked.repeats))
        told[name] = dict(found)
        print(name, dict(found), flush=True)
    for plan in AUDITS:
        for wanted in (20, 40, 100):
            told[f"audit {plan} {wanted}"] = share = coverage(plan, wanted, repeats=2000)
            print("audit", plan, wanted, round(share, 3), flush=True)
    if asked.json is not None:
        asked.json.write_text(json.dumps(told, indent=1))


if __name__ == "__main__":
    main(sys.argv[1:])
