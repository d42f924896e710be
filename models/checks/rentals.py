"""Rentals: offers that name what is not there, contradict themselves, or come too late."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.calendar import step_value
from models.problems import Problem, unknown_name

if TYPE_CHECKING:
    from models.instance import Instance


def unknown_regions(inst: "Instance") -> Iterator[Problem]:
    """Measured round trips from regions that are not defined."""
    for x, offer in inst.rentals.items():
        for r in offer.rtt_ms:
            if r not in inst.regions:
                message = unknown_name("region", r, set(inst.regions))
                yield Problem(("rentals", x, "rtt_ms", r), message)


def more_taken_than_offered(inst: "Instance") -> Iterator[Problem]:
    """Least takes above what is offered: a rate that must be paid for but never comes."""
    for x, offer in inst.rentals.items():
        for day in sorted({*offer.least_mtok_s, *offer.most_mtok_s}):
            least, most = (
                step_value(offer.least_mtok_s, day),
                step_value(offer.most_mtok_s, day),
            )
            if 0 < most < least:
                message = f"is {least:g} Mtok/s where at most {most:g} Mtok/s are offered."
                yield Problem(("rentals", x, "least_mtok_s"), message)
                break


def never_in_time(inst: "Instance") -> Iterator[Problem]:
    """Warn of offers that come after the last period has begun, or cost nothing at first."""
    periods = inst.horizon.periods()
    for x, offer in inst.rentals.items():
        if not any(step_value(offer.most_mtok_s, period.start) for period in periods):
            message = f"offers nothing within the horizon, up to {periods[-1].end}."
            yield Problem(("rentals", x, "most_mtok_s"), message, "warning")
        if (first := min(offer.price_usd_per_mtok)) > periods[0].start:
            message = f"gives no price before {first}; until then it costs nothing."
            yield Problem(("rentals", x, "price_usd_per_mtok"), message, "warning")
