"""Pyomo without scipy's statistics, which take longer to import than all of Pyomo.

Pyomo imports them with whatever part of scipy is asked for first, by Pyomo itself or by anybody
else. Import this before scipy. Whoever does need a part of scipy still gets it: scipy imports its
parts when they are asked for.
"""

from pyomo.common import dependencies

_finder = getattr(dependencies, "DeferredImportCallbackFinder", None)
for _awaited in getattr(_finder, "_callbacks", {}).pop("scipy", ()):
    _awaited._callback = None
