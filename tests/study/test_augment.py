"""A training run with generated rows: judged on real rows, learned from where they help, told in full."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas
import pytest
from factories_synthetic import Planted, as_synthetic, line_rows
from typer.testing import CliRunner

import interpretable
from interpretable.cli import app
from interpretable.errors import LLMError, TaskError
from interpretable.records.document import Paragraph
from interpretable.records.synthetic import Synthetic
from interpretable.report.gate import augmentation
from interpretable.study.augment import student_of

EVERYONE = line_rows(110, seed=6, part="all")


@dataclass
class Memory:
    """Has read the whole table before, as a language model may have read a public one."""

    name: str = "one that knows the table"
    asked: list[frozenset[str]] = field(default_factory=list)

    def make(self, train, rows, *, seed) -> Synthetic:
        self.asked.append(frozenset(train.row_ids.tolist()))
        random = np.random.default_rng(seed)
        drawn = EVERYONE.take(random.permutation(np.arange(rows) % len(EVERYONE)))
        noise = random.normal(0.0, 0.15, drawn.frame.shape)
        shown = tuple((str(one),) for one in random.choice(train.row_ids, rows))
        return as_synthetic(replace(drawn, frame=drawn.frame + noise), shown=shown)


def table():
    labels = [EVERYONE.classes[at] for at in EVERYONE.target]
    return EVERYONE.frame.assign(ill=pandas.Series(labels, dtype=object))


def told(study, lang="en"):
    return " ".join(b.text for b in augmentation(study.evidence, lang) if isinstance(b, Paragraph))


def trained(tmp_path, generator, **options):
    given = {"models": ("linear", "tree"), "quick": True, "llm": "off", **options}
    return interpretable.train(
        EVERYONE.task, data=table(), out=tmp_path / "study", augment=generator, **given
    )


@pytest.fixture(scope="module")
def helped(tmp_path_factory):
    generator = Memory()
    return generator, trained(tmp_path_factory.mktemp("helped"), generator)


def test_a_model_learns_from_rows_that_help_and_the_evidence_says_so(helped):
    _, study = helped
    found = study.evidence.augmentation.gate
    assert found.verdict == "helps"
    assert found.weight > 0
    assert (found.generator, found.student) == ("one that knows the table", "logistic")
    assert "Verdict: the generated rows help here." in told(study)
    assert "Of the models here only Logistic regression learned from generated rows too." in told(study)
    assert "结论：生成的数据行在这里有帮助。" in told(study, "zh")


def test_every_measured_row_is_real(helped):
    _, study = helped
    evidence = study.evidence
    parts = {part.part: part.n for part in evidence.split.parts}
    assert sum(parts.values()) == len(EVERYONE)
    assert all(model.n == parts["test"] for model in evidence.models)
    assert evidence.augmentation.gate.n == parts["train"]


def test_no_generated_row_is_kept_in_the_study(helped):
    _, study = helped
    for path in study.path.rglob("*.parquet"):
        assert (
            not pandas.read_parquet(path)
            .astype(str)
            .apply(lambda c: c.str.startswith("generated"))
            .any()
            .any()
        )


def test_the_generator_sees_training_rows_only(helped):
    generator, study = helped
    train = set(study.part("train").row_ids.tolist())
    assert len(generator.asked) == 5 * 3 + 1  # three sets per fold, and the last one
    assert all(ids <= train for ids in generator.asked)


def test_rows_that_do_not_help_are_in_no_model(tmp_path):
    plain = trained(tmp_path / "plain", False, models=("linear",))
    judged = trained(tmp_path / "judged", Planted("flipped"), models=("linear",))
    assert judged.evidence.augmentation.gate.verdict != "helps"
    assert plain.evidence.augmentation is None
    for model in plain.evidence.models:
        same = judged.evidence.model(model.name)
        assert same.metrics["log_loss"] == model.metrics["log_loss"]
    assert "No generated row is in any model of this study." in told(judged)


def test_a_run_whose_models_cannot_weigh_rows_is_refused_before_any_is_fitted(tmp_path):
    with pytest.raises(TaskError, match="None of the models to be trained"):
        trained(tmp_path, Planted(), models=("tree",))
    assert student_of(["tree", "ebm", "linear"]) == "linear"


def test_without_a_language_model_the_command_says_what_to_do(tmp_path):
    with pytest.raises(LLMError, match="and it is off"):
        trained(tmp_path, True)
    assert not (tmp_path / "study").exists()


def test_the_command_has_the_option():
    shown = CliRunner().invoke(app, ["train", "--help"], terminal_width=200)
    assert "--augment" in shown.stdout
