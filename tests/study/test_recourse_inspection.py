"""What the study says of plans: which cases it asks for, and which plans its means are of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from factories_shape import make_planted, with_column

from interpretable import words
from interpretable.score.domain import fit_domain
from interpretable.score.scorer import columns_of, make_scorer, predict
from interpretable.study.checkpoint import Workbench
from interpretable.study.fitting import fit_all
from interpretable.study.inspect import recourse
from interpretable.study.material import Material
from interpretable.study.options import Options, silent


def looked(tmp_path, rows):
    """The inspection of a quick linear study of these rows, asked for as many cases as a standard one."""
    own = Options(level="quick", models=("linear",))
    bench = Workbench(tmp_path / "study", "key")
    fits = fit_all(rows, rows, bench, options=own, progress=silent)
    scorers = {t.name: make_scorer(t.record) for t in fits.trained}
    told = {name: predict(s, columns_of(s, rows), len(rows)) for name, s in scorers.items()}
    columns = {name: rows.frame[name].to_numpy() for name in rows.frame}
    material = Material(
        options=replace(own, level="standard"), everything=rows, train=rows, calibration=rows, test=rows,
        fits=fits, scorers=scorers, predictions=told, domain=fit_domain(fits.features, columns, len(rows)),
        bench=bench, progress=silent,
    )  # fmt: skip
    return recourse.inspect(material).summary


def planted(**changes):
    rows = make_planted(300)
    rows = replace(rows, task=replace(rows.task, threshold=0.4))
    return with_column(rows, "c", changeable=True) if not changes else with_column(rows, "a", **changes)


def test_the_cases_asked_for_come_from_the_whole_test_part_and_not_from_its_head():
    drawn = recourse.drawn_cases(np.arange(1000), 25, seed=3)
    assert len(set(drawn)) == 25 and (np.diff(drawn) > 0).all()
    assert drawn.min() < 250 and drawn.max() > 750
    assert (drawn == recourse.drawn_cases(np.arange(1000), 25, seed=3)).all()
    assert (recourse.drawn_cases(np.arange(7), 25, seed=3) == np.arange(7)).all()


def test_means_and_columns_are_of_the_plans_that_hold(tmp_path):
    found = looked(tmp_path, planted(changeable=True))
    hits = found.cases - found.not_robust - found.impossible
    assert hits >= 1 and found.not_robust >= 1  # both kinds are there
    assert found.found.value == hits / found.cases
    assert sum(n for _, n in found.by_feature) == round(found.changed.value * hits)


def test_without_a_plan_no_mean_is_told_and_nothing_is_said_to_be_proved_by_scoring(tmp_path):
    found = looked(tmp_path, planted())
    assert found.cases - found.not_robust - found.impossible == 0 and found.changed.value is None
    for lang in ("en", "zh"):
        lines = words.recourse(found, planted().task, lang)
        assert words.say("recourse.proved", lang) not in lines and "–" not in lines[0]
