"""The rules of a shallow tree as the tree they came from."""

from __future__ import annotations

from collections import Counter

import numpy as np

from interpretable.records.additive import AdditiveModel, Clause, RuleTerm
from interpretable.records.dataset import Dataset
from interpretable.records.explanation import TreeNode
from interpretable.score.output import to_prediction

FEW = 5  # levels of fewer training rows could point at a person: they are not named

Key = tuple[object, ...]


def make_tree(model: AdditiveModel, train: Dataset) -> tuple[TreeNode, ...]:
    """Nodes from the root on, each before its children, left before right; () where no term is a rule.

    Rules share the clauses at the start of their paths: those are the tree's inner nodes. A node's estimates
    are those of its leaves, weighted by their training rows.
    """
    rules = [term for term in model.terms if isinstance(term, RuleTerm)]
    if not rules:
        return ()
    paths = [tuple(_key(clause) for clause in rule.clauses) for rule in rules]
    clauses = {
        path[: i + 1]: rule.clauses[i]
        for path, rule in zip(paths, rules, strict=True)
        for i in range(len(path))
    }
    places: dict[tuple[Key, ...], int] = {(): 0}
    for path in clauses:
        places[path] = len(places)
    scores = np.array([model.intercept + rule.scores for rule in rules])
    estimates = np.asarray(to_prediction(model.link, scores, model.post)).reshape(len(rules), -1)
    weights = np.array([rule.weight or 0.0 for rule in rules])
    nodes, several = [], model.link == "softmax"
    for path, place in places.items():
        inside = np.array([one[: len(path)] == path for one in paths])
        mean = np.average(estimates[inside], axis=0, weights=weights[inside] + 1e-9)
        nodes.append(
            TreeNode(
                id=place,
                parent=places[path[:-1]] if path else -1,
                leaf=path in paths,
                rows=float(weights[inside].sum()),
                estimates=tuple(mean.tolist()),
                likely=model.classes[int(mean.argmax())] if several else "",
                **(_said(model, clauses[path], train) if path else {}),
            )
        )
    return tuple(nodes)


def _key(clause: Clause) -> Key:
    cuts = () if clause.axis.cuts is None else tuple(clause.axis.cuts.tolist())
    return (clause.feature, cuts, clause.cells)


def _said(model: AdditiveModel, clause: Clause, train: Dataset) -> dict:
    """The condition of a clause: ends of a number, or levels; and whether a missing value meets it."""
    name, axis = model.features[clause.feature].name, clause.axis
    said: dict = {"feature": name, "missing": 0 in clause.cells}
    if axis.cuts is not None:
        bins = [cell for cell in clause.cells if 0 < cell <= len(axis.cuts) + 1]
        said["low"] = float(axis.cuts[min(bins) - 2]) if min(bins) > 1 else None
        said["high"] = float(axis.cuts[max(bins) - 1]) if max(bins) <= len(axis.cuts) else None
        return said
    others = axis.cells - 1 in clause.cells  # any level but some
    seen = Counter(train.frame[name].dropna())
    named, rare = [], False
    for label, cell in zip(axis.labels, axis.codes, strict=True):
        if (cell in clause.cells) != others:
            named += [label] if seen[label] >= FEW else []
            rare |= seen[label] < FEW
    return said | {"levels": tuple(named), "others": others, "rare": rare}
