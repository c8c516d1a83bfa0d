"""A study's recorded exchanges give its language model's row again, with the model gone and no network."""

from __future__ import annotations

import json
import math
import re
import socket
from dataclasses import replace

import numpy as np
import pytest
from factories_models import make_rows, make_task
from fake_server import FakeServer, chat

import interpretable
from interpretable import llm
from interpretable.collab.baseline import FEW, ZERO, run_baseline
from interpretable.errors import LLMError
from interpretable.llm import Cached
from interpretable.records.task import LLMConsent


def by_age(body, n):
    """Older is likelier; the questions hold the age as a number."""
    age = re.findall(r"\(([\d.]+) years?\)|age: [\w ]+\(([\d.]+)", body["messages"][-1]["content"])
    chance = min(0.95, max(0.05, float(next((a or b for a, b in age), "50")) / 100))
    return chat(logprobs={"yes": math.log(chance), "no": math.log(1 - chance)})


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A study whose language model answered over a socket."""
    with FakeServer(by_age) as server:
        consent = LLMConsent(
            endpoint=server.url, model="fake", purpose="to test", columns=("age", "kind", "dose", "ill"),
            price_in=1.0, price_out=1.0,
        )  # fmt: skip
        task = replace(make_task(), llm=consent)
        rows = make_rows(160, task=task)
        table = rows.frame.assign(ill=np.where(rows.target == 1, "yes", "no"))
        out = tmp_path_factory.mktemp("replay") / "study"
        study = interpretable.train(
            task, data=table, out=out, models="logistic", quick=True, llm="endpoint", llm_rows=12
        )
        asked = len(server.bodies)
    return study, asked


def no_network(*args, **kwargs):
    raise AssertionError("the network was used")


def test_a_recorded_study_is_replayed_offline_to_the_same_figures(recorded, tmp_path, monkeypatch):
    study, asked = recorded
    assert study.evidence.llm.status == "ran"
    assert study.evidence.llm.egress[0].calls == asked
    monkeypatch.setattr(socket.socket, "connect", no_network)
    gone = Cached(None, study.path / "exchanges")
    again = run_baseline(
        study.task, study.part("train"), study.part("test"), gone, rows=12, calibration_rows=12,
        cache=tmp_path / "again",
    )  # fmt: skip
    assert set(again.predictions) == {ZERO, FEW}
    assert again.failures == {ZERO: {}, FEW: {}}
    assert again.ledgers[ZERO].cached == again.ledgers[ZERO].rows == 12
    assert again.info.name == "fake" and again.egress[0].calls == asked
    told = {model.name: model for model in study.evidence.models}
    for name in (ZERO, FEW):
        assert told[name].ledger.tokens_in == again.ledgers[name].tokens_in
        shared = {key: again.calibration[name][key] for key in told[name].recalibration}
        assert shared and told[name].recalibration == pytest.approx(shared)


def test_the_record_holds_no_row_and_another_question_is_not_made_up(recorded):
    study, _ = recorded
    lines = (study.path / "exchanges" / "answers.jsonl").read_text().splitlines()
    assert all("content" not in line and "age:" not in line for line in lines)
    spent = [json.loads(line) for line in lines if '"spent"' in line]
    assert spent[-1]["spent"]["calls"] == 48 + 1  # the questions, and one without data to try the endpoint
    gone = Cached(None, study.path / "exchanges")
    other = llm.Prompt(system="s", question="another question")
    assert gone.score_labels(other, ("no", "yes")).failure == "not_recorded"
    assert gone.generate(other, llm.Ask()).failure == "not_recorded"


def test_a_folder_without_a_record_is_refused(tmp_path):
    with pytest.raises(LLMError, match="no recorded answers"):
        Cached(None, tmp_path)
