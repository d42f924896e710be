"""Finding good plans and proving how good they are."""

from optimizer.search.bound import dual_bound
from optimizer.search.guided import Guide, guide_of, within
from optimizer.search.incumbent import Grounds, Incumbent, News, proven, relative_gap
from optimizer.search.pace import is_large
from optimizer.search.polish import polish
from optimizer.search.search import Result, relax, search

__all__ = [
    "Grounds",
    "Guide",
    "Incumbent",
    "News",
    "Result",
    "dual_bound",
    "guide_of",
    "is_large",
    "polish",
    "proven",
    "relative_gap",
    "relax",
    "search",
    "within",
]
