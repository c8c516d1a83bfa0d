"""A language model on the same rows: doubles with known answers must come out with known figures."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from factories_cascade import guesses, make_hidden_table, make_hidden_task, rehearse
from typer.testing import CliRunner

import interpretable
from interpretable import words
from interpretable.cli import app
from interpretable.errors import LLMError, UserError
from interpretable.llm import Cached, OpenAIClient, ScriptedLLM
from interpretable.records import codec
from interpretable.records.exchange import LLMInfo
from interpretable.records.llm_baseline import BaselineFinding
from interpretable.records.task import Column, LLMConsent, Task
from interpretable.report.beside_baseline import baseline as baseline_blocks
from interpretable.score.scorer import columns_of, predict
from interpretable.stats.metrics import auroc, expit, mae
from interpretable.study.beside import baseline, keep
from interpretable.study.beside.baseline_ready import Settings, prepare

sys.path.append(str(Path(__file__).parents[1] / "llm"))
from fake_server import FakeServer, chat

LEAN = {"steady_rows": 0, "probe_rows": 0, "rehearsal": True}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    out = tmp_path_factory.mktemp("baseline") / "study"
    given = {"models": "logistic", "quick": True, "llm": "off"}
    return interpretable.train(make_hidden_task(), data=make_hidden_table(900), out=out, **given)


def mode_of(found, name):
    return next(m for m in found.modes if m.mode == name)


def number(prompt, name="first"):
    found = re.search(rf"{name}: [^(;]*\(([-.\de]+)\)", prompt.question)
    return float(found[1]) if found else 0.0  # a row without content


def leans(prompt, labels):
    """A probability that is a known function of the row."""
    p = float(expit(np.array(number(prompt))))
    return [1 - p, p]


def test_a_known_function_of_the_row_comes_out_with_its_known_auroc_on_stated_rows(study, tmp_path):
    options = {**LEAN, "rows": 60, "calibration_rows": 60, "modes": ("zero",)}
    found = baseline.run(study, rehearse(tmp_path, leans, task=study.task), **options)
    ready = prepare(study, Settings(**options), seed=0)
    rows = ready.test.rows
    known = auroc(rows.target, rows.frame["first"].to_numpy())
    (zero,) = found.modes
    assert [r.name for r in zero.readings] == ["raw", "contextual", "batch", "fitted"]
    assert [r.metrics["auroc"].value for r in zero.readings] == pytest.approx([known] * 4)
    assert (found.rows, found.rows_test, found.calibration_rows) == (60, len(study.part("test")), 60)
    assert zero.unread == 0 and zero.ledger.rows == 60 and not zero.failures
    share = study.part("test").target.mean()
    assert abs(rows.target.mean() - share) <= 1 / 60
    small = predict(study.model.scorer(), columns_of(study.model.scorer(), rows), 60)
    used = next(s for s in found.small if s.used)
    assert used.metrics["auroc"].value == pytest.approx(auroc(rows.target, small))
    assert zero.gain.figure.value == pytest.approx(known - auroc(rows.target, small))
    assert used.cost.seconds > 0 and used.cost.decisions == 1000
    assert not set(ready.held.rows.row_ids) & set(rows.row_ids)


def knows(prompt, labels):
    plain = number(prompt, "plain")
    same = (number(prompt) > 0) == (number(prompt, "second") > 0)
    p = float(plain > 0) if abs(plain) > 0.7 else float(same)
    return [0.95 - 0.9 * p, 0.05 + 0.9 * p]


def test_a_model_that_knows_more_helps_and_one_more_right_decision_has_a_price(study, tmp_path):
    options = {**LEAN, "rows": 100, "modes": ("zero", "card")}
    consent = LLMConsent(
        endpoint="https://x",
        model="m",
        purpose="p",
        columns=("first", "second", "plain", "place"),
        price_in=1e6,
    )
    study.task, whole = replace(study.task, llm=consent), study.task
    try:
        found = baseline.run(study, rehearse(tmp_path, knows, task=study.task), **options)
    finally:
        study.task = whole
    easy = mode_of(found, "zero")
    assert (found.told.verdict, found.told.reason) == ("helps", "better")
    assert 0 < easy.gain.lower < easy.gain.figure.value < easy.gain.upper
    right = easy.readings[-1].metrics["accuracy"].value
    small = next(s for s in found.small if s.used).metrics["accuracy"].value
    assert easy.more.more.value == pytest.approx(1000 * (right - small)) and right > small
    assert easy.more.tokens == pytest.approx(2000 / easy.more.more.value)  # a double reads and writes one
    assert (
        easy.more.money == pytest.approx(easy.cost.money / easy.more.more.value) and easy.cost.money == 1000
    )
    assert easy.more.tokens_least < easy.more.tokens


def test_a_model_that_ranks_backwards_is_shown_as_one_and_never_turned_round(study, tmp_path):
    options = {**LEAN, "rows": 100, "calibration_rows": 100, "modes": ("zero",)}
    forwards = baseline.run(study, rehearse(tmp_path / "a", plainly, task=study.task), **options)
    found = baseline.run(
        study, rehearse(tmp_path / "b", lambda p, k: plainly(p, k)[::-1], task=study.task), **options
    )
    (one,), (other,) = forwards.modes, found.modes
    assert one.readings[0].metrics["auroc"].value > 0.6
    for reading in other.readings:
        assert reading.metrics["auroc"].value == pytest.approx(1 - one.readings[0].metrics["auroc"].value)
    assert other.fit["signal"] == 0 and one.fit["signal"] == 1
    assert (found.told.verdict, found.told.reason) == ("does_not_help", "worse")
    assert other.more.seconds is None


def plainly(prompt, labels):
    p = float(expit(np.array(3 * number(prompt, "plain"))))
    return [1 - p, p]


def test_answers_that_cannot_be_read_are_errors_and_hold_the_class_shares(study, tmp_path):
    def mute(prompt, labels):
        return "unreadable" if number(prompt) > 0 else leans(prompt, labels)

    options = {**LEAN, "modes": ("zero",)}
    found = baseline.run(study, rehearse(tmp_path, mute, task=study.task), **options)
    ready = prepare(study, Settings(**options), seed=0)
    (zero,) = found.modes
    gone = int((ready.test.rows.frame["first"] > 0).sum())
    assert zero.unread == gone == zero.failures["unreadable"] == zero.ledger.failures > 5
    assert zero.ledger.rows == 40
    raw = zero.readings[0].metrics["log_loss"].value
    values = ready.test.rows.frame["first"].to_numpy()
    p = np.where(values > 0, ready.shares[1], expit(values))
    y = ready.test.rows.target
    assert raw == pytest.approx(float(-np.log(np.where(y == 1, p, 1 - p)).mean()), abs=1e-3)


def told(prompt):
    return re.search(r"says (yes|no); it is", prompt.question)


def obeys(prompt, labels):
    if not told(prompt):
        return [0.5, 0.5]
    p = 0.9 if told(prompt)[1] == labels[1] else 0.1
    return [1 - p, p]


def test_a_hint_is_the_small_models_own_answer_and_leaving_it_is_counted(study, tmp_path):
    options = {**LEAN, "modes": ("hint",)}
    asking = rehearse(tmp_path / "a", obeys, task=study.task)
    kept = mode_of(baseline.run(study, asking, **options), "hint").overrides
    assert (kept.n, kept.changes, kept.p_value) == (40, 0, 1.0)
    left = baseline.run(
        study, rehearse(tmp_path / "b", lambda p, k: obeys(p, k)[::-1], task=study.task), **options
    )
    left = mode_of(left, "hint").overrides
    assert left.changes == 40 == left.right + left.small_right and left.small_right > left.right
    ready = prepare(study, Settings(**options), seed=0)
    said = [told(p)[1] for p in asking.double.prompts if told(p)]
    assert len(said) == 80
    expected = [("no", "yes")[int(p[1] > 0.5)] for p in (*ready.held.small, *ready.test.small)]
    assert said == expected
    rows, out_of_fold = study.out_of_fold()
    by_id = dict(zip(rows.row_ids, out_of_fold, strict=True))
    assert ready.held.small[:, 1] == pytest.approx([by_id[i] for i in ready.held.rows.row_ids])


def test_examples_are_near_training_rows_of_both_classes_and_never_the_row_itself(study, tmp_path):
    asking = rehearse(tmp_path, guesses, task=study.task)
    baseline.run(study, asking, **{**LEAN, "modes": ("shots",), "shots": 4})
    shown = [p for p in asking.double.prompts if p.examples]
    assert len(shown) == 83
    for prompt in shown:
        assert sorted(a for _, a in prompt.examples) == ["no", "no", "yes", "yes"]
        assert prompt.question not in [q for q, _ in prompt.examples]
        assert prompt.columns[-1] == "ill"


def test_what_may_not_leave_is_in_no_prompt_and_its_modes_say_why(study, tmp_path):
    def run(columns, folder):
        asking = rehearse(folder, guesses, task=study.task)
        asking = replace(asking, double=ScriptedLLM(guesses, columns=columns, writer=lambda p, a: "-"))
        found = baseline.run(study, asking, rehearsal=True, steady_rows=4, probe_rows=3)
        assert all(set(p.columns) <= set(columns) for p in asking.double.prompts)
        hidden = [c.name for c in study.task.columns if c.name not in columns]
        assert not [p for p in asking.double.prompts if any(f"{name}:" in p.text() for name in hidden)]
        return found

    found = run(("first", "second"), tmp_path / "a")
    why = {m.mode: m.skipped for m in found.modes}
    assert why == {"zero": "", **dict.fromkeys(("shots", "hint", "card"), "target_not_allowed")}
    assert found.card == "" and found.steadiness[0].skipped == "target_not_allowed"
    assert found.completion.skipped == "few_columns"
    found = run(("first", "plain", "ill"), tmp_path / "b")
    assert {m.mode: m.skipped for m in found.modes if m.skipped} == {"hint": "columns_not_allowed"}
    assert "plain" in found.card and "second" not in found.card


def test_where_no_mode_may_be_asked_the_small_models_are_shown_alone(study, tmp_path):
    asking = rehearse(tmp_path, guesses, task=study.task)
    asking = replace(asking, double=ScriptedLLM(guesses, columns=("first",)))
    found = baseline.run(study, asking, **{**LEAN, "modes": ("hint", "hint")})
    assert [m.skipped for m in found.modes] == ["target_not_allowed"] and not asking.double.prompts
    assert (found.told.verdict, found.told.reason) == ("cannot_tell", "nothing_ran")
    blocks = list(baseline_blocks(found, study.evidence, "en"))
    assert blocks and len(words.llm_lines(found)) == 3


def test_order_of_examples_is_noticed_and_the_same_question_again_is_asked_afresh(study, tmp_path):
    def first_example(prompt, labels):
        if not prompt.examples:
            return leans(prompt, labels)
        return [0.9, 0.1] if prompt.examples[0][1] == "no" else [0.1, 0.9]

    asking = rehearse(tmp_path, first_example, task=study.task)
    found = baseline.run(
        study, asking, rehearsal=True, probe_rows=0, steady_rows=12, shots=2, modes=("zero", "shots")
    )
    by = {s.change: s for s in found.steadiness}
    assert by["shots"].changed.value == 1.0 and by["shots"].moved.value == pytest.approx(0.8)
    assert by["columns"].changed.value == 0.0 == by["again"].changed.value
    assert by["again"].n == 12 and by["again"].moved.value == 0.0
    texts = [p.text() for p in asking.double.prompts if not p.examples]
    assert max(texts.count(t) for t in texts) == 2  # past the memory of answers


def test_rows_known_by_heart_are_a_sign_and_the_most_frequent_value_is_none(study, tmp_path):
    frame = study.part("train").frame

    def recalls(prompt, ask):
        plain = re.search(r"plain: ([-.\d]+)", prompt.question)[1]
        row = frame.iloc[int(np.argmin(np.abs(frame["plain"] - float(plain))))]
        return f"second: {row['second']}; place: {row['place']}"

    def run(writer, folder):
        asking = replace(
            rehearse(folder, guesses, task=study.task), double=ScriptedLLM(guesses, writer=writer)
        )
        found = baseline.run(study, asking, rehearsal=True, steady_rows=0, probe_rows=20, modes=("zero",))
        assert "written" not in (folder / "answers.jsonl").read_text()  # a continued row is not kept
        return found.completion

    known = run(recalls, tmp_path / "a")
    assert (known.rows, known.cells, known.unread) == (20, 40, 0)
    assert known.exact.value > 0.8 and known.gain.low > 0 and known.rare_exact.value > 0.7
    common = frame["place"].mode().iloc[0]
    guess = run(lambda p, a: f"place: {common}; second: 7", tmp_path / "b")
    assert guess.exact == guess.guess and guess.gain.value == 0.0 and guess.rare_exact.value == 0.0


def test_names_that_carry_all_the_knowledge_are_missed_when_they_are_taken_away(study, tmp_path):
    def by_name(prompt, labels):
        return plainly(prompt, labels) if "plain: " in prompt.question else [0.5, 0.5]

    found = baseline.run(
        study, rehearse(tmp_path, by_name, task=study.task), rehearsal=True, rows=80, steady_rows=0,
        modes=("zero",),
    ).renamed  # fmt: skip
    assert found.bare.value == 0.5 and found.named.value > 0.6
    assert found.difference.value == pytest.approx(found.named.value - 0.5) and found.difference.low > 0


def test_kinds_on_which_the_sureness_is_off_are_found_and_shown_on_test_answers(study, tmp_path):
    parts = [study.out_of_fold()[0], study.part("test")]
    truth = {
        f"{row.plain:.4g}|{row.first:.4g}": y
        for part in parts
        for row, y in zip(part.frame.itertuples(), part.target, strict=True)
    }

    def off(prompt, labels):
        if "(" not in prompt.question:
            return [0.5, 0.5]
        y = truth[f"{number(prompt, 'plain'):.4g}|{number(prompt):.4g}"]
        wrong = "north" in prompt.question and int(abs(1000 * number(prompt, "second"))) % 2 == 0
        p = 0.8 if (y == 1) != wrong else 0.2
        return [1 - p, p]

    many = {**LEAN, "modes": ("zero",), "rows": 150, "calibration_rows": 150}
    found = baseline.run(study, rehearse(tmp_path, off, task=study.task), **many).kinds
    assert found.skipped == "" and found.fitted == 150
    assert found.kinds[0].path[0].column == "place"
    north = [k for k in found.kinds if (k.path[0].level == "north") != k.path[0].negated]
    right = sum(k.right.value * k.n for k in north) / sum(k.n for k in north)
    assert right < 0.65 < 0.7 < north[0].says and found.loss_low > 0
    few = baseline.run(study, rehearse(tmp_path / "few", off, task=study.task), modes=("zero",), **LEAN).kinds
    assert (few.skipped, few.fitted, few.needed) == ("too_few", 40, 60)


def test_a_run_goes_on_from_its_answers_and_a_double_never_fills_the_row(study, tmp_path):
    asking = rehearse(tmp_path, leans, task=study.task)
    found = baseline.run(study, asking, **LEAN)
    again = replace(asking, double=ScriptedLLM(lambda p, k: "timeout"))
    second = baseline.run(study, again, **LEAN)
    assert not again.double.prompts
    assert [m.readings for m in second.modes] == [m.readings for m in found.modes]
    with pytest.raises(LLMError) as caught:
        baseline.run(study, asking, modes=("zero",))
    assert caught.value.code == "scripted"


def test_the_finding_is_kept_with_no_row_of_a_person_and_shown_again(study, tmp_path):
    found = baseline.run(study, rehearse(tmp_path, leans, task=study.task), rehearsal=True)
    raw = codec.to_json(found)
    assert codec.from_json(raw, BaselineFinding) == found
    ids = {str(i) for part in ("train", "test") for i in study.part(part).row_ids if len(str(i)) > 2}
    assert not [i for i in ids if f'"{i}"' in raw.decode()]
    keep(study.path, found)
    study.__dict__.pop("beside", None)
    assert study.beside["baseline"] == found and interpretable.verify(study.path) == []


class Stated:
    """A server without word probabilities, whose model states one that moves with the draw."""

    def __init__(self):
        self.bodies = []

    def __call__(self, body, number):
        if "response_format" not in body:
            return chat("yes")
        if "Is ice colder" in body["messages"][-1]["content"]:
            return chat('{"answer": "yes", "probability": 0.9}')
        self.bodies.append(body)
        value = re.search(r"first: [^(;]*\(([-.\de]+)\)", body["messages"][-1]["content"])
        p = float(expit(np.array(float(value[1]) if value else 0.0)))
        p = min(0.99, max(0.01, p + (-0.1, 0.0, 0.1)[body.get("seed", 0) % 3]))
        if value and float(value[1]) > 1.5 and body.get("seed", 0) < 2:
            return chat("I cannot say.")
        return chat(json.dumps({"answer": "yes", "probability": round(p, 4)}))


def test_without_word_probabilities_stated_ones_are_averaged_and_unread_draws_are_counted(study, tmp_path):
    stated = Stated()
    with (
        FakeServer(stated) as server,
        OpenAIClient(server.url, LLMInfo(name="m", where="127.0.0.1")) as client,
    ):
        assert client.info().method == "json"
        asking = rehearse(tmp_path, guesses, task=study.task)
        asking = replace(asking, double=client)
        found = baseline.run(study, asking, modes=("zero",), rows=20, calibration_rows=12, **LEAN)
    ready = prepare(study, Settings(rows=20, calibration_rows=12), seed=0)
    values = ready.test.rows.frame["first"].to_numpy()
    (zero,) = found.modes
    assert (zero.way, found.draws) == ("verbal", 3)
    assert {b["seed"] for b in stated.bodies} == {0, 1, 2} and stated.bodies[0]["temperature"] == 0.7
    assert zero.unread == int((values > 1.5).sum()) and zero.failures.get("unreadable", 0) == 2 * zero.unread
    assert zero.ledger.rows == 20 and zero.ledger.calls >= 60
    score = np.where(values > 1.5, ready.shares[1], np.clip(expit(values), 0.005, 0.995))
    assert zero.readings[0].metrics["auroc"].value == pytest.approx(auroc(ready.test.rows.target, score))


def make_amounts(n=300):
    random = np.random.default_rng(5)
    table = make_hidden_table(n).drop(columns="ill")
    return table.assign(
        weight=(40 + 5 * table["plain"] + 3 * table["first"] + random.normal(0, 1, n)).round(2)
    )


def test_amounts_are_the_median_of_their_draws_and_unread_ones_hold_the_training_mean(tmp_path):
    columns = tuple(Column(name=c, kind="number") for c in ("plain", "first", "second"))
    task = Task(name="w", kind="regression", target="weight", target_unit="kg",
                columns=(*columns, Column(name="place", kind="category")))  # fmt: skip
    study = interpretable.train(
        task, data=make_amounts(), out=tmp_path / "study", models="linear", quick=True, llm="off"
    )

    def writes(prompt, ask):
        assert "in kg" in prompt.system and ask.schema["required"] == ["value"]
        if number(prompt) > 1.0:
            return "about forty"
        return json.dumps({"value": 40 + 5 * number(prompt, "plain") + (0, 1000, -1)[ask.draw]})

    asking = replace(rehearse(tmp_path / "a", guesses, task=task), double=ScriptedLLM(guesses, writer=writes))
    found = baseline.run(study, asking, **LEAN)
    rows = prepare(study, Settings(), seed=0).test.rows
    middle = study.part("train").target.mean()
    said = np.where(rows.frame["first"] > 1.0, middle, 40 + 5 * rows.frame["plain"])
    zero = mode_of(found, "zero")
    assert zero.way == "numbers" and zero.unread == int((rows.frame["first"] > 1.0).sum())
    assert zero.failures["unreadable"] == 3 * zero.unread
    assert zero.readings[0].metrics["mae"].value == pytest.approx(mae(rows.target, said), abs=1e-3)
    assert zero.readings[1].metrics["mae"].low < zero.readings[1].metrics["mae"].value
    assert (found.told.verdict, zero.more, found.kinds) == ("does_not_help", None, None)
    shown = next(p for p in asking.double.prompts if p.examples)
    assert all(re.fullmatch(r'\{"value": [-.\d]+\}', a) for _, a in shown.examples)
    assert any("says" in p.question and " kg." in p.question for p in asking.double.prompts)


def test_every_wrong_setting_is_named_at_once_and_the_command_needs_a_model(study):
    with pytest.raises(UserError) as caught:
        baseline.run(study, rehearse(study.path, guesses, task=study.task), rows=3, modes=("magic",), draws=0)
    said = " ".join(caught.value.problems)
    assert (
        len(caught.value.problems) == 3 and "magic" in said and "rows is 3" in said and "draws is 0" in said
    )
    shown = CliRunner().invoke(app, ["llm", "baseline", str(study.path), "--llm", "off"])
    assert shown.exit_code != 0 and "No language model was asked for" in str(shown.exception)


def test_the_memory_of_answers_gives_the_model_behind_it(tmp_path):
    double = ScriptedLLM(guesses)
    assert Cached(double, tmp_path).fresh is double
    assert Cached(None, tmp_path).fresh is None


def test_passages_of_the_own_guidelines_stand_before_the_row_and_leave_only_with_leave(
    study, tmp_path, monkeypatch
):
    folder = tmp_path / "guides"
    folder.mkdir()
    (folder / "wards.md").write_text("# Wards\n\nPeople from the north are often seen late.\n")
    options = {**LEAN, "rows": 10, "calibration_rows": 10, "modes": ("zero", "guide")}
    none = baseline.run(study, rehearse(tmp_path / "none", leans, task=study.task), **options)
    assert mode_of(none, "guide").skipped == "no_guidelines"
    monkeypatch.setenv("INTERPRETABLE_GUIDELINES", str(folder))
    asking = rehearse(tmp_path / "some", leans, task=study.task)
    found = baseline.run(study, asking, **options)
    assert mode_of(found, "guide").ledger.rows == 10
    before = [p.question for p in asking.double.prompts if p.question.startswith("From our own guidelines")]
    assert before and all("wards.md, Wards: People from the north" in q for q in before)
    assert all("place: north" in q for q in before)  # only rows of whom the passage speaks
    closed = rehearse(
        tmp_path / "far", leans, task=study.task, double=ScriptedLLM(leans, columns=("first", "place"))
    )
    told = baseline.run(study, closed, **options)
    assert mode_of(told, "guide").skipped == "guidelines_not_allowed"
    assert not any("guidelines" in p.question for p in closed.double.prompts)
