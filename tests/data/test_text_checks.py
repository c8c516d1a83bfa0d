from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from factories_tables import make_dataset
from test_near_copies import make_texts

from interpretable import data, words
from interpretable.data.checks.boilerplate import repeated
from interpretable.data.checks.numerals import numbers
from interpretable.data.checks.scripts import SCRIPTS, letters_by_script
from interpretable.data.textblocks import blocks, lengths_in_words, plain_texts


def notes(seed: int = 0, rows: int = 600, low: int = 15, high: int = 40) -> pd.DataFrame:
    """Honest texts: words at random, an outcome at random."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame({"note": make_texts(rng, rows, low, high), "y": rng.integers(0, 2, rows)})


def found(frame: pd.DataFrame, **fields) -> dict:
    dataset = make_dataset(frame, kinds={"note": "text"}, **fields)
    return {f.code: f for f in data.check(dataset)}


def regression(frame: pd.DataFrame) -> dict:
    return found(frame, kind="regression", positive="")


def test_honest_texts_raise_hardly_an_alarm():
    alarms = 0
    for seed in range(4):
        frame = notes(seed)
        rng = np.random.default_rng(seed)
        classes = frame.assign(y=rng.choice(["first kind", "second kind", "third kind"], len(frame)))
        numeric = frame.assign(y=rng.normal(50, 10, len(frame)).round(1))
        sets = [found(frame), found(classes, kind="multiclass", positive=""), regression(numeric)]
        alarms += sum(any(f.severity != "note" for f in kinds.values()) for kinds in sets)
    assert alarms <= 2


def test_no_finding_about_texts_holds_a_piece_of_a_text():
    frame = notes()
    frame["note"] = (
        "The secretword form was filled in by secretname. " + frame["note"] + " secret@example.org \u200b"
    )
    frame.loc[:50, "note"] = frame.loc[51, "note"]
    kinds = found(frame)
    assert {"boilerplate_texts", "identifiers_in_text", "hidden_characters", "near_duplicate_texts"} <= set(
        kinds
    )
    for finding in kinds.values():
        for lang in words.LANGUAGES:
            assert "secret" not in words.finding(finding, lang)
        assert "secret" not in repr(finding)


def test_short_empty_and_long_texts_are_counted():
    frame = notes()
    frame.loc[:79, "note"] = ["ok", "..."] * 40
    frame.loc[80:99, "note"] = None
    frame.loc[100, "note"] = " ".join(make_texts(np.random.default_rng(9), 1, 900, 901))
    kinds = found(frame)
    short, long = kinds["text_very_short"], kinds["text_very_long"]
    assert (short.severity, short.parameters["count"], short.parameters["empty"]) == ("look", 80, 20)
    assert (long.parameters["count"], long.parameters["longest"]) == (1, 900)
    assert "text_very_short" not in found(notes()) and "text_very_long" not in found(notes())


@pytest.mark.parametrize("kept", ["time", "file"])
def test_lengths_that_drift_are_seen_in_time_or_down_the_file(kept):
    parts = [notes(k, 150, 10 + 8 * k, 20 + 8 * k).assign(day=k) for k in range(4)]
    frame = pd.concat(parts, ignore_index=True)
    if kept == "time":
        frame = frame.sample(frac=1, random_state=0).reset_index(drop=True)
        told = found(frame, time="day")["text_length_drifts"]
        assert told.severity == "look" and "over time" in words.finding(told)
    else:
        told = found(frame.drop(columns="day"))["text_length_drifts"]
        assert told.severity == "note" and "down the file" in words.finding(told)
    medians = told.parameters["medians"]
    assert medians == sorted(medians) and medians[-1] > 2 * medians[0]


def test_a_change_in_the_middle_that_comes_back_is_a_drift_too():
    parts = [notes(k, 150, *size) for k, size in enumerate([(10, 20), (40, 60), (40, 60), (10, 20)])]
    assert "text_length_drifts" in found(pd.concat(parts, ignore_index=True))


def test_boilerplate_is_counted_in_rows_and_copies_of_a_text_are_none():
    frame = notes()
    frame.loc[:119, "note"] += ". This message is confidential and meant for the addressee only."
    frame.loc[400:499, "note"] = "Exactly the same short message was sent a hundred times."
    told = found(frame)["boilerplate_texts"].parameters
    assert (told["sentences"], told["count"], told["most"], told["words"]) == (1, 120, 120, 10)


def test_chinese_sentences_and_lines_are_cut_without_spaces():
    texts = [
        f"患者第{k}号主诉各异内容{chr(0x4E00 + k)}。本报告仅供临床医师参考使用。\n签名处" for k in range(60)
    ]
    (rows, length), *rest = repeated(texts)
    assert (len(rows), length, rest) == (60, 6.5, [])


def test_boilerplate_that_follows_the_outcome_must_be_looked_at_and_a_perfect_one_mended():
    frame = notes()
    rng = np.random.default_rng(1)
    line = ". The applicant was informed of our decision by letter."
    often = (frame["y"] == 1) & (rng.random(len(frame)) < 0.5)
    told = found(frame.assign(note=frame["note"] + np.where(often, line, "")))["boilerplate_predicts_target"]
    assert (told.severity, told.parameters["outcome"], told.parameters["outcome_with"]) == ("look", "1", 1.0)
    perfect = found(frame.assign(note=frame["note"] + np.where(frame["y"] == 1, line, "")))
    assert perfect["boilerplate_predicts_target"].severity == "must_fix"
    amount = frame.assign(
        y=rng.normal(size=len(frame)) + 2.0 * often, note=frame["note"] + np.where(often, line, "")
    )
    told = regression(amount)["boilerplate_predicts_target"]
    assert told.severity == "look" and "Mean" in words.finding(told)


def test_identifiers_are_counted_by_kind():
    frame = notes()
    frame.loc[:29, "note"] += " write to ann@example.org or bob@example.org, tel 13800138000"
    told = found(frame)["identifiers_in_text"]
    assert told.parameters["kinds"] == {"email": 60, "phone": 30}
    assert told.evidence == {"rows_by_kind": {"email": 30, "phone": 30}}
    assert "60 e-mail addresses and 30 telephone numbers" in words.finding(told)
    assert "60个电子邮箱" in words.finding(told, "zh")


@pytest.mark.parametrize(
    ("labels", "plain", "said"),
    [
        (("early default", "no default"), (), "early default"),
        (("C1", "C2"), (("C1", "kidney failure"), ("C2", "healed")), "kidney failure"),
        (("肺炎", "健康"), (), "肺炎"),
    ],
)
def test_a_label_is_found_in_several_words_by_its_plain_name_and_in_chinese(labels, plain, said):
    frame = notes()
    rng = np.random.default_rng(2)
    label = np.where(frame["y"] == 1, *labels)
    spelled = np.where(
        (frame["y"] == 1) & (rng.random(len(frame)) < 0.6),
        f"，诊断{said}明确" if said > "z" else f" ({said.title()}) ",
        "",
    )
    frame = frame.assign(note=frame["note"] + spelled, y=label)
    dataset = make_dataset(frame, kinds={"note": "text"}, positive=labels[0])
    dataset = replace(dataset, task=replace(dataset.task, class_labels=tuple(plain)))
    told = next(f for f in data.check(dataset) if f.code == "text_contains_label")
    assert (told.severity, told.parameters["label"], told.parameters["precision"]) == ("look", said, 1.0)


def test_the_words_of_a_label_apart_from_each_other_are_not_the_label():
    frame = notes()
    label = np.where(frame["y"] == 1, "early default", "none")
    frame = frame.assign(
        note=frame["note"] + np.where(frame["y"] == 1, " default came not early", ""), y=label
    )
    assert "text_contains_label" not in found(frame, positive="early default")


@pytest.mark.parametrize("word", ["zqx", "肺炎"])
def test_one_word_that_tells_one_of_many_classes_is_found(word):
    frame = notes().assign(y=lambda f: np.arange(len(f)) % 5)
    frame["note"] += np.where(frame["y"] == 3, f" {word}", "")
    told = found(frame, kind="multiclass", positive="")["word_tells_class"]
    assert (told.severity, told.parameters["outcome"], told.parameters["value"]) == ("must_fix", "3", 1.0)
    for lang in words.LANGUAGES:
        assert word not in words.finding(told, lang)


def test_a_numeric_outcome_that_is_written_in_the_text_is_found():
    frame = notes()
    rng = np.random.default_rng(3)
    frame["y"] = (rng.normal(3300, 500, len(frame))).round().clip(1000)
    grouped = frame["y"].map("{:,.0f}".format)
    told = regression(frame.assign(note=frame["note"] + " weight " + grouped + " g."))["text_contains_target"]
    assert (told.severity, told.parameters["rate"]) == ("must_fix", 1.0)
    some = np.where(rng.random(len(frame)) < 0.5, " weight " + grouped, " weight 3,300")
    told = regression(frame.assign(note=frame["note"] + some))["text_contains_target"]
    assert told.severity == "look" and 0.4 < told.parameters["rate"] < 0.6


def test_small_numbers_that_agree_by_chance_are_not_the_outcome():
    rng = np.random.default_rng(4)
    frame = notes().assign(y=rng.integers(0, 4, 600) * 1.0)
    frame["note"] += " levels 0 1 2 3"
    assert "text_contains_target" not in regression(frame)


def test_numbers_are_read_in_the_ways_people_write_them():
    assert numbers("1,250.5 and 7,25; 3. Then 00012") == {1250.5, 7.25, 3.0, 12.0}
    assert numbers("1.2.3 or 1,,2") == set()


def test_texts_in_another_script_are_counted():
    frame = notes()
    frame.loc[:59, "note"] = "患者因胸痛三天入院，既往体健，无过敏史"
    frame.loc[60:69, "note"] = "Пациент поступил с болью в груди"
    told = found(frame)["mixed_scripts"]
    assert (told.parameters["count"], told.parameters["script"], told.parameters["other"]) == (
        70,
        "latin",
        "han",
    )
    assert "Chinese or Japanese" in words.finding(told)


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("naïve Größe", "latin"),
        ("Ελληνικά", "greek"),
        ("العربية", "arabic"),
        ("한국어입니다", "hangul"),
        ("ひらがな", "han"),
        ("हिन्दी", "indic"),
    ],
)
def test_letters_belong_to_the_script_that_unicode_gives_them(text, script):
    assert SCRIPTS[int(letters_by_script([None, text])[1].argmax())] == script


@pytest.mark.parametrize("text", ["cafÃ© au lait", "itâ€™s", "na\ufffdve", "Â£150 won", "锟斤拷"])
def test_spoilt_characters_are_seen(text):
    frame = notes()
    frame.loc[:4, "note"] += " " + text
    assert found(frame)["spoilt_characters"].parameters["count"] == 5


@pytest.mark.parametrize("text", ["São João, château, Âge d'or, 20 £, “quoted” — yes…", "łódź ß Ã la carte"])
def test_rightly_written_accents_are_not_spoilt(text):
    frame = notes()
    frame.loc[:4, "note"] += " " + text
    assert "spoilt_characters" not in found(frame)


@pytest.mark.parametrize("sign", ["\u202e", "\u200b", "\x07", "\ufeff", "\U000e0041", "\u2066"])
def test_characters_that_are_not_drawn_are_seen(sign):
    frame = notes()
    frame.loc[:4, "note"] = "pay" + sign + "load " + frame.loc[:4, "note"]
    assert found(frame)["hidden_characters"].parameters["count"] == 5


def test_blocks_give_every_text_its_place():
    texts = ["a" * 400_000, None, "", "b\x1ec", "d" * 700_000, "e"]
    places = [(block.first, len(block.starts)) for block in blocks(texts)]
    assert places == [(0, 5), (5, 1)]
    assert plain_texts(texts)[3] == "b c" and len(plain_texts(texts)) == len(texts)
    assert lengths_in_words(plain_texts(["two words", "胸痛", "", "x y 胸痛三天"])).tolist() == [2, 1, 0, 4]
