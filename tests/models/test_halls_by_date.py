"""Halls that come by earlier orders: from each date, and without a decision."""

from optimizer import solve
from tests.small import solved, terms, tiny, years


def test_halls_that_come_later_hold_units_from_then_on() -> None:
    # Halls for one unit in 2027 and for three from 2028; others would come too late.
    oslo = {"initial_hall_mw": {"2027": 2, "2028": 6}, "hall_lead_months": 36}
    inst = tiny(horizon=years(2), sites={"oslo": oslo})
    m = solved(inst)
    assert m.order["oslo", "gen1", "2027"].value == 1
    assert m.order["oslo", "gen1", "2028"].value == 2
    assert terms(m)["unit_capex"] == 3 * 40
    plan = solve(inst)
    assert plan.violations == ()
    assert plan.table("halls")["hall_mw"].tolist() == [2, 6]
