"""The plan in arrays: what its tables decide, and what follows from that.

The axes of an array are always in this order: site, unit type, workload, period, slice of the day.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from optimizer.verify.arrays import Floats, Ints
from optimizer.verify.facts import Facts
from optimizer.verify.facts.calendar import in_service, values_on
from optimizer.verify.facts.cohorts import absent
from optimizer.verify.facts.control_planes import in_use
from optimizer.verify.facts.networks import reached, working
from optimizer.verify.facts.upgrades import added
from optimizer.verify.findings import TOLERANCE
from optimizer.verify.specs import SPECS


@dataclass(frozen=True)
class Flows:
    """The rows of the table of flows, each column an array; places by position."""

    region: Ints
    workload: Ints
    stream: Ints
    """-1 where nobody asks for such a stream."""
    site: Ints
    period: Ints
    slice: Ints
    mtok_s: Floats
    """Mean tokens made [Mtok/s]."""


@dataclass(frozen=True)
class Plan:
    """A plan in arrays."""

    tables: Mapping[str, pd.DataFrame]
    """The tables as read, with positions in place of names."""
    names: Mapping[str, list[str]]
    """The names that positions stand for, by index column."""
    opened: Floats
    """Sites opened, by site and period."""
    is_open: Floats
    """Sites that are open, by site and period."""
    blocks: Floats
    """Halls ordered, by site and period [blocks]."""
    hall_mw: Floats
    """Halls in use, by site and period [IT MW]."""
    converting: Floats
    """Mining converted from a period on, by site and period [MW]."""
    converted_hall_mw: Floats
    """Halls in use that were converted, by site and period [IT MW]."""
    leased: Floats
    """Halls on lease, by site and period [IT MW]."""
    orders: Floats
    """Units ordered, by site, unit type and period [units]."""
    retired: Floats
    """Units that leave early, by site, unit type, cohort and period [units]."""
    upgraded: Floats
    """Upgrades ordered, by site, upgrade and period."""
    networks: Floats
    """Network options ordered, by site, option and period."""
    works: Floats
    """Network options that work, by site, option and period."""
    cluster_units: Floats
    """Most units at work in any slice, rounded up, by site, unit type, workload and period."""
    utilisation: Floats
    """What they reach of the throughput, by the same [ratio]."""
    cluster_step: Ints
    """Units from which on that utilisation holds, by the same."""
    cluster_option: Ints
    """The option whose utilisation holds, by the same; -1 for the workload's own."""
    grid_mw: Floats
    """Grid connection with the upgrades that are energised, by site and period [MW]."""
    online: Floats
    """Units in service, by site, unit type and period [units]."""
    raised: Floats
    """Local control planes decided on, by site and period."""
    local: Floats
    """Local control planes in use, by site and period."""
    runs: Floats
    """Units at work, by site, unit type, workload, period and slice [units]."""
    flows: Flows
    missed: Floats
    """What is missed of limits, by limit, place and period; the last period stands for none."""
    debt: Floats
    """Money owed, by pool and period [MUSD]."""
    rentals: Flows
    """What is bought, with offers in place of sites."""
    bought: Floats
    """Tokens bought, by offer and period, mean over its slices [Mtok/s]."""
    shortfall: Floats
    """Tokens not made, by stream, period and slice [Mtok/s]."""
    strays: Floats
    """Shortfalls of streams that nobody asks for [Mtok/s]."""
    served: Floats
    """Tokens made or bought, by stream, period and slice [Mtok/s]."""
    it_mw: Floats
    """Load of the units in service at full use, by site and period [IT MW]."""
    meter_mw: Floats
    """The same at the meter [MW]."""
    drawn: Floats
    """Part of their power that units draw: less what a network option saves, by site and period."""
    gwh_in_slices: Floats
    """Energy, by site, period and slice [GWh at the meter]."""

    @property
    def energy_gwh(self) -> Floats:
        """Energy, by site and period [GWh at the meter]."""
        gwh: Floats = self.gwh_in_slices.sum(axis=2)
        return gwh

    @property
    def converted(self) -> Floats:
        """Mining converted up to a period, by site and period [MW]."""
        return np.cumsum(self.converting, axis=1)

    @property
    def newly_leased(self) -> Floats:
        """What is on lease beyond the period before, by site and period [IT MW]."""
        return np.maximum(0.0, np.diff(self.leased, axis=1, prepend=0.0))


def read_plan(
    facts: Facts, names: Mapping[str, list[str]], tables: Mapping[str, pd.DataFrame]
) -> Plan:
    """Turn the tables into arrays; online and halls follow from the orders."""
    opened = _dense(names, tables, "openings", "opened")
    blocks = _dense(names, tables, "halls", "blocks")
    orders = _dense(names, tables, "orders", "units")
    runs = _dense(names, tables, "runs", "units")
    raised = _dense(names, tables, "local_control_planes", "raised")
    sites = facts.inst.sites.values()
    at_start = np.array([site.opened for site in sites], dtype=float)
    first_halls = np.array(
        [values_on(site.initial_hall_mw, facts.calendar.start) for site in sites]
    )
    halls = in_service(facts.block_mw[:, None] * blocks, facts.hall_service)
    retired = _dense(names, tables, "retirements", "units")
    networks = _dense(names, tables, "network_options", "ordered")
    works = working(networks, facts.networks)
    # Bought twice is refused elsewhere; here it shall not save twice.
    drawn = 1.0 - np.einsum("snt,n->st", np.minimum(works, 1.0), facts.networks.saved).clip(
        0.0, 0.9
    )
    at_work = runs.max(axis=4, initial=0.0)
    sizes = np.ceil(at_work - TOLERANCE * np.maximum(1.0, at_work))
    sizes = np.where(at_work > 0, np.maximum(sizes, 1.0), 0.0)
    sizes *= facts.networks.clustered[:, None]
    utilisation, step, option = reached(facts.networks, sizes, works)
    upgraded = _dense(names, tables, "grid_upgrades", "ordered")
    converting = _dense(names, tables, "conversions", "ordered_mw")
    leased = _dense(names, tables, "leases", "leased_mw")
    brown = facts.brownfield
    converted_halls = in_service(brown.hall_per_mw[:, None] * converting, brown.conversion)
    online = facts.initial_units + in_service(orders, facts.unit_service)
    online -= absent(retired, facts.cohorts)
    flows = flows_of(facts, tables["flows"])
    rentals = flows_of(facts, tables["rentals"], "offer")
    bought = np.zeros(facts.rentals.most.shape)
    in_period = facts.slices.share[rentals.slice] * rentals.mtok_s
    np.add.at(bought, (rentals.site, rentals.period), in_period)
    shortfall, strays = _shortfall(facts, tables["shortfall"])
    return Plan(
        tables=tables,
        names=names,
        opened=opened,
        is_open=at_start[:, None] + np.cumsum(opened, axis=1),
        blocks=blocks,
        hall_mw=first_halls + halls + converted_halls + leased,
        converting=converting,
        converted_hall_mw=converted_halls,
        leased=leased,
        orders=orders,
        retired=retired,
        upgraded=upgraded,
        networks=networks,
        works=works,
        cluster_units=sizes,
        utilisation=utilisation,
        cluster_step=step,
        cluster_option=option,
        grid_mw=facts.grid_mw + added(upgraded, facts.upgrades, facts.upgrades.mw),
        online=online,
        raised=raised,
        local=in_use(facts.inst, facts.calendar, raised),
        runs=runs,
        flows=flows,
        missed=_missed(names, tables["violations"]),
        debt=_dense(names, tables, "debt", "debt_musd"),
        rentals=rentals,
        bought=bought,
        shortfall=shortfall,
        strays=strays,
        served=_served(shortfall.shape, flows) + _served(shortfall.shape, rentals),
        it_mw=np.einsum("sut,u->st", online, facts.it_mw),
        meter_mw=drawn * np.einsum("sut,su->st", online, facts.meter_mw),
        drawn=drawn,
        gwh_in_slices=drawn[:, :, None] * _energy(facts, online, runs),
    )


def _served(shape: tuple[int, ...], flows: Flows) -> Floats:
    """Tokens made or bought, by stream, period and slice [Mtok/s]."""
    asked = flows.stream >= 0
    where = flows.stream[asked], flows.period[asked], flows.slice[asked]
    return total(shape, where, flows.mtok_s[asked])


def _energy(facts: Facts, online: Floats, runs: Floats) -> Floats:
    """Energy without network options, by site, period and slice [GWh].

    Idle units draw a part, and use follows the mean.
    """
    idle = np.array([unit.idle_share for unit in facts.inst.unit_types.values()])[:, None, None]
    used = np.einsum("suktx,k->sutx", runs, 1.0 / facts.peak)
    drawing = idle * online[:, :, :, None] + (1.0 - idle) * used
    hours = np.multiply.outer(facts.calendar.hours, facts.slices.share)
    gwh: Floats = np.einsum("sutx,su,tx->stx", drawing, facts.meter_mw, hours) / 1000.0
    return gwh


def flows_of(facts: Facts, frame: pd.DataFrame, place: str = "site") -> Flows:
    """The rows of a table of tokens by stream and place."""
    return Flows(
        region=frame["region"].to_numpy(),
        workload=frame["workload"].to_numpy(),
        stream=streams_of(facts, frame),
        site=frame[place].to_numpy(),
        period=frame["period"].to_numpy(),
        slice=frame["slice"].to_numpy(),
        mtok_s=frame["mtok_s"].to_numpy(),
    )


def _shortfall(facts: Facts, frame: pd.DataFrame) -> tuple[Floats, Floats]:
    """Shortfall by stream, period and slice; that of streams that nobody asks for [Mtok/s]."""
    shortfall = np.zeros(facts.streams.demand.shape)
    stream, mtok_s = streams_of(facts, frame), frame["mtok_s"].to_numpy()
    asked = stream >= 0
    when = (frame[key].to_numpy()[asked] for key in ("period", "slice"))
    shortfall[(stream[asked], *when)] = mtok_s[asked]
    return shortfall, mtok_s[~asked]


def _dense(
    names: Mapping[str, list[str]], tables: Mapping[str, pd.DataFrame], table: str, column: str
) -> Floats:
    keys = SPECS[table].keys
    dense = np.zeros([len(names[key]) for key in keys])
    frame = tables[table]
    dense[tuple(frame[key].to_numpy() for key in keys)] = frame[column].to_numpy()
    return dense


def _missed(names: Mapping[str, list[str]], frame: pd.DataFrame) -> Floats:
    missed = np.zeros((len(names["limit"]), len(names["at"]), len(names["period"]) + 1))
    # An empty period has the position -1, which is the last.
    missed[tuple(frame[key].to_numpy() for key in ("limit", "at", "period"))] = frame["excess"]
    return missed


def streams_of(facts: Facts, frame: pd.DataFrame) -> Ints:
    """The stream of each row; -1 where nobody asks for such a one."""
    columns = (frame[key].to_numpy() for key in ("region", "workload", "data_class"))
    found: Ints = facts.streams.position[tuple(columns)]
    return found


def total(shape: tuple[int, ...], where: tuple[Ints, ...], amounts: Floats) -> Floats:
    """Sum amounts into an array of `shape` at the positions `where`."""
    flat = np.ravel_multi_index(where, shape)
    size = int(np.prod(shape))
    summed: Floats = np.bincount(flat, weights=amounts, minlength=size).astype(float)
    return summed.reshape(shape)
