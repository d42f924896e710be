"""What-ifs by dotted path: what they set, scale, add and remove, and what they refuse."""

import pickle
import time
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.instance import Instance
from models.problems import InstanceError
from optimizer.instance_io import parse_set, read_instance
from tests.properties.common import TIMES

BASE = Path(__file__).parent / "broken" / "base.yaml"


@pytest.fixture(scope="module")
def inst() -> Instance:
    return read_instance(BASE)


def refused(inst: Instance, changed: dict[str, object]) -> list[str]:
    with pytest.raises(InstanceError) as caught:
        inst.with_changes(changed)
    return [str(problem) for problem in caught.value.problems]


def test_set_a_field_leaves_the_old_instance_alone(inst: Instance) -> None:
    new = inst.with_changes({"sites.nairobi.hall_block_mw": "4"})

    assert new.sites["nairobi"].hall_block_mw == 4.0
    assert inst.sites["nairobi"].hall_block_mw == 2.0
    assert new.sites["oslo"] == inst.sites["oslo"]


def test_set_dated_values(inst: Instance) -> None:
    changed = {"sites.oslo.grid_mw.2028": 50, "sites.nairobi.grid_mw.2029Q1": 20}
    new = inst.with_changes(changed)

    assert new.sites["oslo"].grid_mw == {date(2027, 1, 1): 20, date(2028, 1, 1): 50}
    # A single number holds always, so also before the date that was added.
    assert new.sites["nairobi"].grid_mw == {date(1, 1, 1): 12, date(2029, 1, 1): 20}


def test_set_and_add_dated_values_where_there_are_none(inst: Instance) -> None:
    one = inst.with_changes({"sites.oslo.carbon_kg_per_mwh.2028": 40})
    other = inst.with_changes({"sites.oslo.carbon_kg_per_mwh.add": {"2028": 40}})

    assert one.sites["oslo"].carbon_kg_per_mwh == {date(2028, 1, 1): 40}
    assert other == one


def test_set_an_optional_field_and_a_list(inst: Instance) -> None:
    new = inst.with_changes({"solve.threads": 2, "data_classes.health.compute": ["NO", "KE"]})

    assert new.solve.threads == 2
    assert new.data_classes["health"].compute == ("NO", "KE")


def test_scale_a_pool_scales_its_grants(inst: Instance) -> None:
    new = inst.with_changes({"budget.pools.world.scale": 0.8})

    assert list(new.budget.pools["world"].grants.values()) == pytest.approx([400, 160])


@pytest.mark.parametrize(
    ("path", "scaled"),
    [
        ("demand.scale", {0, 1, 2, 3}),
        ("demand.kenya.scale", {2, 3}),
        ("demand.*.chat.health.scale", {1, 3}),
        ("demand.kenya.chat.health.2027-01-01.mtok_s.scale", {3}),
        ("demand.*.*.*.2027.scale", {0, 1, 2, 3}),
    ],
)
def test_scale_selects_rows_by_their_key(inst: Instance, path: str, scaled: set[int]) -> None:
    new = inst.with_changes({path: "2"})

    for place, (old, row) in enumerate(zip(inst.demand, new.demand, strict=True)):
        factor = 2 if place in scaled else 1
        assert row.mtok_s == pytest.approx(factor * old.mtok_s)


def test_scale_a_field_of_every_site(inst: Instance) -> None:
    new = inst.with_changes({"sites.*.energy_price_usd_per_mwh.scale": 2})

    prices = [list(site.energy_price_usd_per_mwh.values()) for site in new.sites.values()]
    assert prices == [[110], [220]]


def test_whole_numbers_stay_whole(inst: Instance) -> None:
    assert inst.with_changes({"initial_units.scale": 1.5}).initial_units[0].units == 6
    [message] = refused(inst, {"initial_units.scale": 1.1})
    assert "4.4" in message
    assert "4 or 5" in message


def test_add_to_numbers_lists_tables_and_rows(inst: Instance) -> None:
    row = {"region": "kenya", "workload": "chat", "data_class": "public", "date": "2029-01"}
    new = inst.with_changes(
        {
            "finance.discount_rate_per_year.add": 0.02,
            "operators.savanna.certifications.add": "exemplar",
            "jurisdictions.add": {"SE": {"continent": "Europe"}},
            "demand.add": [{**row, "mtok_s": 1}],
            "sites.oslo.grid_mw.add": {"2030-01": 80},
        }
    )

    assert new.finance.discount_rate_per_year == pytest.approx(0.10)
    assert new.operators["savanna"].certifications == ("exemplar",)
    assert list(new.jurisdictions) == ["NO", "KE", "SE"]
    assert new.demand[-1].date == date(2029, 1, 1)
    assert new.sites["oslo"].grid_mw[date(2030, 1, 1)] == 80


def test_remove_entries_rows_fields_and_names(inst: Instance) -> None:
    new = inst.with_changes(
        {
            "sites.nairobi.remove": True,
            "rtt.kenya.remove": "true",
            "sites.oslo.max_rack_kw.remove": True,
            "sites.oslo.grid_mw.remove": ["2028-01"],
            "jurisdictions.NO.blocs.remove": "EEA",
        }
    )

    assert list(new.sites) == ["oslo"]
    assert new.rtt == ()
    assert new.sites["oslo"].max_rack_kw is None
    assert new.sites["oslo"].grid_mw == {date(2027, 1, 1): 20}
    assert new.jurisdictions["NO"].blocs == ()


def test_changes_are_made_in_order(inst: Instance) -> None:
    new = inst.with_changes({"sites.nairobi.lat": 2, "sites.nairobi.lat.scale": 3})

    assert new.sites["nairobi"].lat == 6


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"site.oslo.grid_mw": 1}, "Did you mean 'sites.oslo.grid_mw'?"),
        ({"sites.osl.grid_mw": 1}, "Did you mean 'sites.oslo.grid_mw'?"),
        ({"sites.oslo.grid_mw.scal": 2}, "Did you mean 'sites.oslo.grid_mw.scale'?"),
        ({"sites.oslo.grd_mw.scale": 1}, "Did you mean 'sites.oslo.grid_mw'?"),
        ({"demand.keny.chat.scale": 2}, "Did you mean 'demand.kenya.chat'?"),
        ({"sites.bergen": {"lat": 1}}, "no entry is called 'bergen'"),
        ({"sites.oslo.scale": 2}, "is a site, which has no amount"),
        ({"name.scale": 2}, "is not a number"),
        ({"sites.nairobi.max_rack_kw.scale": 2}, "is not set"),
        ({"sites.nairobi.carbon_kg_per_mwh.scale": 2}, "is not set"),
        ({"sites.oslo.lat.scale": "fast"}, "takes a number, not 'fast'"),
        ({"sites.oslo.lat.x": 2}, "has no parts"),
        ({"sites.add": {"oslo": {}}}, "already has an entry 'oslo'"),
        ({"sites.oslo.grid_mw.2029.scale": 2}, "no entry is called '2029'"),
        ({"sites.oslo.grid_mw.soon": 2}, "must be a date"),
        ({"throughput.gen1.chat": 5}, "set one of its fields"),
        ({"": 1}, "no field of an instance"),
        ({"sites.oslo.lat": 91}, "must be at most 90 degrees north, but is 91"),
        ({"sites.oslo.operator": "fjrd"}, "Did you mean 'fjord'?"),
        ({"sites.add": {"bergen": {"lat": 1}}}, "sites.bergen.lon: is missing"),
    ],
)
def test_refusals_name_the_change(inst: Instance, changed: dict[str, object], says: str) -> None:
    messages = refused(inst, changed)
    path = next(iter(changed))

    assert any(says in message for message in messages), messages
    assert all(message.startswith(path) for message in messages)


def test_all_changes_that_cannot_be_made_are_listed(inst: Instance) -> None:
    assert len(refused(inst, {"a.b": 1, "sites.oslo.x": 2, "demand.scale": "much"})) == 3


def test_places_in_the_file_are_kept(inst: Instance) -> None:
    new = inst.with_changes(
        {"rtt.remove": True, "sites.oslo.lat.add": 1, "demand.norway.remove": True}
    )
    new = pickle.loads(pickle.dumps(new))

    assert new._origin.find(("sites", "oslo", "grid_mw")) == inst._origin.find(
        ("sites", "oslo", "grid_mw")
    )
    assert new._origin.find(("sites", "oslo", "lat")).file == "change sites.oslo.lat.add"
    # Kenya's rows were the third and the fourth; they are now the first and the second.
    assert new._origin.find(("demand", 0)) == inst._origin.find(("demand", 2))


def test_the_command_line_writes_yaml(inst: Instance) -> None:
    changed = parse_set(["sites.oslo.jurisdiction=NO", "demand.scale=1e0", "solve.gap = 0.5"])

    assert changed == {"sites.oslo.jurisdiction": "NO", "demand.scale": 1.0, "solve.gap": 0.5}
    assert inst.with_changes(changed).solve.gap == 0.5
    with pytest.raises(InstanceError) as caught:
        parse_set(["x", "a=[", "=1", "b.scale=1", "b.scale=2", "c=.nan"])
    assert [str(one).split(":")[0] for one in caught.value.problems] == ["--set"] * 5


def test_a_value_set_again_is_the_later_one_in_its_later_place(inst: Instance) -> None:
    # Of two grants the second is 200 MUSD: halved, 100; the first is halved, and then set to 20.
    first = "budget.pools.world.grants.2027-01"
    changed = parse_set([f"{first}=50", "budget.pools.world.scale=0.5", f"{first}=20"])

    assert list(changed.items()) == [("budget.pools.world.scale", 0.5), (first, 20)]
    grants = inst.with_changes(changed).budget.pools["world"].grants
    assert list(grants.values()) == [20, 100]


def test_ten_thousand_rows_change_in_under_a_second(inst: Instance) -> None:
    row = {"workload": "chat", "data_class": "public", "mtok_s": 0.001}
    regions = {f"r{n}": {"jurisdiction": "NO", "lat": 60, "lon": 10, "network_zone": "europe"}
               for n in range(250)}  # fmt: skip
    rows = [
        {"region": region, "date": f"20{year}-{month:02}", **row}
        for region in regions
        for year in (27, 28, 29, 30)
        for month in range(1, 11)
    ]
    large = inst.with_changes({"regions.add": regions, "demand.add": rows})
    assert len(large.demand) == 10_004

    start = time.process_time()
    large.with_changes({"demand.scale": 1.1, "demand.r7.chat.public.2028-01.mtok_s": 2})
    large.with_changes({"demand.*.chat.*.2029-01.scale": 1.1, "demand.r3.*.*.*.mtok_s.add": 1})
    small = large.with_changes({"demand.*.chat.public.*.remove": True})
    assert time.process_time() - start < 6  # about 1.3 s on the machine of 2026-11
    assert len(small.demand) == 2


# fmt: off
WORDS = st.sampled_from([
    "sites", "oslo", "nairobi", "grid_mw", "2028-01", "demand", "kenya", "chat", "health", "*",
    "scale", "add", "remove", "budget", "pools", "world", "grants", "horizon", "months", "rtt",
    "lat", "pue", "liquid", "solve", "gap", "name", "certifications", "operators", "fjord", "x",
    "2027", "initial_units", "units", "quotas", "supply", "jurisdictions", "KE", "blocs",
])
# fmt: on
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(WORDS, st.integers(), max_size=2),
)  # fmt: skip
PATHS = st.lists(WORDS, min_size=1, max_size=5).map(".".join)


@settings(max_examples=round(200 * TIMES), deadline=None)
@given(st.dictionaries(PATHS, VALUES, max_size=3))
def test_any_change_gives_an_instance_or_a_refusal(changed: dict[str, object]) -> None:
    with suppress(InstanceError):
        assert read_base().with_changes(changed).sites


def read_base() -> Instance:
    if not _READ:
        _READ.append(read_instance(BASE))
    return _READ[0]


_READ: list[Instance] = []
