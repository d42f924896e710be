"""Checks that span several records: references, plausibility, what nothing can serve.

A check runs when the fields it reads are there, and, if it draws conclusions from all of them,
only when nothing in them is known to be wrong: so one mistake gives one message.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

from models.checks import (
    brownfield,
    capital,
    clusters,
    commitments,
    environment,
    fleet,
    gravity,
    initial,
    magnitudes,
    model_families,
    network,
    pipeline,
    places,
    ranges,
    references,
    rentals,
    resilience,
    rows,
    scenarios,
    service,
    slices,
    soft,
    sovereignty,
    upgrades,
    volume,
)
from models.checks.gaps import ANY_NAME, Gaps, present
from models.checks.reads import CARRIED, FITS, FLEET, HOLDERS, LAW, ORDERED, PROTECTED, RESILIENCE
from models.problems import Problem

if TYPE_CHECKING:
    from models.instance import Instance

__all__ = ["ANY_NAME", "Gaps", "find_errors", "find_warnings"]


class _Check(NamedTuple):
    find: Callable[["Instance"], Iterable[Problem]]
    reads: tuple[str, ...] = ()
    """Fields that must be there."""

    concludes_from: tuple[str, ...] = ()
    """Fields that must be there, whole and free of errors."""


_CHECKS = (
    _Check(rows.find),
    _Check(magnitudes.beyond_the_solver),
    _Check(magnitudes.too_small_to_serve, reads=("demand", "throughput")),
    _Check(
        magnitudes.products_beyond_the_solver,
        concludes_from=("horizon", "finance", "unit_types", "workloads", "demand"),
    ),
    _Check(magnitudes.nothing_asked_for, concludes_from=("demand",)),
    _Check(magnitudes.unusual),
    _Check(ranges.far_apart),
    _Check(network.faster_than_light, reads=("regions", "sites", "rtt", "cities", "city_rtt")),
    _Check(network.unpriced_zones, concludes_from=("regions", "sites", "network_prices")),
    _Check(gravity.data_without_a_price, concludes_from=("workloads", "network_prices")),
    _Check(model_families.serving_what_they_train, reads=("model_families",)),
    _Check(model_families.ways_without_a_price, concludes_from=CARRIED),
    _Check(model_families.without_effect, concludes_from=(*LAW, *CARRIED)),
    _Check(soft.kinds_that_stay_hard, reads=("soft_limits",)),
    _Check(fleet.sale_ends_before_it_begins, reads=("unit_types",)),
    _Check(fleet.nothing_fits_anywhere, concludes_from=FITS),
    _Check(fleet.unit_types_without_a_place, concludes_from=(*FITS, "horizon", "throughput")),
    _Check(
        fleet.work_that_no_unit_does,
        concludes_from=("workloads", "throughput", "demand", "rentals", "objective"),
    ),
    _Check(fleet.unused_retirement_figures, reads=("unit_types",)),
    _Check(pipeline.statuses_of_no_step, concludes_from=("sites",)),
    _Check(pipeline.connections_that_fall, concludes_from=("sites",)),
    _Check(pipeline.energised_steps_that_slip, reads=("pipeline",)),
    _Check(pipeline.without_effect, concludes_from=("sites", "pipeline")),
    _Check(upgrades.unmet_requirements, concludes_from=("sites", "grid_upgrades")),
    _Check(upgrades.without_effect, concludes_from=("sites", "grid_upgrades")),
    _Check(upgrades.too_late, concludes_from=("horizon", "sites", "grid_upgrades")),
    _Check(clusters.networks_nobody_offers, concludes_from=("sites", "workloads")),
    _Check(clusters.options_that_do_nothing, concludes_from=("workloads", "network_options")),
    _Check(clusters.options_out_of_reach, concludes_from=("horizon", "sites", "network_options")),
    _Check(
        clusters.blocks_too_large,
        concludes_from=(*FITS, *FLEET, "throughput", "workloads"),
    ),
    _Check(initial.misplaced, concludes_from=("sites", "unit_types", "initial_units")),
    _Check(initial.overloads, concludes_from=FLEET),
    _Check(
        commitments.without_a_period, concludes_from=("commitments", "horizon", "grid_upgrades")
    ),
    _Check(commitments.out_of_reach, concludes_from=ORDERED),
    _Check(commitments.at_closed_sites, concludes_from=ORDERED),
    _Check(commitments.overloads, concludes_from=ORDERED),
    _Check(commitments.without_effect, concludes_from=("commitments", "horizon", "grid_upgrades")),
    _Check(brownfield.mines_that_fall, reads=("mines",)),
    _Check(
        brownfield.mines_beyond_their_connection,
        concludes_from=("horizon", "sites", "pipeline", "mines"),
    ),
    _Check(
        brownfield.mines_beyond_their_grid_region,
        concludes_from=("horizon", "sites", "pipeline", "mines", "grid_regions", "soft_limits"),
    ),
    _Check(brownfield.blocks_too_large, reads=("mines", "shells")),
    _Check(rentals.unknown_regions, concludes_from=("regions", "rentals")),
    _Check(rentals.more_taken_than_offered, concludes_from=("rentals",)),
    _Check(rentals.never_in_time, concludes_from=("horizon", "rentals")),
    _Check(
        brownfield.of_no_use, concludes_from=("horizon", "sites", "pipeline", "mines", "shells")
    ),
    _Check(places.sites_of_two_pools, concludes_from=("jurisdictions", "sites", "budget")),
    _Check(
        places.never_in_time,
        concludes_from=("horizon", "sites", "pipeline", "grid_upgrades", "budget", "soft_limits"),
    ),
    _Check(capital.debt_that_never_is, concludes_from=("horizon", "budget")),
    _Check(capital.caps_that_miss, concludes_from=("horizon", "jurisdictions", "sites", "budget")),
    _Check(
        environment.carbon_caps_that_miss,
        concludes_from=("horizon", "jurisdictions", "sites", "carbon"),
    ),
    _Check(
        environment.unknown_intensity,
        concludes_from=("jurisdictions", "grid_regions", "sites", "carbon"),
    ),
    _Check(
        environment.efficiency_floors_that_miss,
        concludes_from=(
            "horizon",
            "jurisdictions",
            "operators",
            "sites",
            "unit_types",
            "throughput",
            "workloads",
            "efficiency_floors",
        ),
    ),
    _Check(environment.water_of_no_cooling, concludes_from=("sites",)),
    _Check(environment.profit_without_revenue, concludes_from=("objective", "workloads")),
    _Check(places.demand_outside_the_horizon, concludes_from=("horizon", "demand")),
    _Check(places.certificates_nobody_holds, concludes_from=("operators",)),
    _Check(slices.not_the_day, concludes_from=("slices",)),
    _Check(slices.factors_of_no_slice, reads=("sites",), concludes_from=("slices",)),
    _Check(slices.without_slices, reads=("workloads",), concludes_from=("slices",)),
    _Check(slices.peaks_counted_twice, concludes_from=("slices", "workloads")),
    _Check(service.streams_without_a_site, concludes_from=LAW),
    _Check(
        sovereignty.floors_that_cannot_hold,
        concludes_from=(
            "jurisdictions",
            "sites",
            "regions",
            "workloads",
            "slices",
            "demand",
            "horizon",
            "sufficiency",
            "rentals",
            "soft_limits",
        ),
    ),
    _Check(sovereignty.caps_of_nobody, concludes_from=(*HOLDERS, "concentration")),
    _Check(
        sovereignty.control_planes_without_use,
        concludes_from=("horizon", "sites", "operators", "local_control_planes"),
    ),
    _Check(
        soft.rows_of_no_use,
        concludes_from=(
            *HOLDERS,
            *LAW,
            "budget",
            "quotas",
            "grid_upgrades",
            "sufficiency",
            "concentration",
            "soft_limits",
        ),
    ),
    _Check(volume.tiers_that_rise, concludes_from=("unit_types", "volume_tiers")),
    _Check(
        sovereignty.work_without_a_supply,
        concludes_from=(*LAW, "unit_types", "throughput"),
    ),
    _Check(resilience.unclear, reads=("contingencies",)),
    _Check(resilience.unknown_unit_types, reads=("contingencies",), concludes_from=("unit_types",)),
    _Check(resilience.protecting_nothing, concludes_from=PROTECTED),
    _Check(resilience.without_effect, concludes_from=RESILIENCE),
    _Check(resilience.nowhere_left, concludes_from=RESILIENCE),
    _Check(
        resilience.targets_of_what_never_fails,
        concludes_from=("unit_types", "throughput", "workloads"),
    ),
    _Check(scenarios.probabilities, concludes_from=("scenarios",)),
    _Check(scenarios.dates, reads=("scenarios",)),
    _Check(scenarios.fixed_fields, reads=("scenarios",)),
    _Check(scenarios.risk_without_scenarios, reads=("scenarios", "risk")),
    _Check(scenarios.goals_beside_cost, reads=("scenarios", "objective")),
)


def find_errors(inst: "Instance", gaps: Gaps | None = None) -> list[Problem]:
    """All errors of an instance whose single records are valid.

    `gaps` tells which records were left out because they are invalid, when the instance is only
    the rest of one.
    """
    return [problem for problem in _find(inst, gaps or {}) if problem.severity == "error"]


def find_warnings(inst: "Instance") -> list[Problem]:
    """What is allowed in a valid instance but worth a second look."""
    return [problem for problem in _find(inst, {}) if problem.severity == "warning"]


def _find(inst: "Instance", gaps: Gaps) -> list[Problem]:
    problems = references.find(inst, gaps)
    unsound = {table.partition(".")[0] for table in gaps}
    unsound |= {str(problem.path[0]) for problem in problems}
    for check in _CHECKS:
        needed = check.reads + check.concludes_from
        if present(inst, needed) and not unsound & set(check.concludes_from):
            found = list(check.find(inst))
            errors = [problem for problem in found if problem.severity == "error"]
            unsound |= {str(problem.path[0]) for problem in errors}
            problems += found
    if not gaps and not any(problem.severity == "error" for problem in problems):
        problems += scenarios.broken_instances(inst)
    return problems
