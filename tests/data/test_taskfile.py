from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interpretable.data import read_task, task_text
from interpretable.data.taskfile import parse_task
from interpretable.errors import TaskError
from interpretable.records.task import Column, LLMConsent, Task

GOOD = """\
name = "t"
kind = "binary"
target = "y"
positive = "yes"

[columns."a"]
kind = "number"

[columns."b.c"]
kind = "category"
"""


def problems(text: str) -> str:
    with pytest.raises(TaskError) as caught:
        parse_task(text)
    return str(caught.value)


def test_a_task_file_is_read(tmp_path):
    (tmp_path / "task.toml").write_text(GOOD, encoding="utf-8-sig")
    task = read_task(tmp_path / "task.toml")
    assert [c.name for c in task.columns] == ["a", "b.c"]
    assert task.positive == "yes"


def test_names_for_people_are_read_and_written_in_both_languages():
    top = 'title_zh = "心脏"\ntarget_label = "birth weight"\ntarget_unit = "lb"\n'
    top += 'class_labels = { "yes" = "ill", "no" = "well" }\n'
    task = parse_task(top + GOOD + 'level_labels_zh = { "1" = "低" }\n')
    assert (task.title_zh, task.target_label, task.target_unit) == ("心脏", "birth weight", "lb")
    assert task.class_labels == (("yes", "ill"), ("no", "well"))
    assert task.column("b.c").level_labels_zh == (("1", "低"),)
    assert parse_task(task_text(task)) == task


def test_a_name_for_a_level_must_be_text():
    assert "plain names" in problems(GOOD + 'level_labels = { "1" = 2 }\n')


def test_codes_may_be_written_as_numbers():
    task = parse_task(GOOD + "missing_codes = [0, -9.0, 'NA', true]\n")
    assert task.columns[1].missing_codes == ("0", "-9", "NA", "True")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('kind = "binary"', 'kind = "binery"'), ["line 2:", "not 'binery'", "Did you mean 'binary'"]),
        (("positive", "positve"), ["line 4: unknown key 'positve'", "'positive'", "needs positive"]),
        (('positive = "yes"', ""), ["line 2:", "needs positive"]),
        (('target = "y"', 'target = "a"'), ["line 6:", "'a' is the target"]),
        (('target = "y"', ""), ["target is missing"]),
        (('name = "t"', 'name = ""'), ["name is missing"]),
        (('target = "y"', 'target = "y"\nid = "y"'), ["named as target and as id"]),
        (
            ('target = "y"', 'target = "y"\nthreshold = 1.5'),
            ["line 4: threshold must lie between 0 and 1, not 1.5"],
        ),
        (('target = "y"', 'target = "y"\nthreshold = 0.5\nharm_ratio = 2'), ["line 5:", "keep one"]),
        (('target = "y"', 'target = "y"\nharm_ratio = -1'), ["harm_ratio must be above 0"]),
        (('target = "y"', 'target = "y"\nthreshold = true'), ["threshold must be a number"]),
        (('target = "y"', 'target = "y"\ndata = "https://h/x.csv"'), ["not an address"]),
        (('kind = "number"', 'kind = "number"\nsensitive = "yes"'), ["line 8:", "must be true or false"]),
        (('kind = "number"', 'kind = "number"\nlevels = ["1"]'), ["line 8:", "ordinal"]),
        (('kind = "number"', "unit = 'kg'"), ["kind in [columns.'a'] is missing"]),
        (('kind = "number"', 'kind = "number"\nexclude_reason = "x"'), ["exclude is not true"]),
        (('kind = "category"', 'kind = "category"\nexpected = "up"'), ["number or ordinal"]),
        (('kind = "category"', 'kind = "ordinal"\nlevels = [1, 1.0]'), ["repeat a level"]),
    ],
)
def test_each_mistake_is_named_with_its_line(change, words):
    message = problems(GOOD.replace(*change))
    for word in words:
        assert word in message


def test_all_mistakes_are_listed_at_once_in_the_order_of_the_file():
    text = GOOD.replace('"binary"', '"bin"').replace('"number"', '"num"') + 'color = "x"\n'
    lines = problems(text).splitlines()
    assert [line.split(":")[0] for line in lines] == ["line 2", "line 7", "line 11"]


def test_a_task_without_columns_in_use_is_refused():
    assert "no column is left" in problems(GOOD.split("[columns")[0])


def test_text_that_is_no_toml_is_refused():
    assert "not valid TOML" in problems("name = \n")


def test_a_file_that_is_not_there_says_how_to_get_one(tmp_path):
    with pytest.raises(TaskError, match="interpretable init"):
        read_task(tmp_path / "task.toml")


LLM = '\n[llm]\nendpoint = "https://h/v1"\nmodel = "m"\npurpose = "p"\ncolumns = ["a"]\n'


def test_consent_is_read_whole():
    consent = parse_task(GOOD + LLM + "price_in = 0.5\nprice_out = 1.5\nbudget = 2\nconcurrency = 8\n").llm
    assert consent == LLMConsent(
        endpoint="https://h/v1", model="m", purpose="p", columns=("a",), price_in=0.5, price_out=1.5,
        budget=2.0, concurrency=8,
    )  # fmt: skip


@pytest.mark.parametrize("key", ["endpoint", "model", "purpose", "columns"])
def test_consent_that_lacks_a_part_is_refused(key):
    text = GOOD + "\n".join(line for line in LLM.splitlines() if not line.startswith(key))
    assert f"{key} in [llm] is missing" in problems(text)


def test_consent_may_name_the_target_so_that_examples_can_be_shown():
    assert parse_task(GOOD + LLM.replace('["a"]', '["a", "y"]')).llm.columns == ("a", "y")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('["a"]', '["aa"]'), "names 'aa'"),
        (("https://h/v1", "file:///x"), "must be an address"),
        (('"m"', '"m"\nprice_in = -1'), "must not be negative"),
        (('"m"', '"m"\nbudget = 5.0'), "needs price_in and price_out"),
        (('"m"', '"m"\nbudget = 0.0\nprice_in = 1.0\nprice_out = 1.0'), "it is above 0"),
        (('"m"', '"m"\nmost_calls = 0'), "it is 1 or more"),
        (('"m"', '"m"\nconcurrency = 65'), "it is 1 to 64"),
    ],
)
def test_consent_must_fit_the_task(change, words):
    assert words in problems(GOOD + LLM.replace(*change))


@pytest.mark.parametrize(
    "line",
    [
        'api_key = "HUSHHUSH1"',
        'purpose2 = "sk-HUSHHUSH1234"',
        'access_token = "HUSHHUSH1"',
        'note = "Bearer HUSHHUSH1"',
    ],
)
def test_keys_in_the_file_are_refused_and_not_repeated(line):
    message = problems(GOOD + LLM + line + "\n")
    assert "looks like a key or password" in message
    assert "HUSHHUSH1" not in message


def test_a_password_in_the_address_is_refused():
    assert "looks like a key" in problems(GOOD + LLM.replace("https://h", "https://me:HUSH@h"))


def test_a_column_may_be_called_api_key():
    assert parse_task(GOOD.replace('"a"', '"api_key"')).columns[0].name == "api_key"


NAMES = (
    st.one_of(
        st.sampled_from(
            [
                "class",
                "__proto__",
                'a"b',
                "a.b",
                "a'b",
                "a\nb",
                "\\",
                "a=b",
                "😀",
                "列",
                "#",
                "[x]",
                "\x7f",
                "\t.",
                "1",
            ]
        ),
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12),
    )
    .map(str.strip)
    .filter(bool)
)
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
COLUMNS = st.builds(
    Column,
    name=NAMES,
    kind=st.sampled_from(["number", "ordinal"]),
    label=WORDS,
    unit=WORDS,
    missing_codes=st.sampled_from([(), ("0",), ("-9", "?")]),
    expected=st.sampled_from(["", "up", "down"]),
    sensitive=st.booleans(),
)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(COLUMNS, min_size=1, max_size=4, unique_by=lambda c: c.name), WORDS, NAMES, st.floats(0.01, 0.99)
)
def test_any_task_comes_back_from_its_text(columns, words, target, threshold):
    columns = tuple(c for c in columns if c.name != target) or (Column(name=target + "x", kind="number"),)
    task = Task(
        name="t",
        kind="binary",
        target=target,
        positive="1",
        columns=columns,
        decision=words,
        threshold=threshold,
    )
    comments = {(): words, ("columns", columns[0].name): words, ("title",): words}
    assert parse_task(task_text(task, comments)) == task


def test_a_comment_cannot_break_out_of_its_line():
    text = task_text(parse_task(GOOD), {("columns", "a"): "one\r\ntwo\u2028\x00\x1b"})
    assert parse_task(text) == parse_task(GOOD)


PLAN = """
[plan]
level = "audit"
models = ["ebm", "logistic"]
tune = 12
average = true
distil = "xgboost"
scorecard_terms = 6
margin = 0.02
"""
CHANGES = """
[columns."c"]
kind = "number"
expected = "up"
enforce = true
changeable = true
change_direction = "down"
change_low = 1
change_high = 9
change_step = 0.5
change_cost = 2
adverse = "Income too low for the amount"
adverse_zh = "收入不足"
"""


def test_how_models_are_made_and_what_may_change_are_read_and_written():
    task = parse_task(GOOD + CHANGES + PLAN)
    assert (task.plan.level, task.plan.models, task.plan.tune) == ("audit", ("ebm", "logistic"), 12)
    column = task.column("c")
    assert column.enforce and column.change_direction == "down" and column.change_step == 0.5
    assert column.adverse_zh == "收入不足"
    assert parse_task(task_text(task)) == task


def test_every_contradiction_of_plan_and_changes_is_named():
    wrong = CHANGES.replace('expected = "up"\n', "").replace("changeable = true\n", "")
    wrong = wrong.replace("change_low = 1", "change_low = 11").replace("change_cost = 2", "change_cost = -2")
    plan = PLAN.replace("tune = 12", "tune = -1").replace('"audit"', '"deep"').replace("0.02", "2.0")
    said = problems(GOOD + wrong + plan)
    for part in ("enforce", "changeable is not true", "above its change_high", "change_cost", "tune", "deep"):
        assert part in said, part
    assert "margin must lie" in said


def test_a_level_moves_in_no_direction_and_by_no_step():
    said = problems(GOOD + 'changeable = true\nchange_step = 2\nchange_direction = "up"\n')
    assert "need a number column" in said and "number or ordinal" in said


def test_limits_on_wrong_answers_are_read_and_checked():
    lines = "max_error = 0.05\nerror_delta = 0.2\nmax_false_omission = 0.01\nerror_by_answer = true\n"
    task = parse_task(GOOD + PLAN + lines + 'out_of_scope_data = "strange.csv"\n')
    assert (task.plan.max_error, task.plan.error_delta, task.plan.max_false_omission) == (0.05, 0.2, 0.01)
    assert task.plan.error_by_answer and task.plan.out_of_scope_data == "strange.csv"
    assert parse_task(task_text(task)) == task
    said = problems(
        GOOD + PLAN + "max_error = 0.9\nerror_delta = 0\n" + 'out_of_scope_data = "s3://x/y.csv"\n'
    )
    assert "max_error must be above 0" in said and "error_delta must be" in said and "not an address" in said
    assert "must be a number" in problems(GOOD + PLAN + "max_error = [0.05, 0.1]\n")
