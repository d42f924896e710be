"""Amounts with a currency and a year become numbers when an instance is made."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from models.currencies import is_money
from models.entities.base import ALWAYS
from models.entities.hardware import UnitType
from models.entities.places import Site
from models.instance import Instance
from models.problems import InstanceError
from optimizer import solve
from tests.small import tiny

MONEY: dict[str, Any] = {
    "finance": {"price_year": 2026},
    "currencies": {
        "EUR": {"rate": 1.1, "inflation_per_year": 0.02},
        "KES": {"rate": 0.0077, "price_index": {2024: 100, 2026: 112, 2028: 125}},
        "USD": {"rate": 1, "inflation_per_year": 0.025},
    },
}


def priced(amount: object, **changes: Any) -> float:
    """What a price of a unit is read as."""
    units = {"gen1": {"capex_musd": amount}}
    return tiny(**(MONEY | changes), unit_types=units).unit_types["gen1"].capex_musd


@pytest.mark.parametrize(
    ("written", "musd"),
    [
        (12, 12),
        ("12", 12),
        ("12 EUR", 12 * 1.1),
        ("12EUR", 12 * 1.1),
        (" 1.2e1  EUR 2026 ", 12 * 1.1),
        ("12 EUR 2024", 12 * 1.02**2 * 1.1),
        ("12 EUR 2028", 12 / 1.02**2 * 1.1),
        ("5000 KES 2024", 5000 * 112 / 100 * 0.0077),
        ("5000 KES 2028", 5000 * 112 / 125 * 0.0077),
        ("40 USD 2025", 40 * 1.025),
    ],
)
def test_amounts(written: object, musd: float) -> None:
    assert priced(written) == pytest.approx(musd)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("12 EUX", "no currency is called 'EUX'; known: EUR, KES, USD. Did you mean 'EUR'?"),
        ("12 EUR in 2024", "must be an amount such as '12.5 EUR 2024', or a number"),
        ("12 EUR 24", "must be an amount such as '12.5 EUR 2024', or a number"),
        ("12 KES 2020", "needs the year 2020 in currencies.KES.price_index"),
        ("-1 EUR", "greater than or equal to 0"),
    ],
)
def test_texts_that_are_no_amounts(written: str, words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        priced(written)
    assert words in str(caught.value)


def test_a_year_needs_the_year_of_prices() -> None:
    with pytest.raises(ValidationError, match=r"finance\.price_year must say"):
        priced("12 EUR 2024", finance={})


def test_without_currencies_none_is_known() -> None:
    with pytest.raises(ValidationError, match="no currency is called 'EUR'; known: none"):
        priced("12 EUR", currencies={})


def test_dated_values() -> None:
    def prices(written: object) -> dict[date, float]:
        sites = {"oslo": {"energy_price_usd_per_mwh": written}}
        return tiny(**MONEY, sites=sites).sites["oslo"].energy_price_usd_per_mwh

    first, second = date(2027, 1, 1), date(2028, 7, 1)
    found = {first: pytest.approx(55), second: pytest.approx(66)}
    assert prices("50 EUR") == {ALWAYS: pytest.approx(55)}
    assert prices({2027: "50 EUR", "2028-07": "60 EUR 2026"}) == found
    assert prices({date(2027, 1, 1): "50 EUR", "2028Q3": 66}) == found
    assert prices("2027: 50 EUR; 2028-07: 66") == found


def test_only_fields_of_money_take_currencies() -> None:
    fields = {name for name, field in UnitType.model_fields.items() if is_money(field)}
    assert fields == {"capex_musd", "opex_musd_per_year", "decommissioning_musd"}
    assert {name for name, field in Site.model_fields.items() if is_money(field)} == {
        "open_cost_musd",
        "fixed_opex_musd_per_year",
        "hall_capex_musd_per_mw",
        "energy_price_usd_per_mwh",
        "water_price_usd_per_m3",
    }
    with pytest.raises(ValidationError, match="valid number"):
        tiny(**MONEY, unit_types={"gen1": {"it_mw": "2 EUR"}})


def test_other_tables_and_records() -> None:
    inst = tiny(
        **MONEY,
        budget={"pools": {"all": {"grants": {2027: "100 EUR"}, "borrowing": "10 EUR"}}},
        workloads={"chat": {"shortfall_price_usd_per_mtok": "10 EUR 2026"}},
    )
    assert inst.budget.pools["all"].grants[date(2027, 1, 1)] == pytest.approx(110)
    assert inst.budget.pools["all"].borrowing[ALWAYS] == pytest.approx(11)
    assert inst.workloads["chat"].shortfall_price_usd_per_mtok == pytest.approx(11)


def test_what_is_given_is_not_changed_and_what_is_made_holds_numbers() -> None:
    inst = tiny(**MONEY, unit_types={"gen1": {"capex_musd": "40 EUR"}})
    data = inst.model_dump(mode="json")
    assert data["unit_types"]["gen1"]["capex_musd"] == pytest.approx(44)
    data["unit_types"]["gen1"]["capex_musd"] = "40 EUR"
    again = Instance.model_validate(data)
    assert data["unit_types"]["gen1"]["capex_musd"] == "40 EUR"
    assert again == inst


def test_changes_take_numbers_and_amounts() -> None:
    inst = tiny(**MONEY, unit_types={"gen1": {"capex_musd": "40 EUR"}})
    capex = "unit_types.gen1.capex_musd"
    assert inst.with_changes({f"{capex}.scale": 2}).unit_types["gen1"].capex_musd == 88
    assert inst.with_changes({capex: 30}).unit_types["gen1"].capex_musd == 30
    assert inst.with_changes({capex: "30 EUR 2026"}).unit_types["gen1"].capex_musd == 33
    more = {"currencies.add": {"NOK": {"rate": 0.1}}, capex: "300 NOK"}
    assert inst.with_changes(more).unit_types["gen1"].capex_musd == 30
    with pytest.raises(InstanceError, match=r"gen1\.capex_musd: no currency is called 'NOK'"):
        inst.with_changes({capex: "300 NOK"})
    with pytest.raises(InstanceError, match="took effect when the instance was read"):
        inst.with_changes({"currencies.EUR.rate.scale": 1.1})


def test_the_plan_is_that_of_the_numbers() -> None:
    # Five units at 40 EUR, 44 MUSD each.
    plan = solve(tiny(**MONEY, unit_types={"gen1": {"capex_musd": "40 EUR"}}))
    assert plan.verified
    assert plan.objective_musd == pytest.approx(220)
