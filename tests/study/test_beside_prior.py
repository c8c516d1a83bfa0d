"""A prior beside a study, from the file or from a language model, and a study made with one."""

from __future__ import annotations

import json
from contextlib import contextmanager

import numpy as np
import pytest
from factories_prior import make_planted_prior, make_planted_rows, make_prior
from typer.testing import CliRunner

import interpretable
from interpretable import words
from interpretable.cli import app
from interpretable.data.priorfile import prior_text, read_prior
from interpretable.errors import LLMError, TaskError, UserError
from interpretable.llm import ScriptedLLM
from interpretable.report import build
from interpretable.study.beside import Asking

QUICK = {"sizes": (), "repeats": 1, "family": "linear"}


def obliging(prompt, ask) -> str:
    return json.dumps({"way": "up"})


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    rows = make_planted_rows(160, seed=1)
    table = rows.frame.assign(y=np.where(rows.target == 1, "yes", "no"))
    out = tmp_path_factory.mktemp("prior") / "study"
    return interpretable.train(rows.task, data=table, out=out, models="logistic", quick=True, llm="off")


@pytest.fixture
def true_file(tmp_path):
    path = tmp_path / "prior.toml"
    path.write_text(prior_text(make_planted_prior()), encoding="utf-8")
    return path


def test_a_prior_from_a_file_is_tried_kept_and_told(trained, true_file):
    found = trained.ask_beside("prior", llm="off", source=true_file, sizes=(40,), repeats=1)
    assert [g.n for g in found.gains] == [40, 77] and found.gains[-1].full
    assert found.told.info is None and found.rows == 96 and found.rows_shown == 0
    assert {w.column for w in found.ways} == {f"x{i}" for i in range(6)}
    assert found.weights[0].model == "logistic"
    assert interpretable.open_study(trained.path).beside["prior"] == found
    assert interpretable.verify(trained.path) == []
    text = "".join(words.prior_said(found))
    assert "a person" in text and "language model" not in text
    kept = (trained.path / "beside" / "prior.json").read_text()
    assert not any(str(row) in kept for row in trained.part("train").row_ids if len(str(row)) > 3)


def test_a_true_prior_helps_where_rows_are_few_and_the_verdict_says_for_how_many(trained, true_file):
    found = trained.ask_beside("prior", llm="off", source=true_file, family="linear", sizes=(25,), repeats=2)
    few, full = found.gains
    assert few.gain.value > 0.02 and few.gain.value > few.control.value
    assert few.used >= 5
    assert found.told.verdict == full.verdict


def test_the_test_part_stays_shut(trained, true_file, monkeypatch):
    opened = []
    part = type(trained).part
    monkeypatch.setattr(type(trained), "part", lambda self, name: opened.append(name) or part(self, name))
    trained.ask_beside("prior", llm="off", source=true_file, **QUICK)
    assert set(opened) == {"train"}


def scripted(monkeypatch, writer):
    client = ScriptedLLM(lambda prompt, labels: "refused", writer=writer)

    @contextmanager
    def connected(self):
        yield client

    monkeypatch.setattr(Asking, "client", connected)
    return client


def test_what_a_language_model_says_is_written_for_editing_and_never_over_an_edit(
    trained, tmp_path, monkeypatch
):
    out = tmp_path / "said.toml"
    scripted(monkeypatch, obliging)
    with pytest.raises(LLMError) as caught:
        trained.ask_beside("prior", out=out, **QUICK)
    assert caught.value.code == "scripted" and not out.exists()
    found = trained.ask_beside("prior", out=out, rehearsal=True, draws=2, **QUICK)
    assert read_prior(out, trained.task) == found.prior
    assert found.draws == 2 and found.told.ledger.calls == 20
    with pytest.raises(UserError, match="there already"):
        trained.ask_beside("prior", out=out, rehearsal=True, **QUICK)


def test_a_prior_that_says_nothing_is_told_as_such(trained, monkeypatch):
    scripted(monkeypatch, lambda prompt, ask: "no json")
    found = trained.ask_beside("prior", rehearsal=True, draws=1, **QUICK)
    assert (found.told.verdict, found.told.reason) == ("does_not_help", "nothing_said")
    assert found.unread == {"directions": 10} and found.gains == ()


@pytest.mark.parametrize(
    ("options", "said"),
    [({}, "nobody to ask"), ({"family": "tree"}, "can be linear"), ({"draws": 0}, "1 or more"),
     ({"sizes": (1,)}, "2 or more")],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_in_words(trained, options, said):
    with pytest.raises(UserError, match=said):
        trained.ask_beside("prior", llm="off", **options)


def test_a_family_that_cannot_read_the_task_is_refused(trained, true_file):
    with pytest.raises(UserError, match="cannot read any column"):
        trained.ask_beside("prior", llm="off", source=true_file, family="text")


def test_a_study_made_with_a_prior_says_whose_and_how_much(tmp_path, true_file):
    rows = make_planted_rows(90, seed=2)
    table = rows.frame.assign(y=np.where(rows.target == 1, "yes", "no"))
    made = interpretable.train(
        rows.task,
        data=table,
        out=tmp_path / "study",
        models="logistic",
        quick=True,
        llm="off",
        prior=true_file,
    )
    used = made.evidence.prior
    assert (used.said_by, used.ways) == ("a person", 6)
    assert used.weights[0].model == "logistic" and used.weights[0].weight > 0
    for lang in words.LANGUAGES:
        sections = {s.id: s for s in build(made.evidence, lang=lang).sections}
        assert used.digest[:16] in str(sections["prior"].blocks)
    wrong = make_prior(task="another")
    (tmp_path / "wrong.toml").write_text(prior_text(wrong), encoding="utf-8")
    with pytest.raises(TaskError, match="another"):
        interpretable.train(
            rows.task, data=table, out=tmp_path / "no", llm="off", prior=tmp_path / "wrong.toml"
        )


def test_the_command_reads_an_edited_file_and_prints_the_verdict(trained, true_file):
    given = ["llm", "prior", str(trained.path), "--from", str(true_file), "--sizes", "", "--repeats", "1"]
    said = CliRunner().invoke(app, [*given, "--family", "linear", "--lang", "zh"])
    assert said.exit_code == 0, said.output
    assert "结论" in said.output and "77（全部）" in said.output
    wrong = CliRunner().invoke(app, ["llm", "prior", str(trained.path), "--sizes", "many"])
    assert isinstance(wrong.exception, UserError)
