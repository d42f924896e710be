"""Screening: what bounds tell before any plan is looked for.

`counting` reads index sets · `ranges` looks at coefficients · `asks` and `relaxations` solve linear
relaxations · `screening` puts together what they find, with its place in the instance.
"""

from optimizer.screening.finding import Finding
from optimizer.screening.ranges import Range
from optimizer.screening.screening import Screening, screen

__all__ = ["Finding", "Range", "Screening", "screen"]
