"""How good is it, on rows it never saw: measures, comparisons, groups, and the choice of model."""

from interpretable.evaluate.choose import Candidate, choose
from interpretable.evaluate.compare import compare
from interpretable.evaluate.groups import by_group
from interpretable.evaluate.measure import measure
from interpretable.evaluate.oof import summarise_oof
from interpretable.evaluate.real import require_real

__all__ = ["Candidate", "by_group", "choose", "compare", "measure", "require_real", "summarise_oof"]
