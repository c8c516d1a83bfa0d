"""The documentation keeps up with the code: finding codes, metrics, decisions, links."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from interpretable.data.conceptfile import CONCEPT_RULES, FILE_RULES
from interpretable.data.taskfile import COLUMN_RULES, LLM_RULES, PLAN_RULES, TASK_RULES

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
DECISIONS = sorted((DOCS / "decisions").glob("[0-9]*.md"))
HEADING = re.compile(r"^### `(?P<code>[a-z_]+)`$", re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)")


def documented_codes() -> list[str]:
    return HEADING.findall((DOCS / "reference" / "checks.md").read_text("utf-8"))


def codes_in_source() -> set[str]:
    """Codes written out where a finding is made: Finding(code="..."), or a call of a function `finding`."""
    codes = set()
    for path in (ROOT / "interpretable").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if called == "Finding":
                codes |= {
                    word.value.value
                    for word in node.keywords
                    if word.arg == "code" and isinstance(word.value, ast.Constant)
                }
    return codes


def worded_codes() -> list[str]:
    text = (ROOT / "interpretable" / "words" / "findings_en.toml").read_text("utf-8")
    return [code for code in tomllib.loads(text)["finding"] if code != "unworded"]


def is_documented(worded: str, documented: set[str]) -> bool:
    """A sentence's key is a code, or a code with the parameter that picks this variant."""
    parts = worded.split("_")
    return any("_".join(parts[:n]) in documented for n in range(1, len(parts) + 1))


def test_each_check_is_described_once() -> None:
    codes = documented_codes()
    assert codes and sorted(codes) == sorted(set(codes))


def test_every_finding_that_the_code_can_make_has_a_heading() -> None:
    found = codes_in_source()
    assert found, "no Finding(code=...) in the source: this test looks in the wrong place"
    assert sorted(found - set(documented_codes())) == []


def test_every_finding_with_a_sentence_has_a_heading_and_the_other_way_round() -> None:
    documented, worded = set(documented_codes()), worded_codes()
    assert [code for code in worded if not is_documented(code, documented)] == []
    assert sorted(documented - set(worded)) == []


def test_every_check_is_given_its_severity_and_a_next_step() -> None:
    text = (DOCS / "reference" / "checks.md").read_text("utf-8")
    sections = re.split(r"^##+ ", text, flags=re.MULTILINE)
    for section in sections:
        if section.startswith("`"):
            title, body = section.split("\n", 1)
            assert re.match(r"(must_fix|look|note)\b", body), f"{title} does not begin with its severity"
            assert len(body.split()) >= 12, f"{title} says too little"


def test_the_glossary_has_each_term_once_and_on_one_line() -> None:
    lines = (DOCS / "glossary.md").read_text("utf-8").splitlines()
    entries = [line for line in lines if line.startswith("- ")]
    assert all(re.match(r"- \*\*.+?\*\*: \S", line) for line in entries)
    terms = [line.split("**")[1].casefold() for line in entries]
    assert sorted(terms) == sorted(set(terms))
    assert not [line for line in lines if line.startswith("  ")], "one line each"


METRICS = sorted(tomllib.loads((ROOT / "interpretable" / "words" / "en.toml").read_text("utf-8"))["metric"])


@pytest.mark.parametrize("metric", METRICS)
def test_every_metric_is_in_the_glossary(metric: str) -> None:
    assert f"- **{metric}**: " in (DOCS / "glossary.md").read_text("utf-8")


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_is_one_page_with_four_parts(page: Path) -> None:
    text = page.read_text("utf-8")
    assert text.startswith(f"# {page.stem[:4]}: ")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences", "Notes"]
    assert len(text.split()) <= 500, "at most a page"
    assert page.name in (DOCS / "decisions" / "README.md").read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    targets = [link.split("#")[0] for link in LINK.findall(page.read_text("utf-8")) if "://" not in link]
    assert [target for target in targets if target and not (page.parent / target).exists()] == []


def test_every_page_can_be_reached_from_the_index() -> None:
    reached, todo = set(), [DOCS / "index.md"]
    while todo:
        page = todo.pop()
        if page in reached or not page.is_file() or page.suffix != ".md":
            continue
        reached.add(page)
        todo += [
            (page.parent / link.split("#")[0]).resolve() for link in LINK.findall(page.read_text("utf-8"))
        ]
    assert sorted(set(DOCS.rglob("*.md")) - reached) == []


def test_every_key_of_a_task_file_is_in_its_reference() -> None:
    text = (DOCS / "reference" / "task-file.md").read_text("utf-8")
    listed = set(re.findall(r"`([a-z_]+)`", text))
    known = {*TASK_RULES, *COLUMN_RULES, *PLAN_RULES, *LLM_RULES, *CONCEPT_RULES, *FILE_RULES}
    assert sorted(known - listed) == []
