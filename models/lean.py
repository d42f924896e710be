"""Pyomo without scipy's statistics, which take longer to import than all of Pyomo.

Pyomo imports them as soon as any part of scipy is there, for features that nothing here uses.
Import this before scipy. Whoever asks Pyomo for its scipy still gets all of it.
"""

from pyomo.common import dependencies

_finder = getattr(dependencies, "DeferredImportCallbackFinder", None)
getattr(_finder, "_callbacks", {}).pop("scipy", None)
