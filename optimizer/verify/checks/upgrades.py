"""Grid upgrades: each at most once, at its own open site, when it can be had (P3, P4)."""

import numpy as np

from optimizer.verify.facts import Facts
from optimizer.verify.facts.upgrades import energised
from optimizer.verify.findings import Findings, amount
from optimizer.verify.plan import Plan


def check(facts: Facts, plan: Plan, findings: Findings) -> None:
    """Check the orders of upgrades and the table of grid upgrades."""
    sites, names = list(facts.inst.sites), list(facts.inst.grid_upgrades)
    periods, upgrades, ordered = facts.calendar.names, facts.upgrades, plan.upgraded
    own = np.arange(len(sites))[:, None] == upgrades.site
    for holds, reason in (
        (own[:, :, None], "it is an upgrade of another site"),
        (upgrades.on_offer, "it cannot be ordered then"),
        (upgrades.first < len(periods), "it would carry power in no period of the horizon"),
        (plan.is_open[:, None, :] > 0, "the site is closed"),
    ):
        findings.refuse(
            "grid_upgrades",
            (ordered != 0) & ~np.broadcast_to(holds, ordered.shape),
            lambda s, g, t, reason=reason: (
                f"the upgrade {names[g]} is ordered at {sites[s]} in {periods[t]}, but {reason}"
            ),
        )
    times = ordered.sum(axis=(0, 2))
    findings.at_most(
        "grid_upgrades",
        np.maximum(times, ordered.max(axis=(0, 2), initial=0.0)),
        1.0,
        lambda g: f"the upgrade {names[g]} is ordered {amount(times[g])} times",
    )
    carries = energised(ordered, upgrades)
    findings.at_most(
        "grid_upgrades",
        carries,
        carries[upgrades.requires],
        lambda g, t: (
            f"the upgrade {names[g]} carries power in {periods[t]}, but "
            f"{names[upgrades.requires[g]]}, which it requires, does not"
        ),
    )
    table = plan.tables["grid_upgrades"]
    which = table["upgrade"].to_numpy()
    for column, mw in (("added_mw", upgrades.mw), ("added_cap_mw", upgrades.cap_mw)):
        told = table[column].to_numpy()
        found = np.where(table["ordered"].to_numpy() > 0, mw[which], told)
        findings.equal(
            "grid_upgrades",
            told,
            found,
            lambda i, column=column, told=told, found=found: (
                f"the table grid_upgrades gives {column} {amount(told[i])} for "
                f"{names[which[i]]}; it adds {amount(found[i], 'MW')}"
            ),
        )
