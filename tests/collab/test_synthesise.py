"""Language models as makers of rows: what is asked, what is refused, and that only the fold is shown."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from factories_concepts import make_notes, read_notes
from factories_mixed import make_mixed_rows
from factories_models import make_rows, make_task, make_text_rows

from interpretable import llm
from interpretable.collab.rowfold import check_kind, shares
from interpretable.collab.rowform import FEW, is_refusal
from interpretable.collab.synthesise import make_maker
from interpretable.errors import BrokenPromise, LLMError, UserError
from interpretable.llm import Cached, ScriptedLLM
from interpretable.llm.cache import text_key
from interpretable.records.exchange import LLMInfo

GOOD = {"age": 50.5, "kind": "a", "dose": 2.5}


def answer(*rows, count=None):
    return json.dumps({"count": len(rows) if count is None else count, "rows": list(rows)})


def asked_rows(prompt):
    return int(re.search(r"The count is (\d+)", prompt.question)[1])


def faithful(row=GOOD):
    """A writer that gives as many copies of one row as were asked for."""
    return lambda prompt, ask: answer(*[row] * asked_rows(prompt))


def double(writer, **options):
    return ScriptedLLM(lambda prompt, labels: [0.5, 0.5], writer=writer, **options)


def make(train, writer, rows=10, *, columns=None, **options):
    client = double(writer, columns=columns)
    maker = make_maker(client, train.task, rehearsal=True, **options)
    return maker.make(train, rows, seed=0), maker, client


def balance(account):
    return account.asked - account.usable - sum(account.refused.values())


def test_rows_have_the_form_of_the_table_and_the_class_that_was_asked_for():
    train = make_rows(80)
    got, maker, client = make(train, faithful(), rows=10)
    assert list(got.frame.columns) == list(train.frame.columns) and len(got) == 10
    assert got.frame["age"].dtype == np.float64 and got.frame["kind"].dtype == object
    assert np.bincount(got.target).tolist() == shares(train.target, 10, classes=2).tolist()
    said = [re.search(r"ill: (yes|no)\. The count", p.question)[1] for p in client.prompts]
    counts = [asked_rows(p) for p in client.prompts]
    assert np.repeat(np.array(said) == "yes", counts).astype(int).tolist() == got.target.tolist()
    assert maker.account().asked == maker.account().usable == 10


def test_each_row_says_who_made_it_from_which_training_rows():
    train = make_rows(80)
    asked = []

    def noting(prompt, ask):
        asked.append((prompt, ask))
        return faithful()(prompt, ask)

    got, _, client = make(train, noting, rows=6, per_answer=2)
    assert {p.maker for p in got.provenance} == {client.info().name} and {p.kind for p in got.provenance} == {
        "row"
    }
    place = {row: i for i, row in enumerate(train.row_ids)}
    for origin in got.provenance:
        of_class = np.bincount(train.target[[place[row] for row in origin.shown]])
        assert of_class.tolist() == [3, 3]  # class-balanced
    keys = [text_key(client.info(), *pair) for pair in asked]
    assert [p.request_sha256 for p in got.provenance] == [
        key for key, (prompt, _) in zip(keys, asked, strict=True) for _ in range(asked_rows(prompt))
    ]
    assert len({ask.draw for _, ask in asked}) == len(asked)


def test_only_rows_of_the_fold_are_shown():
    train = make_rows(80)
    frame = train.frame.assign(age=np.arange(80) + 0.25)  # each row is known by its age
    fold = replace(train, frame=frame).take(np.arange(0, 80, 2))
    _, _, client = make(fold, faithful(), rows=12)
    seen = {float(v) for p in client.prompts for v in re.findall(r'"age": ([\d.]+)', p.question)}
    assert len(seen) > 6 and seen <= set(fold.frame["age"])


def test_the_same_seed_asks_the_same_and_another_seed_something_else():
    train = make_rows(80)
    client = double(faithful())
    for seed in (1, 1, 2):
        make_maker(client, train.task, rehearsal=True).make(train, 4, seed=seed)
    texts = [p.text() for p in client.prompts]
    third = len(texts) // 3
    assert texts[:third] == texts[third : 2 * third] != texts[2 * third :]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (GOOD | {"age": 5000.0}, "out_of_range"),
        (GOOD | {"age": -1}, "out_of_range"),
        (GOOD | {"age": "50"}, "malformed"),
        (GOOD | {"age": True}, "malformed"),
        (GOOD | {"dose": None}, "malformed"),  # no training row lacks it
        (GOOD | {"kind": "z"}, "unknown_level"),
        (GOOD | {"kind": 1}, "malformed"),
        ({"age": 50.0}, "malformed"),
        (GOOD | {"extra": 1}, "malformed"),
        ([1], "malformed"),
    ],
)
def test_a_row_with_a_wrong_value_is_counted_and_its_neighbours_are_kept(row, code):
    train = make_rows(80)

    def writer(prompt, ask):
        return answer(*[row, *[GOOD] * (asked_rows(prompt) - 1)])

    got, maker, _client = make(train, writer, rows=8)
    account = maker.account()
    assert set(account.refused) == {code} and balance(account) == 0
    assert len(got) == account.usable > 0 and set(got.frame["age"]) == {50.5}


def test_values_that_may_be_missing_stay_missing():
    got, _, _ = make(make_rows(80), faithful({"age": None, "kind": None, "dose": 1.0}), rows=3)
    assert got.frame["age"].isna().all() and list(got.frame["kind"]) == [None] * 3


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "unreadable"),
        ("I cannot do that.", "unreadable"),
        ('{"count": 9, "rows": []}', "miscounted"),
        (answer(GOOD, count=2), "miscounted"),
        (answer(*[GOOD] * 9), "miscounted"),
        ('{"rows": 3}', "unreadable"),
        ('{"count": 0, "rows": []}', "undelivered"),
    ],
)
def test_answers_of_no_use_are_counted_and_not_asked_for_without_end(text, code):
    got, maker, client = make(make_rows(80), lambda prompt, ask: text, rows=8)
    account = maker.account()
    assert len(got) == 0 and account.refused == {code: 24} and account.asked == 24  # three times 8
    assert sum(asked_rows(p) for p in client.prompts) == 24
    assert len(got.frame) == 0 and got.target.dtype == np.int64


def test_what_one_round_lacks_the_next_asks_for():
    calls = iter(range(100))
    train = make_rows(80)

    def writer(prompt, ask):
        return "no" if next(calls) == 0 else faithful()(prompt, ask)

    got, maker, _ = make(train, writer, rows=8)
    assert len(got) == 8 and maker.account().refused == {"unreadable": 4} and maker.account().asked == 12


def test_the_answers_are_kept_for_the_bill():
    _, maker, client = make(make_rows(80), faithful(), rows=9)
    assert sum(a.calls for a in maker.answers) == len(client.prompts)


def test_rare_levels_are_neither_shown_nor_asked_for_nor_taken():
    train = make_rows(80)
    kind = train.frame["kind"].copy()
    kind.iloc[: FEW - 1] = "rare"
    train = replace(train, frame=train.frame.assign(kind=kind))
    got, maker, client = make(train, faithful(GOOD | {"kind": "rare"}), rows=20)
    assert "rare" not in "".join(p.text() for p in client.prompts)
    assert len(got) == 0 and set(maker.account().refused) == {"unknown_level"}


def test_columns_that_may_not_be_sent_are_left_out_and_said():
    train = make_rows(80)
    row = {"age": 50.0, "dose": 1.0}
    got, maker, client = make(train, faithful(row), rows=4, columns=("age", "dose", "ill"))
    assert maker.account().left_out == ("kind",) and got.frame["kind"].isna().all()
    assert {p.columns for p in client.prompts} == {("age", "dose", "ill")}
    assert not any("kind" in p.text() for p in client.prompts)


def test_without_consent_for_the_outcome_no_training_row_is_shown():
    train = make_rows(80)
    got, maker, client = make(train, faithful(), rows=4, columns=("age", "kind", "dose"))
    assert maker.account().examples is False and {p.shown for p in got.provenance} == {()}
    assert {p.columns for p in client.prompts} == {("age", "kind", "dose")}
    assert not any('"age":' in p.text() for p in client.prompts)


def test_a_table_none_of_whose_columns_may_be_sent_is_refused():
    with pytest.raises(LLMError, match="no column"):
        make(make_rows(80), faithful(), columns=("ill",))


def test_texts_are_asked_for_class_by_class_from_texts_of_that_class():
    train = make_text_rows(60)
    got, maker, _client = make(
        train, faithful({"note": "the patient came in with severe chest pain"}), rows=6
    )
    assert maker.kind == "text" and len(got) == 6
    shown = dict(zip(train.row_ids, train.target, strict=True))
    for origin, target in zip(got.provenance, got.target, strict=True):
        assert {shown[i] for i in origin.shown} == {target}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("I'm sorry, but I can't help with that request.", "refused"),
        ("As an AI language model I write no notes at all", "refused"),
        ("很抱歉，我无法生成这样的文字，请见谅。", "refused"),
        ("x", "short_text"),
        ("word " * 200, "long_text"),
        ("", "short_text"),
    ],
)
def test_refusals_and_texts_of_no_usual_length_are_counted(text, code):
    got, maker, _ = make(make_text_rows(60), faithful({"note": text}), rows=4)
    assert len(got) == 0 and set(maker.account().refused) == {code}


@pytest.mark.parametrize(
    "text",
    [
        "Sorry, I'll call later",
        "I can't wait to see you",
        "I am sorry for your loss",
        "I'm afraid of dogs",
        "我不能去了",
    ],
)
def test_ordinary_messages_are_no_refusals(text):
    assert not is_refusal(text)


def test_a_text_that_repeats_an_address_it_was_shown_is_refused():
    train = make_text_rows(60)
    notes = train.frame["note"] + " write to ann@example.org"
    train = replace(train, frame=train.frame.assign(note=notes))
    got, maker, _ = make(
        train,
        faithful({"note": "the patient came in with severe pain, write to ann@example.org"}),
        rows=4,
    )
    assert len(got) == 0 and set(maker.account().refused) == {"identifier"}


def test_texts_that_leave_the_machine_are_masked():
    train = make_text_rows(60)
    train = replace(train, frame=train.frame.assign(note=train.frame["note"] + " ann@example.org"))
    _, _, client = make(
        train, faithful({"note": "the patient came in with pain"}), rows=4, columns=("note", "urgent")
    )
    assert not any("example.org" in p.text() for p in client.prompts)
    assert all(p.redactions == {"email": 6} for p in client.prompts)


def test_a_paraphrase_keeps_the_row_and_its_class_but_for_the_words():
    train = make_mixed_rows(60)
    text = next(c.name for c in train.task.inputs if c.kind == "text")
    word = "a b c d e f g h"
    got, _maker, client = make(train, faithful({text: word}), rows=6, kind="paraphrase")
    place = {row: i for i, row in enumerate(train.row_ids)}
    for i, origin in enumerate(got.provenance):
        (source,) = origin.shown
        old = train.frame.iloc[place[source]]
        assert got.target[i] == train.target[place[source]] and got.frame[text].iloc[i] == word
        assert got.frame.iloc[i].drop(text).equals(old.drop(text))
    assert all(p.columns == (text,) for p in client.prompts)  # no outcome, no other column


def test_a_paraphrase_that_changes_nothing_is_counted():
    train = make_text_rows(60)

    def back(prompt, ask):
        return answer(json.loads(prompt.question.splitlines()[1]))

    got, maker, _ = make(train, back, rows=4, kind="paraphrase")
    assert len(got) == 0 and maker.account().refused == {"unchanged": 12}


def test_a_paraphrase_starts_from_rows_that_have_a_text():
    train = make_text_rows(60)
    notes = train.frame["note"].where(train.target == 1, None)
    train = replace(train, frame=train.frame.assign(note=notes.astype(object)))
    got, _, _ = make(
        train, faithful({"note": "words that nobody wrote before today"}), rows=5, kind="paraphrase"
    )
    assert set(got.target) == {1} and len(got) == 5


def test_mixed_rows_hold_a_text():
    train = make_mixed_rows(60)
    row = {c.name: _typical(train, c) for c in train.task.inputs}
    got, maker, _ = make(train, faithful(row), rows=4)
    assert maker.kind == "row" and len(got) == 4 and maker.account().refused == {}


def _typical(train, column):
    known = train.frame[column.name].dropna()
    return known.mode().iloc[0] if column.kind != "number" else float(known.iloc[0])


def test_answers_of_concepts_follow_from_the_new_text():
    train = read_notes(make_notes(60))
    text = train.task.concepts[0].column
    derived = [c.name for c in train.task.columns if c.concept]
    asked = [c.name for c in train.task.inputs]
    row = {c.name: _typical(train, c) for c in train.task.inputs}
    got, _, _client = make(train, faithful(row), rows=3)
    source = train.frame.index[train.frame[text] == row[text]][0]
    for name in derived:
        assert name not in asked and list(got.frame[name]) == [train.frame[name].iloc[source]] * 3


def test_makers_that_would_be_of_no_use_are_refused():
    class Small(ScriptedLLM):
        def info(self):
            return LLMInfo(name="tiny", where="local", smoke_test_only=True)

    task = make_task()
    client = Small(lambda prompt, labels: [0.5, 0.5])
    with pytest.raises(LLMError, match="--i-know") as refused:
        make_maker(client, task)
    assert refused.value.code == "smoke_test_only"
    assert make_maker(client, task, smoke_test=True).per_answer == 1
    with pytest.raises(LLMError, match="double"):
        make_maker(double(faithful()), task, smoke_test=True)


def test_kinds_that_do_not_fit_the_task_are_refused():
    table, text, mixed = make_task(), make_text_rows(8).task, make_mixed_rows(8).task
    assert [check_kind(t, None) for t in (table, text, mixed)] == ["row", "text", "row"]
    for task, kind in ((table, "text"), (table, "paraphrase"), (mixed, "text"), (table, "poem")):
        with pytest.raises(UserError):
            check_kind(task, kind)
    with pytest.raises(LLMError, match="regression"):
        check_kind(make_task(kind="regression", positive=""), None)


@pytest.mark.parametrize("part", ["test", "calibration"])
def test_rows_that_are_held_out_are_never_shown(part):
    with pytest.raises(BrokenPromise):
        make(make_rows(40, part=part), faithful())


def test_generated_rows_are_never_shown():
    train = make_rows(40)
    mixed = replace(train, origin=np.array(["real"] * 39 + ["synthetic"], dtype=object))
    with pytest.raises(BrokenPromise):
        make(mixed, faithful())


@pytest.mark.llm_real
def test_the_real_local_model_makes_two_rows(tmp_path):
    plan = llm.describe("local")
    if not plan.ready:
        pytest.skip("; ".join(plan.problems))
    train = make_rows(60)
    with llm.connect("local", train.task) as client:
        maker = make_maker(Cached(client, tmp_path), train.task, shots=2, smoke_test=True)
        got = maker.make(train, 2, seed=0)
    account = maker.account()
    assert balance(account) == 0 and account.usable == len(got) and account.asked <= 6
    assert {p.maker for p in got.provenance} <= {"SmolLM2-135M-Instruct"}
    known = train.frame["age"]
    assert got.frame["age"].dropna().between(known.min(), known.max()).all()
    assert all(answer.tokens_out > 0 for answer in maker.answers)


def test_the_words_of_a_rows_own_names_are_masked_in_its_texts():
    train = make_text_rows(60)
    names = np.array([f"Person{chr(65 + i % 26)}{chr(97 + i // 26)}" for i in range(60)], dtype=object)
    task = replace(train.task, id="id")
    text = [f"{note}, says {name}" for note, name in zip(train.frame["note"], names, strict=True)]
    train = replace(train, task=task, row_ids=names, frame=train.frame.assign(note=text))
    _, _, client = make(
        train, faithful({"note": "the patient came in with pain"}), rows=4, columns=("note", "urgent")
    )
    sent = " ".join(p.text() for p in client.prompts)
    assert "[own_name]" in sent and not any(name in sent for name in names)
