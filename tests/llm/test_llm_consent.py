"""What may leave the machine, and to where."""

from __future__ import annotations

import subprocess
import sys

import pytest

from interpretable import llm
from interpretable.errors import LLMError
from interpretable.llm.egress import check_url, open_purse
from interpretable.llm.openai_api import key_for
from interpretable.records.task import Column, LLMConsent, Task

AGE, DIARY = Column(name="age", kind="number"), Column(name="diary", kind="text", exclude=True)


def make_task(**consent) -> Task:
    given = {
        "endpoint": "https://models.example/v1",
        "model": "m",
        "purpose": "to compare",
        "columns": ("age",),
    }
    said = LLMConsent(**{**given, **consent}) if consent is not None else None
    return Task(name="t", kind="binary", target="ill", positive="yes", columns=(AGE, DIARY), llm=said)


def test_without_an_llm_table_the_error_says_what_to_add():
    task = Task(name="t", kind="binary", target="ill", columns=(AGE,))
    with pytest.raises(LLMError) as caught:
        llm.connect("endpoint", task)
    assert caught.value.code == "no_consent"
    assert all(word in str(caught.value) for word in ("[llm]", "endpoint", "model", "purpose", "columns"))


def test_all_that_is_missing_is_listed_at_once():
    with pytest.raises(LLMError) as caught:
        llm.connect("endpoint", make_task(purpose=" ", model="", columns=("diary", "nowhere")))
    assert len(caught.value.problems) == 3
    assert "'diary', 'nowhere'" in caught.value.problems[2]


def test_off_connects_to_nothing():
    with pytest.raises(LLMError) as caught:
        llm.connect("off", make_task())
    assert caught.value.code == "off"


@pytest.mark.parametrize(
    "url", ["http://gpu:8000/v1", "http://192.0.2.7/v1", "http://127.0.0.1.example.org/v1"]
)
def test_plain_http_to_another_machine_is_refused_unless_it_is_named(url, monkeypatch):
    monkeypatch.delenv("INTERPRETABLE_LLM_ALLOW_HTTP", raising=False)
    with pytest.raises(LLMError) as caught:
        check_url(url)
    assert caught.value.code == "plain_http"
    monkeypatch.setenv("INTERPRETABLE_LLM_ALLOW_HTTP", "gpu,192.0.2.7,127.0.0.1.example.org")
    assert check_url(url)


@pytest.mark.parametrize(
    "url", ["ftp://x/v1", "https://me:secret@x/v1", "https://x/v1?key=secret", "x/v1", ""]
)
def test_an_odd_address_is_refused_without_repeating_it(url):
    with pytest.raises(LLMError) as caught:
        check_url(url)
    assert caught.value.code == "bad_endpoint"
    assert "me:secret" not in str(caught.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/v1", "http://localhost:11434/v1", "http://[::1]:80/v1"])
def test_plain_http_to_this_machine_is_fine(url):
    assert check_url(url)


def test_an_openai_key_never_goes_to_another_host(monkeypatch):
    monkeypatch.delenv("INTERPRETABLE_LLM_KEY", raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-openai")
    assert key_for("api.openai.com") == "sk-openai"
    assert key_for("r.openai.azure.com") == "sk-openai"
    assert key_for("models.example") == "" == key_for("api.openai.com.example") == key_for("notopenai.com")
    monkeypatch.setenv("INTERPRETABLE_LLM_KEY", "mine")
    assert key_for("models.example") == "mine" == key_for("api.openai.com")


def test_describe_says_what_would_leave_and_sends_nothing(monkeypatch):
    monkeypatch.setenv("INTERPRETABLE_LLM_KEY", "mine")
    plan = llm.describe("endpoint", make_task(columns=("age", "ill")))
    assert (plan.where, plan.columns, plan.leaves_machine) == ("models.example", ("age", "ill"), True)
    assert plan.ready and plan.key and plan.examples
    assert "mine" not in repr(plan)
    assert not llm.describe("endpoint", make_task()).examples
    assert not llm.describe("endpoint", make_task(endpoint="http://localhost:1/v1")).leaves_machine


def test_describe_local_says_that_the_weights_are_missing(monkeypatch, tmp_path):
    monkeypatch.setenv("INTERPRETABLE_CACHE", str(tmp_path))
    plan = llm.describe("local")
    assert plan.weights == "missing" and not plan.ready and "weights_missing" in plan.codes
    with pytest.raises(LLMError) as caught:
        llm.connect("local", make_task())
    assert caught.value.code in ("weights_missing", "engine_missing", "client_missing")


def test_the_caps_are_those_of_the_task_and_the_environment_stands_above_them(monkeypatch):
    consent = make_task(budget=2.0, price_in=1.0, price_out=1.0, most_calls=9).llm
    purse = open_purse(consent)
    assert (purse.budget, purse.most_calls) == (2.0, 9)
    monkeypatch.setenv("INTERPRETABLE_LLM_BUDGET", "3.5")
    monkeypatch.setenv("INTERPRETABLE_LLM_MOST_CALLS", "11")
    purse = open_purse(consent)
    assert (purse.budget, purse.most_calls) == (3.5, 11)


@pytest.mark.parametrize("wrong", ["0", "-1", "much", "inf", "nan"])
def test_a_cap_that_cannot_be_is_refused_before_anything_is_sent(monkeypatch, wrong):
    monkeypatch.setenv("INTERPRETABLE_LLM_BUDGET", wrong)
    with pytest.raises(LLMError, match="INTERPRETABLE_LLM_BUDGET") as caught:
        llm.connect("endpoint", make_task(price_in=1.0, price_out=1.0))
    assert caught.value.code == "bad_cap"


def test_a_cap_on_money_without_prices_is_refused(monkeypatch):
    monkeypatch.setenv("INTERPRETABLE_LLM_BUDGET", "1")
    with pytest.raises(LLMError, match="price_in") as caught:
        open_purse(make_task().llm)
    assert caught.value.code == "bad_cap"


def test_importing_the_room_imports_neither_client_nor_engine():
    code = (
        "import sys, interpretable.llm; "
        "print([m for m in ('openai', 'xllamacpp', 'httpx2', 'sklearn', 'scipy', 'pandas') if m in "
        "sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
