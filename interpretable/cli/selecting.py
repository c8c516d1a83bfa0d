"""Which cases the model could decide alone, in words."""

from __future__ import annotations

from typing import Any

from rich.markup import escape
from rich.table import Table

from interpretable.cli.base import Language, StudyFolder, app, out
from interpretable.errors import UserError


@app.command()
def selective(study: StudyFolder, lang: Language = "en") -> None:
    """Say at which limits on wrong answers the model could decide cases alone, and which it would leave."""
    from interpretable import words
    from interpretable.study import open_study

    evidence = open_study(study).evidence
    found, task = evidence.selective, evidence.task
    if found is None or not found.levels:
        raise UserError(
            "This study has no limits on wrong answers: its outcome is an amount, or it is older than "
            "such limits."
        )
    lead, *_ = words.selective(found, task, lang)
    out.print(escape(lead))
    out.print(_limits(found, task, lang))
    for line in (*words.selective(found, task, lang)[1:], *words.selective_meaning(found, task, lang)):
        out.print(escape(line))


def _limits(found: Any, task: Any, lang: str) -> Table:
    """The table of the report, for a terminal."""
    from interpretable.report.selective import limits

    block = limits(found, task, lang)
    table = Table(*(escape(head) for head in block.head))
    for row in block.rows:
        table.add_row(*(escape(f"{c.text} ({c.quiet})" if c.quiet else c.text) for c in row))
    return table
