"""Labels by machine beside a study: files out and back, a person's check, the trial, and what is refused."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas
import pytest
from factories_cascade import rehearse
from typer.testing import CliRunner

import interpretable
from interpretable import words
from interpretable.cli import app
from interpretable.data.conceptfile import read_concepts
from interpretable.errors import DataError, LLMError, UserError
from interpretable.llm import ScriptedLLM
from interpretable.records import codec
from interpretable.records.labelled import LabelFinding
from interpretable.records.task import Column, Task
from interpretable.report.small_large import beside as small_large
from interpretable.study.beside import keep, label

SLOPES = np.array([2.2, -2.0, 1.5])
TASK = Task(
    name="marks", kind="binary", target="ill", positive="yes", id="who",
    columns=tuple(Column(name=name, kind="number") for name in "abc"),
)  # fmt: skip
GIVEN = {"models": "logistic", "quick": True, "llm": "off"}
SMALL = {"repeats": 1, "folds": 2, "rehearsal": True}


def make_table(n: int, *, seed: int) -> pandas.DataFrame:
    random = np.random.default_rng(seed)
    marks = random.normal(size=(n, 3)).round(3)
    ill = np.where(random.random(n) < 1 / (1 + np.exp(-marks @ SLOPES)), "yes", "no")
    table = pandas.DataFrame(marks, columns=list("abc"))
    return table.assign(ill=ill, who=[f"{seed}-{k}" for k in range(n)])


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("marks")
    return interpretable.train(TASK, data=make_table(120, seed=1), out=folder / "study", **GIVEN)


NEW = make_table(60, seed=2)


@pytest.fixture(scope="module")
def new(tmp_path_factory):
    path = tmp_path_factory.mktemp("new") / "new.csv"
    NEW.drop(columns="ill").to_csv(path, index=False)
    return path


def knows(prompt, labels):
    marks = [float(found) for found in re.findall(r"\(([-.\de]+)\)", prompt.question)]
    chance = 1 / (1 + np.exp(-np.dot(marks, SLOPES)))
    return [1 - chance, chance]


def run(study, folder, script=knows, **options):
    asking = rehearse(folder / "answers", script, task=study.task)
    return label.run(study, asking, **{**SMALL, **options}), asking


@pytest.fixture(scope="module")
def labelled(study, new, tmp_path_factory):
    folder = tmp_path_factory.mktemp("labelled")
    options = {"rows": new, "out": folder / "labels.csv", "draw_audit": 20, "soft": True, "trial": 50}
    found, asking = run(study, folder, **options)
    return found, asking, folder


def read(path):
    return pandas.read_csv(path, dtype=str, keep_default_na=False)


def truth_of(ids):
    return NEW.set_index("who")["ill"].loc[list(ids)].to_list()


def test_every_row_of_the_file_says_that_a_machine_labelled_it(labelled):
    found, asking, folder = labelled
    table = read(folder / "labels.csv")
    assert len(table) == 60 and set(table["labelled_by"]) == {"machine"}
    assert set(table["source"]) == {"scripted double, not a language model"}
    assert (table["label"] == NEW["ill"].to_numpy()).mean() > 0.7
    assert table["confidence"].astype(float).between(0.5, 1).all()
    assert found.labels == table["label"].value_counts().to_dict()
    assert all(not prompt.examples for prompt in asking.double.prompts)
    assert len(asking.double.prompts) == 50 + len(study_gold(found)) + 60


def study_gold(found):
    return range(found.checks[0].drawn)


def test_the_finding_has_checks_trials_and_no_row(labelled):
    found, _, _ = labelled
    (check,) = found.checks
    assert check.place == "calibration" and check.error.low < check.error.value < check.error.high
    assert sum(n for one in check.said for n in one.truth.values()) == check.checked
    assert found.gate.n == found.trial_rows == 50 and found.told.verdict == found.gate.verdict
    assert found.soft is not None and found.recalibrated_on == 50 and found.signal
    text = codec.to_json(found)
    assert codec.from_json(text, LabelFinding) == found
    assert not re.search(rb"[12]-\d+\"", text if isinstance(text, bytes) else text.encode())


def test_a_person_fills_in_rows_drawn_by_chance_and_the_rate_is_kept_beside_the_trial(
    study, new, labelled, tmp_path
):
    found, _, folder = labelled
    audit = read(folder / "labels_audit.csv")
    assert len(audit) == 20 and set(audit["label"]) == {""}
    assert not {"confidence", "predicted", "source"} & set(audit.columns)
    filled = tmp_path / "filled.csv"
    audit["label"] = truth_of(audit["row_id"])
    audit.loc[:2, "label"] = ""
    audit.to_csv(filled, index=False)
    keep(study.path, found)
    study.__dict__.pop("beside", None)
    options = {"rows": new, "teacher": folder / "labels.csv", "audit": filled}
    again, asking = run(study, tmp_path, **options)
    assert asking.double.prompts == []
    person, calibration = again.checks
    assert (person.place, person.drawn, person.checked) == ("person", 20, 17)
    assert again.gate == found.gate and calibration == found.checks[0]
    said = read(folder / "labels.csv").set_index("row_id")["label"]
    wrong = [said[row] != truth for row, truth in zip(audit["row_id"][3:], audit["label"][3:], strict=True)]
    assert person.error.low <= np.mean(wrong) <= person.error.high
    assert "A person labelled 17 of 20" in " ".join(words.machine_labels(again, study.task))


@pytest.mark.parametrize("harm", ["chosen", "seed", "labels", "class"])
def test_a_check_of_other_rows_than_those_drawn_is_refused(study, new, labelled, tmp_path, harm):
    _, _, folder = labelled
    audit = read(folder / "labels_audit.csv")
    audit["label"] = truth_of(audit["row_id"])
    if harm == "chosen":
        audit.loc[0, "row_id"] = next(i for i in NEW["who"] if i not in set(audit["row_id"]))
    elif harm == "seed":
        audit["drawn"] = "20"
    elif harm == "labels":
        audit["labels"] = "0" * 12
    else:
        audit.loc[0, "label"] = "perhaps"
    path = tmp_path / "audit.csv"
    audit.to_csv(path, index=False)
    with pytest.raises(DataError):
        run(study, tmp_path, rows=new, teacher=folder / "labels.csv", audit=path)


def test_label_merge_refuses_labels_by_machine_until_told_and_then_marks_them(labelled, new, tmp_path):
    from interpretable.data.label_merge import ORIGIN, merge_labels
    from interpretable.data.table import frame_table, read_table

    _, _, folder = labelled
    old, queue = frame_table(make_table(120, seed=1)), read_table(folder / "labels.csv")
    with pytest.raises(DataError, match=r"60 labels were given by a machine.*--machine-labels"):
        merge_labels(TASK, old, [queue], read_table(new))
    merged = merge_labels(TASK, old, [queue], read_table(new), machine=True)
    assert merged.machine == merged.added == 60 and len(merged.table) == 180
    assert set(merged.table[ORIGIN][120:]) == {"machine"}


def test_failed_answers_have_no_label_and_count_as_errors(study, new, tmp_path):
    def often_silent(prompt, labels):
        return "refused" if len(prompt.question) % 2 else knows(prompt, labels)

    found, _ = run(study, tmp_path, often_silent, rows=new, out=tmp_path / "l.csv", trial=0)
    table = read(tmp_path / "l.csv")
    lost = table["label"] == ""
    assert 0 < lost.sum() < 60 and set(table["no_label"][lost]) == {"refused"}
    assert found.silent == {"refused": int(lost.sum())} and sum(found.labels.values()) == 60 - lost.sum()
    (check,) = found.checks
    assert check.silent > 0 and check.error.value >= check.silent / check.drawn
    assert found.gate is None and found.told.verdict == "told"


def test_a_double_is_refused_and_settings_are_refused_all_at_once(study, new, tmp_path):
    with pytest.raises(LLMError, match="double"):
        run(study, tmp_path, rows=new, rehearsal=False)
    with pytest.raises(UserError) as caught:
        run(study, tmp_path, rows=new, audit="a.csv", draw_audit=3, share=0, pool=2, rationales=4)
    assert len(caught.value.problems) == 6
    taken = tmp_path / "taken.csv"
    taken.write_text("x")
    with pytest.raises(UserError, match="not overwritten"):
        run(study, tmp_path, rows=new, out=taken)
    whole = tmp_path / "whole.csv"
    make_table(120, seed=1).to_csv(whole, index=False)
    with pytest.raises(UserError, match="Every row"):
        run(study, tmp_path, rows=whole)


def test_a_teacher_with_one_answer_teaches_nothing_and_the_verdict_says_so(study, new, tmp_path):
    rules = tmp_path / "rules.toml"
    rules.write_text('otherwise = "no"\n[[rules]]\nlabel = "no"\nwhen = [{ column = "a", above = 0 }]\n')
    found, _ = run(study, tmp_path, rows=new, rules=rules)
    assert (found.told.verdict, found.told.reason) == ("does_not_help", "one_label")
    assert found.gate is None and found.weak is None and found.not_tried["weak"] == "one_label"
    (check,) = found.checks
    assert check.error.value > check.constant - 1e-9 and check.kappa == pytest.approx(0.0)


def test_rules_are_a_teacher_that_costs_nothing(study, new, tmp_path):
    rules = tmp_path / "rules.toml"
    rules.write_text(
        '[[rules]]\nlabel = "yes"\nwhen = [{ column = "a", above = 0.2 }]\n'
        '[[rules]]\nlabel = "no"\nwhen = [{ column = "a", below = -0.2 }]\n'
    )
    found, asking = run(study, tmp_path, rows=new, rules=rules, out=tmp_path / "l.csv", trial=40)
    assert asking.double.prompts == [] and found.told.info is None and found.teacher == "rules"
    table = read(tmp_path / "l.csv")
    expected = np.select([NEW["a"] > 0.2, NEW["a"] < -0.2], ["yes", "no"], "")
    assert table["label"].to_list() == expected.tolist()
    assert found.silent == {"no_rule": int((expected == "").sum())}
    assert found.share == 1.0  # rules do not say how sure they are
    assert found.weak is not None and found.weak.silent > 0 and found.gate is not None
    told = " ".join(words.machine_labels(found, study.task))
    assert "the rules of rules.toml" in told and "no rule is met" in told


def test_an_older_scorecards_file_is_a_teacher_and_its_faults_are_named(study, new, tmp_path):
    old = pandas.concat([make_table(120, seed=1), NEW])
    score = 1 / (1 + np.exp(-2 * old["a"]))
    sure = np.maximum(score, 1 - score)
    card = pandas.DataFrame({"row_id": old["who"], "label": np.where(score > 0.5, "yes", "no")})
    card.assign(probability=sure.round(3)).to_csv(tmp_path / "card.csv", index=False)
    found, _ = run(study, tmp_path, rows=new, teacher=tmp_path / "card.csv", trial=0)
    assert found.name == "card.csv" and sum(found.labels.values()) == 60
    assert found.checks[0].silent == 0 and found.weak.n == found.checks[0].drawn
    card.assign(probability="2").to_csv(tmp_path / "bad.csv", index=False)
    with pytest.raises(DataError, match="0 to 1"):
        run(study, tmp_path, rows=new, teacher=tmp_path / "bad.csv")
    pandas.concat([card, card[:1]]).assign(label="maybe").to_csv(tmp_path / "worse.csv", index=False)
    with pytest.raises(DataError, match=r"not one of 'no', 'yes'[\s\S]*more than once"):
        run(study, tmp_path, rows=new, teacher=tmp_path / "worse.csv")


def test_it_is_reported_and_shown_in_both_languages(study, labelled):
    found, _, _ = labelled
    told = replace(found.told, info=replace(found.told.info, where="local", name="a model"))
    keep(study.path, replace(found, told=told))
    study.__dict__.pop("beside", None)
    assert interpretable.verify(study.path) == []
    for lang in ("en", "zh"):
        blocks = list(small_large({"label": study.beside["label"]}, study.evidence, lang))
        named = [words.say(f"label.caption_{name}", lang) for name in ("check", "arms", "soft")]
        tables = [block for block in blocks if getattr(block, "caption", "") in named]
        assert [t.caption for t in tables] == named
        assert all(len({len(row) for row in (t.head, *t.rows)}) == 1 for t in tables)
        assert [len(t.rows) for t in tables[1:]] == [4, 4]


TEXTS = Task(
    name="notes", kind="binary", target="kind", positive="spam", columns=(Column(name="text", kind="text"),)
)


def make_texts(n: int, *, seed: int) -> pandas.DataFrame:
    random = np.random.default_rng(seed)
    spam = random.random(n) < 0.5
    filler = ["see you", "at home", "the train", "a meeting", "on monday", "with tea"]
    said = [
        f"{random.choice(filler)} {'free prize now' if s else 'love from mum'} {random.choice(filler)} {k}"
        for k, s in enumerate(spam, 1000 * seed)
    ]
    kind = spam ^ (random.random(n) < 0.15)
    return pandas.DataFrame({"text": said, "kind": np.where(kind, "spam", "ham")})


def test_phrases_a_model_quotes_become_drafts_only_where_they_stand_in_the_text(tmp_path):
    texts = interpretable.train(
        TEXTS, data=make_texts(150, seed=1), out=tmp_path / "s", models="text", quick=True, llm="off"
    )
    make_texts(20, seed=2).drop(columns="kind").to_csv(tmp_path / "new.csv", index=False)

    def quotes(prompt, ask):
        return '{"phrases": ["Free prize!", "love from mum", "invented words"]}'

    def reads(prompt, labels):
        return [0.1, 0.9] if "prize" in prompt.question else [0.9, 0.1]

    asking = rehearse(tmp_path / "a", reads, task=texts.task, double=ScriptedLLM(reads, writer=quotes))
    found = label.run(
        texts, asking, rows=tmp_path / "new.csv", rationales=30, concepts_out=tmp_path / "drafts.toml",
        trial=0, rehearsal=True,
    )  # fmt: skip
    concepts, _ = read_concepts(tmp_path / "drafts.toml")
    assert {c.name: set(c.phrases) for c in concepts} == {
        "speaks for ham": {"love from mum"}, "speaks for spam": {"free prize"},
    }  # fmt: skip
    assert all(not c.approved for c in concepts)
    assert (found.reasons_asked, found.proposed, found.reasons_lost) == (30, 2, 60)
    assert found.told.ledger.calls == len(asking.double.prompts)
    assert not list(tmp_path.glob("*reasons"))


def test_the_command_labels_by_rules_and_names_the_next_step(study, new, tmp_path):
    rules = tmp_path / "rules.toml"
    rules.write_text('otherwise = "no"\n[[rules]]\nlabel = "yes"\nwhen = [{ column = "a", above = 0 }]\n')
    out = tmp_path / "l.csv"
    done = CliRunner().invoke(
        app, ["llm", "label", str(study.path), str(new), "--rules", str(rules), "-o", str(out),
              "--draw-audit", "10", "--trial", "0"],
    )  # fmt: skip
    assert done.exit_code == 0, (done.output, done.exception)
    assert "Wrote labels for 60 rows" in done.output and "Wrote 10 rows to check" in done.output
    assert len(read(tmp_path / "l_audit.csv")) == 10


@pytest.mark.llm_real
def test_the_local_model_labels_a_few_rows(study, new, tmp_path):
    found = study.ask_beside(
        "label", llm="local", rows=new, most=3, pool=10, check=0, trial=0, out=tmp_path / "l.csv"
    )
    assert found.asked == 3 and sum(found.labels.values()) + sum(found.silent.values()) == 3
    assert found.told.info.smoke_test_only and found.checks == () and found.told.ledger.rows == 13
