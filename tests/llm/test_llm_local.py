"""The real engine and the real weights, over HTTP. Behaviour is tested here, not quality."""

from __future__ import annotations

import math
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import pytest

from interpretable import llm
from interpretable.llm import Ask, Cached, Prompt, many
from interpretable.llm.writing import fits
from interpretable.records.task import Column, Task

TASK = Task(
    name="t", kind="binary", target="ill", positive="yes", columns=(Column(name="age", kind="number"),)
)
ASKED = Prompt(system="Answer with one word: yes or no.", question="Is ice cold?")


@pytest.fixture(scope="module")
def client():
    plan = llm.describe("local")
    if not plan.ready:
        pytest.skip(f"the local language model cannot be used here: {'; '.join(plan.problems)}")
    with llm.connect("local", TASK) as connected:
        yield connected


@pytest.mark.llm_real
def test_the_local_model_gives_probabilities_and_the_same_ones_twice(client):
    first = client.score_labels(ASKED, ("yes", "no"))
    again = client.score_labels(ASKED, ("yes", "no"))
    assert first.failure == ""
    assert 0 < first.label_mass <= 1
    assert math.exp(first.log_probabilities[0]) + math.exp(first.log_probabilities[1]) <= 1 + 1e-9
    assert first.log_probabilities == pytest.approx(again.log_probabilities, abs=1e-3)
    assert first.tokens_in > 10 and first.seconds > 0


@pytest.mark.llm_real
def test_the_local_model_writes_a_record_by_its_schema_and_greedily_the_same_one_twice(client):
    schema = {
        "type": "object",
        "properties": {"colour": {"enum": ["red", "green"]}, "count": {"type": "integer", "maximum": 9}},
        "required": ["colour", "count"],
        "additionalProperties": False,
    }
    ask = Ask(schema=schema, most_tokens=40)
    prompt = Prompt(system="You fill records.", question="An apple. Give its colour and a count.")
    first, again = client.generate(prompt, ask), client.generate(prompt, ask)
    assert first.failure == "" and fits(first.data, schema)
    assert first.data == again.data
    assert first.tokens_out > 3 and first.bytes_sent == 0


@pytest.mark.llm_real
def test_many_questions_to_the_local_model_are_one_after_the_other_and_in_order(client, tmp_path):
    asked = [Prompt(system="Answer with one word: yes or no.", question=f"Is {n} even?") for n in (2, 3, 4)]
    together = many.score_all(Cached(client, tmp_path), asked, ("yes", "no"))
    alone = [client.score_labels(prompt, ("yes", "no")) for prompt in asked]
    assert client.at_once == 1
    for one, other in zip(together, alone, strict=True):
        assert one.log_probabilities == pytest.approx(other.log_probabilities, abs=1e-3)


@pytest.mark.llm_real
def test_the_local_model_says_what_it_is_and_sends_nothing_away(client):
    info = client.info()
    assert (info.where, info.parameters, info.quantisation, info.method) == (
        "local",
        "135M",
        "Q4_1",
        "logprobs",
    )
    assert info.smoke_test_only
    assert client.columns is None and client.egress() == ()
    assert client.score_labels(ASKED, ("yes", "no")).bytes_sent == 0


@pytest.mark.llm_real
def test_a_prompt_longer_than_the_context_is_a_failure_and_not_a_cut(client):
    long = Prompt(system="x", question="word " * 9000)
    assert client.score_labels(long, ("yes", "no")).failure == "too_long"


@pytest.mark.llm_real
def test_the_engine_listens_on_this_machine_only_with_a_key_and_without_a_page(client):
    url = client.url
    assert urlsplit(url).hostname == "127.0.0.1"
    for address, status in ((f"{url}/completions", 401), (url.removesuffix("/v1"), 404)):
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(urllib.request.Request(address, data=b"{}" if status == 401 else None))
        assert caught.value.code == status
        caught.value.close()
