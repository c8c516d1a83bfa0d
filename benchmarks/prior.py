"""What a prior gains a model by the number of rows it learns from: written by a person, and said by a model.

Run: python -m benchmarks.prior [SET ...] [--llm] [--repeats N] (default: heart_disease, sms_spam; by hand).
Trains quick studies of the sample sets under a temporary folder and asks the
mechanism "prior" beside them; with --llm the local language model is asked too. Priors by hand are
prior_heart.toml and prior_sms.toml beside this script, kept as first written; the directions of the task file
alone are a second control.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

import interpretable
from interpretable.data.priorfile import prior_text
from interpretable.records.evaluation import Figure
from interpretable.records.prior import Prior, PriorFinding, SaidWay
from interpretable.records.task import Task

HERE = Path(__file__).parent
SAMPLES = HERE.parent / "sample_data"
BY_HAND = {"heart_disease": "prior_heart.toml", "sms_spam": "prior_sms.toml"}
FAMILIES = {"heart_disease": ("linear", "ebm"), "sms_spam": ("text",)}


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("sets", nargs="*", default=list(BY_HAND))
    asked.add_argument("--llm", action="store_true")
    asked.add_argument("--repeats", type=int, default=0)
    given = asked.parse_args()
    print(f"Python {sys.version.split()[0]}, interpretable {interpretable.__version__}")
    print("| set | who | model | rows | loss | gain | shuffled | lead over shuffled | weight | verdict |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name in given.sets:
            models = "text" if FAMILIES[name] == ("text",) else "ebm,logistic"
            task = SAMPLES / name / "task.toml"
            study = interpretable.train(
                task, out=Path(folder) / name, models=models.split(","), quick=True, llm="off"
            )
            for who, options in _askings(name, study.task, Path(folder), llm=given.llm):
                for family in FAMILIES[name]:
                    found = study.ask_beside("prior", family=family, repeats=given.repeats, **options)
                    _show(name, who, found)


def _askings(name: str, task: Task, folder: Path, *, llm: bool) -> list[tuple[str, dict[str, Any]]]:
    """Who says the prior, and how it is asked for."""
    found: list[tuple[str, dict[str, Any]]] = [("by hand", {"llm": "off", "source": HERE / BY_HAND[name]})]
    ways = tuple(SaidWay(column=c.name, way=c.expected) for c in task.features if c.expected)
    if ways:
        path = folder / f"{name}-directions.toml"
        prior = Prior(said_by="the task file", where="person", date="", task=task.name, ways=ways)
        path.write_text(prior_text(prior), encoding="utf-8")
        found.append(("task file's directions", {"llm": "off", "source": path}))
    return [*found, *([("local model", {"llm": "local"})] if llm else [])]


def _show(name: str, who: str, found: PriorFinding) -> None:
    for gain in found.gains:
        rows = f"{gain.n}{' (all)' if gain.full else ''}"
        figures = " | ".join(_text(one) for one in (gain.gain, gain.control, gain.over_control))
        weight = f"{gain.weight.value:.2f} ({gain.weight.low:g} to {gain.weight.high:g})"
        print(
            f"| {name} | {who} | {gain.family} | {rows} | {gain.plain_loss:.3f} | {figures} | {weight} | "
            f"{gain.verdict} |",
            flush=True,
        )
    against = [way.column for way in found.ways if not way.agrees]
    signs = ", ".join(f"{s.column} {s.agree} of {s.compared}" for s in found.scores)
    print(f"  {who}: curves disagree on {', '.join(against) or 'none'}; signs: {signs or 'none'}", flush=True)


def _text(found: Figure) -> str:
    return f"{found.value:.4f} ({found.low:.4f} to {found.high:.4f})"


if __name__ == "__main__":
    main()
