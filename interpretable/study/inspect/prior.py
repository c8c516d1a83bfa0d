"""Whose prior the models were given, and how much of it each took."""

from __future__ import annotations

from dataclasses import replace

from interpretable.data.priorfile import digest
from interpretable.models.prior import weight_of
from interpretable.records.prior import PriorUse
from interpretable.study.material import Material


def inspect(material: Material) -> PriorUse | None:
    """None where the study was made without a prior."""
    prior = material.options.prior
    if prior is None:
        return None
    taken = [one for one in material.fits.trained if "prior" in one.notes]
    return PriorUse(
        said_by=prior.said_by, where=prior.where, date=prior.date, digest=digest(prior),
        ways=len(prior.ways), levels=len(prior.levels), words=len(prior.words),
        weights=tuple(replace(weight_of(one.notes), model=one.name) for one in taken),
    )  # fmt: skip
