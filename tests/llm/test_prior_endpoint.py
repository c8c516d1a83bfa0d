"""A prior asked of an endpoint and of the local model: names only leave, and the sending is on the record."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest
from factories_models import make_text_rows
from factories_prior import make_planted_rows
from fake_server import FakeServer, chat

from interpretable import llm
from interpretable.collab.prior import ask_prior, make_questions
from interpretable.records.task import LLMConsent


def answering(writer):
    """A server that also answers the client's own test question."""

    def reply(body, number):
        if "logprobs" in body:
            return chat(logprobs={"yes": math.log(0.9), "no": math.log(0.1)})
        return chat(writer(body))

    return FakeServer(reply)


def with_consent(rows, url: str, *columns: str):
    consent = LLMConsent(endpoint=url, model="fake", purpose="to test", columns=columns)
    return replace(rows, task=replace(rows.task, llm=consent))


def test_an_endpoint_is_sent_names_only_and_the_sending_is_on_the_record():
    with answering(lambda body: '{"way": "down"}') as server:
        rows = with_consent(make_planted_rows(40), server.url, "x0")
        with llm.connect("endpoint", rows.task) as client:
            made = make_questions(rows, allowed=client.columns, draws=2)
            said = ask_prior(client, made, rows, date="2026-01-01")
            egress = client.egress()
        sent = json.dumps(server.bodies)
    assert said.prior.said_by == "fake" and {(w.way, w.sure) for w in said.prior.ways} == {("down", 1.0)}
    assert len(said.prior.ways) == 10 and said.unread == {}
    assert sum(one.calls for one in egress) >= 20 and all(one.columns == () for one in egress)
    assert not any(f"{value:.3f}" in sent for value in rows.frame.to_numpy().ravel())


def test_words_are_sent_only_where_the_text_column_may_be():
    def one_each(body):
        return json.dumps(dict.fromkeys(body["response_format"]["json_schema"]["schema"]["required"], 1))

    with answering(one_each) as server:
        rows = with_consent(make_text_rows(60), server.url, "note")
        with llm.connect("endpoint", rows.task) as client:
            said = ask_prior(client, make_questions(rows, allowed=client.columns), rows, date="")
            assert {name for one in client.egress() for name in one.columns} == {"note"}
    assert {word.scores for word in said.prior.words} == {(1.0,)}
    assert make_questions(rows, allowed=("another",)).questions == ()


def test_an_answer_without_the_words_that_were_asked_is_unread():
    with answering(lambda body: '{"chest": 2}') as server:
        rows = with_consent(make_text_rows(60), server.url, "note")
        with llm.connect("endpoint", rows.task) as client:
            made = make_questions(rows, allowed=client.columns)
            said = ask_prior(client, made, rows, date="")
    assert said.prior.words == () and said.unread == {"words": len(made.questions)}
    assert said.ledger.failures == len(made.questions)


@pytest.mark.llm_real
def test_the_local_model_scores_three_words():
    plan = llm.describe("local")
    if not plan.ready:
        pytest.skip(f"the local language model cannot be used here: {'; '.join(plan.problems)}")
    rows = make_text_rows(60)
    made = make_questions(rows, allowed=None, words=3)
    with llm.connect("local", rows.task) as client:
        said = ask_prior(client, made, rows, date="")
    assert said.unread == {} and len(said.prior.words) == 3
    assert all(-2 <= word.scores[0] <= 2 for word in said.prior.words)
