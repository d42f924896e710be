"""Commitments: what can never be kept as it is agreed."""

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.commitments import HALLS, OPENING, UNITS, UPGRADE, Row, rows
from models.fleet import misfit, most_units
from models.problems import Problem

if TYPE_CHECKING:
    from models.instance import Instance

_ROUNDING_MW = 1e-6


def without_a_period(inst: "Instance") -> Iterator[Problem]:
    """Commitments on days on which no period of the horizon starts."""
    starts = {period.start for period in inst.periods.values()}
    for row in rows(inst):
        if row.day not in starts:
            near = min(starts, key=lambda day: abs((day - row.day).days))
            message = f"no period starts on {row.day}; the nearest one starts on {near}."
            yield Problem(("commitments", row.table, row.position, "period"), message)


def out_of_reach(inst: "Instance") -> Iterator[Problem]:
    """Commitments that could not be ordered then, and openings and upgrades agreed twice."""
    names = {period.start: t for t, period in inst.periods.items()}
    once: set[tuple[str, str, str]] = set()
    for row in rows(inst):
        path = ("commitments", row.table, row.position)
        if row.amount and (reason := _reason(inst, row, names[row.day])):
            yield Problem(path, f"cannot be ordered in {names[row.day]}: {reason}.")
        elif row.thing in once:
            yield Problem(path, "is committed a second time; it can be had only once.")
        if row.thing[1] in (OPENING, UPGRADE):
            once.add(row.thing)


def at_closed_sites(inst: "Instance") -> Iterator[Problem]:
    """Frozen commitments at sites that cannot be open by then."""
    opens = {row.thing[0]: row.day for row in rows(inst) if row.thing[1] == OPENING}
    until = inst.commitments.frozen_until
    for row in rows(inst):
        s, what, _ = row.thing
        frozen = until is not None and row.day < until and row.amount
        if not frozen or what == OPENING or inst.sites[s].opened:
            continue
        if s not in opens or opens[s] > row.day:
            message = (
                f"'{s}' is closed on {row.day}, and nothing but what is committed happens before "
                f"{until}; commit its opening as well."
            )
            yield Problem(("commitments", row.table, row.position), message)


def overloads(inst: "Instance") -> Iterator[Problem]:
    """Frozen units that, with the initial fleet, draw more than the site's connection carries."""
    load: dict[tuple[str, str], float] = defaultdict(float)
    for (s, u, t), units in inst.initial_online.items():
        load[s, t] += _staying(inst, s, u) * units
    first: dict[str, int] = {}
    for row in rows(inst):
        s, what, u = row.thing
        until = inst.commitments.frozen_until
        if what != UNITS or until is None or row.day >= until:
            continue
        first.setdefault(s, row.position)
        t = next(name for name, period in inst.periods.items() if period.start == row.day)
        for served in inst.services.get((s, u, t), ()):
            load[s, served] += _staying(inst, s, u) * row.amount
    for s, position in first.items():
        for t in inst.periods:
            most = inst.most_grid_mw(s, t)
            if load[s, t] > most + _ROUNDING_MW:
                message = (
                    f"in {t} the units committed at '{s}', with those there already, need "
                    f"{load[s, t]:g} MW at the meter, but its grid connection carries {most:g} MW."
                )
                yield Problem(("commitments", "orders", position), message)
                break


def without_effect(inst: "Instance") -> Iterator[Problem]:
    """Warn of a freeze that freezes nothing, and of prices of changes that cannot be."""
    told = inst.commitments
    start = inst.horizon.start
    if told.frozen_until is not None and told.frozen_until <= start:
        message = f"freezes nothing: the horizon starts on {start}."
        yield Problem(("commitments", "frozen_until"), message, "warning")
    until = told.frozen_until or start
    if not any(row.day >= until and row.amount for row in rows(inst)):
        for field in ("cancel_share", "delay_share"):
            if getattr(told, field) is not None:
                message = "has no effect: nothing that is committed may change."
                yield Problem(("commitments", field), message, "warning")


def _staying(inst: "Instance", s: str, u: str) -> float:
    """Power of one unit that cannot leave early; 0 if it can [MW at the meter]."""
    return 0.0 if inst.unit_types[u].early_retirement else inst.meter_mw(s, u)


def _reason(inst: "Instance", row: Row, t: str) -> str:
    """Why something cannot be ordered in a period; nothing if it can."""
    s, what, name = row.thing
    if what == UNITS:
        return _reason_of_units(inst, row, t)
    if what == OPENING:
        return f"'{s}' is open already" if inst.sites[s].opened else ""
    if what == HALLS:
        return "" if (s, t) in inst.hall_services else "they would serve no period of the horizon"
    known = (s, name, t) in inst.grid_upgrade_services
    return "" if known else "it is not for sale, or would carry power in no period"


def _reason_of_units(inst: "Instance", row: Row, t: str) -> str:
    s, _, u = row.thing
    if reason := misfit(inst, s, u):
        return reason
    if (s, u, t) in inst.services:
        most = most_units(inst, s, u, t)
        return f"the grid connection carries {most} units" if row.amount > most else ""
    unit = inst.unit_types[u]
    if row.day < unit.available_from or row.day > (unit.available_until or row.day):
        return f"'{u}' is not for sale then"
    return "they would serve no period, or the grid connection carries none when they come"
