"""Models as plain JSON: float64 written so that it reads back to the same bits, no code in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np

from interpretable.errors import BundleError
from interpretable.records import codec
from interpretable.records.additive import (
    AdditiveModel,
    Axis,
    Clause,
    Feature,
    LinearTerm,
    OutputMap,
    RuleTerm,
    TableTerm,
    Term,
    TextRule,
    TokenTerm,
)
from interpretable.records.boosted import BoostedModel, LevelBlock, NumberBlock, TextBlock, TreeBlock

_TERMS = {"table": TableTerm, "linear": LinearTerm, "token": TokenTerm, "rule": RuleTerm}
_BLOCKS = {"number": NumberBlock, "level": LevelBlock, "text": TextBlock}


def _fields(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


def _named(record: Any, kinds: dict[str, type]) -> dict[str, Any]:
    kind = next(name for name, cls in kinds.items() if isinstance(record, cls))
    return {"type": kind, **_fields(record)}


def _array(data: Any) -> np.ndarray | None:
    return None if data is None else np.asarray(data, dtype=np.float64)


def _axis(data: dict[str, Any]) -> Axis:
    return Axis(cuts=_array(data["cuts"]), labels=tuple(data["labels"]), codes=tuple(data["codes"]))


def _clause(data: dict[str, Any]) -> Clause:
    return Clause(feature=data["feature"], axis=_axis(data["axis"]), cells=tuple(data["cells"]))


_READERS: dict[str, Callable[[Any], Any]] = {
    "features": tuple, "vocabulary": tuple, "rule": lambda rule: msgspec.convert(rule, type=TextRule),
    "axes": lambda axes: tuple(_axis(a) for a in axes),
    "clauses": lambda clauses: tuple(_clause(c) for c in clauses),
    "scores": _array, "weights": _array, "bags": _array, "idf": _array,
    "slope": _array, "offset": _array, "missing": _array, "counts": _array,
}  # fmt: skip


def _term(data: dict[str, Any]) -> Term:
    kind = _TERMS[data.pop("type")]
    return kind(**{name: _READERS.get(name, lambda v: v)(value) for name, value in data.items()})


def _feature(data: dict[str, Any]) -> Feature:
    def number(name: str) -> float:
        return float("nan") if data[name] is None else float(data[name])

    return Feature(**{**data, "low": number("low"), "high": number("high"), "levels": tuple(data["levels"])})


def _post(data: dict[str, Any] | None) -> OutputMap | None:
    """The output map; files from before there was one have none."""
    if data is None:
        return None
    return OutputMap(kind=data["kind"], x=np.asarray(data["x"], float), y=np.asarray(data["y"], float))


def additive_to_json(model: AdditiveModel) -> bytes:
    """UTF-8 JSON of an additive model."""
    fields = _fields(model)
    fields["terms"] = [_named(term, _TERMS) for term in model.terms]
    return codec.to_json({"format": 1, "type": "additive", **fields})


def boosted_to_json(model: BoostedModel) -> bytes:
    """UTF-8 JSON of what stands beside the native file (which is stored apart)."""
    fields = _fields(model)
    fields.pop("native")
    fields["blocks"] = [_named(block, _BLOCKS) for block in model.blocks]
    return codec.to_json({"format": 1, "type": "boosted", **fields})


def members_of(model: AdditiveModel | BoostedModel) -> dict[str, bytes]:
    """The model's files by their ending: "json", and "ubj" for boosted trees."""
    if isinstance(model, BoostedModel):
        return {"json": boosted_to_json(model), "ubj": model.native}
    return {"json": additive_to_json(model)}


def _block(data: dict[str, Any]) -> TreeBlock:
    return msgspec.convert(data, type=_BLOCKS[data.pop("type")])


def model_from_json(text: bytes, native: bytes = b"") -> AdditiveModel | BoostedModel:
    """The model in this JSON; `native` is the file beside it, for boosted trees."""
    data = msgspec.json.decode(text)
    if data.pop("format", None) != 1:
        raise BundleError("This model file has a format that this version does not read.")
    kind = data.pop("type")
    data["features"] = tuple(_feature(f) for f in data["features"])
    data["classes"] = tuple(data["classes"])
    data["post"] = _post(data.get("post"))
    if kind == "boosted":
        data["blocks"] = tuple(_block(b) for b in data["blocks"])
        return BoostedModel(**data, native=native)
    data["terms"] = tuple(_term(t) for t in data["terms"])
    data["intercept"], data["bag_intercept"] = _array(data["intercept"]), _array(data["bag_intercept"])
    return AdditiveModel(**data)
