"""Many questions at once over real sockets: order, caps, stops, and an account that adds up."""

from __future__ import annotations

import json
import math
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from fake_server import FakeServer, chat, error
from test_llm_client import make_client

from interpretable.errors import LLMError
from interpretable.llm import Ask, Cached, Prompt, many
from interpretable.llm.purse import Purse, Spent

YES_NO = ("yes", "no")
SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}


def prompts(count: int) -> list[Prompt]:
    return [Prompt(system="yes or no", question=f"age: {i}", columns=("age",)) for i in range(count)]


def number_of(body) -> int:
    return int(body["messages"][-1]["content"].split()[-1])


def by_number(body, n):
    """The chance of yes tells which question it was; later questions are answered sooner."""
    number = number_of(body)
    time.sleep(0.002 * (12 - number % 12))
    return chat(logprobs={"yes": math.log((number + 1) / 100), "no": math.log(0.01)})


def test_answers_come_in_the_order_of_the_questions_and_several_are_under_way(tmp_path):
    under_way, most, lock = [0], [0], threading.Lock()

    def reply(body, n):
        with lock:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
        answer = by_number(body, n)
        time.sleep(0.03)
        with lock:
            under_way[0] -= 1
        return answer

    told = []
    with FakeServer(reply) as server, make_client(server.url, at_once=4) as client:
        found = many.score_all(Cached(client, tmp_path), prompts(24), YES_NO, tell=lambda: told.append(1))
    assert [round(math.exp(a.log_probabilities[0]) * 100) for a in found] == list(range(1, 25))
    assert len(told) == 24
    assert 2 <= most[0] <= 4


def test_the_account_of_threads_is_the_account_of_one(tmp_path):
    accounts = []
    for at_once in (1, 8):
        with FakeServer(by_number) as server, make_client(server.url, at_once=at_once) as client:
            cached = Cached(client, tmp_path / str(at_once))
            many.score_all(cached, prompts(20), YES_NO)
            (sent,) = client.egress()
            accounts.append((sent.calls, sent.bytes, sent.payload_sha256, client.purse.spent().calls))
        (kept,) = Cached(None, tmp_path / str(at_once)).egress()
        assert (kept.calls, kept.bytes) == (sent.calls, sent.bytes) == (20, sent.bytes)
    assert accounts[0] == accounts[1]


def test_the_same_question_is_asked_once_however_many_ask_it(tmp_path):
    with FakeServer(by_number) as server, make_client(server.url, at_once=6) as client:
        found = many.score_all(Cached(client, tmp_path), prompts(1) * 12, YES_NO)
    assert len(server.bodies) == 1
    assert sum(not a.cached for a in found) == 1


def test_five_failures_of_the_line_in_a_row_stop_new_questions():
    with FakeServer(lambda body, n: error(500)) as server:
        with make_client(server.url, at_once=3, retries=0) as client, pytest.raises(LLMError) as caught:
            many.score_all(client, prompts(200), YES_NO)
        assert caught.value.code == "line_down"
        assert len(server.bodies) <= 5 + 2 * 3


def test_a_stop_asks_nothing_new_and_keeps_what_was_under_way(tmp_path):
    answers = []

    def stop():
        answers.append(1)
        if len(answers) == 3:
            raise KeyboardInterrupt

    with FakeServer(by_number, delay=0.02) as server:
        with make_client(server.url, at_once=4) as client, pytest.raises(KeyboardInterrupt):
            many.score_all(Cached(client, tmp_path), prompts(100), YES_NO, tell=stop)
        asked = len(server.bodies)
        assert 3 <= asked <= 10
        with make_client(server.url, at_once=4) as client:
            found = many.score_all(Cached(client, tmp_path), prompts(100), YES_NO)
        assert len(server.bodies) == 100
    assert sum(a.cached for a in found) == asked


def test_a_refused_key_stops_the_asking_and_is_raised_as_it_is():
    with FakeServer(lambda body, n: error(401)) as server:
        with make_client(server.url, at_once=4) as client, pytest.raises(LLMError) as caught:
            many.score_all(client, prompts(50), YES_NO)
        assert caught.value.code == "unauthorised"
        assert len(server.bodies) <= 8


def test_a_server_without_schemas_costs_each_question_under_way_one_repeat_and_no_answer():
    def reply(body, n):
        return error(400) if "response_format" in body else chat(f'{{"n": {number_of(body)}}}')

    with FakeServer(reply, delay=0.01) as server, make_client(server.url, at_once=4) as client:
        found = many.write_all(client, [(p, Ask(schema=SCHEMA)) for p in prompts(16)])
    assert [a.data["n"] for a in found] == list(range(16))
    refused = sum("response_format" in body for body in server.bodies)
    assert 1 <= refused <= 4


def purse(**changes) -> Purse:
    return Purse(**{"price_in": 1e6, "price_out": 2e6, **changes})  # 1 and 2 per token


def answered(server) -> int:
    return len(server.bodies)


@pytest.mark.parametrize("at_once", [1, 5])
def test_the_cap_on_money_is_never_passed_and_what_was_not_asked_is_counted(at_once, tmp_path):
    """Each question costs 12 + 2 by the server's account, and up to its bytes + 2 before it is sent."""
    with FakeServer(by_number) as server:
        money = purse(budget=400.0)
        with (
            make_client(server.url, at_once=at_once, purse=money, retries=0) as client,
            pytest.raises(LLMError, match="not asked") as caught,
        ):
            many.score_all(Cached(client, tmp_path), prompts(60), YES_NO)
        assert caught.value.code == "budget"
        asked = answered(server)
        assert f"{60 - asked:,} of 60" in str(caught.value)
        assert money.spent() == Spent(calls=asked, money=14.0 * asked)
        size = max(len(json.dumps(body, ensure_ascii=False)) for body in server.bodies)
        assert 400.0 - size - 2 - 14 < money.spent().money <= 400.0


def test_a_question_whose_bound_does_not_fit_is_not_sent():
    with FakeServer(by_number) as server, make_client(server.url, purse=purse(budget=100.0)) as client:
        assert client.score_labels(prompts(1)[0], YES_NO).failure == "budget"
        assert answered(server) == 0 and client.purse.spent() == Spent()


def test_a_resumed_run_counts_what_was_spent_before(tmp_path):
    with FakeServer(by_number) as server:
        for most, expected in ((7, 7), (7, 7), (10, 10), (40, 30)):
            with make_client(server.url, at_once=3, purse=purse(most_calls=most)) as client:
                if expected < 30:
                    with pytest.raises(LLMError, match="INTERPRETABLE_LLM_MOST_CALLS"):
                        many.score_all(Cached(client, tmp_path), prompts(30), YES_NO)
                else:
                    assert len(many.score_all(Cached(client, tmp_path), prompts(30), YES_NO)) == 30
            assert answered(server) == expected


def test_an_attempt_that_nobody_accounts_for_counts_as_the_most_it_can_cost():
    def reply(body, n):
        status, headers, payload = chat(logprobs={"yes": -0.1, "no": -3.0})
        told = json.loads(payload)
        del told["usage"]
        return status, headers, json.dumps(told).encode()

    with FakeServer(reply) as server, make_client(server.url, purse=purse()) as client:
        client.score_labels(prompts(1)[0], YES_NO)
        size = len(json.dumps(server.bodies[0], ensure_ascii=False))
        assert client.purse.spent().money == size + 2
    busy = FakeServer(lambda body, n: error(429))
    with busy as server, make_client(server.url, purse=purse(), retries=0) as client:
        client.score_labels(prompts(1)[0], YES_NO)
        assert client.purse.spent() == Spent(calls=1)


def test_a_purse_shared_by_threads_never_holds_more_than_it_has():
    money = purse(budget=1000.0, price_out=0.0)
    sent, lock, overdrawn = [0], threading.Lock(), []

    def spend(_):
        held = money.hold(100, 1, attempts=1)
        if held is None:
            return
        with lock:
            sent[0] += 1
        time.sleep(0.001)
        if money.spent().money > 1000.0:
            overdrawn.append(1)
        money.settle(held, tokens_in=37)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(spend, range(60)))
    assert not overdrawn
    assert sent[0] == (1000 - 100) // 37 + 1  # as if one after the other
    assert money.spent().money == pytest.approx(37 * sent[0])
