"""Finding good plans and proving how good they are."""

from optimizer.search.incumbent import Incumbent, News, relative_gap
from optimizer.search.search import Result, search

__all__ = ["Incumbent", "News", "Result", "relative_gap", "search"]
