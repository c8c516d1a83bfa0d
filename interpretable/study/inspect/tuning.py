"""Every setting that was tried, what averaging brought, and whether a teacher helped."""

from __future__ import annotations

from interpretable.models.losses import METRIC
from interpretable.records import codec
from interpretable.records.tuning import Averaging, Blend, Distillation, Search, TuningEvidence
from interpretable.study.material import Material


def inspect(material: Material) -> TuningEvidence | None:
    """What the fits noted, put together; None where nothing was tried, added up or taught."""
    fits = material.fits
    notes = [one.notes for one in fits.trained]
    searches = tuple(codec.from_plain(n["search"], Search) for n in notes if "search" in n)
    averages = tuple(codec.from_plain(n["averaging"], Averaging) for n in notes if "averaging" in n)
    blend = codec.from_plain(fits.notes["blend"], Blend) if "blend" in fits.notes else None
    taught = fits.notes.get("distillation")
    if not (searches or averages or blend or taught):
        return None
    return TuningEvidence(
        metric=METRIC[fits.trained[0].record.link],
        searches=searches,
        averages=averages,
        blend=blend,
        distillation=codec.from_plain(taught, Distillation) if taught else None,
    )
