"""The section about labels: counts by class and pair, what to do, and no claim that a label is wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest
from factories_evidence import make_evidence

from interpretable import words
from interpretable.records.document import Table
from interpretable.records.evaluation import Figure
from interpretable.records.labels import ClassDoubt, LabelsEvidence, PairDoubt
from interpretable.records.lacking import NotComputed
from interpretable.report.labels import labels

SHARE = Figure(value=0.08, low=0.05, high=0.12, method="wilson")


def make_found(names=("no", "yes"), **changes) -> LabelsEvidence:
    few = Figure(value=None, reason="too_few_rows")
    classes = tuple(
        ClassDoubt(label=name, rows=200, doubts=12, share=SHARE if k else few) for k, name in enumerate(names)
    )
    given = {
        "model": "ebm", "rows": 400, "doubts": 24, "share": SHARE, "classes": classes,
        "pairs": (PairDoubt(recorded=names[0], likely=names[1], doubts=12, share=SHARE),),
        "conflict_sets": 2, "conflict_rows": 5,
    }  # fmt: skip
    return LabelsEvidence(**(given | changes))


@pytest.mark.parametrize("lang", words.LANGUAGES)
@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_the_section_answers_first_and_tells_what_to_do(kind, lang):
    names = {"binary": ("no", "yes"), "multiclass": ("a", "b", "c")}.get(kind, ("x", "y"))
    found = make_found(names)
    if kind == "regression":
        found = replace(found, classes=(), pairs=())
    blocks = list(labels(make_evidence(kind, labels=found), lang))
    assert blocks[0].style == "lead" and "24" in blocks[0].text
    said = [b.text for b in blocks if hasattr(b, "text")]
    assert words.say("labels.todo", lang) in said and words.say("labels.unchanged", lang) in said
    tables = [b for b in blocks if isinstance(b, Table)]
    assert len(tables) == {"binary": 1, "multiclass": 2, "regression": 0}[kind]
    if tables:
        assert tables[0].rows[0][3].quiet == words.missing_figure("too_few_rows", lang)


def test_without_doubts_it_says_so_and_without_the_evidence_there_is_no_section():
    calm = make_found(doubts=0, classes=(), pairs=(), conflict_sets=0, conflict_rows=0)
    (only,) = labels(make_evidence(labels=calm), "en")
    assert only.text == "No label of the 400 training rows stands out."
    assert list(labels(make_evidence(), "en")) == []
    lacking = replace(calm, not_computed=(NotComputed(what="label_doubts", reason="labels_no_scale"),))
    assert list(labels(make_evidence(labels=lacking), "en")) == []
    assert "no measure of far" in words.not_computed(lacking.not_computed[0])


def test_error_rates_are_said_of_rows_drawn_by_chance_and_only_of_enough():
    assert words.label_errors(12, 1).endswith("too few for an error rate.")
    assert "10 % (5.5 % to 17 %, 95 % interval)" in words.label_errors(100, 10)
