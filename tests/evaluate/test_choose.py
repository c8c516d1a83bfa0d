"""Out-of-fold summaries and the choice of model."""

import dataclasses

import numpy as np
import pytest
from sklearn.metrics import log_loss, roc_auc_score, root_mean_squared_error

from interpretable import evaluate
from interpretable.errors import DataError
from interpretable.records.task import Task
from interpretable.stats.metrics import expit


def make_task(kind="binary"):
    return Task(name="t", kind=kind, target="y", columns=(), positive="yes")


def make_candidate(name, folds, *, metric="auroc", terms=None):
    return evaluate.Candidate(
        name=name,
        glass_box=name != "xgboost",
        oof={metric: float(np.mean(folds))},
        oof_folds=tuple({metric: float(v)} for v in folds),
        terms=terms,
    )


STEADY = np.array([0.80, 0.82, 0.78, 0.81, 0.79])
JITTER = np.array([0.03, -0.03, 0.02, -0.02, 0.0])


def choose(*candidates, kind="binary"):
    return evaluate.choose(make_task(kind), candidates)


def test_the_best_glass_box_is_taken_where_no_black_box_is_better():
    found = choose(
        make_candidate("logistic", STEADY - 0.03),
        make_candidate("ebm", STEADY),
        make_candidate("xgboost", STEADY - 0.001),
    )
    assert (found.selected, found.reason, found.metric, found.margin) == (
        "ebm",
        "best_glass_box",
        "auroc",
        0.01,
    )
    assert found.parameters["black_box_gap"] == pytest.approx(-0.001)


def test_a_black_box_within_the_margin_is_not_worth_it():
    found = choose(make_candidate("ebm", STEADY), make_candidate("xgboost", STEADY + 0.009))
    assert (found.selected, found.reason) == ("ebm", "glass_box_within_margin")
    assert found.parameters["black_box"] == "xgboost"
    assert found.parameters["black_box_gap"] == pytest.approx(0.009)


def test_a_black_box_is_taken_when_better_by_more_than_the_margin_on_every_fold():
    found = choose(make_candidate("ebm", STEADY), make_candidate("xgboost", STEADY + 0.02 + JITTER / 10))
    assert (found.selected, found.reason) == ("xgboost", "black_box_margin")
    assert found.parameters["black_box_p"] < 0.05
    assert found.parameters["black_box_rival"] == found.parameters["glass_box"] == "ebm"


def test_a_black_box_that_may_be_lucky_is_not_taken():
    found = choose(make_candidate("ebm", STEADY), make_candidate("xgboost", STEADY + 0.012 + JITTER))
    assert (found.selected, found.reason) == ("ebm", "black_box_not_certain")
    assert found.parameters["black_box_p"] > 0.05


def test_a_black_box_without_folds_to_judge_by_is_not_taken():
    single = evaluate.Candidate(name="xgboost", glass_box=False, oof={"auroc": 0.95})
    found = choose(make_candidate("ebm", STEADY), single)
    assert (found.selected, found.reason) == ("ebm", "black_box_not_certain")
    assert found.parameters["black_box_p"] is None


def test_the_simpler_glass_box_is_taken_within_one_standard_error():
    found = choose(make_candidate("ebm", STEADY + 0.004 + JITTER), make_candidate("logistic", STEADY))
    assert (found.selected, found.reason) == ("logistic", "simpler_within_noise")
    assert found.parameters["simpler_than"] == "ebm"
    assert found.parameters["simpler_gap"] == pytest.approx(0.004)
    assert found.parameters["simpler_gap"] <= found.parameters["simpler_se"]


def test_the_simpler_glass_box_is_not_taken_when_steadily_behind():
    found = choose(make_candidate("ebm", STEADY + 0.005 + JITTER / 100), make_candidate("logistic", STEADY))
    assert (found.selected, found.reason) == ("ebm", "best_glass_box")


def test_noise_never_buys_more_than_half_the_margin():
    found = choose(make_candidate("ebm", STEADY + 0.006 + JITTER * 3), make_candidate("logistic", STEADY))
    assert found.selected == "ebm"


def test_an_equal_ranking_with_worse_probabilities_is_not_as_good():
    def made(name: str, loss: float):
        one = make_candidate(name, STEADY + (JITTER + 0.001 if name == "ebm" else 0.0))
        return dataclasses.replace(one, oof={**one.oof, "log_loss": loss})

    assert choose(made("ebm", 0.400), made("scorecard", 0.407)).selected == "scorecard"
    assert choose(made("ebm", 0.400), made("scorecard", 0.409)).selected == "ebm"


def test_a_complex_glass_box_is_never_taken_for_being_near_a_simple_one():
    found = choose(make_candidate("logistic", STEADY + 0.001 + JITTER), make_candidate("ebm", STEADY))
    assert (found.selected, found.reason) == ("logistic", "best_glass_box")


def test_fewer_terms_break_a_tie_between_models_of_one_family():
    plain = make_candidate("plain", STEADY, terms=5)
    rich = make_candidate("rich", STEADY + 0.001 + JITTER, terms=50)
    assert choose(rich, plain).selected == "plain"


def test_a_simpler_model_is_not_taken_if_that_would_let_the_black_box_in():
    black = STEADY + 0.0125
    found = choose(
        make_candidate("ebm", STEADY + 0.005 + JITTER / 5),
        make_candidate("logistic", STEADY),
        make_candidate("xgboost", black),
    )
    assert found.selected == "ebm"
    assert found.reason == "glass_box_within_margin"


def test_one_candidate_is_taken_as_such():
    found = choose(make_candidate("ebm", STEADY))
    assert (found.selected, found.reason) == ("ebm", "only_candidate")
    assert found.parameters["candidates"] == 1


def test_only_black_boxes_means_the_best_of_them():
    other = evaluate.Candidate(name="forest", glass_box=False, oof={"auroc": 0.7})
    found = choose(make_candidate("xgboost", STEADY), other)
    assert (found.selected, found.reason) == ("xgboost", "no_glass_box")


def test_a_lower_loss_is_better_and_the_margin_is_two_percent_of_it():
    folds = np.array([2.0, 2.1, 1.9, 2.05, 1.95])
    found = choose(
        make_candidate("linear", folds, metric="rmse"),
        make_candidate("xgboost", folds * 0.97, metric="rmse"),
        kind="regression",
    )
    assert (found.selected, found.metric, found.reason) == ("xgboost", "rmse", "black_box_margin")
    assert found.margin == pytest.approx(0.04)
    assert found.parameters["black_box_gap"] == pytest.approx(0.06)
    near = choose(
        make_candidate("ebm", folds, metric="log_loss"),
        make_candidate("xgboost", folds * 0.99, metric="log_loss"),
        kind="multiclass",
    )
    assert (near.selected, near.reason) == ("ebm", "glass_box_within_margin")


def test_no_candidate_with_the_metric_is_an_error_that_says_what_to_do():
    with pytest.raises(DataError, match="out-of-fold auroc"):
        choose(evaluate.Candidate(name="ebm", glass_box=True, oof={"log_loss": 0.3}))


def test_every_reason_and_parameter_is_plain_data():
    found = choose(make_candidate("ebm", STEADY), make_candidate("xgboost", STEADY + 0.02))
    assert all(isinstance(v, (str, int, float, type(None))) for v in found.parameters.values())


def test_out_of_fold_summary_agrees_with_scikit_learn_fold_by_fold():
    rng = np.random.default_rng(0)
    p = expit(rng.normal(size=200))
    y, folds = (rng.random(200) < p).astype(int), np.arange(200) % 5
    pooled, each = evaluate.summarise_oof(make_task(), y, p, folds)
    areas = [roc_auc_score(y[folds == k], p[folds == k]) for k in range(5)]
    assert [one["auroc"] for one in each] == pytest.approx(areas)
    assert pooled["auroc"] == pytest.approx(np.mean(areas))
    assert pooled["log_loss"] == pytest.approx(log_loss(y, p))


def test_rows_without_an_out_of_fold_prediction_are_left_out():
    y, p = np.array([0, 1, 0, 1, 0]), np.array([0.1, 0.9, 0.2, 0.8, 0.5])
    pooled, each = evaluate.summarise_oof(make_task(), y, p, np.array([0, 0, 1, 1, -1]))
    assert len(each) == 2
    assert pooled["brier"] == pytest.approx((0.01 + 0.01 + 0.04 + 0.04) / 4)


def test_an_undefined_metric_is_left_out_of_its_fold():
    y, p = np.array([0, 1, 1, 1]), np.array([0.1, 0.9, 0.6, 0.8])
    pooled, each = evaluate.summarise_oof(make_task(), y, p, np.array([0, 0, 1, 1]))
    assert "auroc" not in each[1]
    assert pooled["auroc"] == 1.0


def test_out_of_fold_summary_of_numbers_and_classes():
    rng = np.random.default_rng(1)
    y, folds = rng.normal(size=90), np.arange(90) % 3
    pooled, each = evaluate.summarise_oof(make_task("regression"), y, y + 0.1, folds)
    assert pooled["rmse"] == pytest.approx(root_mean_squared_error(y, y + 0.1))
    assert set(each[0]) == {"rmse", "mae", "r2"}
    p = rng.dirichlet(np.ones(3), 90)
    pooled, _ = evaluate.summarise_oof(make_task("multiclass"), rng.integers(0, 3, 90), p, folds)
    assert set(pooled) == {"auroc", "log_loss", "brier", "accuracy"}
