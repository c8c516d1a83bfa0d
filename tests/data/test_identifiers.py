from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interpretable.data.identifiers import EVERY_KIND, KINDS, count_identifiers, find_identifiers, redact

KNOWN = [
    ("email", "write to <ann.lee+ward@mail.example.co.uk> soon"),
    ("email", "邮箱<zhang@example.cn>，谢谢"),
    ("url", "see <https://example.org/a?b=1#c>"),
    ("url", "see <www.example.org> for more"),
    ("iban", "pay to <GB82 WEST 1234 5698 7654 32> and call"),
    ("iban", "<DE89370400440532013000>."),
    ("iban", "<fr14 2004 1010 0505 0001 3m02 606>"),
    ("payment_card", "card <4111 1111 1111 1111> 12/27"),
    ("payment_card", "amex <378282246310005>"),
    ("us_ssn", "ssn <078-05-1120>"),
    ("cn_resident_id", "身份证<11010519491231002X>号"),
    ("birth_date", "出生日期：<1949年12月31日>"),
    ("birth_date", "DOB <1931>, retired"),
    ("birth_date", "Date of birth: <03/04/1957>"),
    ("birth_date", "born on <2nd March 1931> in"),
    ("date", "seen <2nd March 2020>"),
    ("date", "again <12 Sep>, then home"),
    ("date", "on <2020-03-02> and"),
    ("date", "on <31.12.1999>"),
    ("date", "on <Mar 5, 2020>"),
    ("date", "于<2020年3月5日>入院"),
    ("record_number", "MRN: <00123456>"),
    ("record_number", "住院号：<A123456>"),
    ("record_number", "patient id <PT-00981>"),
    ("ip_address", "from <192.168.1.254> at"),
    ("ip_address", "from <fe80::1ff:fe23:4567:890a> at"),
    ("phone", "ring <+44 7700 900123>"),
    ("phone", "手机<13800138000>。"),
    ("phone", "<(212) 555-0187> or"),
    ("phone", "<212-555-0187> or"),
    ("phone", "电话：<010-62345678>"),
    ("phone", "text <555123> now"),
    ("address", "lives at <221 Baker Street>"),
    ("address", "<NW1 6XE>"),
    ("address", "住址：<北京市中关村大街27号>"),
    ("long_number", "reference <123456789012>"),
    ("url", "see <https://пример.рф/путь> now"),
    ("email", "mail <jörg@müller.de>, please"),
    ("device", "MAC <00:1a:2b:3c:4d:5e> seen"),
    ("vehicle", "the car <1HGCM82633A004352>."),
    ("record_number", "licence no. <D123-4567>"),
    ("record_number", "Beneficiary number: <H12345>"),
    ("phone", "on <+47 123 456>"),
]


WIDE = [
    ("phone", "ring <123.456.7890>"),
    ("phone", "ring <555 867 5309>"),
    ("age_over_89", "a <92>-year-old woman"),
    ("age_over_89", "aged <101>, frail"),
    ("age_over_89", "患者<95>岁"),
    ("titled_name", "seen by Dr. <Jane O'Neill> today"),
    ("titled_name", "<王>先生来诊"),
    ("number", "ref <00482> ok"),
]


@pytest.mark.parametrize(("kind", "marked"), WIDE)
def test_wide_forms_are_found_only_where_they_are_asked_for(kind, marked):
    start, end = marked.index("<"), marked.index(">") - 1
    text = marked.replace("<", "").replace(">", "")
    assert [(s.kind, text[s.start : s.end]) for s in find_identifiers(text, wide=True)] == [
        (kind, text[start:end])
    ]
    assert kind not in KINDS or text == "ring 123.456.7890" or find_identifiers(text)
    assert set(EVERY_KIND) >= {kind}


@pytest.mark.parametrize(("kind", "marked"), KNOWN)
def test_an_identifier_is_found_where_it_stands(kind, marked):
    start, end = marked.index("<"), marked.index(">") - 1
    text = marked.replace("<", "").replace(">", "")
    assert [(s.kind, text[s.start : s.end]) for s in find_identifiers(text)] == [(kind, text[start:end])]


@pytest.mark.parametrize(
    "text",
    [
        "ZZ82 WEST 1234",
        "blood pressure 120/80, pulse 72, temperature 36.6",
        "dose 2.5 mg twice a day for 10 days, version 10.4.2",
        "the ratio 1:2:3 at 12:30:45",
        "the march of the patients in may",
        "cost 1,250,000 in 2020",
        "user @ home, a@b, 5@6",
        "300.400.500.600",
        "患者因胸痛3天入院，血压130/85",
        "",
    ],
)
def test_ordinary_numbers_and_words_are_left_alone(text):
    assert find_identifiers(text) == ()


@pytest.mark.parametrize(
    ("kind", "good"),
    [
        ("payment_card", "4111111111111111"),
        ("cn_resident_id", "11010519491231002X"),
        ("iban", "DE89370400440532013000"),
    ],
)
def test_a_wrong_check_digit_is_another_kind_of_number(kind, good):
    for at in (8, 12, 15):
        wrong = good[:at] + str((int(good[at]) + 1) % 10) + good[at + 1 :]
        assert kind not in {s.kind for s in find_identifiers(wrong)}


def test_hidden_characters_and_other_digits_do_not_hide_a_number():
    for text in (
        "1\u200b38\u200d00138000",
        "１３８００１３８０００",
        "١٣٨٠٠١٣٨٠٠٠",
        "see \u202e13800138000 there",
    ):
        assert [s.kind for s in find_identifiers(text)] == ["phone"], text
        assert redact(text).replace("see \u202e", "").replace(" there", "") == "[phone]"


def test_redaction_takes_out_the_kinds_asked_for_and_nothing_else():
    text = "Ann (ann@example.org, 13800138000) came on 2020-03-02."
    assert redact(text) == "Ann ([email], [phone]) came on [date]."
    assert redact(text, kinds=("phone",)) == "Ann (ann@example.org, [phone]) came on 2020-03-02."


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("aA1 -.@:/+(\u200b１é路号\x1e\x1fGB82\n"), max_size=80))
def test_spans_lie_in_the_text_in_order_without_overlap_and_are_gone_when_redacted(text):
    spans = find_identifiers(text)
    places = [p for s in spans for p in (s.start, s.end)]
    assert places == sorted(places) and all(0 <= p <= len(text) for p in places)
    assert all(s.end > s.start and s.kind in KINDS for s in spans)
    left = redact(text)
    assert all(f"[{s.kind}]" in left for s in spans)


def test_counting_many_texts_at_once_agrees_with_each_by_itself():
    texts = [marked.replace("<", "").replace(">", "") for _, marked in KNOWN] * 3 + [None, ""]
    texts.append("ann@example.org and bob@example.org")
    tallies = count_identifiers(texts)
    for kind in KINDS:
        each = [sum(s.kind == kind for s in find_identifiers(t)) for t in texts if t]
        assert (tallies[kind].found, tallies[kind].rows) == (sum(each), int(np.count_nonzero(each)))


def test_nothing_is_found_across_two_texts():
    assert count_identifiers(["call ann@", "example.org", "4111 1111", "1111 1111"]) == {}


ATTACKS = [
    "a", "1", "1 ", "1-", "a@", "a.", "a@a.", "www.", "http://", "1.", "1:", "::", "GB82 ", "(1", "born ",
    "DOB: ", "12/", "2020-", "MRN ", "+1 ", "Ab ", "1 Ab ", "路", "大", "jan ", "1 jan ", "A1 ", "tel ",
    "4111 ", "\u200b", "１", "1\u200b", "\x1f", "1,", "@", "a-", ", AB 12345-", "1 ab@a.",
]  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_text_of_a_hundred_thousand_characters_is_slow(attack):
    text = (attack * 100_000)[:100_000]
    start = time.process_time()
    find_identifiers(text, wide=True)
    assert time.process_time() - start < 0.5
