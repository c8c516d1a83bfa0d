"""What belongs to a person stays in private/, the sealed record of the models, and the record of reviews."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas
import pytest
from typer.testing import CliRunner

from interpretable import cli
from interpretable.collab import serialise
from interpretable.errors import UserError
from interpretable.models.features import describe
from interpretable.study import verify
from interpretable.study.sources import gather

MARK = "secret9f3"
TASK = """
name = "marked"
kind = "binary"
data = "data.csv"
target = "y"
positive = "1"
id = "person"
[columns.x]
kind = "number"
[columns.town]
kind = "category"
sensitive = true
[columns.street]
kind = "category"
[columns.note]
kind = "text"
"""


def table(rows: int = 320) -> pandas.DataFrame:
    """Ids, rare towns, streets of nobody else and words of three texts carry the mark."""
    random = np.random.default_rng(0)
    x = random.normal(size=rows).round(2)
    kind = random.choice(["north", "south", "west"], rows).astype(object)
    kind[::16] = [f"SECRET9f3town{i // 3}" for i in range(len(kind[::16]))]
    words = random.choice(["pain", "cough", "fever", "rest", "walks", "sleep"], (rows, 4))
    return pandas.DataFrame(
        {
            "person": [f"SECRET9f3id{i}" for i in range(rows)],
            "x": x,
            "town": kind,
            "street": [f"SECRET9f3street{i // 2}" for i in range(rows)],
            "note": [f"{' '.join(w)} secret9f3word{i // 4}" for i, w in enumerate(words)],
            "y": (random.random(rows) < 1 / (1 + np.exp(-2 * x))).astype(int),
        }
    )


def say(*words: object) -> tuple[int, str]:
    """Exit code and everything printed, the text of an error the person can mend included."""
    done = CliRunner().invoke(cli.app, [str(w) for w in words])
    if isinstance(done.exception, UserError):
        return 2, done.output + "\n".join(done.exception.problems)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


def write(folder: Path, frame: pandas.DataFrame) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    frame.to_csv(folder / "data.csv", index=False)
    (folder / "task.toml").write_text(TASK, encoding="utf-8")
    return folder / "task.toml"


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A finished study of the marked table, and all that was printed on the way."""
    folder = tmp_path_factory.mktemp("marked")
    task, study = write(folder, table()), folder / "study"
    printed = [say("init", folder / "data.csv", "--target", "y", "-o", folder / "drafted.toml")]
    printed.append(say("check", task))
    printed.append(say("train", task, "-o", study, "--quick", "--llm", "off"))
    printed += [say("report", study, "--lang", lang) for lang in ("en", "zh")]
    printed.append(say("cases", study, "--count", 5))
    printed.append(say("score", study, folder / "data.csv", "-o", folder / "scored.csv"))
    printed.append(say("label-check", study, "-o", folder / "doubts.csv"))
    new = write(folder / "new", table(400).drop(columns=["y"]).iloc[320:]).parent / "data.csv"
    printed.append(say("label-next", study, new, "-n", 10, "-o", folder / "queue.csv"))
    printed.append(say("verify", study))
    assert [code for code, _ in printed] == [0] * len(printed), printed
    return study, "\n".join(text for _, text in printed)


def marked_files(study: Path) -> set[str]:
    return {
        path.relative_to(study).as_posix()
        for path in study.rglob("*")
        if path.is_file() and MARK.encode() in path.read_bytes().lower()
    }


def test_evidence_reports_and_exchanges_hold_no_value_of_a_person(trained):
    study, _ = trained
    record = ("private/", "bundle/", "review.db")  # rows; levels and words the models know; reviewed cases
    assert not {name for name in marked_files(study) if not name.startswith(record)}


def test_the_bundle_holds_rare_levels_and_words_in_its_models_only_and_no_row_id(trained):
    study, _ = trained
    bundle = [p for p in (study / "bundle").rglob("*") if p.is_file()]
    assert not any(b"secret9f3id" in p.read_bytes().lower() for p in bundle)
    known = {"bundle/domain.json", "bundle/golden.json"}
    assert all(n.startswith("bundle/models/") or n in known for n in marked_files(study) if "bundle" in n)


def test_no_command_prints_a_value_of_a_person(trained):
    _, printed = trained
    assert MARK not in printed.lower()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda t: t.assign(x=t["x"].astype(object).where(t.index != 7, "SECRET9f3number")), 2),
        (lambda t: t.assign(y=t["y"].where(t.index != 7)), 2),
        (lambda t: t.assign(x=t["x"].where(t.index != 7, np.inf)), 2),
        (lambda t: t.drop(columns="x"), 2),
    ],
)
def test_errors_of_check_and_train_name_places_not_values(tmp_path, change, code):
    # Outcome labels and new levels may be printed: the person must be able to mend them.
    task = write(tmp_path, change(table(60)))
    for words in (("check", task), ("train", task, "-o", tmp_path / "s", "--quick", "--llm", "off")):
        found, text = say(*words)
        assert found in (1, code), text
        for value in ("number", "street", "word", "town"):
            assert f"secret9f3{value}" not in text.lower(), text


def test_errors_of_score_and_cases_name_places_not_values(trained, tmp_path):
    study, _ = trained
    bad = table(40).drop(columns="y")
    bad["x"] = bad["x"].astype(object).where(bad.index != 3, "SECRET9f3number")
    bad.to_csv(tmp_path / "bad.csv", index=False)
    (tmp_path / "ragged.csv").write_text(
        "person,x,town,street,note\nSECRET9f3id1,1,SECRET9f3town1,a,b,SECRET9f3more\n", encoding="utf-8"
    )
    for name in ("bad.csv", "ragged.csv"):
        for words in (
            ("score", study, tmp_path / name, "-o", tmp_path / "o.csv"),
            ("cases", study, tmp_path / name),
        ):
            code, text = say(*words)
            assert code == 2, text
            for value in ("number", "street", "word", "town", "more"):
                assert f"secret9f3{value}" not in text.lower(), text


def test_a_level_of_two_rows_is_nobodys_typical_value_and_in_no_prompt(tmp_path):
    dataset, _ = gather(write(tmp_path, table()), None)
    street = next(f for f in describe(dataset, dataset) if f.name == "street")
    assert street.typical is None
    row = serialise.invented(serialise.learn(dataset), dataset.frame)
    assert row["street"] is None
    assert row["town"] in ("north", "south", "west")


def test_a_changed_report_or_checkpoint_and_a_link_are_seen(trained):
    study, _ = trained
    assert verify(study) == []
    for path in (next((study / "reports").glob("*.html")), study / "review.head"):
        whole = path.read_bytes()
        path.write_bytes(whole[:20] + bytes([whole[20] ^ 1]) + whole[21:])
        assert verify(study)
        path.write_bytes(whole)
    link = study / "private" / "link"
    link.symlink_to("/")
    assert verify(study)
    link.unlink()


def test_a_queue_of_rows_to_label_holds_row_ids_and_no_other_value(trained):
    study, _ = trained
    queue = pandas.read_csv(study.parent / "queue.csv")
    assert len(queue) == 10 and queue["row_id"].str.lower().str.contains(MARK).all()
    assert MARK not in queue.drop(columns="row_id").to_csv().lower()
