"""The file of concepts and the hand labels: strict, all problems at once, hostile content refused."""

from __future__ import annotations

import pytest
from factories_concepts import SIGNED, make_concept, make_concept_task, make_notes, read_notes

from interpretable.data import read_task, task_text
from interpretable.data.conceptlabels import read_labels
from interpretable.data.taskfile import parse_task
from interpretable.errors import DataError, TaskError
from interpretable.study.sources import gather, self_contained

TASK = """
name = "t"
kind = "binary"
target = "y"
positive = "1"
data = "data.csv"
concepts = "concepts.toml"

[columns."age"]
kind = "number"

[columns."note"]
kind = "text"
exclude = true
"""
CONCEPTS = f"""
labels = "labels.csv"

[concepts."pain"]
column = "note"
phrases = ["chest pain", "胸痛"]
not = ["chest pain clinic"]
negation = true
approved = "{SIGNED}"

[concepts."learned"]
column = "note"
weights = {{ "visit" = 1.25, "number" = -0.5 }}
intercept = -0.25
threshold = 0.4
"""


def write(
    folder, concepts=CONCEPTS, labels="row,concept,label\n1,pain,yes\n2,pain,NO\n3,pain,否\n", task=TASK
):
    (folder / "task.toml").write_text(task, encoding="utf-8")
    (folder / "concepts.toml").write_text(concepts, encoding="utf-8")
    (folder / "labels.csv").write_text(labels, encoding="utf-8")
    make_notes().to_csv(folder / "data.csv", index=False)
    return folder / "task.toml"


def problems(folder, concepts: str) -> list[str]:
    with pytest.raises(TaskError) as refused:
        read_task(write(folder, concepts))
    return list(refused.value.problems)


def test_a_file_of_concepts_is_read_beside_the_task(tmp_path):
    task = read_task(write(tmp_path))
    assert task.concepts[0] == make_concept(not_phrases=("chest pain clinic",))
    assert task.concepts[1].weights == (("visit", 1.25), ("number", -0.5))
    assert [c.name for c in task.features] == ["age", "note: pain"]
    assert task.concept_labels == "labels.csv"


def test_a_task_with_concepts_reads_back_from_its_text(tmp_path):
    task = read_task(write(tmp_path))
    assert parse_task(task_text(task)) == task


def test_the_task_file_of_a_study_holds_the_concepts_and_its_comments(tmp_path):
    text = "# mine\n" + TASK
    task = read_task(write(tmp_path, task=text))
    whole = self_contained(text, task)
    assert whole.startswith("# mine\n")
    assert parse_task(whole) == task
    odd = text.replace('concepts = "concepts.toml"', 'concepts = """\nconcepts.toml"""')
    assert parse_task(self_contained(odd, task)) == task


def test_every_problem_is_named_with_its_file_and_line(tmp_path):
    found = problems(
        tmp_path,
        """
[concepts."a: b"]
column = "note"
phrases = ["x"]

[concepts."two"]
column = "note"
phrases = ["x", "X!", "..."]
weights = { "y" = 1.0 }
aproved = "me"

[concepts."three"]
phrases = ["x"]
approved = "me"
threshold = 1.5

[concepts."four"]
column = "note"
weights = { "y" = nan }
negation = "yes"
""",
    )
    text = "\n".join(found)
    for said in (
        "concepts.toml, line 2: concept 'a: b'",
        "number 2, is the same as an earlier one",
        "number 3, has no letter or digit",
        "has phrases and weights; keep one",
        "unknown key 'aproved'",
        "Did you mean 'approved'?",
        'needs column = "..."',
        "must say who and when",
        "must lie between 0 and 1, not 1.5",
        "must be a table of numbers",
        "negation in [concepts.'four'] must be true or false",
    ):
        assert said in text


@pytest.mark.parametrize(
    ("concepts", "said"),
    [
        ("[concepts", "not valid TOML"),
        ("x = " + "[" * 2000, "not valid TOML"),
        ("concepts = 3", "must be tables"),
        ("[concepts]\npain = 3", "must be a table"),
        ('[concepts."p"]\ncolumn = "age"\nphrases = ["x"]', "which is not a text column"),
        ('[concepts."p"]\ncolumn = "nope"\nphrases = ["x"]', "which is not a text column"),
        ('[concepts."p"]\ncolumn = "note"\napproved = "A, 2026-01-01"', "neither phrases nor weights"),
        ('[concepts."p"]\ncolumn = "note"\nphrases = ["x"]\napproved = "A, 2026-02-30"', "who and when"),
        ('[concepts."p"]\ncolumn = "note"\nphrases = ["' + "x " * 200 + '"]', "longer than"),
        (
            '[concepts."p"]\ncolumn = "note"\nweights = { '
            + ", ".join(f"w{i} = 1" for i in range(21))
            + " }",
            "above 20",
        ),
        ('[concepts."p"]\ncolumn = "note"\nweights = { w = 1e300 }', "beyond 1,000"),
        ('[concepts."p"]\ncolumn = "note"\nphrases = ["x"]\nintercept = 1.0', "need weights"),
        ('[concepts."p"]\ncolumn = "note"\nlabel = "sk-abcdefgh12345678"', "key or password"),
        ("\n".join(f"[concepts.c{i}]" for i in range(101)), "at most 100"),
    ],
)
def test_hostile_and_wrong_files_are_refused_in_words(tmp_path, concepts, said):
    assert any(said in problem for problem in problems(tmp_path, concepts))


def test_a_file_that_is_absent_too_large_or_no_text_is_refused(tmp_path):
    path = write(tmp_path)
    (tmp_path / "concepts.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(TaskError, match="not UTF-8"):
        read_task(path)
    (tmp_path / "concepts.toml").write_text("#" * 1_000_001)
    with pytest.raises(TaskError, match="at most 1,000,000"):
        read_task(path)
    (tmp_path / "concepts.toml").unlink()
    with pytest.raises(TaskError, match=r"no file 'concepts\.toml'"):
        read_task(path)
    path.write_text(TASK.replace('"concepts.toml"', '"https://host/concepts.toml"'))
    with pytest.raises(TaskError, match="path of a file on this machine"):
        read_task(path)


def test_a_derived_column_must_not_take_the_name_of_another(tmp_path):
    column = '\n[columns."note: pain"]\nkind = "category"\n'
    with pytest.raises(TaskError, match="would make a column 'note: pain', which is there already"):
        read_task(write(tmp_path, task=TASK + column))


def test_without_any_approval_and_other_columns_nothing_is_left_to_learn_from(tmp_path):
    text = TASK.replace('[columns."age"]\nkind = "number"\n', "")
    with pytest.raises(TaskError, match="no column is left"):
        read_task(write(tmp_path, CONCEPTS.replace(SIGNED, ""), task=text))


def test_hand_labels_come_with_the_rows_and_go_with_them(tmp_path):
    dataset, _ = gather(write(tmp_path), None)
    assert dataset.concept_labels.values["pain"][:4].tolist() == ["yes", "no", "no", None]
    assert dataset.take([2, 0]).concept_labels.values["pain"].tolist() == ["no", "yes"]


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        ("row,concept\n1,pain\n", "'label' are missing"),
        ("row,concept,label\n1,pian,yes\n", "Did you mean 'pain'"),
        ("row,concept,label\n1,pain,maybe\n", r"neither yes nor no \(line 2\)"),
        ("row,concept,label\n,pain,yes\n", "name no row"),
        ("row,concept,label\n1,pain,yes\n1,pain,no\n", r"yes and no for the same concept \(rows 1\)"),
        ("row,concept,label\nx,pain,yes\n", "none of its 1 labels"),
    ],
)
def test_wrong_hand_labels_are_refused_in_words(tmp_path, labels, said):
    with pytest.raises(DataError, match=said):
        gather(write(tmp_path, labels=labels), None)


def test_labels_of_rows_that_are_not_there_are_counted(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text("row,concept,label,by\n1,pain,yes,me\n999,pain,yes,me\n1,pain,yes,me\n")
    found = read_labels(path, read_notes(make_notes(), make_concept_task()))
    assert found.unmatched == 1
    assert found.values["pain"][0] == "yes"
