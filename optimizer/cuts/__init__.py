"""Valid inequalities: rows that every plan meets, but the relaxation does not.

They are derived from the arrays alone, so they hold for whatever families a model has.
"""

from optimizer.cuts.cuts import Cuts, joined
from optimizer.cuts.links import Links

__all__ = ["Cuts", "Links", "joined"]
