"""Our models and others on the same folds of every task under a folder, with intervals and CPU times.

    python -m benchmarks.tabular [DIR] [--json OUT] [--quick] [--repeats R] [--folds K] [--tune N]
                                 [--only interpret plain ours]

Exit code 1: a task could not be read, or one of our models failed on it. Tasks of text alone are skipped.
Cells that an earlier run with the same options wrote to OUT are taken up.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.contenders import GROUPS, RIVALS, Part
from interpretable.errors import UserError
from interpretable.models.folds import make_folds
from interpretable.records.dataset import Dataset
from interpretable.stats import metrics
from interpretable.stats.intervals import corrected_t
from interpretable.study.options import Options
from interpretable.study.packages import package_versions
from interpretable.study.sources import gather
from interpretable.version import VERSION

MATTERS = 0.005  # a mean this far behind the best rival is said
HEADLINE = {"binary": "auroc", "multiclass": "log_loss", "regression": "r2"}
FAILURES = (UserError, ValueError, ArithmeticError, LookupError, TypeError, OSError, RuntimeError)
OURS = ("our default glass box", "our tuned glass box")
Cell = dict[str, Any]


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", nargs="?", default="sample_data", type=Path)
    parser.add_argument("--json", type=Path, help="where to write every figure; finished cells are taken up")
    parser.add_argument("--quick", action="store_true", help="3 folds, fewer bags, 4 settings")
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--folds", type=int, default=0, help="default 5, with --quick 3")
    parser.add_argument(
        "--tune", type=int, default=None, help="settings per family: default 12, with --quick 4"
    )
    parser.add_argument("--only", nargs="*", default=list(GROUPS), choices=list(GROUPS))
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args(given)
    chosen.folds = chosen.folds or (3 if chosen.quick else 5)
    chosen.tune = chosen.tune if chosen.tune is not None else (4 if chosen.quick else 12)
    if chosen.folds < 2:
        parser.error("--folds must be 2 or more")
    return chosen


def measured(rows: Dataset, predicted: np.ndarray) -> dict[str, float]:
    """Figures of one fold; those that are not defined on it are left out."""
    y, kind = rows.target, rows.task.kind
    if kind == "regression":
        found = {"r2": metrics.r2(y, predicted), "rmse": metrics.rmse(y, predicted)}
    else:
        area = metrics.auroc if kind == "binary" else metrics.macro_auroc
        found = {"auroc": area(y, predicted), "log_loss": metrics.log_loss(y, predicted)}
    return {name: float(value) for name, value in found.items() if math.isfinite(value)}


def run_task(
    dataset: Dataset, chosen: argparse.Namespace, known: list[Cell]
) -> Iterator[tuple[str, list[Cell]]]:
    """Cells of every fold and group; those in `known` are not made again."""
    done = {(c["repeat"], c["fold"], c["group"]) for c in known}
    for repeat in range(chosen.repeats):
        folds = make_folds(dataset, chosen.folds, seed=chosen.seed + repeat)
        for fold in np.unique(folds[folds >= 0]):
            inside, outside = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
            part = Part(
                train=dataset.take(inside, "train"), test=dataset.take(outside, "test"), everything=dataset,
                options=Options(seed=chosen.seed, level="quick" if chosen.quick else "standard", llm="off"),
                tune=chosen.tune,
            )  # fmt: skip
            for group in chosen.only:
                if (repeat, int(fold), group) not in done:
                    place = {"repeat": repeat, "fold": int(fold), "group": group}
                    yield f"repeat {repeat + 1}, fold {fold + 1}, {group}", list(_cells(part, place))


def _cells(part: Part, place: Cell) -> Iterator[Cell]:
    try:
        for entry in GROUPS[place["group"]](part):
            yield {
                **place, "model": entry.model, "note": entry.note, "cpu_fit": entry.cpu_fit,
                "cpu_all": entry.cpu_all, **measured(part.test, entry.predicted),
            }  # fmt: skip
    except FAILURES as error:
        yield {**place, "model": "", "failed": f"{type(error).__name__}: {error}"}


def summary(cells: list[Cell], kind: str, folds: int) -> dict[str, Any]:
    """Means per model, and differences to the best rival over the same folds."""
    metric = HEADLINE[kind]
    values: dict[str, dict[tuple[int, int], float]] = {}
    for cell in cells:
        if metric in cell:
            values.setdefault(cell["model"], {})[(cell["repeat"], cell["fold"])] = cell[metric]
    means = {name: float(np.mean(list(found.values()))) for name, found in values.items()}
    sign = -1.0 if metric == "log_loss" else 1.0
    most = max((len(found) for found in values.values()), default=0)
    rivals = [name for name in RIVALS if len(values.get(name, ())) == most]  # on all folds, or not comparable
    best = max(rivals, key=lambda name: sign * means[name], default=None)
    rows = {name: {"mean": means[name], **_cost(cells, name), **_extra(cells, name, kind)} for name in values}
    for name in rows if best else ():
        rows[name]["against_best"] = difference(values[name], values[best], sign, folds)
        rows[name]["against"] = {
            other: difference(values[name], values[other], sign, folds) for other in rivals if other != name
        }
    return {"metric": metric, "best_rival": best, "models": rows}


def difference(one: dict, other: dict, sign: float, folds: int) -> dict[str, float | None]:
    """Mean of one - other over common folds (positive: one is better) and its corrected 95 % t interval."""
    from scipy.special import stdtrit

    common = sorted(set(one) & set(other))
    gaps = sign * np.array([one[k] - other[k] for k in common])
    if len(gaps) < 2:
        return {"mean": float(gaps.mean()) if len(gaps) else None, "error": None, "low": None, "high": None}
    mean, error, _ = corrected_t(gaps, test_to_train=1.0 / (folds - 1))
    half = float(stdtrit(len(gaps) - 1, 0.975)) * error
    return {"mean": mean, "error": error, "low": mean - half, "high": mean + half}


def _cost(cells: list[Cell], name: str) -> dict[str, Any]:
    own = [c for c in cells if c["model"] == name]
    notes = sorted({c["note"] for c in own if c["note"]})
    taken = {note: sum(c["note"] == note for c in own) for note in notes}
    cost = {key: float(np.median([c[key] for c in own])) for key in ("cpu_fit", "cpu_all")}
    return {**cost, "folds": len(own), **({"taken": taken} if taken else {})}


def _extra(cells: list[Cell], name: str, kind: str) -> dict[str, float]:
    extra = {"binary": "log_loss", "multiclass": "auroc", "regression": "rmse"}[kind]
    found = [c[extra] for c in cells if c["model"] == name and extra in c]
    return {extra: float(np.mean(found))} if found else {}


def shown(number: float | None, digits: int = 4) -> str:
    return "-" if number is None else f"{number:.{digits}f}"


def print_task(name: str, told: dict[str, Any]) -> None:
    best, metric = told["best_rival"], told["metric"]
    print(f"\n{name}: {told['kind']}, {told['rows']:,} rows, {told['columns']} columns")
    print(f"{'model':34}{metric:>9}{'minus best rival (95 %)':>32}{'CPU s, fit':>12}{'with search':>12}")
    for model, row in told["models"].items():
        gap = row.get("against_best", {})
        span = (
            f"{shown(gap.get('mean'))} ({shown(gap.get('low'))} to {shown(gap.get('high'))})" if gap else ""
        )
        span = "best rival" if model == best else span
        print(f"{model:34}{row['mean']:9.4f}{span:>32}{row['cpu_fit']:12.2f}{row['cpu_all']:12.1f}")
        if "taken" in row:
            print(f"    took {', '.join(f'{k} ({n})' for k, n in row['taken'].items())}")
    for failure in told["failed"]:
        print(f"  failed: {failure}")


def behind(tasks: dict[str, Any]) -> list[str]:
    """Where our chosen glass boxes are behind the best rival by more than matters."""
    found = []
    for name, told in tasks.items():
        for model in OURS:
            gap = told["models"].get(model, {}).get("against_best", {}).get("mean")
            if gap is not None and gap < -MATTERS:
                found.append(f"{name}: {model} is behind {told['best_rival']} by {-gap:.4f} {told['metric']}")
    return found


def averages(tasks: dict[str, Any]) -> dict[str, Any]:
    """Means over the tasks: AUROC (macro for classes), and R2. Differences to each rival with intervals."""
    groups = {
        "auroc": [t for t in tasks.values() if t["kind"] != "regression"],
        "r2": [t for t in tasks.values() if t["kind"] == "regression"],
    }
    return {metric: _average(some, metric) for metric, some in groups.items() if some}


def _average(tasks: list[dict[str, Any]], metric: str) -> dict[str, Any]:
    everywhere = set.intersection(*(set(t["models"]) for t in tasks))
    names = [name for name in tasks[0]["models"] if name in everywhere]
    each = [{n: _per_fold(t["cells"], n, metric) for n in names} for t in tasks]
    rows = {
        n: {"mean": float(np.mean([np.mean(list(task[n].values())) for task in each if task[n]]))}
        for n in names
        if all(task[n] for task in each)
    }
    for name in rows:
        rows[name]["against"] = {
            rival: _mean_difference(
                [(task[name], task[rival], t["fold_count"]) for task, t in zip(each, tasks, strict=True)]
            )
            for rival in RIVALS
            if rival in rows and rival != name
        }
    return {"tasks": len(tasks), "models": rows}


def _per_fold(cells: list[Cell], model: str, metric: str) -> dict[tuple[int, int], float]:
    return {(c["repeat"], c["fold"]): c[metric] for c in cells if c["model"] == model and metric in c}


def _mean_difference(pairs: list[tuple[dict, dict, int]]) -> dict[str, float | None]:
    """Mean over the tasks; the tasks are taken as given, so the interval speaks of these tasks only."""
    found = [difference(one, other, 1.0, folds) for one, other, folds in pairs]
    means, errors = [f["mean"] for f in found], [f["error"] for f in found]
    if any(v is None for v in (*means, *errors)):
        return {"mean": None, "low": None, "high": None}
    mean, half = float(np.mean(means)), 1.96 * math.sqrt(sum(e * e for e in errors)) / len(errors)
    return {"mean": mean, "low": mean - half, "high": mean + half}


def print_averages(found: dict[str, Any]) -> None:
    for metric, told in found.items():
        print(f"\nmean {metric} over {told['tasks']} task(s); ours minus each rival, 95 %")
        for name, row in told["models"].items():
            print(f"{name:34}{row['mean']:9.4f}")
            for rival, gap in row["against"].items() if name in OURS else ():
                print(
                    f"    minus {rival:32}{shown(gap['mean'])} ({shown(gap['low'])} to {shown(gap['high'])})"
                )


def header(chosen: argparse.Namespace) -> dict[str, Any]:
    keys = ("quick", "repeats", "folds", "tune", "seed")
    return {
        "version": VERSION, "platform": platform.platform(terse=True), "machine": platform.machine(),
        "python": platform.python_version(), "cpus": os.cpu_count(), "packages": package_versions(),
        "options": {key: getattr(chosen, key) for key in keys},
    }  # fmt: skip


def taken_up(chosen: argparse.Namespace) -> dict[str, Any]:
    """Cells of an earlier, stopped run with the same options."""
    if chosen.json and chosen.json.exists():
        found = json.loads(chosen.json.read_text(encoding="utf-8"))
        if found.get("options") == header(chosen)["options"]:
            return dict(found["tasks"])
    return {}


def fold_mark(dataset: Dataset, chosen: argparse.Namespace) -> str:
    """A hash of who is held out when: equal marks mean equal folds."""
    folds = [make_folds(dataset, chosen.folds, seed=chosen.seed + r) for r in range(chosen.repeats)]
    return hashlib.sha256(np.concatenate(folds).astype("<i8").tobytes()).hexdigest()[:16]


def run(path: Path, chosen: argparse.Namespace, before: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The task's figures, again after every fold."""
    dataset, _ = gather(path, None)
    usable = [c for c in dataset.task.features if c.kind != "text"]
    if not usable:
        print(f"{path.parent.name}: skipped, it has text only")
        return
    mark = fold_mark(dataset, chosen)
    cells = [c for c in before.get("cells", []) if c["model"]] if before.get("folds_mark") == mark else []
    told = {
        "kind": dataset.task.kind, "rows": len(dataset), "columns": len(usable), "folds_mark": mark,
        "fold_count": chosen.folds, "cells": cells,
    }  # fmt: skip
    for said, new in run_task(dataset, chosen, list(cells)):
        print(f"{path.parent.name}: {said}", file=sys.stderr, flush=True)
        cells += new
        yield {**told, **summary(cells, dataset.task.kind, chosen.folds), "failed": _failed(cells)}
    yield {**told, **summary(cells, dataset.task.kind, chosen.folds), "failed": _failed(cells)}


def _failed(cells: list[Cell]) -> list[str]:
    return [f"{c['group']}, fold {c['fold'] + 1}: {c['failed']}" for c in cells if "failed" in c]


def main(given: list[str] | None = None) -> int:
    chosen = arguments(given)
    before, tasks, broken = taken_up(chosen), {}, []
    paths = sorted(chosen.folder.rglob("task.toml"))
    if not paths:
        print(f"There is no task.toml under {chosen.folder}.")
        return 1
    for path in paths:
        name = (
            str(path.parent.relative_to(chosen.folder)) if path.parent != chosen.folder else path.parent.name
        )
        try:
            for told in run(path, chosen, before.get(name, {})):
                tasks[name] = told
                _write(chosen, tasks, before)
        except FAILURES as error:
            broken.append(name)
            print(f"{name}: skipped, {type(error).__name__}: {error}")
        if name in tasks:
            print_task(name, tasks[name])
    print_averages(averages(tasks))
    for line in behind(tasks) or ["\nNowhere behind the best rival by more than 0.005."]:
        print(line)
    ours_failed = any("ours" in line.split(",")[0] for told in tasks.values() for line in told["failed"])
    return int(bool(broken) or ours_failed)


def _write(chosen: argparse.Namespace, tasks: dict[str, Any], before: dict[str, Any]) -> None:
    if chosen.json:
        every = {**before, **tasks}
        known = {**header(chosen), "tasks": every, "mean": averages(tasks), "behind": behind(tasks)}
        chosen.json.write_text(json.dumps(known, indent=1), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
