"""`interpretable llm augment`, as a person types it, against a server that speaks the chat API."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas
import pytest
from factories_models import make_rows, make_task
from typer.testing import CliRunner

import interpretable
from interpretable.cli import app
from interpretable.errors import LLMError, UserError
from interpretable.records.task import LLMConsent

sys.path.append(str(Path(__file__).parent / "llm"))
from fake_server import FakeServer, chat

run = CliRunner().invoke
SMALL = ["--llm", "endpoint", "--rows", "9", "--folds", "2", "--repeats", "1"]


def reply(body, number):
    """Rows by the schema that was sent; some numbers lie outside the range that was told in words."""
    if body.get("logprobs"):
        return chat(logprobs={"yes": -0.1, "no": -3.0})
    schema = body["response_format"]["json_schema"]["schema"]["properties"]["rows"]
    random = np.random.default_rng(body["seed"])
    columns = schema["items"]["properties"]
    kinds = [level for level in columns["kind"]["enum"] if level]
    rows = [
        {"age": round(float(random.normal(52, 8)), 1), "kind": str(random.choice(kinds)), "dose": 3.5}
        for _ in range(schema["maxItems"])
    ]
    return chat(json.dumps({"count": len(rows), "rows": rows}))


@pytest.fixture(scope="module")
def server():
    with FakeServer(reply) as one:
        yield one


@pytest.fixture(scope="module")
def study(server, tmp_path_factory):
    rows = make_rows(140)
    consent = LLMConsent(
        endpoint=server.url,
        model="fake",
        purpose="to try",
        columns=("age", "kind", "dose", "ill"),
        price_in=1.0,
    )
    table = rows.frame.assign(age=np.arange(140) / 7 + 40, ill=np.where(rows.target == 1, "yes", "no"))
    out = tmp_path_factory.mktemp("augment") / "study"
    task = replace(make_task(), llm=consent)
    return interpretable.train(task, data=table, out=out, models="logistic", quick=True, llm="off")


def test_the_command_says_what_it_will_ask_asks_and_tells_the_verdict(study, server):
    del server.bodies[:]
    said = run(app, ["llm", "augment", str(study.path), *SMALL])
    assert said.exit_code == 0, said.output
    least, most = map(int, re.search(r"asks (\d+) to (\d+) questions", said.output).groups())
    asked = [body for body in server.bodies if not body.get("logprobs")]
    assert least <= len(asked) <= most
    assert "Verdict" in said.output and "could be used" in said.output
    found = interpretable.open_study(study.path).beside["augment"]
    assert found.told.ledger.calls == len(asked) and found.told.info.name == "fake"
    (egress,) = found.told.egress
    assert set(egress.columns) == {"age", "kind", "dose", "ill"} and egress.bytes > 0


def test_only_training_rows_are_sent(study, server):
    del server.bodies[:]
    run(app, ["llm", "augment", str(study.path), *SMALL, "--seed", "5"])
    shown = {
        float(age)
        for body in server.bodies
        for message in body["messages"]
        for age in re.findall(r'"age": ([\d.]+)', message["content"])
    }
    assert len(shown) > 10 and shown <= set(study.part("train").frame["age"])


def test_the_file_is_written_only_where_the_rows_help_or_somebody_insists(study, tmp_path):
    out = tmp_path / "rows.csv"
    said = run(app, ["llm", "augment", str(study.path), *SMALL, "--out", str(out), "--lang", "zh"])
    assert isinstance(said.exception, UserError) and "--i-know" in str(said.exception) and not out.exists()
    said = run(app, ["llm", "augment", str(study.path), *SMALL, "--out", str(out), "--i-know"])
    assert said.exit_code == 0, said.output
    assert set(pandas.read_csv(out)["synthetic_maker"]) == {"fake"}


@pytest.mark.llm_real
def test_the_local_model_is_refused_with_one_sentence(study):
    from interpretable import llm

    if not llm.describe("local").ready:
        pytest.skip("the local language model cannot be used here")
    said = run(app, ["llm", "augment", str(study.path), "--llm", "local", "--rows", "9"])
    assert isinstance(said.exception, LLMError) and said.exception.code == "smoke_test_only"


def test_without_a_language_model_there_is_nothing_to_ask(study):
    said = run(app, ["llm", "augment", str(study.path), "--llm", "off"])
    assert isinstance(said.exception, LLMError) and said.exception.code == "off"


def test_training_with_rows_of_a_language_model_judges_them_first_and_keeps_none(study, server, tmp_path):
    rows = make_rows(100, seed=7)
    table = rows.frame.assign(ill=np.where(rows.target == 1, "yes", "no"))
    task = replace(study.task, llm=replace(study.task.llm, columns=("age", "kind", "dose", "ill")))
    given = {"models": "logistic", "quick": True, "llm": "endpoint", "llm_rows": 4}
    found = interpretable.train(task, data=table, out=tmp_path / "study", augment=True, **given)
    told = found.evidence.augmentation
    assert told.info.name == "fake" and told.ledger.calls > 0 and told.ledger.money > 0
    assert told.gate.n == len(found.part("train")) and told.gate.verdict != "helps" and told.gate.weight == 0
    assert set(told.egress[0].columns) == {"age", "kind", "dose", "ill"}
    plain = interpretable.train(task, data=table, out=tmp_path / "plain", **{**given, "llm": "off"})
    rows = found.part("test")
    assert list(found.model.score(rows.frame)["probability"]) == list(
        plain.model.score(rows.frame)["probability"]
    )


def test_rows_of_a_language_model_and_a_prior_at_once_are_refused(study, tmp_path):
    with pytest.raises(UserError, match="not both"):
        interpretable.train(study.task, out=tmp_path / "s", augment=True, prior=tmp_path / "prior.toml")
