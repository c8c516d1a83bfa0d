"""Proposals over a real socket: what is sent, and that the account of it is kept."""

from __future__ import annotations

import math

import pytest
from factories_concepts import make_concept_task, make_notes
from fake_server import FakeServer, chat, error

from interpretable.errors import LLMError
from interpretable.records.task import LLMConsent
from interpretable.study import concepts

LINE = "pain | tells of pain | chest pain; dragon"


def answer(body, number):
    """The probe asks for first tokens; the proposal asks for a text."""
    return chat(logprobs={"yes": math.log(0.9), "no": math.log(0.1)}) if "logprobs" in body else chat(LINE)


def task_for(server) -> object:
    consent = LLMConsent(endpoint=server.url, model="fake", purpose="Draft concepts.", columns=("note",))
    return make_concept_task(llm=consent)


def test_an_endpoint_is_asked_once_and_what_left_is_on_the_record(monkeypatch):
    monkeypatch.setenv("INTERPRETABLE_LLM_KEY", "sk-test-key")
    with FakeServer(answer) as server:
        found = concepts.propose(task_for(server), mode="endpoint", data=make_notes())
    assert [c.phrases for c in found.concepts] == [("chest pain",)]
    asked = [body for body in server.bodies if "logprobs" not in body]
    assert len(asked) == 1
    assert asked[0]["max_tokens"] == 1200
    assert "Chest pain since" not in str(asked[0])
    assert found.egress[0].columns == ("note",)
    assert found.egress[0].bytes > 0


def test_a_server_that_fails_is_an_error_and_nothing_is_proposed(monkeypatch):
    monkeypatch.setenv("INTERPRETABLE_LLM_KEY", "sk-test-key")

    def reply(body, number):
        return answer(body, number) if "logprobs" in body else error(400)

    with FakeServer(reply) as server, pytest.raises(LLMError, match="rejected") as refused:
        concepts.propose(task_for(server), mode="endpoint", data=make_notes())
    assert "SECRET-VALUE" not in str(refused.value)
