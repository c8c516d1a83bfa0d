"""Labels from a study: the queue and the doubts as files, the evidence, and what must not be in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas
import pytest
from typer.testing import CliRunner

import interpretable
from interpretable import cli, words
from interpretable.errors import UserError
from interpretable.evaluate.label_doubts import find_doubts

SAMPLES = Path(__file__).parents[2] / "sample_data"


def run(*given: object) -> str:
    done = CliRunner().invoke(cli.app, [str(one) for one in given])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture(scope="module")
def notes(tmp_path_factory):
    """A text study of 700 messages, a tenth of the labels flipped, and a file of messages without labels."""
    folder = tmp_path_factory.mktemp("notes")
    whole = pandas.read_csv(SAMPLES / "sms_spam" / "data.csv").drop_duplicates("text")
    shutil.copy(SAMPLES / "sms_spam" / "task.toml", folder / "task.toml")
    known = whole.iloc[:700].reset_index(drop=True)
    moved = np.random.default_rng(0).random(700) < 0.1
    known.loc[moved, "label"] = known["label"].map({"ham": "spam", "spam": "ham"})[moved]
    known.to_csv(folder / "data.csv", index=False)
    new = pandas.concat([whole.iloc[700:1500], known.iloc[:5].assign(label=None)])
    new.loc[new.index[:10], "label"] = "ham"
    new["label"] = new["label"].where(new.index.isin(new.index[:10]))
    new.to_csv(folder / "new.csv", index=False)
    interpretable.train(folder / "task.toml", out=folder / "study", quick=True, llm="off", models="text")
    return folder, known["text"][moved].to_list()


def test_a_queue_goes_out_is_filled_in_and_comes_back(notes, tmp_path):
    folder, _ = notes
    queue = tmp_path / "queue.csv"
    printed = run("label-next", folder / "study", folder / "new.csv", "-n", 20, "-o", queue)
    assert "Wrote 20 rows" in printed and "Drawn by chance and marked: 2 rows." in printed
    assert "left out" in printed and "these answers: ham and spam" in printed
    table = pandas.read_csv(queue, dtype=str, keep_default_na=False)
    assert set(table["label"]) == {""} and (table["random"] == "yes").sum() == 2
    assert "text" not in table and set(table["reason"]) <= {"random", "close", "outside"}
    rows = pandas.read_csv(folder / "new.csv")
    chosen = rows.iloc[table["row_id"].astype(int) - 1]
    assert chosen["label"].isna().all()  # labelled rows are left out
    assert not set(chosen["text"]) & set(pandas.read_csv(folder / "data.csv")["text"])
    table["label"] = ["spam", "ham"] * 9 + ["", ""]
    table.to_csv(queue, index=False)
    with pytest.raises(UserError, match="not overwritten"):
        run("label-next", folder / "study", folder / "new.csv", "-n", 20, "-o", queue)
    out = tmp_path / "merged.csv"
    printed = run("label-merge", folder / "task.toml", queue, "--rows", folder / "new.csv", "-o", out)
    assert "718 rows, 18 newly labelled, 2 of the queue have none yet" in printed
    assert "drawn by chance, the model's answer was another in" in printed
    made = pandas.read_csv(out)
    assert made["text"].to_list()[700:] == chosen["text"].to_list()[:18]
    with pytest.raises(UserError, match="not overwritten"):
        run("label-merge", folder / "task.toml", queue, "-o", folder / "data.csv")


def test_texts_go_into_a_queue_only_when_asked_for(notes, tmp_path):
    folder, _ = notes
    out = tmp_path / "queue.csv"
    printed = run("label-next", folder / "study", folder / "new.csv", "-n", 5, "-o", out, "--with-text")
    assert words.say("labels.queue.texts") in printed
    table, rows = pandas.read_csv(out), pandas.read_csv(folder / "new.csv")
    assert table["text"].str.lstrip("'").to_list() == [
        text.strip().lstrip("'") for text in rows["text"].iloc[table["row_id"] - 1]
    ]


def test_flipped_labels_stand_on_top_of_the_list_and_nothing_is_called_wrong(notes, tmp_path):
    folder, flipped = notes
    out = tmp_path / "doubts.csv"
    printed = run("label-check", folder / "study", "-o", out, "--with-text")
    assert "No label was changed" in printed
    table = pandas.read_csv(out)
    doubts = table[table["kind"] == "doubt"]
    cleaned = {text.strip() for text in flipped}
    assert doubts["text"].head(20).str.strip().isin(cleaned).mean() >= 0.8
    assert doubts["p_recorded"].is_monotonic_increasing and (doubts["p_recorded"] < doubts["p_likely"]).all()
    assert doubts["words_for_likely"].notna().mean() > 0.8
    assert not table["why"].str.contains("wrong|error|incorrect").any()
    run("label-check", folder / "study", "-o", tmp_path / "plain.csv")
    assert "text" not in pandas.read_csv(tmp_path / "plain.csv")


def test_the_evidence_says_what_the_stored_predictions_say_and_holds_no_row(notes):
    folder, _ = notes
    study = interpretable.open_study(folder / "study")
    told, listed = study.evidence.labels, study.label_doubts()
    assert (told.doubts, told.rows) == (len(listed.doubts), listed.rows)
    assert sum(len(c.row_ids) for c in listed.conflicts) == told.conflict_rows
    assert 0.05 < told.share.value < 0.2 and told.share.low < told.share.value < told.share.high
    lines = words.label_doubts(told, "en")
    assert f"{told.doubts} of {told.rows} training rows" in lines[0]
    assert "wrong" not in " ".join(lines).replace("may be wrong", "")


def test_a_table_gets_reasons_in_words_and_the_library_agrees_with_the_file(heart_study, tmp_path):
    study = interpretable.open_study(heart_study)
    found = study.label_doubts()
    train, predicted = study.out_of_fold()
    assert [d.row_id for d in found.doubts] == [
        str(train.row_ids[i]) for i in find_doubts(train, predicted).rows
    ]
    assert all(d.recorded != d.likely and d.reasons for d in found.doubts)
    run("label-check", heart_study, "-o", tmp_path / "doubts.csv", "--lang", "zh")
    table = pandas.read_csv(tmp_path / "doubts.csv")
    assert table["reason_1"].head(len(found.doubts)).notna().all()
    picks = study.label_next(study.read_cases(SAMPLES / "heart_disease" / "data.csv"), 30)
    assert {p.reason for p in picks} == {"random", "close", "outside"}
    for lang in words.LANGUAGES:
        assert all(words.pick_reason(p, study.task, lang) for p in picks)


def test_a_file_whose_rows_are_all_labelled_and_a_name_that_is_no_csv_are_refused(heart_study, tmp_path):
    rows = SAMPLES / "heart_disease" / "data.csv"
    with pytest.raises(UserError, match="has a label or is in the study already"):
        run("label-next", heart_study, rows, "-o", tmp_path / "queue.csv")
    with pytest.raises(UserError, match=r"must end in \.csv"):
        run("label-check", heart_study, "-o", tmp_path / "doubts.xlsx")
    assert list(tmp_path.iterdir()) == []
