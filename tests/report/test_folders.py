"""Reports of folders that hold several plans, and what stands beside a plan that is read."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from optimizer import Plan, PlanError, alternatives, frontier, report, solve
from optimizer.report.reading import Reading
from optimizer.report.sections import certificate, replanned
from optimizer.report.sources import contents_of
from optimizer.report.workbook import export_contents
from tests.report.conftest import HOSTILE, hostile_instance, look
from tests.report.test_page import errors, requests, shown
from tests.small import demands, tiny, twins

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def choices(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two plans of the hostile instance, one of them at the dearer site."""
    found = alternatives(hostile_instance(), within=10.0, differ=1, count=1)
    return found.save(tmp_path_factory.mktemp("choices") / "out")


@pytest.fixture(scope="module")
def weighed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Cost against shortfall: five units at 40 MUSD, or fewer."""
    inst = tiny(workloads={"chat": {"shortfall_price_usd_per_mtok": 0.1}})
    return frontier(inst, "shortfall", 3).save(tmp_path_factory.mktemp("weighed") / "out")


def test_alternatives_have_a_page(choices: Path, tmp_path: Path) -> None:
    told = contents_of(choices)
    assert [one.key for one in told.sections] == ["choices", "where", "built", "diversity"]
    table = pd.read_parquet(choices / "alternatives.parquet")
    assert told.figures["plans"].table["cost_musd"].tolist() == table["cost_musd"].tolist()
    built = told.figures["built"].table
    for name in table["plan"]:
        power = pd.read_parquet(choices / "plans" / name / "tables" / "power.parquet")
        assert built.loc[built["plan"] == name, "it_mw"].sum() == pytest.approx(
            power["it_mw"].sum()
        )
    text = report(choices).read_text("utf-8")
    assert not any(name in text for name in (HOSTILE[0], HOSTILE[1], HOSTILE[4]))
    book = openpyxl.load_workbook(export_contents(told, tmp_path / "choices.xlsx"))
    assert book.sheetnames == ["cover", *told.figures]


def test_the_page_of_alternatives_says_what_is_proven(tmp_path: Path) -> None:
    # Two units in Oslo cost 80, and a hall in Nairobi 20 more: within 10 % there is nothing else.
    inst = twins(demand=demands(("norway", "public", 2027, 20)))
    folder = alternatives(inst, within=0.1, differ=1).save(tmp_path / "one")
    said = "no plan within this cost does without oslo; no plan within this cost orders units for "
    assert f"Proven: {said}nairobi." in contents_of(folder).sections[0].lead
    # With differ 2 other plans could choose one of them; that was not asked.
    folder = alternatives(inst, within=0.1, differ=2).save(tmp_path / "two")
    assert lines_of_proof(folder) == [
        "Other plans within this cost may decide otherwise: nothing is proven of sites."
    ]
    # Of one site it is known, of the other not.
    sites = pd.read_parquet(folder / "sites.parquet")
    sites["proven"] = sites["site"] == "oslo"
    sites.to_parquet(folder / "sites.parquet")
    assert lines_of_proof(folder) == [
        "Proven: no plan within this cost does without oslo.",
        "Other plans within this cost may decide otherwise on nairobi: not proven.",
    ]


def lines_of_proof(folder: Path) -> list[str]:
    lead = contents_of(folder).sections[0].lead
    return [line for line in lead if "proven" in line.casefold()]


def test_a_frontier_has_a_page(weighed: Path) -> None:
    told = contents_of(weighed)
    shown = told.figures["frontier"]
    assert shown.title == "Cost against shortfall"
    assert shown.table.equals(pd.read_parquet(weighed / "frontier.parquet"))
    assert shown.chart is not None


def test_the_page_of_a_replay_names_dates_and_regret(tmp_path: Path) -> None:
    folder = tmp_path / "replay"
    for name in ("0", "hindsight"):
        solve(tiny()).save(folder / "plans" / name)
    step = {"date": "2027-01-01", "known": "all", "status": "optimal", "cost_musd": 200.0}
    told = {
        "name": "replayed",
        "steps": [step],
        "realised_musd": 200.0,
        "hindsight_musd": 190.0,
        "regret_musd": [10.0, 10.0],
        "unmoved_musd": None,
        "unmoved_note": "2 units do not fit",
    }
    (folder / "replay.json").write_text(json.dumps(told), "utf-8")
    contents = contents_of(folder)
    assert {fact.what: fact.value for fact in contents.sections[0].facts} == {
        "realised": "200 MUSD",
        "hindsight": "190 MUSD",
        "regret": "10.0 MUSD",
    }
    assert contents.sections[0].lead == [
        "The first plan could not have been kept: 2 units do not fit"
    ]
    assert set(contents.figures["built"].table["plan"]) == {"2027-01-01", "hindsight"}


def test_what_a_replan_explains_stands_in_the_page(tmp_path: Path) -> None:
    """The steps of the waterfall lead from the last cost to the new one: 10 + 4 − 1 = 13."""
    folder = solve(tiny()).save(tmp_path / "plan")
    rows = {"last plan": 10.0, "demand": 4.0, "power": -1.0, "new plan": 13.0}
    told = {
        "as_of": "2027-04-01",
        "before_musd": 10.0,
        "after_musd": 13.0,
        "notes": [],
        "waterfall": [{"step": step, "musd": musd} for step, musd in rows.items()],
        "causes": [{"input": HOSTILE[0], "change": "more", "effect_musd": 4.0}],
        "moves": [],
        "placed": [],
    }
    (folder / "replan").mkdir()
    (folder / "replan" / "replan.json").write_text(json.dumps(told), "utf-8")
    section = replanned.section(Reading.read(folder))
    assert section is not None
    ends = [(row["low"], row["high"]) for row in section.figures[0].data["steps"]]
    assert ends == [(10, 10), (10, 14), (14, 13), (13, 13)]
    assert [one.key for one in section.figures] == ["replan", "replan-causes"]
    solve(tiny()).save(folder)
    assert replanned.section(Reading.read(folder)) is None


def test_the_certificate_says_what_proved_the_bound(tmp_path: Path) -> None:
    """Alike for a plan that was just made and for its folder, but for the hashes of its files."""
    plan = solve(tiny())
    made, kept = Reading.of(plan), Reading.read(plan.save(tmp_path / "plan"))
    pairs = dict(certificate.section(made).pairs)
    assert pairs == dict(certificate.section(kept).pairs)
    assert pairs["second opinions"].startswith("not asked")
    assert "duals" in pairs["proven again without a solver"]
    keys = [one.key for one in certificate.section(kept).figures]
    assert keys == ["deviations", "files"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("frontier.parquet", b"PAR1", "cannot be read"),
        ("alternatives.parquet", b"rubbish", "cannot be read"),
        ("replay.json", b"[]", "does not say"),
        ("replay.json", b"{", "cannot be read"),
    ],
)
def test_broken_folders_are_refused_in_words(
    tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(PlanError, match=words):
        report(tmp_path)
    assert not (tmp_path / "report.html").exists()


def test_a_scenario_of_what_has_none_is_refused(weighed: Path) -> None:
    with pytest.raises(PlanError, match="no plan with scenarios"):
        report(weighed, scenario="boom")


def test_their_pages_have_no_error_and_no_serious_finding(
    browser: Any, choices: Path, weighed: Path, study: Path, tmp_path: Path
) -> None:
    """Also the page of a study, and of an answer without a plan."""
    axe = pytest.importorskip("axe_core_python.selenium").Axe()
    firm = {"chat": {"shortfall_price_usd_per_mtok": None}}
    nothing = solve(tiny(sites={"oslo": {"grid_mw": 5}}, workloads=firm))
    pages = [*map(report, (choices, weighed, study)), report(nothing, tmp_path / "none.html")]
    over = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    for page in pages:
        look(browser, page, 360, "dark")
        assert errors(browser) == []
        assert requests(browser) == []
        assert browser.execute_script(over) <= 0
        found = [
            (page.parent.name, one["id"], one["nodes"][0]["html"][:200])
            for one in axe.run(browser)["violations"]
            if one["impact"] in ("serious", "critical")
        ]
        assert found == []


def test_their_figures_equal_the_tables(browser: Any, choices: Path) -> None:
    look(browser, report(choices))
    table = pd.read_parquet(choices / "alternatives.parquet")
    for row, musd in zip(shown(browser, "plans"), table["cost_musd"], strict=True):
        assert float(row[1].replace(",", "")) == pytest.approx(musd, abs=0.05 + 1e-9)


def rented_plan() -> Plan:
    """Power for two units of five: 20 Mtok/s are made, the rest is rented in Copenhagen."""
    offer = {
        "operator": "fjord",
        "jurisdiction": "NO",
        "lat": 55.7,
        "lon": 12.6,
        "price_usd_per_mtok": 1,
        "most_mtok_s": 100,
    }
    return solve(tiny(sites={"oslo": {"grid_mw": 5}}, rentals={"burst": offer}))


def test_rented_tokens_are_arcs_of_the_map(browser: Any, tmp_path: Path) -> None:
    """One arc from the site, one from the offer, and a square where the offer is."""
    look(browser, report(rented_plan(), tmp_path / "page.html"))
    browser.execute_script(
        "const s = document.querySelectorAll('[data-view=map] select')[1]; s.value = 'all';"
        "s.dispatchEvent(new Event('change'))"
    )
    count = "return document.querySelectorAll('.map .{}_marks path').length"
    assert browser.execute_script(count.format("arcs")) == 2
    assert browser.execute_script(count.format("offers")) == 1
    rows = shown(browser, "rented-routes")
    assert [row[:3] for row in rows] == [["norway", "burst", "2027"]]
    assert float(rows[0][3]) == pytest.approx(30)
