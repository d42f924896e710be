"""Repairs: the cheapest ways in which limits can give way, each tried before it is offered."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import block_array, csc_array, hstack

from models.instance import Instance
from optimizer.explain.changes import Change
from optimizer.explain.kinds import KINDS
from optimizer.explain.limit import Limit, Part
from optimizer.explain.probes import ROUNDED, USED, Probes
from optimizer.explain.softened import Give, Softened
from optimizer.explain.trials import Works, working
from optimizer.matrix import Floats, Matrix

GAP = 0.01
"""How much dearer a repair may be than the cheapest one of its kind [ratio]."""

TIDY_MUSD = 1e-6
"""Price of a decision, so that none is made without use: what is tried would have to make it, too.
"""

TRIES = 5
"""So many solutions are looked at for each repair that is asked for, at most."""


@dataclass(frozen=True)
class Repair:
    """Limits that give way together.

    Attributes:
        changes: what is changed, limit by limit.
        price_musd: what that is worth to the planner, by the prices of giving way [MUSD].
    """

    changes: tuple[Change, ...]
    price_musd: float

    @property
    def sets(self) -> dict[str, object]:
        """The changes by path, as `inst.with_changes` takes them."""
        return {path: value for change in self.changes for path, value in change.sets.items()}


def find_repairs(
    probes: Probes,
    inst: Instance,
    works: Works,
    prices: Mapping[str, float],
    count: int,
) -> Iterator[Repair]:
    """Different repairs, the cheapest first; raises OutOfTime when the time is up.

    Args:
        probes: the solver, and the model in which limits can give way.
        inst: the instance.
        works: tells whether an instance has a plan, given a solution of the model in which limits
            can give way.
        prices: prices of giving way, by kind, in place of the usual ones [MUSD per unit].
        count: how many repairs at most.
    """
    priced = _priced(probes.soft, inst, prices)
    kept: list[frozenset[Part]] = [frozenset()]
    offered: list[frozenset[Part]] = []
    tried: set[frozenset[Part]] = set()
    while kept and len(offered) < count and len(tried) < TRIES * count:
        held = kept.pop(0)
        if held in tried:
            continue
        tried.add(held)
        x = probes.least(priced.matrix(held), GAP)
        if x is None:
            continue
        given = priced.given(x)
        parts = _parts(given)
        repair = None
        if parts not in offered:
            worth = {limit: priced.price({limit: by}) for limit, by in given.items()}
            changes = working(probes, inst, works, x, worth)
            if changes:
                given = {change.limit: given[change.limit] for change in changes}
                parts = _parts(given)
                repair = Repair(changes, _price(probes, priced, changes, x))
        kept += [held | {part} for part in priced.dearest_first(given)]
        if repair is not None and parts not in offered:
            offered.append(parts)
            yield repair


def _parts(limits: Iterable[Limit]) -> frozenset[Part]:
    return frozenset(limit.part for limit in limits)


def _price(probes: Probes, priced: "_Priced", changes: Sequence[Change], x: Floats) -> float:
    """What changes are worth [MUSD].

    Where others that the solution makes are left out, those rules give way by more than in it that
    are not waived at one price, whatever happens. Of a large instance they do by what the
    relaxation needs, as the solution may be far from the cheapest.
    """
    given = priced.given(x)
    kept = {change.limit: given[change.limit] for change in changes}
    by_more = any(not limit.number and limit not in priced.gates for limit in kept)
    if by_more and (len(kept) < len(given) or probes.is_large):
        problem = priced.alone(kept)
        found = probes.least(problem.relaxed() if probes.is_large else problem, GAP)
        if found is not None:
            kept = priced.given(found)
    # A share is missed in units of what it is a share of; its price is that of what is declared.
    shares = {
        change.limit: change.amount
        for change in changes
        if change.amount is not None and KINDS[change.limit.kind].total is not None
    }
    return priced.price({**kept, **shares})


class _Priced:
    """The problem of the cheapest way in which limits give way.

    Each limit has a further variable, what it gives way by: its amount, or 1 if it is waived.
    """

    def __init__(self, soft: Softened, price: Mapping[Limit, float]) -> None:
        self.soft, self.unit_price = soft, price
        self.position = {limit: i for i, limit in enumerate(soft.limits)}
        self.gates = {limit for give in soft.gives if give.gate for limit in give.limits}
        self.first = len(soft.matrix.cost)

    def matrix(self, held: frozenset[Part]) -> Matrix:
        """The problem in which some limits must be kept."""
        old, gives = self.soft.matrix, self.soft.gives
        links = [(give, limit) for give in gives for limit in give.limits]
        rows = np.arange(len(links))
        columns = np.array([give.column for give, _ in links], dtype=int)
        owners = np.array([self.position[limit] for _, limit in links], dtype=int)
        by = np.array([-self._per_unit(give) for give, _ in links])
        shape = len(links), self.first
        below = hstack(
            [
                csc_array((np.ones(len(links)), (rows, columns)), shape=shape),
                csc_array((by, (rows, owners)), shape=(len(links), len(self.position))),
            ]
        )
        above = hstack([old.rows, csc_array((old.rows.shape[0], len(self.position)))])
        most = np.zeros(len(self.position))
        np.maximum.at(most, owners, old.upper[columns] / np.maximum(-by, USED))
        most[[limit.part in held for limit in self.position]] = 0.0
        return replace(
            old,
            cost=np.append(
                TIDY_MUSD * old.whole, [self.unit_price[limit] for limit in self.position]
            ),
            rows=csc_array(block_array([[above], [below]], format="csc")),
            row_lower=np.append(old.row_lower, np.full(len(links), -np.inf)),
            row_upper=np.append(old.row_upper, np.zeros(len(links))),
            lower=np.append(old.lower, np.zeros(len(self.position))),
            upper=np.append(old.upper, most),
            whole=np.append(old.whole, [limit in self.gates for limit in self.position]),
        )

    def alone(self, kept: Mapping[Limit, float]) -> Matrix:
        """The problem in which some limits alone give way: numbers by no more than by an amount."""
        problem = self.matrix(frozenset())
        rules = _parts(limit for limit in kept if not limit.number)
        upper = problem.upper.copy()
        for limit, i in self.position.items():
            if limit.number or limit.part not in rules:
                upper[self.first + i] = min(upper[self.first + i], ROUNDED * kept.get(limit, 0.0))
        return replace(problem, upper=upper)

    def _per_unit(self, give: Give) -> float:
        """By how much a column may grow with one unit of what its limit gives way by."""
        return float(self.soft.matrix.upper[give.column]) if give.gate else give.relief

    def given(self, x: Floats) -> dict[Limit, float]:
        """What each limit gives way by in a solution."""
        amounts = x[self.first :]
        return {limit: float(amounts[i]) for limit, i in self.position.items() if amounts[i] > USED}

    def price(self, given: Mapping[Limit, float]) -> float:
        """What that is worth [MUSD]."""
        return sum(self.unit_price[limit] * amount for limit, amount in given.items())

    def dearest_first(self, given: Mapping[Limit, float]) -> list[Part]:
        """What gives way, by what it is worth."""
        worth: dict[Part, float] = {}
        for limit, amount in given.items():
            part = limit.part
            worth[part] = worth.get(part, 0.0) + self.unit_price[limit] * amount
        return sorted(worth, key=lambda part: -worth[part])


def _priced(soft: Softened, inst: Instance, prices: Mapping[str, float]) -> _Priced:
    """Prices as the caller says, else as the instance says in `soft_limits`, else the usual."""
    said: dict[tuple[str, str], float] = {}
    for (kind, at, _), row in inst.soft.items():
        said[kind, at] = row.price_musd
    return _Priced(
        soft,
        {
            limit: prices.get(
                limit.kind, said.get((limit.kind, limit.at), KINDS[limit.kind].price_musd)
            )
            for limit in soft.limits
        },
    )
