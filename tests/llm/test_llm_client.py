"""The client over real sockets: the ladder, the errors, what is sent and what is not."""

from __future__ import annotations

import math

import pytest
from fake_server import FakeServer, chat, error

from interpretable.errors import LLMError
from interpretable.llm import Ask, Cached, Dialect, OpenAIClient, Prompt
from interpretable.llm.purse import Purse
from interpretable.records.exchange import LLMInfo

LOGPROBS = Dialect(method="logprobs")
ASKED = Prompt(system="Answer yes or no.", question="age: high", columns=("age",))
YES_NO = ("yes", "no")
SAID_YES = {"yes": math.log(0.4), " Yes": math.log(0.2), "no": math.log(0.1), "Maybe": math.log(0.05)}


def make_client(url: str, **changes) -> OpenAIClient:
    settings = {"dialect": LOGPROBS, "columns": ("age",), "retries": 2, "timeout": 5.0, "key": "sk-test-key"}
    return OpenAIClient(url, LLMInfo(name="fake", where="127.0.0.1"), **{**settings, **changes})


def test_variants_of_a_label_are_summed_and_the_mass_is_told():
    with FakeServer(lambda body, n: chat(logprobs=SAID_YES)) as server, make_client(server.url) as client:
        scores = client.score_labels(ASKED, YES_NO)
    assert [math.exp(x) for x in scores.log_probabilities] == pytest.approx([0.6, 0.1])
    assert scores.label_mass == pytest.approx(0.7)
    assert (scores.tokens_in, scores.tokens_out, scores.calls) == (12, 1, 1)
    assert server.bodies[0]["top_logprobs"] == 20
    assert client.info().fingerprint == "fp-1"


def test_a_label_that_was_not_offered_gets_the_smallest_offer_as_upper_bound():
    offers = {"yes": math.log(0.9), "so": math.log(0.01)}
    with FakeServer(lambda body, n: chat(logprobs=offers)) as server, make_client(server.url) as client:
        scores = client.score_labels(ASKED, YES_NO)
    assert math.exp(scores.log_probabilities[1]) == pytest.approx(0.01)
    assert scores.unseen == 1


def test_too_many_requests_is_tried_again_after_the_time_the_server_names():
    def reply(body, number):
        return error(429, **{"Retry-After": "0.05"}) if number == 1 else chat(logprobs=SAID_YES)

    with FakeServer(reply) as server, make_client(server.url) as client:
        scores = client.score_labels(ASKED, YES_NO)
        sent = client.egress()[0]
    assert not scores.failure
    assert scores.calls == 2 == sent.calls
    assert scores.bytes_sent == sent.bytes > 0


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (error(500), "server_error"),
        (error(429), "rate_limited"),
        (error(400), "rejected"),
        ((400, {}, b'{"error": {"type": "exceed_context_size_error"}}'), "too_long"),
        ((302, {"Location": "http://127.0.0.1:9/elsewhere"}, b"{}"), "rejected"),
        ((200, {}, b'{"choices": [{"mess'), "unreadable"),
        ((200, {"Content-Type": "text/html"}, b"<html>hello</html>"), "unreadable"),
        ((200, {}, b'{"choices": []}'), "unreadable"),
        ((200, {}, b"[]"), "unreadable"),
        ((200, {}, b'{"choices": [{"index": 0}]}'), "unreadable"),
        (chat(refusal="I cannot help with that."), "refused"),
        (chat("yes"), "no_logprobs"),
        (chat(logprobs={"Well": -0.1}), "no_label"),
    ],
)
def test_every_bad_answer_is_a_code_and_never_a_class(reply, code):
    with FakeServer(lambda body, n: reply) as server, make_client(server.url, retries=0) as client:
        scores = client.score_labels(ASKED, YES_NO)
    assert scores.failure == code
    assert scores.log_probabilities.size == 0


def test_a_server_that_does_not_answer_in_time_is_a_timeout():
    reply = FakeServer(lambda body, n: chat(logprobs=SAID_YES), delay=0.6)
    with reply as server, make_client(server.url, retries=0, timeout=0.1) as client:
        assert client.score_labels(ASKED, YES_NO).failure == "timeout"


def test_nobody_there_is_a_connection_failure():
    with FakeServer(lambda body, n: chat()) as server:
        url = server.url
    with make_client(url, retries=0) as client:
        assert client.score_labels(ASKED, YES_NO).failure == "connection"


@pytest.mark.parametrize(
    ("status", "code"), [(401, "unauthorised"), (403, "unauthorised"), (404, "model_not_found")]
)
def test_a_wrong_key_or_model_stops_the_run_and_repeats_nothing_the_server_wrote(status, code):
    served = FakeServer(lambda body, n: error(status))
    with served as server, make_client(server.url) as client, pytest.raises(LLMError) as caught:
        client.score_labels(ASKED, YES_NO)
    assert caught.value.code == code
    assert "SECRET" not in str(caught.value) and "sk-test" not in str(caught.value)


def test_a_prompt_with_a_column_that_is_not_allowed_is_not_sent():
    served = FakeServer(lambda body, n: chat(logprobs=SAID_YES))
    with served as server, make_client(server.url) as client, pytest.raises(LLMError) as caught:
        client.score_labels(Prompt(system="", question="diary: x", columns=("age", "diary")), YES_NO)
    assert caught.value.code == "column_not_allowed"
    assert server.bodies == []


def test_the_budget_caps_the_calls():
    served = FakeServer(lambda body, n: chat(logprobs=SAID_YES))
    with served as server, make_client(server.url, purse=Purse(most_calls=1)) as client:
        assert client.score_labels(ASKED, YES_NO).failure == ""
        assert client.score_labels(ASKED, YES_NO).failure == "budget"
    assert len(server.bodies) == 1


def test_a_server_without_logprobs_is_asked_for_json_and_the_step_is_recorded():
    def reply(body, number):
        if "logprobs" in body:
            return chat("yes")
        return chat('{"answer": "no", "probability": 0.8}')

    with FakeServer(reply) as server, make_client(server.url, dialect=None) as client:
        assert client.info().method == "json"
        scores = client.score_labels(ASKED, YES_NO)
    assert [math.exp(x) for x in scores.log_probabilities] == pytest.approx([0.2, 0.8])
    assert server.bodies[-1]["response_format"]["json_schema"]["schema"]["properties"]["answer"]["enum"] == [
        "yes",
        "no",
    ]
    assert all("age: high" not in str(body) for body in server.bodies[:-1])  # the probe holds no data


def test_a_probability_out_of_range_is_not_believed():
    answer = chat('{"answer": "no", "probability": 5000}')
    served = FakeServer(lambda body, n: answer)
    with served as server, make_client(server.url, dialect=Dialect(method="json")) as client:
        assert client.score_labels(ASKED, YES_NO).failure == "unreadable"


def test_a_server_that_only_talks_is_asked_several_times_and_votes_are_counted():
    def reply(body, number):
        if "logprobs" in body or "response_format" in body or "max_tokens" not in body:
            return error(400)
        return chat("Yes." if body["seed"] else "no")

    with FakeServer(reply) as server, make_client(server.url, dialect=None) as client:
        assert client.info().method == "votes"
        scores = client.score_labels(ASKED, YES_NO)
    assert scores.calls == 5
    assert math.exp(scores.log_probabilities[0]) == pytest.approx(4.5 / 6)


def test_a_server_that_gives_nothing_usable_is_unavailable():
    with (
        FakeServer(lambda body, n: chat("The weather is fine.")) as server,
        pytest.raises(LLMError) as caught,
    ):
        make_client(server.url, dialect=None)
    assert caught.value.code == "unavailable"
    assert "no_logprobs" in str(caught.value)


def test_answers_are_replayed_from_disk_when_the_model_is_gone(tmp_path):
    with FakeServer(lambda body, n: chat(logprobs=SAID_YES)) as server, make_client(server.url) as client:
        fresh = Cached(client, tmp_path).score_labels(ASKED, YES_NO)
        again = Cached(client, tmp_path).score_labels(ASKED, YES_NO)
    replay = Cached(None, tmp_path)
    replayed = replay.score_labels(ASKED, YES_NO)
    assert not fresh.cached and again.cached and replayed.cached
    assert len(server.bodies) == 1
    assert replayed.log_probabilities.tolist() == fresh.log_probabilities.tolist()
    assert replay.info().name == "fake"
    other = Prompt(system="", question="age: low", columns=("age",))
    assert replay.score_labels(other, YES_NO).failure == "not_recorded"


def test_the_disk_holds_neither_the_row_nor_the_key(tmp_path):
    secret = Prompt(system="", question="age: 4711-MARK", columns=("age",))
    with FakeServer(lambda body, n: chat(logprobs=SAID_YES)) as server, make_client(server.url) as client:
        Cached(client, tmp_path).score_labels(secret, YES_NO)
        assert "4711" not in repr(client.egress())
    written = "".join(file.read_text() for file in tmp_path.iterdir())
    assert "4711" not in written and "sk-test" not in written
    assert server.headers[0]["authorization"] == "Bearer sk-test-key"


def test_failures_are_not_remembered_and_a_cut_line_is_asked_again(tmp_path):
    def reply(body, number):
        return error(500) if number == 1 else chat(logprobs=SAID_YES)

    with FakeServer(reply) as server, make_client(server.url, retries=0) as client:
        assert Cached(client, tmp_path).score_labels(ASKED, YES_NO).failure == "server_error"
        assert not Cached(client, tmp_path).score_labels(ASKED, YES_NO).cached
        file = tmp_path / "answers.jsonl"
        file.write_text(file.read_text()[:-20])
        assert not Cached(client, tmp_path).score_labels(ASKED, YES_NO).cached
    assert len(server.bodies) == 3


def test_what_was_sent_is_on_record_even_when_the_run_stopped_or_the_key_was_refused(tmp_path):
    with FakeServer(lambda body, n: error(401)) as server, make_client(server.url) as client:
        with pytest.raises(LLMError):
            Cached(client, tmp_path).score_labels(ASKED, YES_NO)
        assert client.egress()[0].calls == 1
    with FakeServer(lambda body, n: chat(logprobs=SAID_YES)) as server, make_client(server.url) as client:
        cached = Cached(client, tmp_path)
        cached.score_labels(ASKED, YES_NO)
        cached.score_labels(Prompt(system="", question="age: low", columns=("age",)), YES_NO)
    assert [record.calls for record in cached.egress()] == [1, 2]
    assert [record.calls for record in Cached(None, tmp_path).egress()] == [1, 2]
    assert cached.egress()[0].columns == ("age",)


SCHEMA = {
    "type": "object",
    "properties": {"age": {"type": "number", "minimum": 0, "maximum": 120}},
    "required": ["age"],
    "additionalProperties": False,
}


def test_a_record_is_asked_for_by_its_schema_and_checked_when_it_comes():
    with FakeServer(lambda body, n: chat('{"age": 41}')) as server, make_client(server.url) as client:
        found = client.generate(ASKED, Ask(schema=SCHEMA, draw=3, temperature=0.7))
    assert (found.data, found.failure) == ({"age": 41}, "")
    body = server.bodies[0]
    assert body["response_format"]["json_schema"]["schema"] == SCHEMA
    assert (body["seed"], body["temperature"], body["max_tokens"]) == (3, 0.7, 256)


@pytest.mark.parametrize(
    "said", ['{"age": 500}', '{"age": 41, "more": 1}', "41 years", "[]", "", '{"age": 4']
)
def test_a_record_that_does_not_fit_its_schema_is_a_failure(said):
    with FakeServer(lambda body, n: chat(said)) as server, make_client(server.url) as client:
        found = client.generate(ASKED, Ask(schema=SCHEMA))
    assert found.failure == "unreadable"
    assert found.calls == 1


def test_a_server_that_knows_no_schemas_is_told_in_words_from_then_on():
    def reply(body, number):
        return error(400) if "response_format" in body else chat('```json\n{"age": 41}\n```')

    with FakeServer(reply) as server, make_client(server.url, retries=0) as client:
        first, second = (client.generate(ASKED, Ask(schema=SCHEMA, draw=i)) for i in range(2))
    assert first.data == second.data == {"age": 41}
    assert (first.calls, second.calls, len(server.bodies)) == (2, 1, 3)
    assert '"maximum": 120' in server.bodies[2]["messages"][0]["content"]


def test_written_answers_are_remembered_by_prompt_and_draw(tmp_path):
    with FakeServer(lambda body, n: chat(f"text {n}")) as server, make_client(server.url) as client:
        cached = Cached(client, tmp_path)
        texts = [cached.generate(ASKED, Ask(draw=draw)).text for draw in (0, 1, 0)]
    replay = Cached(None, tmp_path)
    again = replay.generate(ASKED, Ask(draw=1))
    assert texts == ["text 1", "text 2", "text 1"]
    assert (again.text, again.cached) == ("text 2", True)
    assert replay.generate(ASKED, Ask(draw=9)).failure == "not_recorded"


def test_a_column_that_is_not_allowed_is_not_written_about():
    asked = Prompt(system="", question="", columns=("sex",))
    with (
        FakeServer(lambda body, n: chat("x")) as server,
        make_client(server.url) as client,
        pytest.raises(LLMError, match="Nothing was sent"),
    ):
        client.generate(asked, Ask())
    assert server.bodies == []
