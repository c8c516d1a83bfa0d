"""Rows of a language model beside a study: judged on training rows, counted, written only where asked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
import pandas
import pytest
from factories_models import make_rows, make_task, make_text_rows

import interpretable
from interpretable import words
from interpretable.errors import LLMError, UserError
from interpretable.llm import Cached, LLMClient, ScriptedLLM
from interpretable.records import codec
from interpretable.records.augmented import Augmented
from interpretable.records.exchange import LLMInfo
from interpretable.report.small_large import beside
from interpretable.study.beside import Asking, keep
from interpretable.study.beside.augment import plan, run

FEW = {"rows": 12, "folds": 2, "repeats": 1}


def write_rows(prompt, ask):
    """Rows by the rule that made the real ones; each third answer is of no use."""
    write_rows.calls += 1
    if write_rows.calls % 3 == 0:
        return "no rows today"
    random = np.random.default_rng(ask.draw)
    ill = "ill: yes. The" in prompt.question
    rows = []
    for _ in range(int(re.search(r"The count is (\d+)", prompt.question)[1])):
        age = round(float(random.normal(62 if ill else 42, 8)), 1)
        rows.append({"age": min(max(age, 20.0), 80.0), "kind": "b" if ill else "a", "dose": 2.5})
    return json.dumps({"count": len(rows), "rows": rows})


@dataclass(frozen=True, kw_only=True)
class Rehearsal(Asking):
    """An asking whose language model is a scripted double."""

    double: LLMClient = field(
        default_factory=lambda: ScriptedLLM(lambda p, labels: [0.5, 0.5], writer=write_rows)
    )

    @contextmanager
    def client(self) -> Iterator[LLMClient]:
        yield Cached(self.double, self.folder)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    rows = make_rows(140)
    table = rows.frame.assign(ill=np.where(rows.target == 1, "yes", "no"))
    out = tmp_path_factory.mktemp("augment") / "study"
    return interpretable.train(rows.task, data=table, out=out, models="logistic", quick=True, llm="off")


def rehearse(study, tmp_path, **options):
    write_rows.calls = 0
    double = options.pop("double", None)
    asking = Rehearsal(
        mode="endpoint",
        task=study.task,
        folder=tmp_path / "answers",
        **({"double": double} if double else {}),
    )
    return run(study, asking, **{"rehearsal": True, **FEW, **options})


def test_rows_are_made_inside_folds_judged_and_counted(study, tmp_path):
    found = rehearse(study, tmp_path)
    account, gate = found.account, found.gate
    assert account.asked == account.usable + sum(account.refused.values())
    assert set(account.refused) == {"unreadable"} and account.usable > 0
    assert gate.n == len(study.part("train")) and (gate.folds, gate.repeats) == (2, 1)
    assert found.told.verdict == gate.verdict and found.told.ledger.calls == write_rows.calls
    assert gate.generator == "scripted double, not a language model"
