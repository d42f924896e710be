"""What differs between two instances: every value that does, nothing else, in few lines."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.instance import Instance
from optimizer import read_instance
from optimizer.compare.folding import Folded, folded
from optimizer.compare.inputs import differences, frame
from optimizer.compare.leaves import leaves
from tests.properties.common import examples
from tests.properties.strategies import instances
from tests.small import demands, tiny, twins, years

STREAMS = [
    ("norway", "public", 2027, 50),
    ("norway", "public", 2028, 60),
    ("kenya", "public", 2027, 5),
]


@pytest.fixture(scope="module")
def inst() -> Instance:
    return twins(horizon=years(2), demand=demands(*STREAMS))


def lines(a: Instance, b: Instance) -> list[Folded]:
    return folded(a, b, differences(a, b))


def told(a: Instance, b: Instance) -> dict[str, tuple[Any, Any]]:
    return {one.key.path: (one.before, one.after) for one in differences(a, b)}


def test_the_same_content_has_no_differences(inst: Instance) -> None:
    assert differences(inst, twins(horizon=years(2), demand=demands(*STREAMS))) == []
    assert list(frame([]).columns) == ["path", "before", "after", "ratio", "change"]


def test_paths_are_those_of_changes(inst: Instance) -> None:
    changed = {
        "sites.oslo.grid_mw": 30.0,
        "sites.nairobi.pue.liquid": 1.5,
        "demand.kenya.chat.public.2027-01-01.mtok_s": 7.0,
        "finance.discount_rate_per_year": 0.05,
        "unit_types.gen1.available_until": "2030-01-01",
        "jurisdictions.NO.blocs": "EU; EEA",
    }
    assert told(inst, inst.with_changes(changed)) == {
        "finance.discount_rate_per_year": (0.0, 0.05),
        "jurisdictions.NO.blocs": ("EEA", "EU; EEA"),
        "sites.oslo.grid_mw": (25.0, 30.0),
        "sites.nairobi.pue.liquid": (1.25, 1.5),
        "unit_types.gen1.available_until": (None, "2030-01-01"),
        "demand.kenya.chat.public.2027-01-01.mtok_s": (5.0, 7.0),
    }


def test_dates_of_dated_values_are_told_one_by_one(inst: Instance) -> None:
    dated = inst.with_changes({"sites.oslo.grid_mw.2028": 40})

    # The single number holds always, so it is the value of the earliest date there is.
    assert told(inst, dated) == {"sites.oslo.grid_mw.2028-01-01": (None, 40.0)}
    assert told(dated, inst) == {"sites.oslo.grid_mw.2028-01-01": (40.0, None)}
    assert told(dated, dated.with_changes({"sites.oslo.grid_mw.2028.scale": 2})) == {
        "sites.oslo.grid_mw.2028-01-01": (40.0, 80.0)
    }


def test_a_record_of_one_instance_is_one_difference(inst: Instance) -> None:
    alone = tiny(horizon=years(2), demand=demands(*STREAMS[:2]))
    found = {one.key.path: one for one in differences(alone, inst)}

    assert set(found) == {
        "jurisdictions.KE", "operators.savanna", "sites.nairobi", "regions.kenya",
        "demand.kenya.chat.public.2027-01-01",
    }  # fmt: skip
    assert {one.kind for one in found.values()} == {"added"}
    assert found["demand.kenya.chat.public.2027-01-01"].after == 5.0
    assert '"continent":"africa"' in found["jurisdictions.KE"].after
    assert {one.kind for one in differences(inst, alone)} == {"removed"}


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({"demand.scale": 1.1}, ("demand.*", None, None, 1.1, 3, "rows")),
        ({"demand.norway.scale": 2}, ("demand.norway.*", None, None, 2.0, 2, "rows")),
        (
            {"demand.*.*.*.2027.scale": 2},
            ("demand.*.*.*.2027-01-01", None, None, 2.0, 2, "rows"),
        ),
        ({"sites.*.lat": 5}, ("sites.*.lat", None, 5.0, None, 2, "values")),
        (
            {"sites.*.install_rate_mw_per_month": 3},
            ("sites.*.install_rate_mw_per_month", None, 3.0, None, 2, "values"),
        ),
        ({"sites.oslo.grid_mw.scale": 2}, ("sites.oslo.grid_mw", 25.0, 50.0, 2.0, 1, "values")),
        ({"demand.norway.remove": True}, ("demand.norway.*", None, None, None, 2, "rows")),
    ],
)
def test_what_differs_alike_is_one_line(
    inst: Instance, changed: dict[str, object], line: tuple[Any, ...]
) -> None:
    [found] = lines(inst, inst.with_changes(changed))
    path, _, *others = found
    assert (path, *others) == line


def test_two_factors_are_two_lines(inst: Instance) -> None:
    new = inst.with_changes({"demand.scale": 1.1, "demand.kenya.scale": 2})
    assert [(line.path, line.ratio) for line in lines(inst, new)] == [
        ("demand.norway.*", 1.1),
        ("demand.kenya.chat.public.2027-01-01.mtok_s", pytest.approx(2.2)),
    ]


def test_a_factor_ignores_what_it_cannot_change(inst: Instance) -> None:
    none = inst.with_changes({"demand.kenya.chat.public.2027.mtok_s": 0})
    [line] = lines(none, none.with_changes({"demand.scale": 3}))
    assert (line.path, line.number) == ("demand.norway.*", 2)


def test_pools_are_scaled_as_one() -> None:
    inst = read_instance("instances/southgate")
    [line] = lines(inst, inst.with_changes({"budget.pools.southgate.scale": 0.8}))
    assert (line.path, line.ratio) == ("budget.pools.southgate.grants", 0.8)


def test_another_horizon_is_told(inst: Instance) -> None:
    assert told(inst, inst.with_changes({"horizon.count": 3})) == {"horizon.count": (2, 3)}


SAFE = (
    "mtok_s",
    "capex_musd",
    "energy_price_usd_per_mwh",
    "grants",
    "it_mw",
    "idle_share",
    "cap_mw",
)


@examples(30)
@given(instances(), st.data())
def test_every_change_shows_and_nothing_else(raw: dict[str, Any], data: st.DataObject) -> None:
    inst = Instance.model_validate(raw)
    able = [key for key in leaves(inst).values if set(SAFE) & set(key.pattern)]
    keys = data.draw(st.lists(st.sampled_from(able), max_size=5, unique=True))
    factors = {key.path: data.draw(st.sampled_from([0.25, 0.5, 0.75])) for key in keys}
    new = inst.with_changes({f"{path}.scale": factor for path, factor in factors.items()})
    found = differences(inst, new)

    before = leaves(inst).values
    assert {one.key.path for one in found} == {key.path for key in keys if before[key]}
    assert all(one.ratio == pytest.approx(factors[one.key.path]) for one in found)
    # Setting what is listed leads from the one to the other.
    assert inst.with_changes({one.key.path: one.after for one in found}) == new
    # The lines stand for as many values as there are.
    assert sum(line.number for line in folded(inst, new, found)) == len(found)
