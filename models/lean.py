"""Pyomo without scipy's statistics, which take longer to import than all of Pyomo.

Pyomo imports them with whatever part of scipy is asked for first, by Pyomo itself or by anybody
else. Import this before scipy. Whoever does need a part of scipy still gets it: scipy imports its
parts when they are asked for.
"""

from typing import Any

from pyomo.common import dependencies

_finder = getattr(dependencies, "DeferredImportCallbackFinder", None)
getattr(_finder, "_callbacks", {}).pop("scipy", None)
_scipy: Any = dependencies.scipy_available
if type(_scipy).__name__ == "DeferredImportIndicator":
    _scipy._callback = None
