"""Finding good plans and proving how good they are."""

from optimizer.search.incumbent import Grounds, Incumbent, News, proven, relative_gap
from optimizer.search.polish import polish
from optimizer.search.search import Result, search

__all__ = ["Grounds", "Incumbent", "News", "Result", "polish", "proven", "relative_gap", "search"]
