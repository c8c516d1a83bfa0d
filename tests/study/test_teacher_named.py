"""A teacher that will not be there is refused before anything is fitted."""

from __future__ import annotations

import pytest
from factories_models import make_rows, make_task

import interpretable
from interpretable.errors import TaskError


@pytest.mark.parametrize(
    ("models", "teacher", "said"),
    [
        (["ebm", "logistic"], "nonsense", "Possible here: blend, logistic"),
        (["ebm"], "xgboost", "no other model is trained"),
        (["logistic", "xgboost"], "xgboost", "no EBM is trained"),
    ],
)
def test_a_teacher_that_will_not_be_there_is_refused_before_the_first_fit(tmp_path, models, teacher, said):
    task, rows, steps = make_task(), make_rows(120), []
    table = rows.frame.assign(ill=[rows.classes[k] for k in rows.target])
    with pytest.raises(TaskError, match=said):
        interpretable.train(
            task, data=table, out=tmp_path / "s", models=models, distil=teacher, quick=True, llm="off",
            progress=steps.append,
        )  # fmt: skip
    assert not [step for step in steps if "fold" in step or "fit" in step]
