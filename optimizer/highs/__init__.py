"""HiGHS, in processes of its own: the only package that names the solver.

A crash, a hang or a full memory of the solver ends its process, not ours; the parent keeps the
clock; every plan found so far is on disk before the next one is looked for.
"""

from optimizer.highs.crew import Crew, run
from optimizer.highs.job import Beat, Job, Outcome, Progress, Start
from optimizer.highs.scaling import Scaling, extremes
from optimizer.highs.version import check_version, version

__all__ = [
    "Beat",
    "Crew",
    "Job",
    "Outcome",
    "Progress",
    "Scaling",
    "Start",
    "check_version",
    "extremes",
    "run",
    "version",
]
