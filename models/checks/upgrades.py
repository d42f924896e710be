"""Grid upgrades: what can never be energised."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.problems import Problem
from models.upgrades import required

if TYPE_CHECKING:
    from models.instance import Instance


def unmet_requirements(inst: "Instance") -> Iterator[Problem]:
    """Upgrades that require one of another site, or in the end themselves."""
    for g, upgrade in inst.grid_upgrades.items():
        if upgrade.requires is None:
            continue
        path = ("grid_upgrades", g, "requires")
        other = inst.grid_upgrades[upgrade.requires]
        if other.site != upgrade.site:
            message = (
                f"'{upgrade.requires}' is an upgrade of '{other.site}', but '{g}' is one of "
                f"'{upgrade.site}'; an upgrade requires one of its own site."
            )
            yield Problem(path, message)
        chain = required(inst, g)
        if inst.grid_upgrades[chain[-1]].requires == g:
            ring = " requires ".join(f"'{name}'" for name in (*chain, g))
            yield Problem(path, f"none of these can ever be the first: {ring}.")


def without_effect(inst: "Instance") -> Iterator[Problem]:
    """Upgrades that add nothing, or add to the cap of a grid region that the site is not in."""
    for g, upgrade in inst.grid_upgrades.items():
        if not (upgrade.added_mw or upgrade.added_cap_mw):
            message = "adds nothing: give added_mw, added_cap_mw, or both."
            yield Problem(("grid_upgrades", g), message)
        if upgrade.added_cap_mw and inst.sites[upgrade.site].grid_region is None:
            message = f"'{upgrade.site}' is in no grid region whose cap it could add to."
            yield Problem(("grid_upgrades", g, "added_cap_mw"), message)


def too_late(inst: "Instance") -> Iterator[Problem]:
    """Warn of upgrades that no period could use."""
    last = list(inst.periods.values())[-1].start
    possible = {g for _, g, _ in inst.grid_upgrade_services}
    for g in inst.grid_upgrades:
        late = [one for one in required(inst, g) if one not in possible]
        if late:
            which = "it" if late[0] == g else f"'{late[0]}', which it requires,"
            message = f"is never of use: {which} cannot be energised by {last}, the last period."
            yield Problem(("grid_upgrades", g), message, "warning")
