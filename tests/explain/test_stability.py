"""Reasons that hold: repeated trainings, reference points, adverse reasons, pure pairs, similar outcomes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas
import pytest
from factories_models import make_additive, make_columns, make_rows, make_task
from interpret.utils import purify

from interpretable.errors import TaskError, UserError
from interpretable.explain import SimilarCases, explain_case
from interpretable.explain.adverse import AdverseReasons, adverse_table
from interpretable.explain.context import Context
from interpretable.explain.purify import pure, purified
from interpretable.explain.reference import refer
from interpretable.explain.stable import changes, show
from interpretable.explain.treeshap import background_digest
from interpretable.models import boosting, ebm, linear  # noqa: F401 - importing a family registers it
from interpretable.models.base import Effort, families
from interpretable.models.features import describe
from interpretable.records.additive import AdditiveModel, Axis, Clause, Feature, RuleTerm, TableTerm
from interpretable.score import additive
from interpretable.score.domain import fit_domain
from interpretable.score.repeats import basis_of, first_reasons, repeat
from interpretable.score.scorer import AdditiveScorer, columns_of, make_scorer, predict
from interpretable.stats.intervals import wilson

COLUMNS = make_columns([40.0, None, 65.0], ["a", "b", None], [1.0, 8.0, None], ["chest pain", "no", None])


def number_table(place: int, bags: np.ndarray) -> TableTerm:
    """A feature with one cut at 0: bags f8[B] is what it adds above the cut."""
    scores = np.zeros((len(bags), 4, 1))
    scores[:, 2, 0] = bags
    return TableTerm(
        features=(place,), axes=(Axis(cuts=np.array([0.0])),), scores=scores.mean(axis=0), bags=scores
    )


def make_bagged(bags: np.ndarray) -> AdditiveScorer:
    """Bags f8[B, F] of features whose typical value lies below the cut."""
    features = tuple(
        Feature(name=f"x{j}", kind="number", low=-1, high=1, typical=-1.0) for j in range(bags.shape[1])
    )
    return AdditiveScorer(
        AdditiveModel(
            family="ebm", link="logit", classes=("no", "yes"), features=features,
            terms=tuple(number_table(j, bags[:, j]) for j in range(bags.shape[1])),
            intercept=np.zeros(1), bag_intercept=np.zeros((len(bags), 1)),
        )
    )  # fmt: skip


def ones(count: int) -> dict[str, np.ndarray]:
    return {f"x{j}": np.ones(1) for j in range(count)}


def fitted(rows, name: str, **settings):
    features = describe(rows, rows)
    effort = Effort(level="quick", refits=6, settings=settings)
    return make_scorer(families[name].fit(rows, features, effort).record)


def context_of(rows, scorer, **task):
    columns = {name: rows.frame[name].to_numpy() for name in rows.frame}
    domain = fit_domain(scorer.features, columns, len(rows))
    return Context(task=rows.task, bundle_id="b" * 64, averages=(0.5,), domain=domain)


@pytest.fixture(scope="module")
def rows():
    return make_rows(300, task=worded_task())


@pytest.fixture(scope="module")
def scorer(rows):
    return fitted(rows, "ebm")


def worded_task(**changes):
    task = make_task(threshold=0.4)
    texts = {"age": "Age of {value}, usually {reference}", "kind": "", "dose": "Dose: {value}"}
    columns = tuple(replace(c, adverse=texts[c.name], **changes) for c in task.columns)
    return replace(task, columns=columns)


# ---- repeated trainings


def test_effects_in_every_refit_are_scores_minus_scores_with_the_typical_value():
    model = make_additive()
    found = additive.refit_effects(model, COLUMNS, 3)
    for place, feature in enumerate(model.features):
        typical = np.full(3, feature.typical, dtype=float if feature.kind == "number" else object)
        changed = additive.refit_scores(model, COLUMNS | {feature.name: typical}, 3)
        gap = additive.refit_scores(model, COLUMNS, 3) - changed
        assert np.abs(found[:, :, place] - gap).max() < 1e-12


def test_a_reason_named_by_every_refit_is_certain_and_one_that_wavers_is_not():
    random = np.random.default_rng(0)
    steady = np.tile([5.0, 4.0, 3.0], (20, 1)) + random.normal(0, 0.01, (20, 3))
    shaky = random.normal(1.0, 1.0, (20, 2))
    shaky += 1.0 - shaky.mean(axis=0)  # two features that weigh the same on average
    scorer = make_bagged(np.hstack([steady, shaky]))
    found = repeat(scorer, ones(5), np.zeros(1, dtype=int))
    assert found.basis == "seeds" and found.refits == 20
    assert [found.word(0, j) for j in range(3)] == ["certain"] * 3
    fourth = int(np.flatnonzero(found.first[0, 3:])[0]) + 3
    assert found.word(0, fourth) == "unstable" and not found.stable[0]
    assert found.ties[0].tolist() == [False, False, False, True, True]


def test_simulated_trainings_foretell_how_often_another_set_of_bags_names_a_reason():
    random = np.random.default_rng(1)
    said, happened = [], []
    for _ in range(150):
        true = np.array([3.0, 2.5, 2.0, 1.0, 0.8, 0.5])
        first, second = (random.normal(true, 1.0, (16, 6)) for _ in range(2))
        found = repeat(make_bagged(first), ones(6), np.zeros(1, dtype=int))
        again = first_reasons(second.mean(axis=0)[None])[0]
        said += found.again[0][found.first[0]].tolist()
        happened += again[found.first[0]].tolist()
    said, happened = np.array(said), np.array(happened, dtype=float)
    for low, high in ((0.4, 0.7), (0.7, 0.95), (0.95, 1.01)):
        group = (said >= low) & (said < high)
        error = np.sqrt(0.25 / group.sum())
        assert abs(said[group].mean() - happened[group].mean()) < 3 * error + 0.05


def test_refits_of_other_rows_are_taken_as_they_are_and_a_model_without_refits_is_not_marked(rows):
    line = fitted(rows, "linear")
    assert basis_of(line) == "rows"
    found = repeat(line, columns_of(line, rows), np.zeros(len(rows), dtype=int))
    assert set(np.round(found.again * 6).ravel() - found.again.ravel() * 6) == {0.0}  # counts of six refits
    tree = fitted(rows, "xgboost")
    assert repeat(tree, columns_of(tree, rows), np.zeros(len(rows), dtype=int)) is None


def test_blocks_of_rows_give_what_all_rows_together_give(scorer, rows, monkeypatch):
    outputs = np.zeros(len(rows), dtype=int)
    whole = repeat(scorer, columns_of(scorer, rows), outputs)
    monkeypatch.setattr("interpretable.score.repeats.BLOCK_CELLS", 5_000)
    parts = repeat(scorer, columns_of(scorer, rows), outputs)
    assert np.array_equal(whole.again, parts.again) and np.array_equal(whole.ties, parts.ties)


def test_the_same_model_changes_nothing_and_another_order_is_noticed():
    same = make_bagged(np.tile([5.0, 4.0, 3.0, 2.0, 1.0], (8, 1)))
    other = make_bagged(np.tile([5.0, 4.0, 3.0, 1.0, 2.0], (8, 1)))
    shown = show(same, ones(5), 1)
    assert changes(shown, [same], ones(5)).changed.tolist() == [0.0]
    found = changes(shown, [same, other], ones(5))
    assert (found.changed[0], found.kept[0]) == (0.5, pytest.approx(7 / 8))


def test_the_explanation_of_a_case_says_what_its_reasons_are_worth(scorer, rows):
    found = explain_case(scorer, rows.take(np.array([3])), context_of(rows, scorer))
    words = {reason.stability for reason in found.reasons}
    assert words <= {"certain", "probable", "unstable"} and found.basis == "seeds"
    assert found.stable == all(r.stability != "unstable" for r in found.reasons[:4] if r.effect != 0)
    assert all(0 <= r.again <= r.same_way <= 1 for r in found.reasons)


# ---- reference points


@pytest.mark.parametrize("reference", ["typical", "average", "approved", "case"])
@pytest.mark.parametrize("name", ["ebm", "linear"])
def test_sums_and_reasons_are_exact_from_every_reference(rows, reference, name):
    model = fitted(rows, name)
    asked = {"age": 61.0, "kind": "b", "dose": None} if reference == "case" else reference
    point = refer(model, asked, rows, cut=0.4)
    row = rows.take(np.array([5]))
    found = explain_case(model, row, context_of(rows, model), reference=point)
    assert found.constant + sum(t.contribution for t in found.terms) == pytest.approx(found.score, abs=1e-9)
    columns, link = columns_of(model, row), model.link_scores(columns_of(model, row), 1)[0, 0]
    train = columns_of(model, rows)
    for reason in found.reasons:
        if reference == "average":  # the mean score over cases that take each training row's value in turn
            many = {n: np.repeat(v, len(rows)) for n, v in columns.items()} | {
                reason.feature: train[reason.feature]
            }
            base = model.link_scores(many, len(rows))[:, 0].mean()
        else:
            kind = float if columns[reason.feature].dtype.kind == "f" else object
            value = np.nan if reason.typical is None and kind is float else reason.typical
            base = model.link_scores(columns | {reason.feature: np.array([value], dtype=kind)}, 1)[0, 0]
        assert reason.effect == pytest.approx(link - base, abs=1e-9)
        assert reason.reference == found.reference == (reference if reference != "case" else "case")


def test_the_average_holds_for_pairs_and_rules_in_the_model_and_in_its_refits():
    model = make_additive()
    axis = Axis(cuts=np.array([50.0]))
    clauses = (
        Clause(feature=0, axis=axis, cells=(2,)),
        Clause(feature=2, axis=Axis(cuts=np.array([2.0])), cells=(1, 0)),
    )
    rule = RuleTerm(clauses=clauses, scores=np.array([0.7]), bags=np.array([[0.5], [0.7], [0.9]]))
    model = replace(model, terms=(*model.terms, rule))
    task = make_task(
        columns=(*make_task().columns, replace(make_task().columns[0], name="note", kind="text"))
    )
    rows = make_rows(120, task=replace(task, columns=task.columns[:3]))
    texts = np.array(["chest pain", None] * 60, dtype=object)
    rows = replace(rows, frame=rows.frame.assign(note=pandas.Series(texts, dtype=object)))
    point = refer(AdditiveScorer(model), "average", rows)
    train = {name: rows.frame[name].to_numpy() for name in rows.frame}
    effects, refits = point.scorer.effects(COLUMNS, 3), point.scorer.refit_effects(COLUMNS, 3)
    for place, feature in enumerate(model.features):
        for i in range(3):
            many = {n: np.repeat(v[i : i + 1], 120) for n, v in COLUMNS.items()} | {
                feature.name: train[feature.name]
            }
            one = {n: v[i : i + 1] for n, v in COLUMNS.items()}
            gap = additive.link_scores(model, one, 1)[0] - additive.link_scores(model, many, 120).mean(axis=0)
            assert effects[i, place] == pytest.approx(gap, abs=1e-10)
            own = additive.refit_scores(model, one, 1)[:, 0]
            gaps = own - additive.refit_scores(model, many, 120).mean(axis=1)
            assert refits[:, i, place] == pytest.approx(gaps, abs=1e-10)


def test_the_typical_approved_case_is_the_middle_of_the_cases_on_the_favourable_side(scorer, rows):
    good = predict(scorer, columns_of(scorer, rows), len(rows)) < 0.4
    values = refer(scorer, "approved", rows, cut=0.4).values
    ages = rows.frame["age"][good].dropna()
    assert values["age"] == np.quantile(ages, 0.5, method="nearest")
    assert values["kind"] == rows.frame["kind"][good].value_counts().index[0]
    other = refer(scorer, "approved", rows, cut=0.4, side="below").values
    assert other["age"] > values["age"]


def test_references_that_cannot_be_taken_are_refused_with_what_to_do(scorer, rows):
    with pytest.raises(TaskError, match="declared line"):
        refer(scorer, "approved", rows)
    with pytest.raises(TaskError, match="None of the 300"):
        refer(scorer, "approved", rows, cut=0.0)
    with pytest.raises(UserError, match="'dose'"):
        refer(scorer, {"age": 1.0, "kind": "a"}, rows)
    with pytest.raises(UserError, match="typical, average, approved"):
        refer(scorer, "usual", rows)
    with pytest.raises(UserError, match="glass boxes"):
        refer(fitted(rows, "xgboost"), "average", rows)


# ---- adverse reasons


def notices_of(scorer, rows, task=None, **options):
    point = refer(
        scorer, options.pop("reference", "approved"), rows, cut=0.4, side=options.get("side", "above")
    )
    return AdverseReasons(scorer, task or rows.task, point, bundle_id="c" * 64, **options).of(rows)


@pytest.mark.parametrize("side", ["above", "below"])
def test_every_adverse_reason_is_confirmed_by_scoring_again_and_only_adverse_rows_have_any(
    scorer, rows, side
):
    found = notices_of(scorer, rows, side=side)
    estimates = predict(scorer, columns_of(scorer, rows), len(rows))
    point = refer(scorer, "approved", rows, cut=0.4, side=side)
    assert sum(len(n.reasons) for n in found) > 50
    for i, notice in enumerate(found):
        assert notice.adverse == ((estimates[i] >= 0.4) == (side == "above"))
        assert not notice.reasons or notice.adverse
        for reason in notice.reasons:
            changed = rows.take(np.array([i])).frame.copy()
            changed[reason.feature] = [point.values[reason.feature]]
            again = predict(scorer, changed, 1)[0]
            assert again == pytest.approx(reason.if_reference, abs=1e-9)
            assert again < estimates[i] if side == "above" else again > estimates[i]
        effects = [reason.effect for reason in notice.reasons]
        assert effects == sorted(effects, reverse=True) and len(effects) <= 4


def test_a_sensitive_column_is_refused_as_a_reason_and_never_dropped_in_silence(scorer, rows):
    found = notices_of(scorer, rows)
    effects = refer(scorer, "approved", rows, cut=0.4).scorer.effects(columns_of(scorer, rows), len(rows))[
        ..., 0
    ]
    place = [f.name for f in scorer.features].index("kind")
    pushed = [bool(n.adverse and effects[i, place] > 1e-9) for i, n in enumerate(found)]
    assert [n.refused == ("kind",) for n in found] == pushed and any(pushed)
    assert all(reason.feature != "kind" for n in found for reason in n.reasons)


def test_ties_are_broken_by_the_order_of_the_columns():
    scorer = make_bagged(np.ones((4, 6)))
    task = make_task(
        threshold=0.4,
        columns=tuple(replace(make_task().columns[2], name=f"x{j}", adverse="X") for j in (5, 0, 4, 1, 3, 2)),
    )
    rows = make_rows(3, task=make_task())
    frame = rows.frame[[]].assign(**{f"x{j}": np.ones(3) for j in range(6)})
    rows = replace(rows, task=task, frame=frame)
    for notice in notices_of(scorer, rows, reference="typical"):
        assert [reason.feature for reason in notice.reasons] == ["x5", "x0", "x4", "x1"]


def test_lacking_or_empty_wording_is_refused_all_at_once(scorer, rows):
    texts = {"age": "", "dose": "Your credit score was too low", "kind": ""}
    task = replace(rows.task, columns=tuple(replace(c, adverse=texts[c.name]) for c in rows.task.columns))
    with pytest.raises(TaskError) as refused:
        notices_of(scorer, rows, task=task)
    assert len(refused.value.problems) == 2
    assert "'age' has no wording" in str(refused.value) and "'dose': adverse speaks of a score" in str(
        refused.value
    )
    with pytest.raises(TaskError, match="adverse_zh"):
        notices_of(scorer, rows, lang="zh")
    task = replace(task, columns=tuple(replace(c, adverse="Age {years}") for c in task.columns))
    with pytest.raises(TaskError, match="in braces, nothing else"):
        notices_of(scorer, rows, task=task)


def test_no_line_or_another_kind_of_task_has_no_adverse_reasons(scorer, rows):
    point = refer(scorer, "typical", rows)
    with pytest.raises(TaskError, match="decision line"):
        AdverseReasons(scorer, replace(rows.task, threshold=None), point)
    other = make_rows(100, task=make_task(kind="regression", positive=""))
    with pytest.raises(TaskError, match="two classes"):
        AdverseReasons(fitted(other, "linear"), other.task, point)


def test_notices_as_a_table_hold_the_words_of_the_institution(scorer, rows):
    found = notices_of(scorer, rows)
    table = adverse_table(found)
    assert [len(column) for column in table.values()] == [300] * len(table)
    text = next(t for t, c in zip(table["reason_1"], table["column_1"], strict=True) if c == "age")
    assert text.startswith("Age of ") and "usually" in text and "{" not in text
    assert set(table["model_version"]) == {"c" * 12}


# ---- pure pairs


@pytest.mark.parametrize("seed", range(4))
def test_a_pure_pair_is_what_interpret_makes_of_it_and_the_sum_stays(seed):
    random = np.random.default_rng(seed)
    scores, weights = random.normal(size=(7, 5, 2)), random.integers(seed == 0, 20, (7, 5)).astype(float)
    left, rows, columns, constant = pure(scores, weights)
    assert np.abs(left + rows[:, None] + columns[None] + constant - scores).max() < 1e-12
    for k in range(2):
        own, impure, middle = purify(scores[..., k], weights)
        assert np.abs(left[..., k] - own).max() < 1e-8 and abs(constant[k] - middle[0]) < 1e-8
        for axes, values in impure:
            assert np.abs(values - (rows if axes == (0,) else columns)[:, k]).max() < 1e-8


def test_a_line_without_training_rows_has_a_mean_too():
    weights = np.array([[0.0, 0.0, 0.0], [0.0, 4.0, 2.0], [0.0, 3.0, 9.0]])
    scores = np.random.default_rng(0).normal(size=(3, 3, 1))
    left, rows, columns, constant = pure(scores, weights)
    assert np.isfinite(left).all()
    assert np.abs(left + rows[:, None] + columns[None] + constant - scores).max() < 1e-12


def test_the_purified_model_scores_every_row_and_refit_as_before(rows):
    model = fitted(make_rows(300), "ebm", interactions=2).model
    assert any(len(t.features) == 2 for t in model.terms)
    columns = columns_of(AdditiveScorer(model), rows)
    found = purified(model)
    n = len(rows)
    assert (
        np.abs(additive.link_scores(model, columns, n) - additive.link_scores(found, columns, n)).max()
        < 1e-12
    )
    assert (
        np.abs(additive.refit_scores(model, columns, n) - additive.refit_scores(found, columns, n)).max()
        < 1e-12
    )
    assert np.abs(additive.effects(model, columns, n) - additive.effects(found, columns, n)).max() < 1e-11
    for term in (t for t in found.terms if len(t.features) == 2):
        for axis in (0, 1):
            assert np.abs((term.scores[..., 0] * term.weights).sum(axis=axis)).max() < 1e-9


def test_a_pair_without_curves_of_its_own_stays_as_it_is():
    model = make_additive()
    assert purified(model).terms[3] is model.terms[3]  # dose has a line, no table


# ---- similar cases and SHAP background


def test_the_outcome_mix_counts_the_nearest_cases_with_wilsons_interval(scorer, rows):
    row = rows.take(np.array([7]))
    similar = SimilarCases(scorer, rows)
    mix = similar.mix(row, 25)
    nearest = similar.nearest(row, 25)
    assert (mix.n, mix.outcome, mix.hits) == (25, "yes", sum(c.outcome == "yes" for c in nearest))
    assert (mix.low, mix.high) == wilson(mix.hits, 25)


def test_others_of_the_same_group_are_not_similar_cases(scorer, rows):
    groups = np.array([f"g{i // 30}" for i in range(300)], dtype=object)
    grouped = replace(rows, groups=groups)
    found = SimilarCases(scorer, grouped).nearest(grouped.take(np.array([7])), 60)
    assert len(found) == 60 and not {c.row_id for c in found} & {f"r{i}" for i in range(30)}


def test_the_outcome_mix_of_values_is_their_middle_half():
    rows = make_rows(200, task=make_task(kind="regression", positive=""))
    model = fitted(rows, "linear")
    mix = SimilarCases(model, rows).mix(rows.take(np.array([3])), 25)
    assert mix.outcome == "" and mix.low < mix.middle < mix.high


def test_the_fingerprint_of_the_background_follows_every_value(scorer, rows):
    some = columns_of(scorer, rows.take(np.arange(50)))
    whole = background_digest(scorer.features, some)
    assert whole == background_digest(scorer.features, {n: v.copy() for n, v in some.items()})
    other = some | {"kind": np.where(np.arange(50) == 7, "c", some["kind"])}
    assert background_digest(scorer.features, other) != whole


def test_many_shap_values_come_out_alike_by_either_route(rows, monkeypatch):
    pytest.importorskip("woodelf")
    from interpretable.explain import treeshap

    tree = fitted(rows, "xgboost")
    many = columns_of(tree, rows.take(np.arange(1000) % 300))
    behind = columns_of(tree, rows.take(np.arange(40)))
    fast = treeshap.shap_parts(tree, many, behind)
    monkeypatch.setattr(treeshap, "BATCH", 10**9)
    slow = treeshap.shap_parts(tree, many, behind)
    assert np.abs(fast[1] - slow[1]).max() < 1e-5 and np.abs(fast[0] - slow[0]).max() < 1e-9
