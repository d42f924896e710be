"""The model of an instance with scenarios: a block for each, shared decisions, a risk measure.

`scenarios` builds it · `sharing` says which decisions are one · `risk` adds what is minimised.
"""

from models.uncertainty.scenarios import add_to, blocks

__all__ = ["add_to", "blocks"]
