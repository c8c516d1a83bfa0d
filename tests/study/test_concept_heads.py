"""Heads learned from hand labels, and proposals of a language model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from factories_concepts import make_concept, make_concept_task, make_notes

from interpretable.data.taskfile import parse_task
from interpretable.data.tasktext import task_text
from interpretable.errors import DataError, LLMError, TaskError
from interpretable.llm import ScriptedLLM
from interpretable.records.task import LLMConsent
from interpretable.study import concepts
from interpretable.study.concepts.proposing import dropped_lines


@pytest.fixture
def labelled(tmp_path, monkeypatch):
    """A task with hand labels for all rows: yes where the note tells of pain, which also says "since"."""
    monkeypatch.chdir(tmp_path)
    frame = make_notes(400, seed=4)
    truth = frame["note"].str.startswith("Chest")
    rows = pd.DataFrame({"row": frame.index + 1, "concept": "pain", "label": np.where(truth, "yes", "no")})
    rows.to_csv("labels.csv", index=False)
    return make_concept_task(make_concept(phrases=("ache",)), concept_labels="labels.csv"), frame


def test_a_head_is_learned_readable_and_waits_for_approval(labelled):
    task, frame = labelled
    found = concepts.learn(task, "pain", data=frame)
    head = found.concept
    assert 1 <= len(head.weights) <= 20
    assert head.approved == ""
    assert found.figures["f1"].value > 0.95
    assert found.labels == 240  # the training part alone
    again = parse_task(task_text(replace(task, concepts=()), {}) + "\n" + found.toml).concepts[0]
    assert again == head


def test_a_learned_head_is_measured_by_the_study_it_was_learned_for_only(labelled):
    task, frame = labelled
    head = concepts.learn(task, "pain", data=frame, seed=0).concept
    signed = make_concept_task(replace(head, approved="A. B, 2026-01-02"), concept_labels="labels.csv")
    same = concepts.check(signed, data=frame, seed=0).concepts[0]
    assert (same.labels, same.held_out, same.reason) == (160, True, "")
    assert concepts.check(signed, data=frame, seed=1).concepts[0].reason == "concept_other_rows"


def test_an_approval_does_not_move_rows_between_the_parts(labelled):
    frame = labelled[1].assign(age=60.0)  # without the text every row would be alike
    waiting = make_concept_task(make_concept(approved=""), concept_labels="labels.csv")
    head = concepts.learn(waiting, "pain", data=frame).concept
    signed = make_concept_task(replace(head, approved="A. B, 2026-01-02"), concept_labels="labels.csv")
    assert concepts.check(signed, data=frame).concepts[0].reason == ""


def test_labels_of_rows_outside_training_do_not_change_a_head(labelled):
    task, frame = labelled
    before = concepts.learn(task, "pain", data=frame)
    rows = pd.read_csv("labels.csv", dtype=str)
    from interpretable.study.concepts.checking import rows_of, training_part

    train = set(training_part(rows_of(task, frame), seed=0).row_ids)
    other = ~rows["row"].isin(train)
    rows.loc[other, "label"] = "yes"
    rows.to_csv("labels.csv", index=False)
    assert concepts.learn(task, "pain", data=frame) == before


def test_labels_that_no_word_can_tell_give_no_head_or_an_honest_figure(labelled):
    task, frame = labelled
    random = np.random.default_rng(0)
    label = np.where(random.random(400) < 0.5, "yes", "no")
    pd.DataFrame({"row": frame.index + 1, "concept": "pain", "label": label}).to_csv(
        "labels.csv", index=False
    )
    try:
        found = concepts.learn(task, "pain", data=frame)
    except DataError as refused:
        assert "tells yes from no" in str(refused)
    else:
        assert found.figures["precision"].low < 0.5


def test_too_few_labels_and_unknown_concepts_are_refused(labelled):
    task, frame = labelled
    with pytest.raises(TaskError, match="no concept 'x'"):
        concepts.learn(task, "x", data=frame)
    pd.read_csv("labels.csv").head(60).to_csv("labels.csv", index=False)
    with pytest.raises(DataError, match="a head needs 50"):
        concepts.learn(task, "pain", data=frame)
    with pytest.raises(TaskError, match="names no hand labels"):
        concepts.learn(replace(task, concept_labels=""), "pain", data=frame)


ANSWER = """Here are some:
1. tells_pain | tells of chest pain | chest pain; Chest  PAIN; since monday
- unseen | speaks of dragons | dragon; unicorn
a | b
evil"] | says "x\x07" | visit number; zebra
"""


def scripted(answer: str = ANSWER) -> ScriptedLLM:
    return ScriptedLLM(lambda prompt, labels: "refused", writer=lambda prompt, ask: answer)


def test_proposals_are_checked_against_the_texts_and_none_is_approved():
    task = make_concept_task(intended_use="See who needs help first.")
    double = scripted()
    found = concepts.propose(task, data=make_notes(), client=double)
    assert [c.name for c in found.concepts] == ["tells_pain", "evil"]
    assert found.concepts[0].phrases == ("chest pain", "since monday")
    assert not any(c.approved for c in found.concepts)
    assert found.unread == 2
    lines = list(dropped_lines(found))
    assert any("unseen: left out" in line for line in lines)
    assert any("evil: taken out" in line and "'zebra' (0)" in line for line in lines)
    bare = replace(task, concepts=(), columns=task.columns[:2])
    assert parse_task(task_text(bare) + "\n" + found.toml).concepts == found.concepts


def test_a_language_model_is_shown_frequent_words_and_no_note():
    frame = make_notes()
    frame.loc[0, "note"] = "Marked: quokka lives at 12345 Nowhere Street"
    double = scripted()
    found = concepts.propose(make_concept_task(), data=frame, client=double)
    sent = double.prompts[0].text()
    assert sent == found.prompt
    assert "chest, " in sent
    for secret in ("quokka", "12345", "Nowhere", "Marked", "Chest pain since"):
        assert secret not in sent
    assert double.prompts[0].columns == ("note",)


def test_rare_words_are_not_shown():
    texts = ["common"] * 20 + ["rare common"] * 19
    assert concepts.proposing.frequent_words(texts) == ["common"]


def test_no_answer_and_no_usable_column_are_errors_in_words():
    task = make_concept_task()
    with pytest.raises(LLMError, match="gave no answer"):
        concepts.propose(task, data=make_notes(), client=ScriptedLLM(lambda p, labels: "refused"))
    with pytest.raises(TaskError, match="Text columns of the task: 'note'"):
        concepts.propose(task, data=make_notes(), column="age", client=scripted())


def test_an_endpoint_needs_consent_for_the_column_whose_words_are_sent():
    with pytest.raises(LLMError) as refused:
        concepts.propose(make_concept_task(), mode="endpoint", data=make_notes())
    assert refused.value.code == "no_consent"
    consent = LLMConsent(endpoint="http://127.0.0.1:9/v1", model="m", purpose="p", columns=("age",))
    with pytest.raises(LLMError) as refused:
        concepts.propose(make_concept_task(llm=consent), mode="endpoint", data=make_notes())
    assert refused.value.code == "column_not_allowed"
