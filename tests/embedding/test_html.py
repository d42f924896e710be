"""What notebooks show: well-formed HTML in which names are never markup."""

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pandas.api.types import is_string_dtype

from optimizer import Instance, Plan, read_instance, read_plan, solve
from tests.small import tiny, twins, years

INSTANCES = Path(__file__).parents[2] / "instances"
HOSTILE = (
    "<script>alert(1)</script>",
    "=cmd()",
    "\" onload='x' \"",
    "</td></table>",
    "a & b",
    "$x$",
)
ALLOWED = {"div", "p", "b", "ul", "li", "table", "thead", "tbody", "tr", "th", "td"}


class Page(HTMLParser):
    """The texts of a page; asserts that its tags are closed in order and are plain ones."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED
        assert {name for name, _ in attrs} <= {"style", "class"}
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return "|".join(part.strip() for part in self.texts)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return solve(read_instance(INSTANCES / "tiny"))


def test_an_instance_shows_its_size_power_demand_and_money() -> None:
    page = Page(read_instance(INSTANCES / "tiny")._repr_html_())

    assert "Tiny" in page.texts
    assert "3 periods, 2027 to 2029 (2027-01-01 to 2029-12-31); MUSD of 2026" in page.texts
    assert "sites|operators|jurisdictions|unit types|workloads|regions|streams|2|2|2|2|1|2|2" in (
        page.text
    )
    assert "continent|sites|2027|2029|Africa|1|0|1.5|Europe|1|3|3|all|2|3|4.5" in page.text
    # Norway asks for 4 and then 7 Mtok/s, Kenya for 2 and then 3.
    assert "workload|2027|2029|chat|6|10|all|6|10" in page.text
    assert "pool|in all|world|75" in page.text


def test_sites_without_a_pool_have_money_without_limit() -> None:
    assert "pool|in all|sites without a pool|no limit" in Page(tiny()._repr_html_()).text


def test_a_plan_shows_cost_first_orders_and_what_binds(plan: Plan) -> None:
    page = Page(plan._repr_html_())

    cost = "138 MUSD, net present cost; proven best possible; checked by the independent checker"
    assert cost in page.texts[1]
    assert "unit capex|43.8|31.8 %" in page.text
    assert "net present cost|138.0" in page.text
    # To open Oslo 2, a hall of 2 MW 14.61, two small units 14.62; in 2028 a large one 21.9.
    assert "First orders: 2027 and 2028, 53.1 MUSD" in page.texts
    assert "2027|oslo|open the site|2027|oslo|halls|2.0 MW|2027|oslo|small|2" in page.text
    assert "2028|oslo|large|1" in page.text
    assert "oslo (3 periods from 2027), nairobi (2029)" in page.text


def test_six_continents_is_shown_on_one_page() -> None:
    page = read_instance(INSTANCES / "six-continents")._repr_html_()

    assert len(page) < 10_000
    assert "all|80|" in Page(page).text


def test_names_of_an_instance_are_text() -> None:
    for name in HOSTILE:
        inst = tiny(name=name, description=name, money=name)
        page = inst._repr_html_()

        assert "<script" not in page
        assert " ".join(Page(page).texts).count(name) == 3
        assert "tex2jax_ignore" in page


def test_names_of_a_plan_are_text(plan: Plan) -> None:
    """A plan read from disk may hold any text in any place."""
    for name in HOSTILE:
        page = hostile(plan, name)._repr_html_()

        assert "<script" not in page
        # Name, refusal, term, and everywhere in the tables.
        assert " ".join(Page(page).texts).count(name) > 10


def hostile(plan: Plan, name: str) -> Plan:
    """A plan with a text in place of every other."""

    def renamed(frame: pd.DataFrame) -> pd.DataFrame:
        texts = [column for column in frame.columns if is_string_dtype(frame[column])]
        return frame.assign(**dict.fromkeys(texts, name))

    return replace(
        plan,
        name=name,
        costs_musd={name: 138.0},
        verified=False,
        violations=(name,),
        tables={table: renamed(frame) for table, frame in plan.tables.items()},
        instance=None,
    )


def test_a_refused_plan_says_so(plan: Plan) -> None:
    page = Page(replace(plan, verified=False, violations=("P1 is broken",))._repr_html_())

    assert "REFUSED by the checker" in page.text
    assert "P1 is broken" in page.texts


def test_an_infeasible_plan_shows_its_reasons() -> None:
    plan = solve(
        tiny(
            name="<b>tiny</b>",
            sites={"oslo": {"grid_mw": 5}},
            workloads={"chat": {"shortfall_price_usd_per_mtok": None}},
        )
    )
    page = Page(plan._repr_html_())

    assert plan.reasons
    assert page.texts[0] == "<b>tiny</b>"
    assert "infeasible: no plan satisfies all limits of the instance" in page.text
    assert set(plan.reasons) <= set(page.texts)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"gap": 0.0123}, "proven: no plan is more than 1.3 % cheaper;"),
        (
            {"gap": 0.2, "status": "feasible"},
            "more than 20 % cheaper; stopped early (0 % was asked);",
        ),
        (
            {"gap": 0.2, "status": "feasible", "reasons": ("interrupted",)},
            "more than 20 % cheaper; interrupted (0 % was asked);",
        ),
        ({"gap": None, "bound_musd": None, "status": "feasible"}, "no bound was found;"),
        (
            {"objective_musd": None, "status": "unknown", "tables": {}},
            "no plan was found, and none was excluded; no plan costs less than 138 MUSD",
        ),
    ],
)
def test_the_status_is_in_words(plan: Plan, changes: dict[str, Any], words: str) -> None:
    assert words in Page(replace(plan, **changes)._repr_html_()).text


def test_a_plan_without_orders_and_binding_limits_is_shown() -> None:
    """Nothing is asked for, so nothing is built."""
    plan = solve(tiny(demand=[tiny().demand[0].model_dump() | {"mtok_s": 0}]))
    page = Page(plan._repr_html_())

    assert "First orders: 2027, 0 MUSD|period|site|what|amount|nothing" in page.text
    assert "Limits that bind" not in page.text


def test_long_lists_are_cut() -> None:
    """Twenty sites are opened and get a unit each: forty lines, of which fifteen are shown."""
    oslo = tiny().sites["oslo"].model_dump() | {"opened": False, "grid_mw": 2.5}
    sites = {f"site{i:02}": oslo for i in range(20)}
    demand = [tiny().demand[0].model_dump() | {"mtok_s": 200}]
    page = Page(solve(tiny(sites={"oslo": None} | sites, demand=demand))._repr_html_())

    assert "and 25 more" in page.text
    assert "site02 (2027), and 17 more" in page.text


def test_a_plan_on_disk_shows_itself_alike(plan: Plan, tmp_path: Path) -> None:
    assert read_plan(plan.save(tmp_path / "plan"))._repr_html_() == plan._repr_html_()


def test_text_is_one_line(plan: Plan) -> None:
    inst: Instance = twins(horizon=years(2))

    assert repr(inst) == (
        "Instance(name='tiny', sites=2, unit_types=1, workloads=1, regions=2, periods=2)"
    )
    for text in (str(inst), repr(plan), str(plan)):
        assert "\n" not in text
        assert len(text) < 200
    assert repr(plan).startswith("Plan(name='Tiny', status='optimal', objective_musd=138.04")
