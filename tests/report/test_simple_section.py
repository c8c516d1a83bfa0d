"""The points card and the short tree: found by the study, worded, drawn, and the same on paper."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from factories_evidence import make_evidence
from factories_models import make_rows
from factories_models import make_task as make_model_task
from factories_simple import make_scorecard, make_simple, make_tree
from factories_words import make_task

from interpretable import figures
from interpretable.errors import BrokenPromise
from interpretable.evaluate.card import FEWEST, card_bands
from interpretable.explain.card import card_columns, points_of, totals
from interpretable.models import scorecard  # noqa: F401 - importing a family registers it
from interpretable.models.base import Effort, families
from interpretable.models.features import describe
from interpretable.models.histgb import compare_with
from interpretable.records import codec
from interpretable.records.document import Picture, Table
from interpretable.records.simple import SimpleEvidence
from interpretable.report.build import build
from interpretable.report.html import render_html
from interpretable.score.scorer import make_scorer
from interpretable.stats.intervals import wilson
from interpretable.words import simple as said


def test_a_band_holds_enough_rows_and_the_share_that_happened():
    random = np.random.default_rng(0)
    total = random.integers(3, 20, 300)
    target = (random.random(300) < total / 20).astype(int)
    estimates = np.linspace(0.01, 0.99, 31)  # totals 0..30, most never reached
    bands = card_bands(total, target, estimates, lowest=0, binary=True)
    assert bands[0].low == 0 and bands[-1].high == 30
    assert all(a.high + 1 == b.low for a, b in pairwise(bands))
    assert sum(b.n for b in bands) == 300 and all(b.n >= FEWEST for b in bands)
    for band in bands:
        hits = int(target[(total >= band.low) & (total <= band.high)].sum())
        assert band.observed.value == pytest.approx(hits / band.n)
        assert (band.observed.low, band.observed.high) == pytest.approx(wilson(hits, band.n))


def test_fewer_than_five_rows_make_no_band():
    assert card_bands(np.array([1, 2]), np.array([0, 1]), np.ones(4), lowest=0, binary=True) == ()
    (only,) = card_bands(np.full(6, 2), np.zeros(6), np.linspace(0, 1, 4), lowest=0, binary=True)
    assert (only.low, only.high, only.n) == (0, 3, 6)


def by_paper(columns, row):
    """The total that a person finds with the card."""
    total = 0
    for column in columns:
        value = row[column.feature]
        known = value is not None and value == value
        if not known:
            total += next(line.points for line in column.lines if line.kind == "missing")
        elif isinstance(value, float):
            total += next(
                line.points
                for line in column.lines
                if line.kind == "bin"
                and (line.low is None or value >= line.low)
                and (line.high is None or value < line.high)
            )
        else:
            named = [line.points for line in column.lines if value in line.levels]
            total += named[0] if named else next(x.points for x in column.lines if x.kind == "other")
    return total


def test_the_card_on_paper_gives_the_models_own_score():
    rows = make_rows(300, task=make_model_task())
    fitted = families["scorecard"].fit(rows, describe(rows, rows), Effort(level="quick", refits=0))
    unit = fitted.settings["unit"]
    points = points_of(fitted.record, unit)
    columns = card_columns(fitted.record, points, rows)
    found = totals(fitted.record, points, rows)
    by_hand = [by_paper(columns, row) for row in rows.frame.to_dict("records")]
    assert found.tolist() == by_hand
    scores = make_scorer(fitted.record).link_scores(rows.frame, len(rows))[:, 0]
    np.testing.assert_allclose(scores, fitted.record.intercept[0] + unit * np.array(by_hand), atol=1e-9)
    with pytest.raises(BrokenPromise, match="no whole points"):
        points_of(fitted.record, unit * 1.37)


def test_the_evidence_survives_json():
    found = make_simple()
    assert codec.from_json(codec.to_json(found), SimpleEvidence) == found


def test_conditions_in_words():
    task = make_task()
    first, *_, last = make_tree()[1:]
    assert said.node(first, task) == "Age: under 50 years"
    assert said.node(make_tree()[2], task, whole=True) == "Age: 50 years or more, or not known"
    assert said.node(make_tree()[3], task).endswith("not a")
    path = said.path(make_tree(), last, task)
    assert path.startswith("Age: 50 years or more, or not known; ") and path.count(";") == 1
    assert said.estimated(0.999, task) == "over 99 %" and said.estimated(0.0, task, "zh") == "不到1%"
    assert "2 other levels" in said.card_line(make_scorecard().columns[1].lines[1], task.columns[0])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_section_holds_the_card_the_tree_and_the_comparison(lang):
    evidence = replace(make_evidence("binary"), simple=make_simple())
    section = next(s for s in build(evidence, lang=lang).sections if s.id == "simple")
    tables = [b for b in section.blocks if isinstance(b, Table)]
    assert [len(t.rows) for t in tables] == [8, 3, 6, 1]  # lines and their sum, bands, totals, the peer
    assert [c.text for c in tables[0].rows[1]][2] == "2"
    pictures = [b for b in section.blocks if isinstance(b, Picture)]
    assert len(pictures) == 2 and all(p.svg.startswith("<svg") and p.alt for p in pictures)
    assert b"<svg" not in render_html(build(evidence, lang=lang)).split(b"<main")[0]


def test_nothing_is_said_where_nothing_was_found():
    evidence = replace(make_evidence("binary"), simple=SimpleEvidence())
    section = next(s for s in build(evidence).sections if s.id == "simple")
    assert len(section.blocks) == 1
    assert all(s.id != "simple" for s in build(make_evidence("binary")).sections)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_drawings_have_their_numbers_as_a_table(lang):
    task, nodes, bands = make_task(), make_tree(), make_scorecard().bands
    assert len(figures.tree_table(nodes, task, lang)) == 3 and len(figures.card_table(bands, task, lang)) == 3
    drawn = figures.svg(figures.tree(nodes, task, lang))
    assert said.node_estimate(nodes[1], task, lang) in drawn.replace("&#160;", " ")
    assert figures.svg(figures.card(bands, task, lang)).startswith("<svg")
    assert figures.tree_alt(nodes, task, lang) and figures.card_alt(bands, task, lang)


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_the_outside_model_predicts_every_row_without_having_seen_it(kind):
    rows = make_rows(240, task=make_model_task(kind=kind, positive="yes" if kind == "binary" else ""))
    train, test = rows.take(np.arange(180)), rows.take(np.arange(180, 240))
    noise = replace(train, target=np.random.default_rng(0).permutation(train.target))
    folds = np.arange(180) % 3
    features = describe(train, rows)
    oof, predicted = compare_with(noise, test, features, folds, seed=0, threads=1)
    assert len(oof) == 180 and len(predicted) == 60 and np.isfinite(predicted).all()
    guess = oof if oof.ndim == 1 else oof[:, 0]
    truth = noise.target if oof.ndim == 1 else (noise.target == 0)
    assert abs(np.corrcoef(guess, truth)[0, 1]) < 0.25  # noise cannot be predicted
