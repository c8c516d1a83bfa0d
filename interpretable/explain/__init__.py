"""Why this estimate, and how the model decides: exact for glass boxes, TreeSHAP for boosted trees."""

from interpretable.explain.case import explain_case, look_over
from interpretable.explain.similar import SimilarCases
from interpretable.explain.whole import explain_whole

__all__ = ["SimilarCases", "explain_case", "explain_whole", "look_over"]
