"""Which words are denied: cues, ends and reach, in English and Chinese."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interpretable.data.negation import NEGATION_1, RULES, negated
from interpretable.data.wordrule import words_between, words_of
from interpretable.records.additive import TextRule
from interpretable.records.codec import from_json, to_json
from interpretable.records.negation import NegationRule
from interpretable.score.tokens import find_words, normalised


def denied(text: str) -> str:
    words, separators = words_between(text)
    return " ".join(word for word, hit in zip(words, negated(words, separators), strict=True) if hit)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("No chest pain.", "chest pain"),
        ("Patient DENIES fever; has cough.", "fever"),
        ("without fever. Chest pain since Monday", "fever"),
        ("no chest pain but cough", "chest pain"),
        ("No pain, cough for two days", "pain"),
        ("denies fever, chills, or chest pain.", "fever chills or chest pain"),
        ("no fever, chills. Chest pain or cough", "fever"),
        ("doesn't have chest pain", "have chest pain"),
        ("She does not smoke: cough every morning", "smoke"),
        ("chest pain was ruled out. Cough", "chest pain"),
        ("not only chest pain", ""),
        ("MI cannot be excluded", ""),
        ("no one two three four five six seven", "one two three four five six"),
        ("no 3.5 mm stone", "3 5 mm stone"),
        ("chest pain", ""),
        ("", ""),
        ("no", ""),
        ("no\nchest pain: yes", ""),
    ],
)
def test_english_scopes_open_at_a_cue_and_end_at_a_sign_a_stop_or_the_reach(text, expected):
    assert denied(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("否认胸痛,有咳嗽", "胸 痛"),
        ("无胸痛、发热、咳嗽。有头痛", "胸 痛 发 热 咳 嗽"),
        ("未见出血但有水肿", "出 血"),
        ("没有发热有咳嗽", "发 热"),
        ("否认发热,咳嗽或胸痛。", "发 热 咳 嗽 或 胸 痛"),
        ("无明显诱因出现胸痛", ""),
        ("胸部不适伴胸痛", ""),
        ("不能排除心梗", ""),
        ("乙肝阴性", "乙 肝"),
        ("无法忍受的胸痛", ""),
        ("否认高血压、糖尿病、冠心病等慢性病史", "高 血 压 糖 尿 病 冠 心 病 等 慢 性 病 史"),
        ("无一二三四五六七八九十甲乙", "一 二 三 四 五 六 七 八 九 十"),
        ("胸痛3天,无发热", "发 热"),
        ("胸痛,无fever", "fever"),
    ],
)
def test_chinese_scopes_run_over_characters_and_over_the_list_mark(text, expected):
    assert denied(text) == expected


def test_without_separators_only_words_and_the_reach_end_a_scope():
    words = words_of("no pain. but cough")
    assert negated(words) == [False, True, False, False]
    assert negated(["no", "pain", "cough"]) == [False, True, True]


def test_a_rule_is_plain_data_and_survives_json():
    assert from_json(to_json(NEGATION_1), NegationRule) == NEGATION_1
    assert RULES["negation-1"] is NEGATION_1


def test_a_rule_of_ones_own_is_followed():
    rule = NegationRule(version="mine", before=("kein",), stops=("aber",), reach=2)
    assert negated(["kein", "brust", "schmerz", "mehr", "aber", "husten"], None, rule) == [0, 1, 1, 0, 0, 0]


@settings(deadline=None)
@given(st.text(max_size=60))
def test_words_are_those_of_the_token_rule_and_every_word_gets_an_answer(text):
    words, separators = words_between(text)
    assert words == words_of(text) == find_words(normalised(text), TextRule())
    assert len(negated(words, separators)) == len(separators) == len(words)


@settings(deadline=None)
@given(st.lists(st.sampled_from(["no", "pain", "but", ",", ".", "or", "was", "negative", "无", "有", "痛"])))
def test_a_word_is_denied_only_in_the_clause_of_a_cue(parts):
    text = " ".join(parts)
    words, separators = words_between(text)
    for clause in text.replace(",", ".").split("."):
        assert (
            "no" in clause
            or "无" in clause
            or "was negative" in " ".join(clause.split())
            or not any(negated(*words_between(clause)))
        )
    cues = {"no", "but", "无"}
    assert not any(hit for word, hit in zip(words, negated(words, separators), strict=True) if word in cues)


def test_a_long_text_takes_time_in_proportion_to_its_length():
    for unit in ("no pain, ", "no pain or ", "无痛、", "痛、或"):
        words, separators = words_between(unit * 10_000)
        began = time.perf_counter()
        assert sum(negated(words, separators)) >= (10_000 if "或" not in unit else 0)
        assert time.perf_counter() - began < 5
