"""Passages of guidelines: cut by headings, found by words, never sent where nobody allowed it."""

from __future__ import annotations

import hashlib
import math
from dataclasses import replace

import pytest
from factories_words import make_reason, make_task

from interpretable.collab.bm25 import WordIndex, terms
from interpretable.collab.guidelines import (
    ENVIRONMENT,
    find_folder,
    for_prompt,
    for_reasons,
    read_guidelines,
)
from interpretable.data.taskfile import parse_task, task_text
from interpretable.errors import LLMError, TaskError, UserError
from interpretable.records.task import LLMConsent

CARDIO = """# Cardiology

Patients with chest pain on effort are seen within two weeks.

## Laboratory

A raised lactate is repeated after one hour.
It is then reported.

---

血压高于140者应复查。乳酸升高时一小时后复查。
"""


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "guidelines"
    (root / "wards").mkdir(parents=True)
    (root / "cardio.md").write_text(CARDIO, encoding="utf-8")
    (root / "wards" / "rules.txt").write_text("# no heading here\n\nVisits end at eight.\n", encoding="utf-8")
    (root / ".hidden.md").write_text("lactate", encoding="utf-8")
    (root / "table.csv").write_text("lactate", encoding="utf-8")
    return root


def test_a_passage_is_a_paragraph_with_its_file_and_the_headings_above_it(folder):
    found = read_guidelines(folder)
    assert [(p.file, p.heading, p.text[:9]) for p in found.passages] == [
        ("cardio.md", "Cardiology", "Patients "),
        ("cardio.md", "Cardiology › Laboratory", "A raised "),
        ("cardio.md", "Cardiology › Laboratory", "血压高于140者应"),
        ("wards/rules.txt", "", "# no head"),
        ("wards/rules.txt", "", "Visits en"),
    ]
    assert found.passages[1].text == "A raised lactate is repeated after one hour. It is then reported."


def test_files_are_named_with_their_hash_and_a_change_of_any_is_seen(folder):
    before = read_guidelines(folder)
    assert before.files["cardio.md"] == hashlib.sha256(CARDIO.encode()).hexdigest()
    (folder / "wards" / "rules.txt").write_text("Visits end at nine.")
    assert read_guidelines(folder).digest != before.digest


def test_a_link_that_leads_out_of_the_folder_is_not_followed(folder, tmp_path):
    (tmp_path / "secret.md").write_text("lactate everywhere")
    (folder / "link.md").symlink_to(tmp_path / "secret.md")
    assert "link.md" not in read_guidelines(folder).files


def test_files_that_are_no_text_or_too_large_are_named_all_at_once(folder, monkeypatch):
    (folder / "latin.md").write_bytes(b"caf\xe9")
    monkeypatch.setattr("interpretable.collab.guidelines.MOST_BYTES", 100)
    with pytest.raises(UserError, match="UTF-8") as raised:
        read_guidelines(folder)
    assert [problem.split("'")[1] for problem in raised.value.problems] == ["cardio.md", "latin.md"]


def test_a_long_paragraph_is_cut_where_a_sentence_ends_and_nothing_is_lost(folder):
    text = "The estimate is looked at again. " * 100
    (folder / "long.txt").write_text(text)
    parts = [p.text for p in read_guidelines(folder).passages if p.file == "long.txt"]
    assert len(parts) > 2 and all(len(part) <= 1200 and part.endswith(".") for part in parts)
    assert " ".join(parts) == text.strip()


def test_scores_are_bm25_as_the_formula_says():
    texts = ["blood pressure blood", "pressure of work", "nothing to see"]
    docs = [terms(text) for text in texts]
    mean = sum(map(len, docs)) / 3

    def oracle(query, doc):
        total = 0.0
        for term in query:
            df = sum(term in other for other in docs)
            idf = math.log(1 + (3 - df + 0.5) / (df + 0.5))
            tf = doc.count(term)
            total += idf * tf * 2.5 / (tf + 1.5 * (1 - 0.75 + 0.75 * len(doc) / mean))
        return total

    found = WordIndex(texts).search("blood pressure", 3)
    assert [place for place, _, _ in found] == [0, 1]
    for place, score, _ in found:
        assert score == pytest.approx(oracle(["blood", "pressure"], docs[place]))
    assert found[0][2] == ("blood", "pressure")


def test_words_that_stand_everywhere_find_nothing_and_an_empty_folder_neither():
    assert terms("which of the patients' pains") == ["patient", "pain"]
    assert WordIndex(["it is of the"]).search("the of", 3) == []
    assert WordIndex([]).search("lactate", 3) == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_passages_for_a_case_name_what_its_first_reasons_are_about(folder, lang):
    task = make_task()
    found = for_reasons(read_guidelines(folder), (make_reason("lactate"),), task, lang=lang)
    assert {one.passage.text[:8] for one in found} == {"A raised", "血压高于140者"[:8]}
    assert all(one.words for one in found) and found[0].score >= found[-1].score
    assert for_reasons(read_guidelines(folder), (make_reason("age"),), task, lang=lang) == ()


def test_a_free_text_and_a_number_are_not_looked_for(folder):
    reasons = (make_reason("note", value="lactate"), make_reason("age", value=140.0))
    assert for_reasons(read_guidelines(folder), reasons, make_task(), lang="en") == ()


def test_the_folder_is_looked_for_beside_the_study_then_here_and_the_environment_wins(folder, monkeypatch):
    study, task = folder.parent / "study", make_task(guidelines="guidelines")
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    assert find_folder(make_task(), study) is None
    assert find_folder(task, study) == folder
    monkeypatch.chdir(folder)
    assert find_folder(make_task(guidelines="wards"), study) is not None
    with pytest.raises(UserError, match="'nowhere' was not found"):
        find_folder(make_task(guidelines="nowhere"), study)
    monkeypatch.setenv(ENVIRONMENT, str(folder / "wards"))
    assert find_folder(task, study) == folder / "wards"


def test_no_passage_goes_to_an_endpoint_unless_the_task_says_so(folder):
    found = read_guidelines(folder).search("lactate")
    task = make_task()
    assert "cardio.md" in for_prompt(found, task, leaves=False)
    with pytest.raises(LLMError, match="leave this machine") as raised:
        for_prompt(found, task, leaves=True)
    assert raised.value.code == "guidelines_not_allowed"
    consent = LLMConsent(endpoint="https://x/v1", model="m", purpose="p", columns=("age",), guidelines=True)
    assert "lactate" in for_prompt(found, replace(task, llm=consent), leaves=True)


def test_the_task_file_names_the_folder_and_refuses_an_address():
    text = task_text(make_task(guidelines="guides"))
    assert 'guidelines = "guides"' in text and parse_task(text).guidelines == "guides"
    with pytest.raises(TaskError, match="guidelines must be a folder"):
        parse_task(text.replace('"guides"', '"https://guides"'))
