"""Agreement of concepts with hand labels: against scikit-learn, by simulated coverage, and on which rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from factories_concepts import make_concept, make_concept_task, make_notes, read_notes
from sklearn.metrics import f1_score, precision_score, recall_score

from interpretable.evaluate.concepts import agreement, assess, stamp
from interpretable.records.concept import ConceptLabels


def with_labels(dataset, *names: str, wrong: int = 0, rows: slice = slice(None)):
    """Hand labels that say what the concept says, but for the first `wrong` rows."""
    values = {}
    for concept in dataset.task.concepts:
        truth = dataset.frame["note"].str.startswith("Chest").to_numpy(copy=True)
        truth[:wrong] = ~truth[:wrong]
        said = np.full(len(dataset), None, dtype=object)
        if concept.name in names:
            said[rows] = np.where(truth, "yes", "no").astype(object)[rows]
        values[concept.name] = said
    return replace(dataset, concept_labels=ConceptLabels(values=values))


def test_the_figures_are_those_of_scikit_learn():
    random = np.random.default_rng(1)
    found, truth = random.random(300) < 0.3, random.random(300) < 0.4
    figures = agreement(found, truth)
    for name, oracle in (("precision", precision_score), ("recall", recall_score), ("f1", f1_score)):
        assert figures[name].value == pytest.approx(oracle(truth, found))
        assert figures[name].low < figures[name].value < figures[name].high


def test_the_intervals_hold_the_true_value_about_as_often_as_they_say():
    random = np.random.default_rng(2)
    shares = np.array([0.12, 0.04, 0.05, 0.79])  # found and true, found only, true only, neither
    true = {"precision": 12 / 16, "recall": 12 / 17, "f1": 24 / 33}
    held = dict.fromkeys(true, 0)
    draws = 600
    for _ in range(draws):
        kind = random.choice(4, size=200, p=shares)
        figures = agreement(kind <= 1, (kind == 0) | (kind == 2))
        for name, value in true.items():
            held[name] += figures[name].low <= value <= figures[name].high
    assert all(0.925 <= count / draws <= 0.98 for count in held.values()), held


def test_rows_of_one_person_widen_the_interval():
    random = np.random.default_rng(3)
    persons = np.repeat(np.arange(30), 10)
    right = np.repeat(random.random(30) < 0.7, 10)
    found = np.ones(300, dtype=bool)
    alone, together = agreement(found, right), agreement(found, right, groups=persons)
    assert together["precision"].high - together["precision"].low > 1.5 * (
        alone["precision"].high - alone["precision"].low
    )


def test_an_answer_that_is_never_yes_has_no_precision():
    figures = agreement(np.zeros(5, bool), np.array([1, 0, 0, 0, 0], bool))
    assert figures["precision"].value is None
    assert figures["recall"].value == 0.0


def test_counts_denials_and_overlaps_are_those_of_the_table():
    frame = make_notes()
    task = make_concept_task(
        make_concept(), make_concept(name="twin"), make_concept(name="x", phrases=("form",))
    )
    found = assess(read_notes(frame, task), ["1"])
    first = found.concepts[0]
    assert first.found == frame["note"].str.startswith("Chest").sum()
    assert first.denied == frame["note"].str.startswith("Denies").sum()
    assert first.reason == "concept_no_labels"
    assert [(pair.first, pair.second, pair.share) for pair in found.overlaps] == [("pain", "twin", 1.0)]
    assert found.columns == ("note",)


def test_few_hand_labels_are_counted_and_no_figure_is_given():
    dataset = with_labels(read_notes(make_notes()), "pain", rows=slice(0, 49))
    one = assess(dataset, ["1"]).concepts[0]
    assert (one.labels, one.reason, one.precision) == (49, "concept_few_labels", None)


def test_phrases_are_measured_on_all_hand_labels():
    one = assess(with_labels(read_notes(make_notes()), "pain", wrong=6), ["1"]).concepts[0]
    assert one.labels == 240
    assert 0.8 < one.precision.value < 1.0


def test_a_learned_head_is_measured_outside_its_training_part_only():
    training = [str(n) for n in range(1, 101)]
    head = make_concept(phrases=(), weights=(("chest pain", 5.0),), intercept=-2.0)
    task = make_concept_task(replace(head, training_rows=stamp(training)))
    dataset = with_labels(read_notes(make_notes(), task), "pain", wrong=100)
    one = assess(dataset, reversed(training)).concepts[0]
    assert (one.labels, one.held_out) == (140, True)
    assert one.precision.value == one.recall.value == 1.0  # the wrong labels are those of training rows
    other = assess(dataset, training[:-1]).concepts[0]
    assert (other.reason, other.f1) == ("concept_other_rows", None)
