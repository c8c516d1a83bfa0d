"""The commands a newcomer types, on real tables, as typed."""

from __future__ import annotations

import functools
import json
import re
import signal
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pandas
import pytest
from factories_concepts import make_concept_task, make_notes
from typer.testing import CliRunner

from interpretable import cli, words
from interpretable.data import task_text
from interpretable.errors import UserError

SAMPLES = Path(str(files("interpretable_samples")))


def run(*said: object, code: int = 0) -> str:
    done = CliRunner().invoke(cli.app, [str(word) for word in said])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.output
    return done.output


@pytest.mark.parametrize(
    ("name", "target", "positive", "columns"),
    [
        ("heart_disease", "heart_disease", "yes", ["probability", "decision"]),
        ("contraceptive_method", "method", "", ["predicted", "probability_none"]),
        ("births14_weight", "birth_weight_lb", "", ["value"]),
        ("sms_spam", "label", "spam", ["probability"]),
    ],
)
def test_a_table_goes_from_init_to_verify_without_an_edit(tmp_path, name, target, positive, columns):
    data, task, study = SAMPLES / name / "data.csv", tmp_path / "task.toml", tmp_path / "study"
    run("init", data, "--target", target, *(["--positive", positive] if positive else []), "-o", task)
    run("check", task)
    printed = run("train", task, "-o", study, "--quick", "--llm", "off")
    assert "selected" in printed
    page = Path(re.search(r"Report: (.*html)", run("report", study))[1]).read_text()
    assert "<script" not in page
    assert not re.search(r"(src|href)=\"(https?:)?//", page)
    out = tmp_path / "scores.csv"
    run("score", study, data, "-o", out, "--reasons", 2)
    scores = pandas.read_csv(out)
    assert len(scores) == len(pandas.read_csv(data))
    assert {"row_id", *columns, "reason_1", "reason_2", "in_domain", "status", "model_version"} <= set(scores)
    assert (scores["status"] == "ok").all()
    assert "Whole" in run("verify", study)
    (study / "evidence.json").write_bytes((study / "evidence.json").read_bytes().replace(b"0", b"1", 1))
    assert "evidence.json" in run("verify", study, code=1)


def test_check_speaks_to_machines_and_fails_on_what_must_be_fixed(tmp_path):
    frame = pandas.DataFrame({"x": range(100), "y": ["only"] * 100})
    frame.to_csv(tmp_path / "data.csv", index=False)
    (tmp_path / "task.toml").write_text(
        'name = "one"\nkind = "binary"\ntarget = "y"\npositive = "only"\ndata = "data.csv"\n'
        '[columns."x"]\nkind = "number"\n'
    )
    found = json.loads(run("check", tmp_path / "task.toml", "--json", code=1))
    assert any(f["code"] == "target_constant" and f["severity"] == "must_fix" for f in found)
    assert all(f["sentence"] for f in found)


def test_init_does_not_overwrite_a_task(tmp_path):
    (tmp_path / "task.toml").write_text("mine")
    with pytest.raises(UserError, match="--force"):
        run(
            "init",
            SAMPLES / "heart_disease" / "data.csv",
            "--target",
            "heart_disease",
            "-o",
            tmp_path / "task.toml",
        )
    assert (tmp_path / "task.toml").read_text() == "mine"


def test_the_drafted_task_finds_its_data_from_anywhere(tmp_path, monkeypatch):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    frame = pandas.DataFrame({"x": [3.5, 1.2, 8.1, 2.2] * 15, "y": ["no", "yes", "yes"] * 20})
    frame.to_csv(tmp_path / "a" / "d.csv", index=False)
    monkeypatch.chdir(tmp_path / "a")
    run("init", "d.csv", "--target", "y", "-o", tmp_path / "b" / "task.toml")
    assert 'data = "../a/d.csv"' in (tmp_path / "b" / "task.toml").read_text()
    monkeypatch.chdir(tmp_path)
    run("check", "b/task.toml")


def test_an_unknown_mode_of_the_language_model_is_refused(tmp_path):
    with pytest.raises(UserError, match="off, local or endpoint"):
        run("train", SAMPLES / "heart_disease" / "task.toml", "-o", tmp_path / "s", "--llm", "cloud")


def test_errors_are_text_without_a_traceback(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["interpretable", "verify-nothing"])
    with pytest.raises(SystemExit):
        cli.main()
    monkeypatch.setattr("sys.argv", ["interpretable", "score", str(tmp_path), "x.csv", "-o", "y.csv"])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 2
    shown = capsys.readouterr().err
    assert "holds no study" in shown
    assert "Traceback" not in shown


def test_llm_check_says_what_would_leave(tmp_path):
    task = tmp_path / "task.toml"
    task.write_text(
        'name = "n"\nkind = "binary"\ntarget = "y"\npositive = "yes"\ndata = "d.csv"\n'
        '[columns."age"]\nkind = "number"\n[columns."name"]\nkind = "category"\n'
        '[llm]\nendpoint = "https://llm.example/v1"\nmodel = "m"\n'
        'purpose = "a comparison"\ncolumns = ["age"]\n'
    )
    said = run("llm", "check", task, "--llm", "endpoint")
    assert "llm.example" in said
    assert "a comparison" in said
    assert "Columns: age;" in said


def test_llm_check_shows_the_questions_word_for_word_masked_and_priced(tmp_path):
    notes = [f"{'ill' if i % 2 else 'well'} since 2020-03-{i % 28 + 1:02d}, told {i}" for i in range(60)]
    lines = [f'{20 + i},"{note}",{"yes" if i % 2 else "no"}' for i, note in enumerate(notes)]
    (tmp_path / "d.csv").write_text("age,note,y\n" + "\n".join(lines) + "\n")
    task = tmp_path / "task.toml"
    task.write_text(
        'name = "n"\nkind = "binary"\ntarget = "y"\npositive = "yes"\ndata = "d.csv"\n'
        '[columns."age"]\nkind = "number"\n[columns."note"]\nkind = "text"\n'
        '[llm]\nendpoint = "https://llm.example/v1"\nmodel = "m"\npurpose = "p"\n'
        'columns = ["age", "note"]\nprice_in = 1.0\nprice_out = 1.0\n'
    )
    said = run("llm", "check", task, "--llm", "endpoint", "--show", "--rows", "1", "--asked", "4")
    assert "[user]" in said and "since [date]" in said and "2020-03" not in said
    assert "8 dates" in said and "Money:" in said and "Nothing was sent." in said


@pytest.mark.parametrize("command", [("verify",), ("app",), ("report",), ("cases",)])
def test_a_folder_without_a_study_is_refused_in_words(tmp_path, command):
    with pytest.raises(UserError, match="holds no study"):
        run(*command, tmp_path)


def test_a_negative_number_of_cases_is_refused(tmp_path):
    assert "--count" in run("cases", tmp_path, "--count", -3, code=2)


def test_what_is_no_table_is_named_for_what_it_is(tmp_path):
    with pytest.raises(UserError, match="is a folder"):
        run("init", tmp_path, "--target", "y", "-o", tmp_path / "t.toml")
    with pytest.raises(UserError, match="Name the task file in it"):
        run("check", tmp_path)
    (tmp_path / "bytes.parquet").write_bytes(b"\xff\x00 not a table")
    with pytest.raises(UserError, match="does not hold a Parquet table"):
        run("init", tmp_path / "bytes.parquet", "--target", "y", "-o", tmp_path / "t.toml")


def test_blanks_around_the_target_do_not_matter(tmp_path):
    (tmp_path / "t.csv").write_text("age,Y \n" + "".join(f"{n % 17},{n % 2}\n" for n in range(60)))
    run("init", tmp_path / "t.csv", "--target", "Y ", "-o", tmp_path / "t.toml")
    assert 'target = "Y"' in (tmp_path / "t.toml").read_text()


def test_ctrl_c_says_that_finished_work_is_kept(tmp_path):
    task, study = SAMPLES / "heart_disease" / "task.toml", tmp_path / "study"
    command = [sys.executable, "-m", "interpretable.cli", "train", task, "-o", study, "--llm", "off"]
    hear = functools.partial(signal.signal, signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, preexec_fn=hear) as going:
        next(line for line in going.stderr if "fold 2" in line)
        going.send_signal(signal.SIGINT)
        told = going.stderr.read()
    assert going.returncode == 130
    assert "the same command goes on from there" in told and "Traceback" not in told
    assert not study.exists()


def test_concepts_are_checked_and_learned_on_the_command_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    frame = make_notes()
    frame.to_csv("data.csv", index=False)
    truth = ["yes" if note.startswith("Chest") else "no" for note in frame["note"]]
    labels = {"row": frame.index + 1, "concept": "pain", "label": truth}
    pandas.DataFrame(labels).to_csv("labels.csv", index=False)
    task = make_concept_task(data="data.csv", concept_labels="labels.csv")
    Path("task.toml").write_text(task_text(task), encoding="utf-8")
    said = run("concepts", "check", "task.toml", "--lang", "zh")
    assert "精确率" in said and "回答“是”的100条文本中" in said
    run("concepts", "learn", "task.toml", "--concept", "pain", "-o", "head.toml")
    head = Path("head.toml").read_text(encoding="utf-8")
    assert "weights = {" in head and 'approved = ""' in head
    with pytest.raises(UserError, match="there already"):
        run("concepts", "learn", "task.toml", "--concept", "pain", "-o", "head.toml")
    with pytest.raises(UserError, match=r"no \[llm\] table"):
        run("concepts", "propose", "task.toml", "--llm", "endpoint")


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_a_text_is_explained_by_its_words_and_not_printed_whole(text_study, tmp_path, lang):
    file = tmp_path / "cases.csv"
    note = "Private Anna wrote: you won a free prize, call now to claim zzgl"
    pandas.DataFrame({"text": [note]}).to_csv(file, index=False)
    printed = re.sub(r"\s+", " ", run("explain", text_study, file, "--id", 1, "--lang", lang))
    found = json.loads(run("explain", text_study, file, "--id", 1, "--json"))
    (reading,) = found["texts"]
    assert len(reading["marks"]) == len(note.split())
    removals = reading["removals"]
    assert removals and note not in printed
    start = words.say("reading.without", lang, word="|", then="", now="").split("|")[0]
    assert sum(f"{start}{r['word']}”" in printed for r in removals) == 3
    strongest = max(removals, key=lambda r: r["share"])["word"]
    assert f"“{strongest}”" in printed
    (unknown,) = found["domain"]["unknown_words"]
    assert unknown[1] >= 1 and str(unknown[1]) in printed
