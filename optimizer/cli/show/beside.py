"""What is had beside building: mining converted, shells leased, tokens rented."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from optimizer.cli.layout import table
from optimizer.cli.show.limits import spans
from optimizer.figures import amount, number

if TYPE_CHECKING:
    from models.instance import Instance
    from optimizer.plan import Plan


def beside_building(inst: "Instance", plan: "Plan") -> list[str]:
    """One line for each site that converts or leases, and for each offer used; none without any."""
    rows = [*_conversions(inst, plan), *_leases(inst, plan), *_rentals(inst, plan)]
    if not rows:
        return []
    return ["Beside building", *table(("what", "where", "when", "amount"), rows, "lllr")]


def _conversions(inst: "Instance", plan: "Plan") -> Iterator[tuple[str, str, str, str]]:
    frame = plan.tables["conversions"]
    for s, group in frame[frame["ordered_mw"] > 0].groupby("site", sort=False):
        mw = f"{amount(float(group['ordered_mw'].sum()))} MW"
        yield "mining converted", str(s), spans(group["period"], list(inst.periods)), mw


def _leases(inst: "Instance", plan: "Plan") -> Iterator[tuple[str, str, str, str]]:
    for s, group in plan.tables["leases"].groupby("site", sort=False):
        mw = f"up to {amount(float(group['leased_mw'].max()))} MW"
        yield "shell leased", str(s), spans(group["period"], list(inst.periods)), mw


def _rentals(inst: "Instance", plan: "Plan") -> Iterator[tuple[str, str, str, str]]:
    from optimizer.plan.frame import look_up

    frame = plan.tables["rental_use"]
    ttok = frame["mtok_s"] * look_up(
        frame["period"], {t: period.seconds / 1e6 for t, period in inst.periods.items()}
    )
    for x, group in frame.assign(ttok=ttok).groupby("offer", sort=False):
        bought = f"{number(float(group['ttok'].sum()))} Ttok"
        yield "tokens rented", str(x), spans(group["period"], list(inst.periods)), bought
