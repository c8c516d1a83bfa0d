"""The checker of narratives: right texts pass in many words, wrong ones never do."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from factories_words import make_case, make_reason, make_task
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interpretable.collab import claims
from interpretable.collab.claims import CODES, Checker, check
from interpretable.collab.claims.lexicon import lexicon, normalised
from interpretable.collab.claims.numerals import Numeral, numeral_at
from interpretable.collab.narrative import template
from interpretable.collab.planted import KINDS, plant
from interpretable.records.task import Column

LANGUAGES = ("en", "zh")
HORIZON = "Within 3 days; later at 1 in 100."


def make_told(kind: str = "binary", **changes):
    """A task and a case with reasons of every sort: number, level, missing, yes or no, text."""
    labels = (("none", "no method"), ("long", "long-term method"), ("short", "short-term method"))
    task = make_task(kind, horizon=HORIZON, class_labels=labels if kind == "multiclass" else ())
    e = {"binary": 0.118, "multiclass": 0.45, "regression": 7.3}[kind]

    def reason(feature, value, typical, effect, factor):
        given = {
            "value": value,
            "typical": typical,
            "effect": effect,
            "estimate": e,
            "if_typical": e * factor,
        }
        return make_reason(feature, **given)

    reasons = (
        reason("age", 54.0, 60.0, -0.9, 1.4),
        reason("lactate", 3.9, 1.7, 0.6, 0.5),
        reason("sex", None, "F", 0.3, 0.8),
        reason("note", "seen twice", "", -0.2, 1.1),
        reason("angina", "no", "no", 0.0, 1.0),
    )
    return task, make_case(kind, **({"estimate": e, "reasons": reasons} | changes))


# The code that a planted error must bring, whatever else it brings.
EXPECTED = {
    "flipped_sign": "sign", "hidden": "sign", "swapped_ranks": "rank", "dropped": "omitted",
    "others": "count", "if_typical": "if_typical", "condition": "if_typical",
    "advice": "advice", "certainty": "certainty", "person": "person",
}  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_the_houses_own_text_passes_and_every_planted_error_is_caught_for_what_it_is(kind, lang):
    task, case = make_told(kind)
    checker = Checker(case, task, lang=lang)
    own = checker.check(template(case, task, lang))
    assert own.failures == () and {c.feature for c in own.claims if c.code == "sign"} == {
        "age", "lactate", "sex", "note",
    }  # fmt: skip
    made: Counter[str] = Counter()
    for planted, text in plant(case, task, lang):
        found = checker.check(text)
        made[planted] += 1
        assert not found.passed, (planted, text)
        assert EXPECTED.get(planted, found.failures[0]) in found.failures, (planted, found.failures, text)
        assert set(found.failures) <= set(CODES)
    assert set(KINDS) - set(made) == set(), "kinds that were not planted"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_estimates_near_none_and_near_all_are_told_and_checked_by_their_bounds(lang):
    for estimate, then in ((0.004, 0.2), (0.997, 0.5), (0.3, 0.001)):
        reasons = (
            make_reason("age", value=54.0, typical=60.0, effect=0.4, estimate=estimate, if_typical=then),
        )
        task, case = make_told(estimate=estimate, reasons=reasons)
        assert check(template(case, task, lang), case, task, lang=lang).failures == ()
        texts = [text for kind, text in plant(case, task, lang) if kind in ("estimate", "if_typical")]
        assert texts and not any(check(text, case, task, lang=lang).passed for text in texts)
    bare = template(case, task, lang).replace("fewer than 1 in 100", "1 in 100").replace("不到1例", "1例")
    assert check(bare, case, task, lang=lang).failures == ("if_typical",)


RIGHT = {
    "en": [
        "Out of 100 patients like this one, about 12 would have heart disease and 88 would not. The "
        "strongest reason is age: it is 54 years (typical 60), which lowers the estimate; if it were "
        "typical, the estimate would be 17 in 100, not 12. Lactate is 3.9 mmol/L, higher than the typical "
        "1.7, and raises the estimate.",
        "The estimate is 12%. It is lowered most by age (54 years, typical 60) and raised by lactate (3.9).",
        "The estimated risk is 12 in 100. First, age is 54 years, while the typical value is 60. This lowers "
        "the estimate from 17 to 12 in 100. Second, lactate of 3.9 mmol/L raises the estimate from 6 to 12 "
        "in 100.",
        "About twelve out of 100 patients would have heart disease.\n1. Age: 54 years (typical: 60 years) - "
        "lowers the estimate.\n2. **Lactate**: 3.9 mmol/L (typical: 1.7 mmol/L) - increases the estimate.",
        "The model's estimate is 12 in 100. With an age of 54 years, the estimate is reduced. Lactate "
        "increases it.",
    ],
    "zh": [
        "每100例类似的患者中，大约12例患有心脏病，88例不会。最主要的理由是年龄：54 years，典型值为60，"
        "使估计降低；如果为典型值，估计会是每100例中17例，而不是12例。"
        "其次，乳酸为3.9 mmol/L，高于典型值1.7，这使估计升高。",
        "估计为12%。年龄使估计降低，乳酸使估计升高。",
        "估计约为百分之十二。首先，年龄为54 years（通常60），降低了估计。第二，乳酸３.９ mmol/L提高了估计。",
    ],
}


@pytest.mark.parametrize(("lang", "text"), [(lang, text) for lang, texts in RIGHT.items() for text in texts])
def test_a_right_text_in_other_words_passes(lang, text):
    task, case = make_told()
    assert check(text, case, task, lang=lang, most=2).failures == ()


START = "The estimate is 12 in 100. Age lowers the estimate. Lactate raises the estimate. "
WRONG = [
    ("The estimate is 12 in 100. Age and lactate raise the estimate.", "sign"),
    ("The estimate is 12 in 100. Lactate raises the estimate. Age lowers the estimate.", "rank"),
    ("The estimate is 12 in 100. Age lowers the estimate. Mainly, lactate raises the estimate.", "rank"),
    ("The estimate is 12 in 100. Age lowers the estimate. Lactate does not raise the estimate.", "negation"),
    ("The estimate is 12 in 100. Age lowers the estimate. Neither raises the estimate more.", "omitted"),
    ("Age lowers the estimate. Lactate raises the estimate.", "omitted"),
    ("Of 100 patients, 12 would not have heart disease and 88 would. " + START, "estimate"),
    ("This patient would have heart disease. " + START, "certainty"),
    (START + "The estimate is more than 12 in 100.", "estimate"),
    (START + "The estimate is 12.4 in 100.", "estimate"),
    (START + "Lactate is typical.", "value"),
    (START + "The typical age is 54.", "value"),
    (START + "Lactate is lower than typical.", "value"),
    (START + "Lactate is 3.9 years.", "unit"),
    (START + "Age is 54 %.", "unit"),
    (START + "Without age, the estimate would be 17 in 100.", "if_typical"),
    (START + "If age and lactate were typical, the estimate would be 17 in 100.", "unreadable"),
    (START + "If lactate raises the estimate, it is 12 in 100.", "unreadable"),
    (START + "Lactate raises the estimate from 12 to 6 in 100.", "if_typical"),
    (START + "Lactate raises the estimate by 6 in 100.", "unreadable"),
    (START + "The other 3 raise the estimate.", "count"),
    (START + "The others lower the estimate.", "count"),
    (START + "Lactate raises heart disease.", "unreadable"),
    (START + "Chest pain on effort raises the estimate.", "invented"),
    (START + "Lactate raises the risk.", "causal"),
    (START + "Does lactate raise the estimate?", "unreadable"),
    (START + "Lаctate lowers the estimate.", "unreadable"),  # a Cyrillic letter
    (START + "This lowers the estimate.", "sign"),
    (START + "It raises the estimate. " * 1000, "unreadable"),
    ("", "empty"),
]


@pytest.mark.parametrize(("text", "code"), WRONG)
def test_a_wrong_text_is_refused_for_what_is_wrong(text, code):
    task, case = make_told()
    assert code in check(text, case, task, most=2).failures


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", Numeral(12)), ("−3.5", Numeral(-3.5)), ("12,346", Numeral(12346)), ("１２", Numeral(12)),
        ("twelve in 100", Numeral(12, "in100")), ("twenty-one", Numeral(21)), ("5 per hundred", None),
        ("12 of 100", Numeral(12, "in100")), ("12 out of every 100", Numeral(12, "in100")),
        ("12 percent", Numeral(12, "percent")), ("十二", Numeral(12)), ("二十", Numeral(20)),
        ("三点五", Numeral(3.5)), ("一百零五", Numeral(105)), ("百分之十二", Numeral(12, "percent")),
        ("十十", None), ("54years", None), ("1e3", Numeral(1000)),
    ],
)  # fmt: skip
def test_numbers_are_read_in_digits_and_words(text, expected):
    plain = normalised(text)
    found = numeral_at(plain, 0)
    if expected is None:
        assert found is None or found[0] < len(plain)
    else:
        assert found == (len(plain), expected)


def test_no_text_passes_where_a_column_has_the_name_of_another_or_of_a_claim():
    task, case = make_told()
    for label in ("Age", "Estimate", "Typical", "Raises"):
        columns = tuple(replace(c, label=label) if c.name == "lactate" else c for c in task.columns)
        same = replace(task, columns=columns)
        assert check(template(case, same), case, same).failures == ("ambiguous_names",)


@pytest.mark.parametrize("name", ["lexicon", "planted"])
def test_both_languages_have_the_same_kinds_of_words(name):
    folder = Path(claims.__file__).parent
    one, other = (tomllib.loads((folder / f"{name}_{lang}.toml").read_text("utf-8")) for lang in LANGUAGES)
    assert one.keys() == other.keys()
    assert all(one[key].keys() == other[key].keys() for key in one if isinstance(one[key], dict))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_word_of_the_lexicon_is_of_two_kinds(lang):
    kinds: dict[str, set[str]] = {}
    for kind, phrases in lexicon(lang).items():
        for phrase in phrases:
            kinds.setdefault(normalised(phrase), set()).add(kind)
    assert {phrase: found for phrase, found in kinds.items() if len(found) > 1} == {}


NAMES = (
    "Age of the patient",
    "Weight (kg)",
    "Blood sugar above 120 mg/dl",
    "Type 2",
    "pH",
    "Ward-round",
    "血压",
    "Sum_1",
)
UNITS = ("", "years", "mg/dl", "%", "kg", "°C")
LEVELS = (
    "no",
    "yes",
    "none",
    "0 to 200 DM",
    "... < 0",
    "most of it",
    "is",
    "not at all",
    "是",
    "3",
    "a/b (c)",
    "typical",
    "UNKNOWN BIRD",
    "other than this",
    "典型值以上",
)
NUMBERS = st.one_of(
    st.integers(-999, 99999).map(float), st.floats(-1e4, 1e7, allow_nan=False).map(lambda x: x + 0.0)
)


@st.composite
def explained(draw):
    """A task and a case by chance: names, units, levels, values, effects and kinds of every sort."""
    kind = draw(st.sampled_from(["binary", "multiclass", "regression"]))
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=6, unique=True))
    # Rounded: two amounts below 1e-100 are written differently and are the same number to a reader.
    chance, amounts = (st.floats(*ends).map(lambda x: round(x, 4)) for ends in ((0, 1), (-50, 5000)))
    estimate = draw(amounts if kind == "regression" else chance)
    columns, reasons = [], []
    for i, name in enumerate(names):
        sort = draw(st.sampled_from(["number", "category", "text", "boolean"]))
        unit = draw(st.sampled_from(UNITS)) if sort == "number" else ""
        columns.append(Column(name=f"c{i}", kind=sort, label=name, unit=unit))
        values = {"number": NUMBERS, "category": st.sampled_from(LEVELS), "text": st.just("x")}
        value = values.get(sort, st.sampled_from(["yes", "no"]))
        given = {
            "value": draw(st.none() | value), "typical": draw(value),
            "effect": draw(st.floats(-3, 3)), "estimate": estimate,
            "if_typical": draw(amounts if kind == "regression" else chance),
        }  # fmt: skip
        reasons.append(make_reason(f"c{i}", **given))
    reasons.sort(key=lambda r: -abs(r.effect))
    shares = (estimate, (1 - estimate) * 0.6, (1 - estimate) * 0.4) if kind == "multiclass" else ()
    task = make_task(kind, columns=tuple(columns))
    fields = {"estimate": estimate, "reasons": tuple(reasons)} | ({"probabilities": shares} if shares else {})
    return task, make_case(kind, **fields)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(explained(), st.sampled_from(LANGUAGES))
def test_any_explanation_is_told_without_a_false_alarm_and_no_error_in_it_passes(told, lang):
    task, case = told
    checker = Checker(case, task, lang=lang)
    own = template(case, task, lang)
    assert checker.check(own).failures == (), own
    for kind, text in plant(case, task, lang):
        assert not checker.check(text).passed, (kind, text, own)
