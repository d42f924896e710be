"""Today's instance, bound to what the last plan has ordered by a day."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from models.commitments import HALLS, OPENING, UNITS, UPGRADE, Thing, rows
from models.instance import Instance
from models.problems import InstanceError, Problem
from optimizer.errors import PlanError
from optimizer.plan.plan import Plan
from optimizer.replan.agreed import owed, with_money_kept
from optimizer.replan.passed import Standing, not_carried
from optimizer.replan.placed import Order, orders_of, placed_table

FIELDS = {OPENING: "openings", HALLS: "halls", UNITS: "orders", UPGRADE: "upgrades"}
"""The list of commitments by what is committed."""


@dataclass(frozen=True)
class Bound:
    """An instance with the orders placed as its commitments.

    Attributes:
        instance: today's instance with them.
        placed: the orders placed, with their cash (see `placed_table`).
        passed_musd: what falls due in today's horizon for orders of passed periods, discounted.
        agreed_musd: what the orders placed cost at the prices agreed, less at today's, discounted.
        notes: what could not be carried over, in words.
        kept_musd: what pools keep for orders placed, beside what the model counts, by pool and
            period; less than 0 where it counts too much [MUSD].
    """

    instance: Instance
    placed: pd.DataFrame
    passed_musd: float
    agreed_musd: float
    notes: tuple[str, ...]
    kept_musd: Mapping[tuple[str, str], float]


def bound(
    plan: Plan,
    before: Instance,
    now: Instance,
    as_of: date,
    cancel_share: float | None = None,
    delay_share: float | None = None,
    kept_musd: Mapping[tuple[str, str], float] | None = None,
) -> Bound:
    """Bind today's instance to what a plan opens and orders before a day.

    What it meant to order from that day on is free, unless changes have a price: with a share, here
    or in the instance's `commitments`, it is committed too, and can be cancelled or delayed.

    `kept_musd` is what pools keep since the plan before, where that was bound to orders itself.

    Raises PlanError, listing all, for orders placed that today's instance cannot hold, or pay.
    """
    shares = {"cancel_share": cancel_share, "delay_share": delay_share}
    priced = now.with_changes(
        {f"commitments.{name}": share for name, share in shares.items() if share is not None}
    )
    orders = orders_of(plan)
    start = now.horizon.start
    passed = [one for one in orders if one.day < start]
    placed = [one for one in orders if start <= one.day < as_of]
    told = priced.commitments
    rest = [one for one in orders if one.day >= max(as_of, start)]
    if told.cancel_share is None and told.delay_share is None:
        rest = []
    standing = Standing(before, now)
    standing.add(passed)
    notes = [*standing.notes, *not_carried(plan, start)]
    _refuse_unknown(priced, placed)
    inst = _committed(_with(priced, standing.changes), placed, rest, as_of, notes)
    due = owed(before, inst, passed, [one for one in placed if _holds(inst, one)])
    keep = Counter(due.by_pool)
    keep.update(kept_musd or {})
    return Bound(
        with_money_kept(inst, keep),
        placed_table(before, [*passed, *placed], as_of),
        due.passed_musd,
        due.agreed_musd,
        tuple(dict.fromkeys(notes)),
        keep,
    )


def _holds(inst: Instance, order: Order) -> bool:
    """True if an order is a commitment of an instance."""
    starts = {period.start: t for t, period in inst.periods.items()}
    return (*order.thing, starts[order.day]) in inst.committed


def _with(inst: Instance, changes: Mapping[str, Any]) -> Instance:
    try:
        return inst.with_changes(changes) if changes else inst
    except InstanceError as error:
        told = "; ".join(problem.message for problem in error.problems)
        raise PlanError(
            f"what the last plan built cannot stand in this instance: {told}"
        ) from error


def _refuse_unknown(now: Instance, placed: Iterable[Order]) -> None:
    """Raise PlanError for orders of names or on days that today's instance does not know."""
    starts = sorted(period.start for period in now.periods.values())
    problems = []
    for order in placed:
        site, what, name = order.thing
        if site not in now.sites:
            problems.append(f"{order}: the instance has no site '{site}'")
        elif what == UNITS and name not in now.unit_types:
            problems.append(f"{order}: the instance has no unit type '{name}'")
        elif order.day not in starts:
            near = min(starts, key=lambda day: abs((day - order.day).days))
            problems.append(f"{order}: no period starts on {order.day}; the nearest is {near}")
    if problems:
        raise PlanError("orders placed do not fit the instance: " + "; ".join(problems))


def _committed(
    now: Instance, placed: list[Order], rest: list[Order], as_of: date, notes: list[str]
) -> Instance:
    """The instance with orders as commitments; later ones that cannot be had are given up."""
    own = {(row.thing, row.day): row.amount for row in rows(now)}
    while True:
        kept = [*placed, *rest]
        wanted = _merged(now, own, kept, notes)
        try:
            return now.with_changes(_as_changes(now, wanted, as_of))
        except InstanceError as error:
            blamed = list(_blamed(error.problems, wanted))
        bad = [one for one in rest if (one.thing, one.day) in {key for key, _ in blamed}]
        if not bad:
            by_key = {(one.thing, one.day): str(one) for one in kept}
            told = [f"{by_key[key]}: {text}" if key in by_key else text for key, text in blamed]
            raise PlanError("orders placed do not fit the instance: " + "; ".join(told))
        notes += [f"{one}: no longer possible, so it is given up at no price" for one in bad]
        rest = [one for one in rest if one not in bad]


Agreed = dict[tuple[Thing, date], int]


def _merged(now: Instance, own: Agreed, orders: list[Order], notes: list[str]) -> Agreed:
    """The instance's own commitments and the orders; of what both name, the larger amount."""
    out = dict(own)
    once = {thing: day for thing, day in own if thing[1] in (OPENING, UPGRADE)}
    for order in orders:
        thing, what = order.thing, order.thing[1]
        if what == OPENING and now.sites[thing[0]].opened:
            continue
        if what == UPGRADE and thing[2] not in now.grid_upgrades:
            notes.append(f"{order}: no longer for sale, so its power counts as told already")
        elif once.get(thing, order.day) != order.day:
            notes.append(f"{order}: the instance commits it for {once[thing]}, which holds")
        else:
            out[thing, order.day] = max(out.get((thing, order.day), 0), order.amount)
    return out


def _as_changes(now: Instance, wanted: Agreed, as_of: date) -> dict[str, Any]:
    """The commitments as changes, and that nothing else is decided before a day."""
    lists: dict[str, list[dict[str, Any]]] = {name: [] for name in FIELDS.values()}
    for (thing, day), amount in wanted.items():
        lists[FIELDS[thing[1]]].append(_row(thing, day, amount))
    frozen = max(as_of, now.commitments.frozen_until or as_of)
    changes: dict[str, Any] = {f"commitments.{name}": made for name, made in lists.items()}
    if frozen > now.horizon.start:
        changes["commitments.frozen_until"] = frozen.isoformat()
    return changes


def _row(thing: Thing, day: date, amount: int) -> dict[str, Any]:
    site, what, name = thing
    dated = {"period": day.isoformat()}
    if what == OPENING:
        return {"site": site, **dated}
    if what == HALLS:
        return {"site": site, **dated, "blocks": amount}
    if what == UNITS:
        return {"site": site, "unit_type": name, **dated, "units": amount}
    return {"upgrade": name, **dated}


def _blamed(
    problems: Iterable[Problem], wanted: Agreed
) -> Iterable[tuple[tuple[Thing, date] | None, str]]:
    """The commitment that each problem is about, by its list and position, and what is wrong."""
    keys = {name: [key for key in wanted if FIELDS[key[0][1]] == name] for name in FIELDS.values()}
    for problem in problems:
        text = problem.message
        words = text.partition(": ")[0].split(".") if text.startswith("commitments.") else ()
        path = [*map(str, problem.path), *words[2:]]
        row = path[1:3] if path[0] == "commitments" and len(path) > 2 else ["", ""]
        if row[0] in keys and row[1].isdigit():
            yield keys[row[0]][int(row[1])], text.partition(": ")[2] if words else text
        else:
            yield None, f"{'.'.join(path)}: {text}"
