"""Mines and shells: what exists, what it costs, and when it serves; axes are site and period."""

from dataclasses import dataclass

import numpy as np

from models.instance import Instance
from optimizer.verify.arrays import Bools, Floats
from optimizer.verify.facts.calendar import (
    Calendar,
    Service,
    months_later,
    service,
    values_on,
)


@dataclass(frozen=True)
class Brownfield:
    """Mines and shells in arrays; zeros where a site has none."""

    has_mine: Bools
    """By site."""
    mining_mw: Floats
    """Mining that exists, converted or not, by site and period [MW at the meter]."""
    shares: Floats
    """1 for sites whose mine shares the connection, else 0."""
    hall_per_mw: Floats
    """Hall capacity of a converted MW, by site [IT MW per MW]."""
    conversion_capex: Floats
    """By site [MUSD per MW]."""
    margin: Floats
    """By site and period [MUSD per MW-year]."""
    conversion_block: Floats
    """By site; 0 where any amount can be converted [MW]."""
    conversion: Service
    has_shell: Bools
    """By site."""
    leasable_mw: Floats
    """By site and period; 0 before the lead time has passed [IT MW]."""
    in_lead: Bools
    """By site and period: no lease can have begun yet."""
    rent: Floats
    """By site and period [MUSD per IT MW and year]."""
    lease_block: Floats
    """By site; 0 where any amount can be leased [IT MW]."""
    term_ends: Floats
    """Position of the first period that starts after the least term, by site and first period."""


def read_brownfield(inst: Instance, calendar: Calendar) -> Brownfield:
    """Read mines and shells into arrays."""
    names, start = list(inst.sites), calendar.start
    shape = (len(names), calendar.count)
    lowest_pue = np.array([min(site.pue.values()) for site in inst.sites.values()])
    mining, margin, rent, leasable = (np.zeros(shape) for _ in range(4))
    shares, hall, capex, mine_block, shell_block = (np.zeros(len(names)) for _ in range(5))
    has_mine, has_shell = np.zeros(len(names), dtype=bool), np.zeros(len(names), dtype=bool)
    months, life = np.zeros(len(names), dtype=int), np.ones(len(names), dtype=int)
    in_lead, ends = np.ones(shape, dtype=bool), np.zeros(shape)
    for mine in inst.mines:
        s = names.index(mine.site)
        has_mine[s], shares[s] = True, mine.shares_connection
        mining[s] = values_on(mine.mining_mw, start)
        margin[s] = values_on(mine.margin_musd_per_mw_year, start)
        hall[s], capex[s] = mine.shell_share, mine.capex_musd_per_mw
        mine_block[s] = mine.block_mw or 0.0
        months[s], life[s] = mine.months, mine.life_years
    for shell in inst.shells:
        s = names.index(shell.site)
        has_shell[s] = True
        ready = months_later(start[:1], np.array(shell.lead_months))[0]
        in_lead[s] = start < ready
        leasable[s] = np.where(in_lead[s], 0.0, values_on(shell.most_mw, start))
        rent[s] = values_on(shell.price_musd_per_mw_year, start)
        shell_block[s] = shell.block_mw or 0.0
        over = months_later(start, np.array(shell.term_months))
        ends[s] = np.searchsorted(start, over, side="left")
    return Brownfield(
        has_mine=has_mine,
        mining_mw=mining,
        shares=shares,
        hall_per_mw=hall / lowest_pue,
        conversion_capex=capex,
        margin=margin,
        conversion_block=mine_block,
        conversion=service(calendar, months, life),
        has_shell=has_shell,
        leasable_mw=leasable,
        in_lead=in_lead,
        rent=rent,
        lease_block=shell_block,
        term_ends=ends,
    )
