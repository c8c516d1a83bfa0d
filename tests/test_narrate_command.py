"""`interpretable llm narrate` and `interpretable guidelines`, as a person types them."""

from __future__ import annotations

import shutil

import pytest
from typer.testing import CliRunner

import interpretable
from interpretable.cli import app
from interpretable.collab.guidelines import ENVIRONMENT
from interpretable.errors import UserError

run = CliRunner().invoke


@pytest.fixture
def study(heart_study, tmp_path):
    return shutil.copytree(heart_study, tmp_path / "study")


def test_the_checker_is_tested_and_told_without_a_language_model(study):
    said = run(app, ["llm", "narrate", str(study), "--llm", "off", "--rows", "2", "--lang", "zh"])
    assert said.exit_code == 0, said.output
    assert "只检验了核对程序" in said.output
    assert "narrate" in interpretable.open_study(study).beside


def test_one_case_of_a_file_is_told(study, tmp_path):
    rows = interpretable.open_study(study).part("test").frame.head(2)
    rows.to_csv(tmp_path / "cases.csv", index=False)
    given = ["llm", "narrate", str(study), str(tmp_path / "cases.csv"), "--llm", "off"]
    said = run(app, [*given, "--id", "2"])
    assert said.exit_code == 0 and "like this one" in said.output
    assert isinstance(run(app, given).exception, UserError)
    assert interpretable.open_study(study).beside == {}


def test_guidelines_are_listed_with_their_hashes_and_searched(study, tmp_path, monkeypatch):
    (tmp_path / "guides").mkdir()
    (tmp_path / "guides" / "ward.md").write_text("# Ward\n\nCholesterol is measured fasting.\n")
    assert isinstance(run(app, ["guidelines", str(study)]).exception, UserError)
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path / "guides"))
    assert "1 file, 1 passage" in run(app, ["guidelines", str(study)]).output
    said = run(app, ["guidelines", str(study), "cholesterol"]).output
    assert "ward.md, Ward" in said and "Found by: cholesterol" in said
