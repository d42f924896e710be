"""What cuts do for the bound at the root.

    python -m benchmarks.root [INSTANCE]

The relaxation's bound without cuts, with all links that its solutions violate, and with those alone
that ask for open sites, for halls, or for units.
"""

import sys
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array

from models.build import build_model
from optimizer import read_instance
from optimizer.compiling import CompiledModel, compile_model
from optimizer.cuts import Cuts
from optimizer.highs import Crew, Job
from optimizer.matrix import Matrix
from optimizer.search.bound import dual_bound
from optimizer.search.guided import WITHIN
from optimizer.search.restriction import relative_reduced_cost, restrict

KINDS = {
    "open sites": ("is_open", "open_site"),
    "halls": ("hall_mw", "hall", "leased_mw", "leased_blocks"),
    "units": ("online", "order"),
}
"""What links ask for, and the variables that stand for it."""


def only(cuts: Cuts, compiled: CompiledModel, components: Sequence[str]) -> Cuts:
    """The cuts that ask for some variables of these components."""
    names = np.array([var.parent_component().local_name for var in compiled.variables])
    wanted = np.isin(names, components)
    rows = csr_array(cuts.rows)
    asks = (rows.data < 0) & wanted[rows.indices]
    owners = np.repeat(np.arange(len(cuts)), np.diff(rows.indptr))
    chosen = np.unique(owners[asks])
    return Cuts(csr_array(rows[chosen]), cuts.most[chosen])


def main(path: str) -> None:
    """Print the bound at the root with each kind of cut."""
    inst = read_instance(path)
    compiled = compile_model(build_model(inst, merge=True), inst)
    matrix = compiled.matrix
    with Crew() as crew:

        def bound(problem: Matrix) -> float:
            outcome = crew.run(Job(problem.relaxed(), method="ipm", threads=2))
            if outcome.row_duals is None:
                raise RuntimeError(f"the relaxation was not solved: {outcome.message}")
            return dual_bound(problem, outcome.row_duals)

        plain = crew.run(Job(matrix.relaxed(), method="ipm", threads=2))
        if plain.x is None or plain.row_duals is None:
            raise RuntimeError(f"the relaxation was not solved: {plain.message}")
        first = dual_bound(matrix, plain.row_duals)
        distance = relative_reduced_cost(matrix, plain.row_duals)
        kept = restrict(matrix, compiled.optional(), plain.x, distance, WITHIN).kept
        extra = {"kept": kept, "relaxed": plain.x}
        tight = crew.run(Job(matrix, method="cuts", threads=2, extra=extra))
        if tight.cuts is None or tight.row_duals is None:
            raise RuntimeError(f"the relaxation with cuts was not solved: {tight.message}")
        all_in = dual_bound(tight.cuts.added_to(matrix), tight.row_duals)
        print(f"{'cuts':14}{'rows':>8}{'bound':>14}{'gain':>9}")
        print(f"{'none':14}{0:8}{first:14.2f}{0:9.2%}", flush=True)
        for kind, components in KINDS.items():
            some = only(tight.cuts, compiled, components)
            value = bound(some.added_to(matrix)) if len(some) else first
            print(f"{kind:14}{len(some):8}{value:14.2f}{value / first - 1:9.2%}", flush=True)
        print(f"{'all':14}{len(tight.cuts):8}{all_in:14.2f}{all_in / first - 1:9.2%}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "instances/six-continents")
