"""Findings beside a study: kept all at once, sealed, of one model, and gone with it."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace

import numpy as np
import pytest
from factories_models import make_rows, make_task

import interpretable
from interpretable import words
from interpretable.errors import BundleError, UserError
from interpretable.records.beside import Told
from interpretable.records.exchange import Ledger, LLMInfo
from interpretable.study import beside
from interpretable.study.beside import MECHANISMS, Asking, Mechanism

THIS = sys.modules[__name__]
TOLD = Told(mechanism="counting", bundle_id="", created="2026-01-01", seed=0, verdict="cannot_tell")


@dataclass(frozen=True, kw_only=True)
class Counting:
    told: Told
    rows: int


def run(study, asking: Asking, *, rows: int = 3) -> Counting:
    asking.folder.mkdir(parents=True, exist_ok=True)
    (asking.folder / "answers.jsonl").write_text("{}\n")
    asking.progress("counting")
    return Counting(told=replace(TOLD, bundle_id=study.bundle_id, seed=asking.seed), rows=rows)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    rows = make_rows(160, task=make_task())
    table = rows.frame.assign(ill=np.where(rows.target == 1, "yes", "no"))
    out = tmp_path_factory.mktemp("beside") / "study"
    return interpretable.train(rows.task, data=table, out=out, models="logistic", quick=True, llm="off")


@pytest.fixture(autouse=True)
def counting(monkeypatch):
    monkeypatch.setitem(MECHANISMS, "counting", Mechanism(module=__name__, record=f"{__name__}:Counting"))


def test_a_finding_is_kept_with_its_answers_and_read_back(trained):
    said = []
    found = trained.ask_beside("counting", llm="off", seed=4, rows=7, progress=said.append)
    assert said == ["counting"]
    assert trained.beside == {"counting": found}
    assert (found.rows, found.told.seed) == (7, 4)
    assert (trained.path / "beside" / "exchanges" / "counting" / "answers.jsonl").is_file()
    assert not list(trained.path.parent.glob(".*beside*"))
    assert interpretable.verify(trained.path) == []


def test_a_mechanism_that_is_not_known_is_refused_by_name(trained):
    with pytest.raises(UserError, match="no mechanism 'magic'"):
        trained.ask_beside("magic")


@pytest.mark.parametrize("harm", ["changed", "added", "removed", "seal", "foreign"])
def test_a_finding_that_was_touched_is_refused_and_named(trained, harm):
    trained.ask_beside("counting", llm="off")
    folder = trained.path / "beside"
    if harm == "changed":
        path = folder / "counting.json"
        path.write_bytes(path.read_bytes().replace(b'"rows": 3', b'"rows": 4'))
    elif harm == "added":
        (folder / "more.json").write_text("{}")
    elif harm == "removed":
        (folder / "counting.json").unlink()
    elif harm == "seal":
        (folder / "seal.json").write_text("{}")
    else:
        found = beside.read(trained.path, trained.bundle_id)["counting"]
        beside.keep(trained.path, replace(found, told=replace(found.told, bundle_id="0" * 64)))
    assert any("beside" in line for line in interpretable.verify(trained.path))
    with pytest.raises(BundleError, match="beside"):
        beside.read(trained.path, trained.bundle_id)
    for path in sorted(folder.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    folder.rmdir()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_verdict_model_and_bill_are_told_in_words(lang):
    info = LLMInfo(name="tiny", where="local", smoke_test_only=True)
    told = replace(TOLD, info=info, ledger=Ledger(rows=3, calls=12, tokens_in=400, money=0.5))
    lines = words.beside(told, lang)
    assert len(lines) == 3 and "tiny" in lines[1]
    amounts = dict(words.bill(told, lang))
    assert "12" in amounts.values() and "0.5 USD" in amounts.values()
    assert words.bill(TOLD, lang) == ()
