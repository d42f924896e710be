"""Sites, pools and dates: what is ambiguous, or never takes effect."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.checks.references import records
from models.entities.work import Policy
from models.pools import candidates
from models.problems import Problem

if TYPE_CHECKING:
    from models.instance import Instance


def sites_of_two_pools(inst: "Instance") -> Iterator[Problem]:
    """Sites that two pools name equally closely; one problem per pair of pools."""
    told: dict[tuple[str, str], list[str]] = {}
    for s in inst.sites:
        if len(pools := candidates(inst, s)) > 1:
            told.setdefault((pools[0], pools[1]), []).append(s)
    for (first, second), sites in told.items():
        more = f" and {len(sites) - 1} more" if len(sites) > 1 else ""
        message = (
            f"names site '{sites[0]}'{more} as closely as pool '{first}'; a site draws on one pool."
        )
        yield Problem(("budget", "pools", second), message)


def never_in_time(inst: "Instance") -> Iterator[Problem]:
    """Warn of grants, connections and prices that come too late for the horizon."""
    periods = list(inst.periods.values())
    start, last = periods[0].start, periods[-1].start
    for p, pool in inst.budget.pools.items():
        if pool.grants and min(pool.grants) > last:
            message = (
                f"its first grant comes on {min(pool.grants)}, after the last period has begun."
            )
            yield Problem(("budget", "pools", p, "grants"), message, "warning")
    for s, site in inst.sites.items():
        if not any(inst.most_grid_mw(s, t) > 0 for t in inst.periods):
            message = f"has no power within the horizon, up to {periods[-1].end}."
            yield Problem(("sites", s, "grid_mw"), message, "warning")
        if (first := min(site.energy_price_usd_per_mwh)) > start:
            message = f"gives no price before {first}; until then energy costs nothing."
            yield Problem(("sites", s, "energy_price_usd_per_mwh"), message, "warning")


def demand_outside_the_horizon(inst: "Instance") -> Iterator[Problem]:
    """Warn of streams whose demand is dated wholly before or after the horizon."""
    periods = list(inst.periods.values())
    start, end = periods[0].start, periods[-1].end
    dates: dict[tuple[str, str, str], list[int]] = {}
    for position, row in enumerate(inst.demand):
        dates.setdefault((row.region, row.workload, row.data_class), []).append(position)
    outside = []
    for rows in dates.values():
        days = [inst.demand[row].date for row in rows]
        if min(days) >= end or (max(days) < start and len(days) > 1):
            outside.append(rows[0])
    if outside:
        row = inst.demand[outside[0]]
        more = f", like that of {len(outside) - 1} more streams," if len(outside) > 1 else ""
        message = (
            f"the demand of {row.region}/{row.workload}/{row.data_class}{more} is dated outside "
            f"the horizon {start} to {end}; the nearest date counts throughout."
        )
        yield Problem(("demand", outside[0], "date"), message, "warning")


def certificates_nobody_holds(inst: "Instance") -> Iterator[Problem]:
    """Warn of policies that ask for a certificate without any holder."""
    held = {name for operator in inst.operators.values() for name in operator.certifications}
    for table in ("data_classes", "residency"):
        for path, rule in records(inst, table):
            if isinstance(rule, Policy) and rule.certification and rule.certification not in held:
                known = ", ".join(sorted(held)) or "none"
                message = f"no operator holds '{rule.certification}'; held: {known}."
                yield Problem((*path, "certification"), message, "warning")
