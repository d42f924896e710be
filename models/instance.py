"""The instance: one planning problem, complete and consistent.

An `Instance` is made from plain data (`Instance.model_validate`), by the reader of
`optimizer.instance_io`, or from another one by `with_changes`. It is checked once, when it is
made, and never changes afterwards.
"""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Self

from pydantic import model_validator

from models import (
    brownfield,
    changes,
    clusters,
    cohorts,
    commitments,
    demand,
    fleet,
    gravity,
    latency,
    law,
    pipeline,
    pools,
    rentals,
    resilience,
    scenarios,
    slices,
    soft,
    sovereignty,
    streams,
    throughput,
    upgrades,
)
from models.checks import find_errors
from models.content import Content
from models.entities.brownfield import Mine, Shell
from models.entities.horizon import Period
from models.entities.soft import SoftLimit
from models.instance_html import instance_html
from models.problems import InstanceError
from models.streams import State


class Instance(Content):
    """Everything that a plan depends on. Tables are keyed by name; facts are lists of rows."""

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if errors := find_errors(self):
            raise InstanceError(errors)
        return self

    def _repr_html_(self) -> str:
        """What notebooks show: what the instance is about, and how large it is."""
        return instance_html(self)

    def with_changes(self, changed: Mapping[str, object]) -> "Instance":
        """Return a new, checked instance with changes by dotted path, applied in order.

        `path: value` sets; `path.scale`, `path.add` and `path.remove` change what stands there
        (see models/changes.py). Raises InstanceError, listing every problem, if a path does not
        exist or the result is not a valid instance.
        """
        return changes.apply(self, changed)

    @cached_property
    def scenario_instances(self) -> dict[str, "Instance"]:
        """The instance of each scenario, by its name; empty if the future is certain."""
        return scenarios.instances(self) if self.scenarios else {}

    @cached_property
    def periods(self) -> dict[str, Period]:
        """The periods by name, in order."""
        return {period.name: period for period in self.horizon.periods()}

    @cached_property
    def states(self) -> dict[str, "streams.State"]:
        """The operating states by name: one per period, or one per slice of each period."""
        return slices.states(self)

    @cached_property
    def streams(self) -> dict[str, "streams.Stream"]:
        """The demand streams by name, 'region/workload/data_class', in order of the demand."""
        return streams.from_demand(self.demand)

    @cached_property
    def demand_rows(self) -> "dict[str, list[tuple[date, int]]]":
        """Dates and positions of the rows of demand, by stream, in order of dates."""
        return streams.rows_by_date(self.demand)

    @cached_property
    def demand_mtok_s(self) -> dict[tuple[str, str], float]:
        """Tokens that the fleet must make, by stream and state, after fan-out [Mtok/s]."""
        return demand.by_state(self)

    @cached_property
    def lawful_sites(self) -> dict[str, tuple[str, ...]]:
        """For each stream, the sites that law, certification and latency allow."""
        return law.lawful_sites(self)

    @cached_property
    def lawful_offers(self) -> dict[str, tuple[str, ...]]:
        """For each stream, the rentals that law, certification and latency allow."""
        return rentals.lawful_offers(self)

    @cached_property
    def rental_rtt_ms(self) -> dict[tuple[str, str], float]:
        """Round-trip time by region and rental: measured, else estimated [ms]."""
        return latency.rental_round_trips(self)

    @cached_property
    def raised_sites(self) -> dict[str, tuple[str, ...]]:
        """For each stream, the sites that become lawful only with a local control plane."""
        return sovereignty.raised_sites(self)

    @cached_property
    def control_plane_use(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """For each local control plane (site, period of the decision), the periods it is in use."""
        return sovereignty.control_plane_use(self)

    @cached_property
    def rtt_ms(self) -> dict[tuple[str, str], float]:
        """Round-trip time by region and site: measured, else estimated [ms]."""
        return latency.round_trips(self)

    @cached_property
    def network_price(self) -> dict[tuple[str, str], float]:
        """Price of carrying tokens, by region and site [USD per Mtok]."""
        return latency.network_prices(self)

    @cached_property
    def carrying_price(self) -> dict[tuple[str, str, str], float]:
        """Price of tokens with their data, by region, workload and site [USD per Mtok]."""
        return gravity.carrying_prices(self)

    @cached_property
    def pool_of(self) -> dict[str, str | None]:
        """The capital pool that each site draws on; None: money without limit."""
        return pools.by_site(self)

    @cached_property
    def services(self) -> dict[tuple[str, str, str], tuple[str, ...]]:
        """For each possible order (site, unit type, period), the periods it is in service."""
        return fleet.services(self)

    @cached_property
    def hall_services(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """For each possible hall order (site, period), the periods the hall is in use."""
        return fleet.hall_services(self)

    @cached_property
    def mine_of(self) -> dict[str, Mine]:
        """The mine of each site that has one."""
        return {mine.site: mine for mine in self.mines}

    @cached_property
    def shell_of(self) -> dict[str, Shell]:
        """What is offered for lease at each site where something is."""
        return {shell.site: shell for shell in self.shells}

    @cached_property
    def conversion_services(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """For each possible conversion (site, period), the periods its hall is in use."""
        return brownfield.conversion_services(self)

    @cached_property
    def lease_terms(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """For each period in which a lease can begin (site, period), those it is bound for."""
        return brownfield.lease_terms(self)

    @cached_property
    def initial_online(self) -> dict[tuple[str, str, str], int]:
        """Units of the initial fleet in service, by site, unit type and period [units]."""
        return fleet.initial_online(self)

    @cached_property
    def cohorts(self) -> dict[cohorts.Key, "cohorts.Cohort"]:
        """The cohorts of which units may leave early, by site, unit type and name."""
        return cohorts.cohorts(self)

    @cached_property
    def grid_upgrade_services(self) -> dict[tuple[str, str, str], tuple[str, ...]]:
        """For each possible order (site, upgrade, period), the periods it adds its power in."""
        return upgrades.services(self)

    @cached_property
    def upgradable_mw(self) -> dict[tuple[str, str], float]:
        """What all upgrades that can be energised by then add, by site and period [MW]."""
        return upgrades.upgradable_mw(self)

    @cached_property
    def soft(self) -> dict[soft.Key, SoftLimit]:
        """The limits that may be missed, by kind, place and period, with their prices."""
        return soft.declared(self)

    @cached_property
    def losses(self) -> dict[str, "resilience.Loss"]:
        """What each contingency takes away, by its name ('any-site: oslo')."""
        return resilience.losses(self)

    @cached_property
    def late_orders(self) -> "resilience.Late":
        """The orders that are late, by contingency, site, unit type and period."""
        return resilience.late_orders(self)

    @cached_property
    def contingency_states(self) -> dict[str, State]:
        """The operating states of contingencies by name ('2027 in any-site: oslo')."""
        return resilience.states(self)

    @cached_property
    def normal_state(self) -> dict[str, str]:
        """The state without contingency behind each state of a contingency."""
        return resilience.normal_state(self)

    @cached_property
    def twins(self) -> dict[str, str]:
        """For each state of a contingency, the first one that takes away the same."""
        return resilience.twins(self)

    @cached_property
    def protected(self) -> dict[str, "resilience.Protected"]:
        """What is protected of each stream that a row of protection names."""
        return resilience.protected(self)

    @cached_property
    def asked_mtok_s(self) -> dict[tuple[str, str], float]:
        """What must still be served, by stream and state of a contingency [Mtok/s]."""
        return resilience.asked_mtok_s(self)

    @cached_property
    def network_option_services(self) -> dict[tuple[str, str, str], tuple[str, ...]]:
        """For each possible order (site, network option, period), the periods it works in."""
        return clusters.option_services(self)

    @cached_property
    def network_options_at(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """The network options that can work at a site in a period; absent where there is none."""
        return clusters.options_by_period(self)

    @cached_property
    def benchmark_mtok_s(self) -> dict[tuple[str, str], float]:
        """Throughput of one unit as measured, by unit type and workload [Mtok/s]."""
        return {(row.unit_type, row.workload): row.mtok_s for row in self.throughput}

    @cached_property
    def committed(self) -> dict[tuple[str, str, str, str], int]:
        """What is committed, by site, what, name and period [openings, blocks, units, upgrades]."""
        return commitments.committed(self)

    @cached_property
    def frozen_periods(self) -> tuple[str, ...]:
        """The periods in which nothing but what is committed can be decided."""
        return commitments.frozen_periods(self)

    def meter_mw(self, s: str, u: str) -> float:
        """Power at the meter of one unit at full use: PUE · IT load [MW]."""
        unit = self.unit_types[u]
        return self.sites[s].pue[unit.cooling] * unit.it_mw

    def grid_mw(self, s: str, t: str) -> float:
        """Grid connection that a plan may rely on at a period's start [MW at the meter]."""
        return pipeline.counted_mw(self, s, self.periods[t].start)

    def most_grid_mw(self, s: str, t: str) -> float:
        """The largest connection that a site can have in a period, with what it may overdraw."""
        connected = self.grid_mw(s, t) + self.upgradable_mw.get((s, t), 0.0)
        return connected + self.most_excess("site_power", s, t)

    def most_excess(self, limit: str, at: str, t: str) -> float:
        """Most by which a limit may be missed; 0 for a hard one [its unit]."""
        return soft.most_excess(self, limit, at, t)

    def most_load_mw(self, s: str, t: str) -> float:
        """The most that units could draw on that connection without what an option saves [MW]."""
        return self.most_grid_mw(s, t) / (1 - clusters.most_saved(self, s, t))

    def sharing_mw(self, s: str, t: str) -> float:
        """Mining that draws on a site's grid connection if none is converted [MW at the meter]."""
        mine = self.mine_of.get(s)
        return brownfield.mining_mw(self, s, t) if mine and mine.shares_connection else 0.0

    def tokens_per_unit(self, s: str, u: str, k: str, t: str) -> float:
        """Throughput of one unit of u at site s, all of it on workload k, in period t [Mtok/s]."""
        return throughput.per_unit(self, s, u, k, t)

    def unit_capex(self, s: str, u: str) -> float:
        """Price of one unit at a site [MUSD]."""
        return self.unit_types[u].capex_musd * self.sites[s].unit_capex_factor

    def hall_block_capex(self, s: str) -> float:
        """Price of one hall at a site [MUSD]."""
        return self.sites[s].hall_capex_musd_per_mw * self.sites[s].hall_block_mw
