"""Siting: sites are opened once, and nothing is built or ordered at a closed one (S1 to S4)."""

import numpy as np

from optimizer.verify.arrays import Floats
from optimizer.verify.facts import Facts
from optimizer.verify.findings import ROUNDING, Findings, amount
from optimizer.verify.plan import Plan
from optimizer.verify.soft import short


def check(facts: Facts, plan: Plan, findings: Findings) -> None:
    """Check S1, S2, S3 and S4."""
    sites, periods = list(facts.inst.sites), facts.calendar.names
    _check_opened_once(facts, plan, findings)
    # What is refused before (a site opened twice) shall not raise the limits here.
    is_open = np.clip(plan.is_open, 0.0, 1.0)
    types = list(facts.inst.unit_types)
    allowed = facts.most_units * is_open[:, None, :]
    findings.at_most(
        "siting",
        np.where(facts.possible, plan.orders, 0.0),
        allowed,
        lambda s, u, t: (
            f"{amount(plan.orders[s, u, t], 'units')} of {types[u]} are ordered at "
            f"{sites[s]} in {periods[t]}; its openings and grid connection allow "
            f"{amount(allowed[s, u, t])}"
        ),
    )
    ordered_mw = facts.block_mw[:, None] * plan.blocks
    room = hall_room_mw(facts)[:, None] * is_open
    findings.at_most(
        "siting",
        ordered_mw,
        room,
        lambda s, t: (
            f"{amount(ordered_mw[s, t], 'MW')} of halls are ordered at {sites[s]} in "
            f"{periods[t]}; it is {'open' if is_open[s, t] else 'closed'} and has room for "
            f"{amount(room[s, t], 'MW')}"
        ),
    )
    least, built = least_build_mw(facts, plan), ordered_mw.sum(axis=1)
    least = least - short(plan, "min_build", sites)
    findings.at_most(
        "siting",
        least,
        built,
        lambda s: (
            f"{sites[s]} is opened with {amount(built[s], 'MW')} of halls, below its "
            f"least build of {amount(least[s], 'MW')}"
        ),
    )


def _check_opened_once(facts: Facts, plan: Plan, findings: Findings) -> None:
    sites, periods = list(facts.inst.sites), facts.calendar.names
    at_start = np.array([site.opened for site in facts.inst.sites.values()], dtype=float)
    findings.at_most(
        "siting",
        at_start + plan.opened.sum(axis=1),
        1.0,
        lambda s: f"{sites[s]} is opened again, although it is open already",
    )
    findings.at_most(
        "siting",
        -plan.opened,
        0.0,
        lambda s, t: f"{sites[s]} is opened {plan.opened[s, t]} times in {periods[t]}",
    )


def hall_room_mw(facts: Facts) -> Floats:
    """Most hall power that a site can use, in whole blocks, by site [IT MW]."""
    room = []
    for s, site in enumerate(facts.inst.sites.values()):
        usable = float(facts.most_load_mw[s].max()) / min(site.pue.values())
        blocks = np.ceil(np.array([usable, site.min_build_mw]) / site.hall_block_mw - ROUNDING)
        room.append(site.hall_block_mw * blocks.max())
    return np.array(room)


def least_build_mw(facts: Facts, plan: Plan) -> Floats:
    """Hall power that must be built at the sites that are opened, by site [IT MW]."""
    least = np.array([site.min_build_mw for site in facts.inst.sites.values()])
    to_build: Floats = least * plan.opened.sum(axis=1)
    return to_build
