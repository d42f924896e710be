"""Concentration: shares of tokens, of power in service and of capital."""

from typing import Any

import pytest

from models.build import build_model
from models.instance import Instance
from tests.small import GEN1, assert_row, optimum, optimum_without, solved, twins, values, years

GEN2: dict[str, Any] = GEN1 | {"generation": "two", "capex_musd": 50, "vendor": "north"}


def capped(**cap: Any) -> Instance:
    """50 Mtok/s, for which five units at Oslo, 200 MUSD, would do."""
    return twins(concentration={"cap": cap})


def two_types(**cap: Any) -> Instance:
    """The same with a second unit type, dearer by 10 MUSD, of another vendor and generation."""
    rows = [{"unit_type": u, "workload": "chat", "mtok_s": 10} for u in ("gen1", "gen2")]
    units = {"gen1": {"vendor": "south"}, "gen2": GEN2}
    return twins(concentration={"cap": cap}, unit_types=units, throughput=rows)


def test_token_share_limit_by_operator() -> None:
    """(K4)"""
    # 25 Mtok/s each take three units each; those at Nairobi stand in two halls of 20 MUSD.
    inst = capped(share_of="tokens", by="operator", most_share=0.5)

    assert optimum(inst) == pytest.approx(6 * 40 + 2 * 20)
    assert optimum_without(inst, lambda m: m.token_share_limit) == pytest.approx(5 * 40)


def test_token_share_limit_by_generation() -> None:
    # At most 25 of 50 Mtok/s come from generation one: two units of it, three of the other.
    inst = two_types(share_of="tokens", by="generation", names=["one"], most_share=0.5)

    assert optimum(inst) == pytest.approx(2 * 40 + 3 * 50)
    assert optimum_without(inst, lambda m: m.token_share_limit) == pytest.approx(5 * 40)


def test_mw_share_limit_by_jurisdiction() -> None:
    """(K5)"""
    # Norway holds at most 40 % of the power: two of five units, three in two halls in Kenya.
    inst = capped(share_of="it_mw", by="jurisdiction", names=["NO"], most_share=0.4)

    assert optimum(inst) == pytest.approx(5 * 40 + 2 * 20)
    assert optimum_without(inst, lambda m: m.mw_share_limit) == pytest.approx(5 * 40)
    # The same for its bloc, its continent, and "every one" where Kenya may have more.
    for by, names in (("jurisdiction", ["EEA"]), ("bloc", []), ("continent", ["europe"])):
        other = capped(share_of="it_mw", by=by, names=names, most_share=0.4)
        assert optimum(other) == pytest.approx(5 * 40 + 2 * 20)


def test_mw_share_limit_by_grid_region() -> None:
    cap = {"share_of": "it_mw", "by": "grid_region", "most_share": 0.4}
    inst = twins(
        concentration={"cap": cap},
        grid_regions={"east": {"cap_mw": 100}},
        sites={"oslo": {"grid_region": "east"}},
    )
    assert optimum(inst) == pytest.approx(5 * 40 + 2 * 20)


def test_capital_share_limit_by_vendor() -> None:
    """(K6)"""
    # No vendor may have more than 60 % of the money: 120 of 220 MUSD with three and two units;
    # with four and one it would be 160 of 210.
    inst = two_types(share_of="capital", by="vendor", most_share=0.6)

    assert optimum(inst) == pytest.approx(3 * 40 + 2 * 50)
    assert optimum_without(inst, lambda m: m.capital_share_limit) == pytest.approx(5 * 40)


def test_capital_counts_halls_and_all_years_up_to_one() -> None:
    # Fjord may have 70 % of what is spent until 2028: 120 of 200 MUSD, the rest two units and
    # their hall at Nairobi. In 2027 alone there is no cap.
    cap = {"share_of": "capital", "by": "operator", "names": ["fjord"], "most_share": {2028: 0.7}}
    inst = twins(horizon=years(2), concentration={"cap": cap})

    assert optimum(inst) == pytest.approx(5 * 40 + 20)
    m = build_model(inst)
    assert list(m.capital_share_limit) == [("cap", "fjord", "2028")]
    assert_row(
        m.capital_share_limit["cap", "fjord", "2028"],
        {
            **{f"order[oslo,gen1,{t}]": 40 for t in (2027, 2028)},
            **{f"hall[oslo,{t}]": 20 for t in (2027, 2028)},
            "ordered_musd[2028]": -0.7,
        },
        "≤",
        0,
    )
    orders = {f"order[{s},gen1,2028]": -40 for s in ("oslo", "nairobi")}
    halls = {f"hall[{s},2028]": -20 for s in ("oslo", "nairobi")}
    assert_row(
        m.ordered_balance["2028"],
        {"ordered_musd[2028]": 1, "ordered_musd[2027]": -1, **orders, **halls},
        "=",
        0,
    )


def test_rows_of_tokens_and_power() -> None:
    m = build_model(two_types(share_of="tokens", by="vendor", names=["north"], most_share=0.3))
    runs = {f"run[{s},gen2,chat,2027]": 10 for s in ("oslo", "nairobi")}
    flows = {f"flow[norway/chat/public,{s},2027]": -1 for s in ("oslo", "nairobi")}

    assert_row(m.token_share_limit["cap", "north", "2027"], runs | {"served[2027]": -0.3}, "≤", 0)
    assert_row(m.served_balance["2027"], {"served[2027]": 1, **flows}, "=", 0)
    assert m.served["2027"].bounds == (0, 50)

    m = build_model(capped(share_of="it_mw", by="operator", names=["fjord"], most_share=0.3))
    assert_row(
        m.mw_share_limit["cap", "fjord", "2027"],
        {"online[oslo,gen1,2027]": 2, "standing_mw[2027]": -0.3},
        "≤",
        0,
    )
    online = {f"online[{s},gen1,2027]": -2 for s in ("oslo", "nairobi")}
    assert_row(m.standing_balance["2027"], {"standing_mw[2027]": 1, **online}, "=", 0)
    assert m.standing_mw["2027"].bounds == (0, 40)


def test_a_share_of_nothing_and_of_all() -> None:
    # Nothing from Oslo; and 100 % is no cap at all.
    none = capped(share_of="tokens", by="operator", names=["fjord"], most_share=0)
    assert values(solved(none).order) == {("nairobi", "gen1", "2027"): 5}
    assert not list(build_model(capped(share_of="it_mw", by="operator", most_share=1)).standing_mw)
