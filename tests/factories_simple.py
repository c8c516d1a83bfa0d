"""Evidence of a points card and a short tree, made by hand."""

from __future__ import annotations

from typing import Any

from interpretable.records.evaluation import Comparison, Figure
from interpretable.records.explanation import TreeNode
from interpretable.records.simple import CardBand, CardColumn, CardLine, Peer, Scorecard, SimpleEvidence

LEVEL = "sex"


def make_scorecard(number: str = "age", level: str = LEVEL, **changes: Any) -> Scorecard:
    lines = (
        CardLine(kind="bin", points=0, high=50.0),
        CardLine(kind="bin", points=2, low=50.0, high=60.0),
        CardLine(kind="bin", points=3, low=60.0),
        CardLine(kind="missing", points=1),
    )
    levels = (
        CardLine(kind="level", points=0, levels=("a",), rare=True),
        CardLine(kind="level", points=2, levels=tuple("bcdefghi")),
        CardLine(kind="other", points=1),
    )
    fields: dict[str, Any] = {
        "columns": (CardColumn(feature=number, lines=lines), CardColumn(feature=level, lines=levels)),
        "unit": 0.5,
        "constant": -1.0,
        "lowest": 0,
        "highest": 5,
        "estimates": (0.27, 0.38, 0.5, 0.62, 0.73, 0.995),
        "bands": (make_band(0, 2), make_band(3, 3), make_band(4, 5)),
    }
    return Scorecard(**(fields | changes))


def make_band(low: int, high: int, **changes: Any) -> CardBand:
    middle = 0.2 + 0.1 * low
    fields: dict[str, Any] = {
        "low": low,
        "high": high,
        "n": 20,
        "observed": Figure(value=middle, low=middle - 0.1, high=middle + 0.1, method="wilson"),
        "estimate": middle,
        "estimate_low": middle - 0.05,
        "estimate_high": middle + 0.05,
    }
    return CardBand(**(fields | changes))


def make_tree(number: str = "age", level: str = LEVEL) -> tuple[TreeNode, ...]:
    return (
        TreeNode(id=0, parent=-1, leaf=False, rows=100, estimates=(0.4,)),
        TreeNode(id=1, parent=0, leaf=True, rows=40, estimates=(0.1,), feature=number, high=50.0),
        TreeNode(
            id=2, parent=0, leaf=False, rows=60, estimates=(0.6,), feature=number, low=50.0, missing=True
        ),
        TreeNode(
            id=3, parent=2, leaf=True, rows=30, estimates=(0.5,), feature=level, levels=("a",), others=True,
            missing=True,
        ),
        TreeNode(id=4, parent=2, leaf=True, rows=30, estimates=(0.7,), feature=level, levels=("a",)),
    )  # fmt: skip


def make_loss(model: str, against: str = "ebm", metric: str = "auroc") -> Comparison:
    gap = Figure(value=-0.012, low=-0.03, high=0.006, method="delong")
    return Comparison(
        model=model, against=against, metric=metric, difference=gap, p_value=0.2, method="delong", n=200
    )


def make_simple(**changes: Any) -> SimpleEvidence:
    fields: dict[str, Any] = {
        "scorecard": make_scorecard(),
        "tree": make_tree(),
        "losses": (make_loss("scorecard"), make_loss("tree")),
        "peers": (
            Peer(
                name="hist gradient boosting",
                metrics={"auroc": Figure(value=0.9, low=0.86, high=0.94)},
                oof={"auroc": 0.88},
                comparisons=(make_loss("hist gradient boosting"),),
            ),
        ),
    }
    return SimpleEvidence(**(fields | changes))
