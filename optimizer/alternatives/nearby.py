"""A different plan near a known one: some sites may change sides, and all else stays as built.

An alternative has to be different and cheap enough, not the best. So the search for it need not
begin again: of a known plan those sites become free that cost least to give up, and those that are
nearest to being worth it, a few first and then more. Whole numbers elsewhere stay as they are;
what runs where is free everywhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.alternatives.differ import chosen_columns
from optimizer.alternatives.rule import Rule
from optimizer.compiling import CompiledModel
from optimizer.highs import Crew, Job, Start
from optimizer.matrix import Flags, Floats
from optimizer.options import Options
from optimizer.search import Incumbent, is_large, polish
from optimizer.search.guided import WITHIN
from optimizer.search.polish import fixed_except
from optimizer.search.restriction import keep, relative_reduced_cost

SPARE = 3
"""So many sites more than must change are free on each side at first."""

WIDER = 2
"""The next try has so many times as many free sites."""

TRY_S = 60.0
"""Longest time for one try [s]."""

NODES = 200
"""Most nodes for one try."""


@dataclass(frozen=True)
class Ground:
    """What is known of a model for all searches near plans.

    Attributes:
        position: position of each site.
        site: position of the site of each variable; −1 where it has none.
        columns: of each site that can be chosen, the column that says so; by position of the site.
        orders: the variables of orders.
        distance: how far each variable is from being worth using, by the relaxation; 0 where that
            is not known [ratio].
        optional: the variables that a plan may leave at 0.
    """

    position: Mapping[str, int]
    site: NDArray[np.intp]
    columns: dict[int, int]
    orders: Flags
    distance: Floats
    optional: Flags

    @classmethod
    def of(cls, compiled: CompiledModel, row_duals: Floats | None) -> "Ground":
        """The ground of a model that knows what is chosen.

        `row_duals` are duals of the relaxation of the instance's own rows, if there are any.
        """
        position = {s: i for i, s in enumerate(compiled.inst.sites)}
        indices = [variable.index() for variable in compiled.variables]
        m = compiled.model
        return cls(
            position=position,
            site=np.array([_site(index, position) for index in indices], dtype=np.intp),
            columns={position[s]: column for s, column in chosen_columns(compiled).items()},
            orders=np.array([v.parent_component() is m.order for v in compiled.variables]),
            distance=_distance(compiled, row_duals),
            optional=compiled.optional(),
        )

    def by_cost(self, cost: Floats, x: Floats) -> tuple[list[int], list[int]]:
        """Sites that a plan chooses, the cheapest first; and others, the nearest to be worth it."""
        taken = {s for s, column in self.columns.items() if x[column] > 0.5}
        spent = np.bincount(
            np.maximum(self.site, 0), np.where(self.orders, cost * x, 0.0), minlength=len(self.site)
        )
        far = {
            s: float(self.distance[self.orders & (self.site == s)].min())
            for s in self.columns
            if s not in taken
        }
        return sorted(taken, key=lambda s: spent[s]), sorted(far, key=lambda s: far[s])


def _site(index: object, position: dict[str, int]) -> int:
    parts = index if isinstance(index, tuple) else (index,)
    return next((position[part] for part in parts if part in position), -1)


def _distance(compiled: CompiledModel, row_duals: Floats | None) -> Floats:
    m = compiled.model
    added = (m.chosen_link, m.chosen_minimum)
    ours = np.array([row.parent_component() not in added for row in compiled.constraints])
    if row_duals is None or len(row_duals) != ours.sum():
        return np.zeros(len(compiled.variables))
    duals = np.zeros(len(ours))
    duals[ours] = row_duals
    return relative_reduced_cost(compiled.matrix, duals)


def search_near(
    crew: Crew,
    best: Incumbent,
    ground: Ground,
    plans: Sequence[Floats],
    rule: Rule,
    options: Options,
) -> None:
    """Look for a plan near known ones until it costs little enough, or all sites were free.

    Args:
        crew: the solvers.
        best: the problem with the rule in it, the clock, and what is enough.
        ground: what is known of the model.
        plans: known plans, whole, which need not keep the rule; the most promising first.
        rule: how many sites must change, and which have to be free to.
        options: threads, seed.

    A plan that keeps the rule and costs too much is what later tries make cheaper.
    """
    width, turn = rule.least + SPARE, 0
    about = {ground.position[s] for s in rule.about}
    while not best.is_over:
        plan = plans[turn % len(plans)] if best.x is None else best.x
        given_up, taken_up = ground.by_cost(best.matrix.cost, plan)
        free = {*about, *given_up[:width], *taken_up[:width]}
        best.enter(f"plans near the known ones, {len(free)} sites free")
        best.offer_plan(_try(crew, best, ground, plan, plans, free, options), exact=True)
        if len(free) == len(ground.columns):
            return
        width, turn = width * WIDER, turn + 1


def _try(
    crew: Crew,
    best: Incumbent,
    ground: Ground,
    plan: Floats,
    plans: Sequence[Floats],
    free: set[int],
    options: Options,
) -> Floats | None:
    """A plan with some sites free, made exact; None if there is none."""
    matrix = best.matrix
    here = np.isin(ground.site, list(free))
    used = np.max([*plans, plan], axis=0) > 0
    kept = used | here | ~ground.optional | (matrix.lower > 0) | (ground.distance <= WITHIN)
    part = keep(matrix, kept)
    x = part.shrink(plan)
    differs = plan is best.x
    open_ones = np.flatnonzero(part.matrix.whole & (here | (ground.site < 0))[part.kept])
    left = best.time_left
    outcome = crew.run(
        Job(
            fixed_except(part.matrix, x, open_ones),
            time_limit=TRY_S if left is None else min(left, TRY_S),
            threads=options.threads,
            seed=options.seed,
            node_limit=NODES,
            target=best.target,
            start=Start(x) if differs else None,
            root_by_ipm=is_large(len(x)),
        )
    )
    if outcome.x is None:
        return None
    return polish(crew, matrix, part.expand(outcome.x), options.threads)
