"""The public names are those promised, and cost nothing until they are used."""

from __future__ import annotations

import subprocess
import sys

import interpretable


def test_every_public_name_can_be_had():
    for name in interpretable.__all__:
        assert getattr(interpretable, name) is not None
    assert sorted(dir(interpretable)) == sorted(interpretable.__all__)


def test_the_promised_names_are_there():
    promised = {"train", "load", "open_study", "verify", "Task", "Column", "read_task", "check", "score_file"}
    assert promised <= set(interpretable.__all__)
    assert len(interpretable.__all__) <= 24


def test_importing_the_package_imports_nothing_heavy():
    code = (
        "import sys, interpretable; "
        "print({'numpy', 'pandas', 'sklearn', 'xgboost', 'shap', 'streamlit'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
