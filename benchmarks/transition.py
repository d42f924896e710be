"""What a formulation by transitions between levels of capacity would do for the bound at the root.

    python -m benchmarks.transition [INSTANCE | SEED …]

Jena, Cordeau and Gendron (2015) decide for each site and period between which two levels its
capacity changes: y[s,t,a,b] = 1 if s goes from a to b blocks of halls in t.

    Σ_{a,b} y[s,t,a,b] = 1,  Σ_a y[s,t−1,a,b] = Σ_a y[s,t,b,a]
    hall_mw[s,t] = block · Σ_{a,b} b · y[s,t,a,b]
    flow[j,s,o] ≤ most_flow[j,s,o] · Σ_a Σ_{b≥1} y[s,t(o),a,b]      where no hall stands at first

The relaxation with these is compared with ours with links (optimizer.cuts), and with both.
Numbers are seeds of generated instances of the size of southgate.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array, csr_array

from benchmarks.generated import generated
from benchmarks.speed.cases import SIZES
from models.build import build_model
from models.fleet import initial_hall_mw
from models.instance import Instance
from optimizer import read_instance
from optimizer.compiling import CompiledModel, compile_model
from optimizer.cuts import Links
from optimizer.highs import Crew, Job, Outcome
from optimizer.matrix import Matrix
from optimizer.search.bound import dual_bound


class Transition(NamedTuple):
    """A site that goes from so many blocks to so many, in a period."""

    site: str
    period: str
    before: int
    after: int


class Rows:
    """Rows of equations and limits, entry by entry."""

    def __init__(self) -> None:
        self.entries: list[tuple[int, int, float]] = []
        self.lower: list[float] = []
        self.upper: list[float] = []

    def add(self, entries: list[tuple[int, float]], lower: float, upper: float) -> None:
        """Add lower ≤ Σ factor · column ≤ upper."""
        self.entries += [(len(self.lower), column, factor) for column, factor in entries]
        self.lower.append(lower)
        self.upper.append(upper)

    def added_to(self, matrix: Matrix) -> Matrix:
        """A problem with these rows."""
        row, column, factor = zip(*self.entries, strict=True)
        shape = (len(self.lower), len(matrix.cost))
        more = matrix.with_rows(csr_array(coo_array((factor, (row, column)), shape)), self.upper)
        return replace(more, row_lower=np.append(matrix.row_lower, self.lower))


def transitions(compiled: CompiledModel) -> Iterator[Transition]:
    """All transitions that a plan can make; halls that come to an end may leave."""
    inst, m = compiled.inst, compiled.model
    for s, t in product(inst.sites, inst.periods):
        most = round(m.hall_mw[s, t].ub / inst.sites[s].hall_block_mw)
        most = most if m.halls_leaving else most // 2
        for before in range(most + 1):
            for after in range(0 if m.halls_leaving else before, most + 1):
                yield Transition(s, t, before, after)


def by_transitions(compiled: CompiledModel) -> Matrix:
    """The relaxation with transitions."""
    inst, m, matrix = compiled.inst, compiled.model, compiled.matrix.relaxed()
    first = len(matrix.cost)
    found = list(transitions(compiled))
    column = {one: first + n for n, one in enumerate(found)}
    nothing = coo_array((matrix.rows.shape[0], len(found)))
    wide = matrix.with_columns(nothing, np.ones(len(found)))
    at: dict[tuple[str, str], list[Transition]] = {}
    for one in found:
        at.setdefault((one.site, one.period), []).append(one)
    rows, names = Rows(), list(inst.periods)
    place = {compiled.variables[p].index(): p for p in compiled.variables.named("hall_mw").tolist()}
    for (s, t), here in at.items():
        before = names[names.index(t) - 1] if t != names[0] else None
        if before is None:
            rows.add([(column[y], 1.0) for y in here if y.before == 0], 1.0, 1.0)
            rows.add([(column[y], 1.0) for y in here], 1.0, 1.0)
        else:
            for level in {y.before for y in here} | {y.after for y in at[s, before]}:
                came = [(column[y], 1.0) for y in at[s, before] if y.after == level]
                rows.add(came + [(column[y], -1.0) for y in here if y.before == level], 0.0, 0.0)
        if (s, t) in place:
            block = inst.sites[s].hall_block_mw
            built = [(column[y], -block * y.after) for y in here if y.after]
            rows.add([(place[s, t], 1.0), *built], 0.0, 0.0)
    for p in compiled.variables.named("flow").tolist():
        _, s, o = compiled.variables[p].index()
        t = m.period_of[o]
        if initial_hall_mw(inst, s, t) == 0 and matrix.upper[p] > 0:
            open_ = [(column[y], -matrix.upper[p]) for y in at[s, t] if y.after]
            rows.add([(p, 1.0), *open_], -np.inf, 0.0)
    return rows.added_to(wide)


def compare(name: str, inst: Instance) -> None:
    """Print the bounds of one instance."""
    compiled = compile_model(build_model(inst, merge=True), inst)
    plain = compiled.matrix.relaxed()
    with Crew() as crew:

        def solved(problem: Matrix) -> Outcome:
            outcome = crew.run(Job(problem, method="simplex"))
            if outcome.x is None or outcome.row_duals is None:
                raise RuntimeError(f"the relaxation was not solved: {outcome.message}")
            return outcome

        count, other = len(plain.cost), by_transitions(compiled)
        bounds = []
        for start in (plain, other):
            links, problem, outcome = Links(compiled.matrix), start, solved(start)
            bounds.append(dual_bound(problem, outcome.row_duals))
            while len(cuts := links.separate(outcome.x[:count])):
                rows = coo_array(cuts.rows)
                rows.resize(len(cuts), len(problem.cost))
                problem = problem.with_rows(csr_array(rows), cuts.most)
                outcome = solved(problem)
            bounds.append(dual_bound(problem, outcome.row_duals))
    told = "".join(f"{value:14,.2f}" for value in bounds)
    print(f"{name:12}{told}{count:10,}{len(other.cost):10,}", flush=True)


def main(names: list[str]) -> None:
    """Print a table of bounds, with the columns of our relaxation and of that with transitions."""
    heads = ("plain", "with links", "transitions", "both")
    print(f"{'':12}" + "".join(f"{head:>14}" for head in heads) + f"{'columns':>10}{'':>10}")
    for name in names:
        drawn = name.isdigit()
        inst = generated(SIZES["southgate"], int(name)) if drawn else read_instance(name)
        compare(f"seed {name}" if drawn else inst.name, inst)


if __name__ == "__main__":
    main(sys.argv[1:] or ["1", "2", "3", "4", "5"])
