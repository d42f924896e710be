"""Unit types: what can be built where, by when, and for which work."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.checks.wording import reasons
from models.fleet import misfit
from models.objectives import may_fall_short
from models.problems import Problem

if TYPE_CHECKING:
    from models.instance import Instance


def sale_ends_before_it_begins(inst: "Instance") -> Iterator[Problem]:
    """Unit types that could never be ordered."""
    for u, unit in inst.unit_types.items():
        if unit.available_until is not None and unit.available_until < unit.available_from:
            message = (
                f"must not be before available_from, {unit.available_from}, but is "
                f"{unit.available_until}."
            )
            yield Problem(("unit_types", u, "available_until"), message)


def nothing_fits_anywhere(inst: "Instance") -> Iterator[Problem]:
    """No unit type can stand at any site: there is nothing to plan."""
    found = [misfit(inst, s, u) for s in inst.sites for u in inst.unit_types]
    if all(found):
        message = f"no unit type fits any site: {reasons(found, 'pair', 'pairs')}."
        yield Problem(("unit_types",), message)


def unit_types_without_a_place(inst: "Instance") -> Iterator[Problem]:
    """Warn of unit types that fit no site, are not for sale in time, or do no work."""
    starts = [period.start for period in inst.periods.values()]
    working = {row.unit_type for row in inst.throughput if row.mtok_s > 0}
    for u, unit in inst.unit_types.items():
        path = ("unit_types", u)
        found = [misfit(inst, s, u) for s in inst.sites]
        if all(found):
            message = f"fits no site: {reasons(found, 'site', 'sites')}."
            yield Problem(path, message, "warning")
        ends = unit.available_until or starts[-1]
        if not any(unit.available_from <= start <= ends for start in starts):
            message = "is not for sale at the start of any period, so it is never ordered."
            yield Problem((*path, "available_from"), message, "warning")
        if u not in working:
            yield Problem(
                path, "has no throughput for any workload, so it does no work.", "warning"
            )


def work_that_no_unit_does(inst: "Instance") -> Iterator[Problem]:
    """Workloads with demand that no unit type has a throughput for, and that nobody offers."""
    able = {row.workload for row in inst.throughput if row.mtok_s > 0}
    able |= {k for offer in inst.rentals.values() for k in offer.workloads or inst.workloads}
    asked = {row.workload for row in inst.demand if row.mtok_s > 0}
    for k in inst.workloads:
        if k in asked and k not in able:
            priced = may_fall_short(inst, k)
            message = "no unit type has a throughput for it, " + (
                "so all its demand falls short."
                if priced
                else "and it must be served: it has no shortfall price."
            )
            yield Problem(("workloads", k), message, "warning" if priced else "error")


def unused_retirement_figures(inst: "Instance") -> Iterator[Problem]:
    """Warn of figures for early retirement where a unit type does not allow it."""
    for u, unit in inst.unit_types.items():
        for field in ("scrap_value_share", "decommissioning_musd"):
            if getattr(unit, field) and not unit.early_retirement:
                message = "has no effect: early_retirement is false, so no unit leaves early."
                yield Problem(("unit_types", u, field), message, "warning")
