"""What the text adds, from real fits of simulated rows, and in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from factories_evidence import make_evidence
from factories_mixed import make_mixed_rows, make_mixed_task

from interpretable import figures, words
from interpretable.models.train import Trained
from interpretable.records import codec
from interpretable.records.document import Paragraph, Picture, Table
from interpretable.records.evaluation import Figure
from interpretable.records.notes import NotesCrossing, NotesEvidence, NotesGain, NotesReading
from interpretable.report.notes import notes as section
from interpretable.score.scorer import columns_of, make_scorer, predict
from interpretable.study.checkpoint import Workbench
from interpretable.study.fitting import blend_members, fit_all
from interpretable.study.inspect import notes
from interpretable.study.material import Material
from interpretable.study.options import Options, silent
from interpretable.words import notes as said


def make_material(folder, train, test, models=("ebm", "text", "mixed")):
    options = Options(level="quick", models=models)
    bench = Workbench(folder / "study", "key")
    fits = fit_all(train, train, bench, options=options, progress=silent)
    scorers = {t.name: make_scorer(t.record) for t in fits.trained}
    predictions = {name: predict(s, columns_of(s, test), len(test)) for name, s in scorers.items()}
    return Material(
        options=options, everything=train, train=train, calibration=test, test=test, fits=fits,
        scorers=scorers, predictions=predictions, domain=None, bench=bench, progress=silent,
    )  # fmt: skip


def make_parts(n=450, **kinds):
    task = make_mixed_task(threshold=0.5)
    return make_mixed_rows(n, seed=1, task=task, **kinds), make_mixed_rows(1500, seed=2, task=task, **kinds)


@pytest.fixture(scope="module")
def material(tmp_path_factory):
    return make_material(tmp_path_factory.mktemp("notes"), *make_parts())


def test_text_and_table_that_both_tell_something_are_said_to_add(material):
    found = notes.inspect(material)
    assert {one.over: one.verdict for one in found.gains} == {"table": "adds", "text": "adds"}
    assert [one.name for one in found.readings] == ["table", "text", "both"]
    both, table = found.readings[2], found.readings[0]
    assert np.mean(both.losses) < np.mean(table.losses) and both.test.value > table.test.value
    gain = found.gains[0].loss
    assert gain.value == pytest.approx(np.mean(table.losses) - np.mean(both.losses))
    assert "word" in found.kept or "characters" in found.kept
    assert codec.from_json(codec.to_json(found), NotesEvidence) == found


def test_the_cases_that_change_sides_are_counted_from_the_predictions(material):
    found = notes.inspect(material).crossing
    before, after = (material.predictions[name] >= 0.5 for name in ("ebm", "mixed"))
    truth = material.test.target == 1
    assert found.n == len(truth) and found.moved.value == pytest.approx((before != after).mean())
    assert found.right == ((after == truth) & (before != truth)).sum() > 0
    assert found.wrong == ((before == truth) & (after != truth)).sum()
    assert found.right + found.wrong == (before != after).sum()


def test_no_line_and_no_mixed_model_are_said_not_hidden(material, tmp_path):
    free = replace(material.test.task, threshold=None)
    bare = replace(material, test=replace(material.test, task=free))
    assert [(x.what, x.reason) for x in notes.inspect(bare).not_computed] == [
        ("notes_crossing", "no_threshold")
    ]
    fits = replace(material.fits, trained=tuple(t for t in material.fits.trained if t.name != "mixed"))
    lacking = notes.inspect(replace(material, fits=fits))
    assert [x.reason for x in lacking.not_computed] == ["notes_not_trained"]
    assert said.answer(lacking, free) == [words.say("notes.not_trained")]


def test_a_text_of_noise_does_not_add(tmp_path):
    found = notes.inspect(make_material(tmp_path, *make_parts(text=False), models=("ebm", "mixed")))
    assert found.gains[0].verdict != "adds" and found.kept == ()
    told = said.answer(found, make_mixed_task())
    assert words.say("notes.left_out") in told and words.say("notes.over_table.adds") not in told


def test_no_text_no_section_and_text_alone_says_what_tokens_brought(tmp_path):
    train, test = make_parts(120)
    table_task = replace(train.task, columns=train.task.columns[1:])
    table = make_material(
        tmp_path / "a", replace(train, task=table_task), replace(test, task=table_task), models=("tree",)
    )
    assert notes.inspect(table) is None
    text_task = replace(train.task, columns=train.task.columns[:1])
    alone = notes.inspect(
        make_material(
            tmp_path / "b", replace(train, task=text_task), replace(test, task=text_task), models=("text",)
        )
    )
    assert alone.kind == "text" and list(alone.steps)[:2] == ["word", "word + characters"]
    assert said.answer(alone, text_task) == [said.kept(alone)]


FIGURE = Figure(value=0.03, low=0.01, high=0.05)


@pytest.mark.parametrize(
    ("saved", "tested", "verdict"),
    [
        (FIGURE, FIGURE, "adds"),
        (Figure(value=0.03, low=-0.01, high=0.05), FIGURE, "adds"),
        (Figure(value=0.03, low=-0.01, high=0.05), Figure(value=0.03, low=-0.01, high=0.07), "cannot_tell"),
        (FIGURE, Figure(value=-0.03, low=-0.05, high=0.01), "cannot_tell"),
        (Figure(value=0.0, low=-0.01, high=0.005), Figure(value=0.0, low=-0.01, high=0.01), "does_not_add"),
        (Figure(value=-0.01, low=-0.02, high=-0.005), FIGURE, "cannot_tell"),
        (Figure(value=0.0), Figure(value=None, reason="no_rows"), "cannot_tell"),
    ],
)
def test_a_verdict_needs_folds_and_test_part(saved, tested, verdict):
    assert notes.verdict(saved, tested, 0.01) == verdict


def make_notes(**changes):
    def reading(name, model, shift):
        return NotesReading(
            name=name, model=model, losses=(0.3 - shift, 0.32 - shift), headline=(0.8 + shift, 0.82 + shift),
            test=FIGURE,
        )  # fmt: skip

    ways = (("table", "ebm", 0.0), ("text", "text", 0.01), ("both", "mixed", 0.05))
    given = {
        "readings": tuple(reading(*way) for way in ways),
        "gains": (NotesGain(over="table", verdict="adds", margin=0.006, loss=FIGURE, headline=FIGURE),),
        "crossing": NotesCrossing(n=200, moved=Figure(value=0.06), right=9, wrong=3),
        "kept": ("word", "characters"), "steps": {"table": 0.3, "word": 0.26, "word + characters": 0.25},
    }  # fmt: skip
    return NotesEvidence(**{**given, **changes})


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_section_gives_the_answer_a_figure_and_its_numbers(lang):
    evidence = replace(make_evidence(), notes=make_notes())
    blocks = list(section(evidence, lang))
    text = " ".join(b.text for b in blocks if isinstance(b, Paragraph))
    assert words.say("notes.over_table.adds", lang) in text
    assert "12" in text and "200" in text  # cases that change sides
    (drawn,) = [b for b in blocks if isinstance(b, Picture)]
    assert "<svg" in drawn.svg and "0.800" in drawn.alt and len(drawn.table.rows) == 3
    tables = [b for b in blocks if isinstance(b, Table)]
    assert [row[0].text for row in tables[-1].rows][1] == said.unit("word", lang)
    assert list(section(make_evidence(), lang)) == []


def test_no_case_that_moves_is_said_and_classes_are_spoken_of_as_answers():
    still = NotesCrossing(n=80, moved=Figure(value=0.0), right=0, wrong=0)
    assert "none of 80" in said.crossing(still, make_mixed_task())
    moved = NotesCrossing(n=80, moved=Figure(value=0.1), right=5, wrong=2)
    assert "8 of 80" in said.crossing(moved, make_mixed_task(kind="multiclass", positive=""))


def test_the_figure_of_amounts_is_drawn_on_their_own_scale():
    found = make_notes(headline="rmse", metric="mse")
    assert figures.notes(found).to_dict()["layer"][0]["encoding"]["x"]["title"] == words.metric("rmse")
    assert [row[words.say("notes.mean")] for row in figures.notes_table(found)] == ["0.810", "0.820", "0.860"]


def test_beside_a_mixed_model_a_blend_holds_none_of_its_parts(material):
    names = [t.family for t in blend_members(list(material.fits.trained))]
    assert names == ["mixed"]
    parts = [t for t in material.fits.trained if t.family != "mixed"]
    assert [t.family for t in blend_members(parts)] == ["ebm", "text"]
    other = Trained(
        name="logistic", family="linear", glass_box=True, record=parts[0].record, oof=parts[0].oof
    )
    assert [t.family for t in blend_members([*material.fits.trained, other])] == ["mixed", "linear"]
