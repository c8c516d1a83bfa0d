"""What several rooms share."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest

# Skipped on a person's machine where something is missing; a failure where the variable is 1.
MUST_RUN = {"llm_real": "INTERPRETABLE_REQUIRE_LLM", "browser": "INTERPRETABLE_REQUIRE_BROWSER"}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        for marker, variable in MUST_RUN.items():
            if os.environ.get(variable) == "1" and item.get_closest_marker(marker):
                why = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
                report.outcome = "failed"
                report.longrepr = f"{variable}=1, so this may not be skipped. {why}"
    return report


@pytest.fixture(scope="session")
def heart_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small study of the heart disease set, made once. Tests that write copy it first."""
    import interpretable

    out = tmp_path_factory.mktemp("studies") / "heart"
    task = Path(__file__).parents[1] / "sample_data" / "heart_disease" / "task.toml"
    interpretable.train(task, out=out, quick=True, llm="off")
    return out


@pytest.fixture(scope="session")
def text_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small study of short texts, made once. Tests that write copy it first."""
    import pandas

    import interpretable
    from interpretable import data

    folder = Path(__file__).parents[1] / "sample_data" / "sms_spam"
    task = data.read_task(folder / "task.toml")
    table = pandas.read_csv(folder / "data.csv", dtype=str, keep_default_na=False)
    out = tmp_path_factory.mktemp("studies") / "texts"
    some = table.sample(400, random_state=2)
    interpretable.train(task=task, data=some, out=out, models=["text"], quick=True, llm="off")
    return out
