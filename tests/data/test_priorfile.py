"""The file of a prior: strict, all problems at once, and back to text without loss."""

from __future__ import annotations

import pytest
from factories_models import make_task
from factories_prior import make_prior, make_words

from interpretable.data.commonwords import common_words
from interpretable.data.priorfile import digest, parse_prior, prior_text, read_prior
from interpretable.errors import TaskError
from interpretable.records.prior import SaidScore, SaidWay
from interpretable.records.task import Column, Task

TASK = make_task(
    columns=(
        Column(name="age", kind="number"),
        Column(name="kind", kind="category"),
        Column(name="stage", kind="ordinal", levels=("I", "II")),
        Column(name="site", kind="category", exclude=True, exclude_reason="where"),
        Column(name="note", kind="text"),
    )
)


def test_a_prior_comes_back_from_its_own_text():
    prior = make_prior(
        task=TASK.name,
        ways=(SaidWay(column="age", way="up", sure=0.67), SaidWay(column="stage", way="turns")),
        levels=(SaidScore(column="kind", name='b "quoted"', scores=(-1.5,)),),
        words=make_words("note", {"chest pain": 2.0, "mild": -1.0}),
    )
    again = parse_prior(prior_text(prior), TASK)
    assert again == prior
    assert digest(again) == digest(prior) != digest(make_prior(task=TASK.name))


def test_scores_per_class_come_back_too():
    task = Task(name="t", kind="multiclass", target="y", columns=(Column(name="kind", kind="category"),))
    prior = make_prior(
        task="t", classes=("x", "y z"), levels=(SaidScore(column="kind", name="a", scores=(1.0, -2.0)),)
    )
    assert parse_prior(prior_text(prior), task, ("x", "y z")) == prior


def test_a_person_may_write_it_short():
    prior = parse_prior(
        'said_by = "A. Person"\n[directions]\nage = "down"\n[words.note]\n"Chest-Pain" = 1', TASK
    )
    assert prior.ways == (SaidWay(column="age", way="down"),)
    assert prior.words == make_words("note", {"chest pain": 1.0})
    assert prior.where == "person"


def test_every_problem_is_named_at_once(tmp_path):
    path = tmp_path / "prior.toml"
    path.write_text(
        """
task = "another"
speed = 3
[directions]
agee = "up"
age = "upwards"
kind = "up"
stage = { way = "up", sure = 3 }
site = "up"
[levels.kind]
z = 1
a = 5
[levels.note]
a = 1
[words.note]
free = 1
"Free!" = 1
"!!" = 1
[words.age]
a = 1
""",
        encoding="utf-8",
    )
    with pytest.raises(TaskError) as caught:
        read_prior(path, TASK, levels={"kind": ("a", "b")})
    told = "\n".join(caught.value.problems)
    for part in (
        "said_by is missing", "'another'", "unknown key 'speed'", "'agee' is no column", "Did you mean 'age'",
        'must be "up"', "no order", "0 to 1", "'site' is excluded", "'z' is no level", "a, b", "-2 to 2",
        "[levels] cannot speak of 'note'", "stands twice", "no letter", "[words] cannot speak of 'age'",
    ):  # fmt: skip
        assert part in told, part
    assert all("prior.toml" in problem for problem in caught.value.problems)
    assert "line 3" in told


@pytest.mark.parametrize(
    "text", ["said_by = ", 'said_by = "x"\ndirections = 3', 'said_by = "x"\n[words]\nnote = 1']
)
def test_what_is_no_prior_is_refused(text):
    with pytest.raises(TaskError):
        parse_prior(text, TASK)


def test_directions_are_refused_for_several_classes():
    task = Task(name="t", kind="multiclass", target="y", columns=(Column(name="age", kind="number"),))
    with pytest.raises(TaskError, match="no direction"):
        parse_prior('said_by = "x"\n[directions]\nage = "up"', task, ("a", "b", "c"))


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(TaskError, match=r"'gone.toml'"):
        read_prior(tmp_path / "gone.toml", TASK)


def test_common_words_are_shared_by_five_and_look_like_no_name_or_number():
    texts = [
        f"We met Ottilie at noon, call 0800123456 or mail person{i}@example.org about the visit"
        for i in range(6)
    ]
    texts += ["FREE prize for all", "a free prize", "all FREE", "free again", "so free", None, ""]
    found = common_words(texts)
    assert "free" in found.words and "visit" in found.words
    assert found.withheld["name"] == 1 and "ottilie" not in found.words
    assert not any("person" in word or "example" in word or "0800" in word for word in found.words)
    assert found.withheld["rare"] >= 3
    assert len(common_words(texts, most=2).words) == 2


def test_words_of_one_person_are_not_common_however_many_texts_hold_them():
    import numpy as np

    texts = ["rash again"] * 9 + ["cough"] * 5
    persons = np.array(["p1"] * 9 + [f"q{i}" for i in range(5)])
    assert common_words(texts, persons=persons).words == ("cough",)


def test_runs_of_two_characters_stand_for_words_without_blanks():
    assert "免费" in common_words(["免费领取"] * 5).words
