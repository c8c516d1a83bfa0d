"""The one door by which generated rows come into a fit, with a weight that the real rows allow.

Weights: the generated rows of a class weigh `weight` times as much, all together, as the real rows of that
class. So the balance of the classes stays that of the real rows, whatever was generated, and the weight means
the same for any number of generated rows. No generated row weighs more than a real one: where it would, all
generated rows weigh less, by one factor.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from interpretable.errors import BrokenPromise
from interpretable.models.base import Effort, Family, Fitted, families
from interpretable.records.additive import Feature
from interpretable.records.dataset import Dataset
from interpretable.records.synthetic import Synthetic


@dataclass(frozen=True, eq=False, kw_only=True)
class Extra:
    """Generated rows that a gate let in, to be learned from beside the real ones.

    pool : those made from all training rows first, then those made from parts of them: a fit on a part takes
        rows that none of the other training rows was shown for
    share : generated rows per real row of a fit, at most
    families : keys of the families that were judged with them
    """

    pool: Synthetic
    share: float
    weight: float
    families: tuple[str, ...]

    def beside(self, train: Dataset) -> Dataset:
        """These real rows and what may be learned beside them.

        They stay alone where a class has no generated row, or where the task has other classes by now.
        """
        if self.pool.classes != train.classes:
            return train
        known = frozenset(train.row_ids.tolist())
        able = [i for i, one in enumerate(self.pool.provenance) if known.issuperset(one.shown)]
        rows = self.pool.take(np.array(able[: round(self.share * len(train))], dtype=np.int64))
        return mix(train, rows, self.weight) if covers(train, rows) else train


def fit_with_extra(family: Family, train: Dataset, features: tuple[Feature, ...], effort: Effort) -> Fitted:
    """Fit a family, on generated rows too where a gate let them in for it."""
    extra = effort.extra
    if extra is not None and any(families[key] is family for key in extra.families):
        return family.fit(extra.beside(train), features, effort)
    return family.fit(train, features, effort)


def covers(train: Dataset, synthetic: Synthetic) -> bool:
    """Whether there are generated rows, of every class that the training rows have."""
    if train.task.kind == "regression":
        return len(synthetic) > 0
    return bool(np.isin(np.unique(train.target), synthetic.target).all())


def mix(train: Dataset, synthetic: Synthetic, weight: float) -> Dataset:
    """Training rows with generated rows beside them.

    Parameters
    ----------
    train : real rows of the training part, or of a fold of it
    synthetic : generated rows, of every class that the training rows have
    weight : of all generated rows of a class together, where its real rows together weigh 1; 0 gives `train`

    Raises
    ------
    BrokenPromise : another part than "train", or what cannot be mixed
    """
    _refuse(train, synthetic, weight)
    if weight == 0.0:
        return train
    import pandas

    m, n = len(synthetic), len(train)
    columns = list(train.frame.columns)
    frame = pandas.concat([train.frame, synthetic.frame[columns]], ignore_index=True)
    shown = np.empty(n + m, dtype=object)
    shown[:] = [frozenset()] * n + [frozenset(one.shown) for one in synthetic.provenance]
    return replace(
        train,
        frame=frame.astype(train.frame.dtypes),
        row_ids=np.concatenate([train.row_ids, _new_ids(train, m)]),
        target=np.concatenate([train.target, synthetic.target.astype(train.target.dtype)]),
        origin=np.repeat(np.array(["real", "synthetic"], dtype=object), [n, m]),
        groups=None,  # a generated row is nobody's; real rows are held together by `real`
        times=None,
        concept_labels=None,
        weights=np.concatenate([np.ones(n), row_weights(train, synthetic, weight)]),
        made_from=shown,
    )


def reweighed(mixed: Dataset, weight: float) -> Dataset:
    """The same rows with another weight of the generated ones; as `mix`, without joining them again."""
    made = ~mixed.is_real
    real, own = mixed.target[~made], mixed.target[made]
    classes = len(mixed.classes)
    weights = np.ones(len(mixed))
    weights[made] = _weights(real, own, weight, classes)
    return replace(mixed, weights=weights)


def row_weights(train: Dataset, synthetic: Synthetic, weight: float) -> np.ndarray:
    """Weights f8[m] of the generated rows (see the module's first lines)."""
    return _weights(train.target, synthetic.target, weight, len(train.classes))


def _weights(real: np.ndarray, made: np.ndarray, weight: float, classes: int) -> np.ndarray:
    if not classes:
        each = np.full(len(made), weight * len(real) / len(made))
    else:
        counts = np.bincount(real, minlength=classes), np.bincount(made, minlength=classes)
        each = weight * (counts[0] / np.maximum(counts[1], 1))[made]
    return each / max(float(each.max()), 1.0)


def as_rows(synthetic: Synthetic) -> Dataset:
    """Generated rows as a dataset that says of every row that it was generated: no measure takes it."""
    m = len(synthetic)
    ids = np.array([f"generated{i + 1}" for i in range(m)], dtype=object)
    return Dataset(
        task=synthetic.task, frame=synthetic.frame, row_ids=ids, target=synthetic.target,
        classes=synthetic.classes, part="train", origin=np.full(m, "synthetic", dtype=object),
    )  # fmt: skip


def _new_ids(train: Dataset, rows: int) -> np.ndarray:
    taken = set(train.row_ids.tolist())
    stem = "generated"
    while any(str(one).startswith(stem) for one in taken):
        stem += "_"
    ids = np.empty(rows, dtype=object)
    ids[:] = [f"{stem}{i + 1}" for i in range(rows)]
    return ids


def _refuse(train: Dataset, synthetic: Synthetic, weight: float) -> None:
    problems = []
    if train.part != "train":
        problems.append(f"the rows are of the {train.part!r} part, and generated rows belong in 'train' only")
    if train.has_synthetic:
        problems.append("the training rows hold generated rows already")
    if not (np.isfinite(weight) and weight >= 0.0):
        problems.append(f"the weight is {weight}; it can be 0 or more")
    if synthetic.classes != train.classes:
        problems.append("the generated rows have other classes than the training rows")
    elif weight > 0.0 and train.target is None:
        problems.append("the training rows have no outcome")
    elif weight > 0.0 and not covers(train, synthetic):
        problems.append("a class has no generated row, so the balance of the classes cannot be kept")
    lacking = sorted(set(train.frame.columns) - set(synthetic.frame.columns))
    if lacking:
        problems.append(f"the generated rows lack {', '.join(lacking)}")
    if problems:
        raise BrokenPromise("Generated rows cannot be mixed in: " + "; ".join(problems) + ".")
