import re

import pytest
from factories_words import make_case, make_reason, make_task

from interpretable import words
from interpretable.records.explanation import Domain, SimilarCase, Spread
from interpretable.records.task import Column

BANNED = re.compile(
    r"shap|log-odds|logit|feature importance|probability 0|positive class|class [01]|contribution|instance"
    r"|\bindex\b|\bauc|intercept|baseline value|\bsafe\b|\bwill\b|accurate|confident",
    re.IGNORECASE,
)
BANNED_ZH = ("对数几率", "SHAP", "特征", "样本", "置信度", "类别1")


def every_default_sentence(lang):
    for kind in ("binary", "multiclass", "regression"):
        task, case = make_task(kind, horizon="30 days"), make_case(kind, missing=("age", "lactate"))
        yield from words.estimate(case, task, lang)
        yield from (words.spread(case, task, lang), words.average(case, task, lang))
        yield from (words.decision(case, task, lang), words.missing(case, task, lang))
    task, case = make_task(), make_case()
    for value in (3.9, None, 1.7):
        for then in (0.07, 0.2, 0.118, 0.004):
            reason = make_reason(value=value, if_typical=then)
            yield words.reason(reason, task, lang)
            yield words.reason(reason, task, lang, short=True)
    yield words.reason(make_reason("note", value="x", typical=""), task, lang)
    strange = Domain(
        inside=False, outside_range=("age",), unknown_levels=("sex",), rare_pairs=(("age", "sex"),)
    )
    for found in (Domain(inside=True), strange, Domain(inside=False, distance_rank=0.995)):
        yield from words.domain(found, task, lang)


def test_an_estimate_gives_both_sides_out_of_100():
    said = words.estimate(make_case(), make_task())
    assert str(said) == "Of 100 patients like this one, about 12 would have heart disease and 88 would not."
    chinese = words.estimate(make_case(), make_task(), "zh")
    assert str(chinese) == "每100例类似的患者中，预计约12例患有心脏病，另外88例则不会。"


def test_an_extreme_estimate_never_says_zero():
    said = str(words.estimate(make_case(estimate=0.002), make_task()))
    assert "fewer than 1 would have heart disease and more than 99 would not" in said


def test_the_time_span_is_said_where_it_is_declared():
    assert "Time span: 30 days." in tuple(words.estimate(make_case(), make_task(horizon="30 days")))


def test_several_classes_name_the_likeliest_and_the_next():
    said = words.estimate(make_case("multiclass"), make_task("multiclass"))
    assert said.lines == ("Most likely: “none”, 45 in 100.", "Next: “short”, 35 in 100.")


def test_a_number_is_estimated_in_its_unit():
    assert (
        str(words.estimate(make_case("regression"), make_task("regression")))
        == "Estimated birth weight: 7.30 lb."
    )


def test_an_outcome_without_words_is_named_by_its_label():
    labelled = make_task(outcome="", outcome_zh="", positive="bad", target="creditability")
    flagged = make_task(outcome="", outcome_zh="", positive="1", target="heart_disease")
    assert "about 12 would be “bad”" in str(words.estimate(make_case(), labelled))
    assert "would have “heart disease” recorded as “1”" in str(words.estimate(make_case(), flagged))


def test_the_spread_is_named_as_what_it_is():
    said = words.spread(make_case(), make_task())
    assert re.search(r"between 9 and 16 in 100", said)
    assert said.endswith("This is the spread between refits, not a guarantee.")
    assert "likely" not in said
    assert words.spread(make_case(spread=None), make_task()) == ""
    same = make_case(spread=Spread(low=0.118, high=0.119, refits=20))
    assert "stayed at 12 in 100" in words.spread(same, make_task())


def test_a_reason_names_value_typical_direction_and_what_if():
    said = words.reason(make_reason(), make_task())
    assert said == (
        "Lactate is 3.9 mmol/L (typical 1.7). This raises the estimate. "
        "If it were typical, the estimate would be 7 in 100, not 12."
    )
    chinese = words.reason(make_reason(), make_task(), "zh")
    assert chinese == "乳酸为3.9 mmol/L（典型值1.7），使估计升高。若为典型值，估计为每100例中7例，而不是12。"


def test_a_short_reason_is_one_clause_for_a_table():
    said = words.reason(make_reason(), make_task(), short=True)
    assert said == "Lactate 3.9 mmol/L (typical 1.7) raises the estimate"


def test_a_missing_value_says_that_not_knowing_it_counts():
    said = words.reason(make_reason(value=None), make_task())
    assert said.startswith("Lactate is not known (typical 1.7 mmol/L). Not knowing it raises the estimate.")


def test_a_text_is_never_quoted_in_a_reason():
    reason = make_reason("note", value="John Smith, born 1931", typical="")
    for lang in words.LANGUAGES:
        for short in (True, False):
            assert "Smith" not in words.reason(reason, make_task(), lang, short=short)
    assert "Without it, the estimate would be 7 in 100" in words.reason(reason, make_task())


def test_an_unchanged_rounded_estimate_is_not_called_a_difference():
    said = words.reason(make_reason(if_typical=0.1175), make_task())
    assert said.endswith("If it were typical, the estimate would still be 12 in 100.")


def test_the_direction_follows_rescoring_even_where_a_term_points_the_other_way():
    assert words.direction(make_reason(effect=0.4, estimate=0.2, if_typical=0.3)) == "lowers"
    assert words.direction(make_reason(effect=0.0, estimate=0.2, if_typical=0.2)) == "same"


def test_an_unusual_case_names_what_is_unusual_and_asks_for_judgement():
    said = words.domain(Domain(inside=False, rare_pairs=(("age", "sex"),)), make_task())
    assert said[0] == "Few similar patients were in the past data."
    assert said[1] == "Age and Sex were hardly seen together like this."
    assert said[-1] == "Rely more on your own judgement."


def test_no_declared_line_is_said_aloud():
    assert (
        words.decision(make_case(), make_task())
        == "No decision line is declared for this task, so none is applied."
    )
    above = words.decision(make_case(decision="above", cut=0.1), make_task())
    assert above == "The estimate lies at or above the declared line of 10 in 100."


def test_similar_cases_are_called_no_statistics():
    past = SimilarCase(row_id="a", distance=0.1, estimate=0.2, outcome="no", differences=())
    assert (
        words.similar((past, past)) == "2 similar past cases: no (2 times). So few cases are no statistics."
    )


def test_what_happened_in_similar_cases_is_called_by_its_name_or_by_its_range():
    past = [
        SimilarCase(row_id="a", distance=0.1, estimate=0.2, outcome=o, differences=()) for o in ("8.1", "6.5")
    ]
    weight = make_task("regression", target_label_zh="出生体重")
    assert "birth weight: from 6.5 lb to 8.1 lb" in words.similar((past[0], past[1]), task=weight)
    assert "出生体重：从6.5 lb到8.1 lb" in words.similar((past[0], past[1]), "zh", task=weight)
    died = SimilarCase(row_id="a", distance=0.1, estimate=0.2, outcome="no", differences=())
    assert "否（1例）" in words.similar((died,), "zh", task=make_task())


def test_levels_and_classes_are_called_by_the_names_their_author_gave_them():
    pain = Column(
        name="cp", kind="category", level_labels=(("np", "no pain"),), level_labels_zh=(("np", "无痛"),)
    )
    assert (words.value("np", pain), words.value("np", pain, "zh"), words.value("other", pain, "zh")) == (
        "no pain",
        "无痛",
        "other",
    )
    task = make_task(class_labels=(("short_term", "short-term method"),))
    assert words.class_name("short_term", task, "zh") == "short-term method"
    assert words.class_name("long_term", task) == "long term"


def test_only_the_reasons_that_are_there_are_counted():
    rest = (make_reason(), make_reason(effect=0.0, estimate=0.12, if_typical=0.12))
    assert words.others(rest) == "The other 2 together: 1 raises the estimate and 1 does not move it."


def test_default_sentences_have_at_most_20_words_and_no_banned_word():
    for text in every_default_sentence("en"):
        assert not BANNED.search(text), text
        for sentence in re.split(r"(?<=[.:;]) ", text):
            assert len(sentence.split()) <= 20, sentence


def test_chinese_default_sentences_hold_no_banned_word():
    for text in every_default_sentence("zh"):
        assert not any(word in text for word in BANNED_ZH), text


def test_names_fall_back_to_the_column_made_readable():
    task = make_task()
    assert words.label("age", task, "zh") == "年龄"
    assert words.label("fatherAge_years", task) == "father age years"
    assert words.label("age & sex", task) == "Age and Sex"
    assert words.label("disease", make_task("regression")) == "birth weight"


@pytest.mark.parametrize(
    ("name", "amount", "english", "chinese"),
    [
        ("lactate", 3.9000001, "3.9 mmol/L", "3.9 mmol/L"),
        ("lactate", None, "not known", "未知"),
        ("lactate", float("nan"), "not known", "未知"),
        ("angina", "true", "yes", "是"),
        ("angina", "0", "no", "否"),
        ("sex", "Male", "Male", "Male"),
    ],
)
def test_values_are_written_as_a_person_would(name, amount, english, chinese):
    column = make_task().column(name)
    assert words.value(amount, column) == english
    assert words.value(amount, column, "zh") == chinese
