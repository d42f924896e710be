"""Solving instances with scenarios: each alone, first decisions kept, and all together.

`problem` is the compiled model, as a whole and scenario by scenario · `search` finds plans and
bounds · `contents` and `decisions` say what a plan tells of its scenarios · `solve` does it all.
"""

from optimizer.uncertain.solve import solve_uncertain

__all__ = ["solve_uncertain"]
