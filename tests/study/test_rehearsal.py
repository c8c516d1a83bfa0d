"""The dry run shows what would be sent, word for word, and nothing is."""

from __future__ import annotations

import json
import math
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from factories_models import make_rows, make_task

import interpretable
from interpretable import llm, words
from interpretable.collab.baseline import run_baseline
from interpretable.errors import LLMError, UserError
from interpretable.llm.purse import Purse
from interpretable.records.task import LLMConsent
from interpretable.study import rehearse

sys.path.insert(0, str(Path(__file__).parents[1] / "llm"))
from fake_server import FakeServer, chat

CONSENT = LLMConsent(
    endpoint="https://models.example/v1", model="fake", purpose="to compare", columns=("age", "note", "ill"),
    price_in=1.0, price_out=2.0,
)  # fmt: skip


def make_table(consent=CONSENT):
    task = replace(make_task(), llm=consent)
    rows = make_rows(160, task=task)
    return rows.task, rows.frame.assign(ill=np.where(rows.target == 1, "yes", "no"))


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    task, table = make_table(columns_of(CONSENT))
    out = tmp_path_factory.mktemp("rehearsal") / "study"
    return interpretable.train(task, data=table, out=out, models="logistic", quick=True, llm="off")


def columns_of(consent):
    """The consent for the columns that the factory's task has."""
    names = [c.name for c in make_task().features]
    return replace(consent, columns=(*names, "ill"))


def test_what_is_shown_is_what_a_run_sends_and_the_bounds_hold(study, tmp_path):
    found = rehearse(study.path, "endpoint", rows=5, show=5)

    def reply(body, n):
        return chat(logprobs={"yes": math.log(0.6), "no": math.log(0.3)})

    with FakeServer(reply) as server:
        consent = study.task.llm
        client = llm.OpenAIClient(
            server.url, llm.LLMInfo(name=consent.model, where="x"), columns=consent.columns,
            dialect=llm.Dialect(method="logprobs"), purse=Purse(price_in=1.0, price_out=2.0),
        )  # fmt: skip
        with client:
            run_baseline(
                study.task, study.part("train"), study.part("test"), client, rows=5, calibration_rows=5,
                cache=tmp_path,
            )  # fmt: skip
        spent = client.purse.spent()
    sent = [body["messages"] for body in server.bodies]
    assert all(p.messages() in sent for prompts in found.shown.values() for p in prompts)
    assert len(sent) == sum(found.calls.values()) == 20
    bound = found.bounds[0]
    assert (bound.method, bound.calls, bound.tokens_out) == ("logprobs", 20, 20)
    real = sum(len(json.dumps(b, ensure_ascii=False).encode()) for b in server.bodies)
    longer = len("max_completion_tokens") - len("max_tokens")
    assert bound.tokens_in == real + longer * len(sent)
    assert bound.money == pytest.approx((bound.tokens_in + 2 * bound.tokens_out) / 1e6)
    assert 0 < spent.money <= bound.money


def test_a_task_with_its_table_is_rehearsed_as_its_study_would_be(study):
    task, table = make_table(columns_of(CONSENT))
    before = rehearse(task, "endpoint", table=table, rows=4, show=4)
    assert before.shown == rehearse(study.path, "endpoint", rows=4, show=4).shown


def test_without_the_target_no_examples_are_shown_and_the_reason_is_told():
    allowed = tuple(name for name in columns_of(CONSENT).columns if name != "ill")
    task, table = make_table(replace(CONSENT, columns=allowed))
    found = rehearse(task, "endpoint", table=table, rows=4, show=1)
    assert list(found.shown) == ["llm zero-shot"] and set(found.columns) <= set(allowed)
    for lang in ("en", "zh"):
        assert len(words.unasked_kinds(found.skipped, lang)) == 1
        said = words.call_bounds(found.bounds, found.currency, lang)
        assert len(said) == 2 + len(found.bounds) and "USD" in said[1]


def test_no_consent_no_classes_and_no_rows_are_refused():
    task, table = make_table(None)
    with pytest.raises(LLMError) as caught:
        rehearse(task, "endpoint", table=table)
    assert caught.value.code == "no_consent"
    with pytest.raises(UserError, match="1 or more"):
        rehearse(task, "local", table=table, rows=0)
    assert rehearse(task, "local", table=table, rows=4).bounds[0].money == 0
    rows = make_rows(120, task=make_task(kind="regression", positive=""))
    with pytest.raises(LLMError, match="regression"):
        rehearse(rows.task, "local", table=rows.frame.assign(ill=rows.target))
