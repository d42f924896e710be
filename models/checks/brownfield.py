"""Mines and shells: what cannot be, and what can never be used."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.calendar import step_value
from models.problems import Problem

if TYPE_CHECKING:
    from models.instance import Instance

_ROUNDING_MW = 1e-6


def mines_that_fall(inst: "Instance") -> Iterator[Problem]:
    """Mining that grows smaller by itself: it would not be known what of it was converted."""
    for position, mine in enumerate(inst.mines):
        before = 0.0
        for day, mw in sorted(mine.mining_mw.items()):
            if mw < before:
                message = (
                    f"falls from {before:g} MW to {mw:g} MW on {day}; it counts mining that is "
                    "converted too, so leave out what will go by itself."
                )
                yield Problem(("mines", position, "mining_mw"), message)
                break
            before = mw


def mines_beyond_their_connection(inst: "Instance") -> Iterator[Problem]:
    """Mining that draws more than the grid connection that it shares; the first period each."""
    for position, mine in enumerate(inst.mines):
        for t in inst.periods:
            mw, grid = inst.sharing_mw(mine.site, t), inst.grid_mw(mine.site, t)
            if mw > grid + _ROUNDING_MW:
                message = (
                    f"is {mw:g} MW in {t}, but the grid connection of '{mine.site}', which mining "
                    f"shares, carries {grid:g} MW; see shares_connection."
                )
                yield Problem(("mines", position, "mining_mw"), message)
                break


def mines_beyond_their_grid_region(inst: "Instance") -> Iterator[Problem]:
    """Mining that draws more than the cap of a grid region; the first period each."""
    for g, region in inst.grid_regions.items():
        mines = [
            (position, mine.site)
            for position, mine in enumerate(inst.mines)
            if inst.sites[mine.site].grid_region == g
        ]
        for t, period in inst.periods.items():
            mw = sum(inst.sharing_mw(s, t) for _, s in mines)
            cap = step_value(region.cap_mw, period.start)
            if mw > cap + _ROUNDING_MW:
                message = (
                    f"makes {mw:g} MW of mining in {t} in the grid region '{g}', whose cap of "
                    f"{cap:g} MW it shares."
                )
                yield Problem(("mines", mines[-1][0], "mining_mw"), message)
                break


def blocks_too_large(inst: "Instance") -> Iterator[Problem]:
    """Blocks larger than all there is: nothing can be converted or leased."""
    for position, mine in enumerate(inst.mines):
        most = max(mine.mining_mw.values())
        if mine.block_mw is not None and mine.block_mw > most:
            message = f"is {mine.block_mw:g} MW, more than the {most:g} MW of mining there are."
            yield Problem(("mines", position, "block_mw"), message)
    for position, shell in enumerate(inst.shells):
        most = max(shell.most_mw.values())
        if shell.block_mw is not None and shell.block_mw > most:
            message = f"is {shell.block_mw:g} MW, more than the {most:g} MW that are offered."
            yield Problem(("shells", position, "block_mw"), message)


def of_no_use(inst: "Instance") -> Iterator[Problem]:
    """Warn of mines and shells that come too late, cost nothing at first, or are misnamed."""
    start, end = inst.horizon.periods()[0].start, inst.horizon.periods()[-1].end
    for position, mine in enumerate(inst.mines):
        path = ("mines", position)
        if not any(s == mine.site for s, _ in inst.conversion_services):
            message = f"no conversion would serve before the horizon ends on {end}."
            yield Problem((*path, "months"), message, "warning")
        if (first := min(mine.margin_musd_per_mw_year)) > start:
            message = f"gives no margin before {first}; until then nothing is lost."
            yield Problem((*path, "margin_musd_per_mw_year"), message, "warning")
        if inst.sites[mine.site].previous_use != "crypto_mining":
            message = f"is at '{mine.site}', whose previous_use is not crypto_mining."
            yield Problem((*path, "site"), message, "warning")
    for position, shell in enumerate(inst.shells):
        path = ("shells", position)
        if not any(s == shell.site for s, _ in inst.lease_terms):
            message = f"no lease can begin before the horizon ends on {end}."
            yield Problem((*path, "lead_months"), message, "warning")
        if (first := min(shell.price_musd_per_mw_year)) > start:
            message = f"gives no rent before {first}; until then a lease costs nothing."
            yield Problem((*path, "price_musd_per_mw_year"), message, "warning")
