"""How a problem of ours gets into HiGHS: in this process, or handed over, as solves do it."""

import highspy

from optimizer.highs import Job
from optimizer.highs.child import load
from optimizer.highs.crew import folder_of
from optimizer.highs.files import read_problem
from optimizer.highs.scaling import Scaling
from optimizer.matrix import Matrix


def passed(matrix: Matrix) -> highspy.Highs:
    """Arrays passed to a HiGHS of this process."""
    return load(matrix, Job(matrix).settings())


def handed_over(matrix: Matrix) -> highspy.Highs:
    """Scaled and written as `Crew.run` does, read and passed as a solver process does."""
    job = Job(matrix)
    scaling = Scaling.of(matrix)
    if scaling is not None:
        job = scaling.job(job)
    with folder_of(job) as folder:
        read, settings, _ = read_problem(folder)
        return load(read, settings)
