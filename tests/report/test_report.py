"""The report without a browser: what it holds, where it goes, its size and its time."""

import json
import re
import time
from dataclasses import replace
from pathlib import Path

import pytest

from optimizer import Plan, PlanError, read_instance, read_plan, report, solve
from optimizer.report.contents import SECTIONS, figures, sections
from optimizer.report.page import harmless_json
from optimizer.report.reading import Reading
from optimizer.report.sections.efficiency import energy_mwh, made_mtok
from tests.report.conftest import HOSTILE, REPO
from tests.small import tiny

MB = 1e6


def small(name: str) -> Plan:
    inst = read_instance(REPO / "instances" / name / "instance.yaml")
    return solve(inst, gap=0.05, time_limit=60, threads=1)


def keys(plan: Plan) -> set[str]:
    return set(figures(Reading.of(plan)))


def test_size_and_time(southgate: Path, tmp_path: Path) -> None:
    began = time.monotonic()
    file = report(southgate, tmp_path / "page.html")
    assert time.monotonic() - began < 5
    assert file.stat().st_size < 3 * MB


def test_nothing_is_fetched(southgate: Path) -> None:
    """No element names an address outside; the policy allows no script but the page's own."""
    text = report(southgate).read_text("utf-8")
    body = re.sub(r"<script.*?</script>", "", text, flags=re.S)
    assert not re.search(r"(?:src|href)\s*=\s*(?!\"#)", body)
    assert not re.search(r"url\(|@import", body)
    assert "default-src 'none'" in text


def test_sections_stand_in_a_planners_order(southgate: Path) -> None:
    found = [one.key for one in sections(Reading.of(read_plan(southgate)))]
    assert found == [
        "headline",
        "world",
        "timeline",
        "power",
        "demand",
        "sovereignty",
        "token-cost",
        "money",
        "efficiency",
        "limits",
        "assumptions",
        "certificate",
    ]


def test_a_section_is_one_function() -> None:
    assert all(one.__name__ == "section" for one in SECTIONS)
    homes = [one.__module__ for one in SECTIONS]
    assert len(set(homes)) == len(homes)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("credit", {"debt"}),
        ("brownfield", {"conversions"}),
        ("refresh", {"retirements", "timeline"}),
        ("grid-upgrade", {"grid-upgrades"}),
        ("slices", {"slices"}),
    ],
)
def test_what_an_instance_uses_has_its_figure(name: str, shown: set[str]) -> None:
    unused = {"debt", "conversions", "retirements", "grid-upgrades", "slices"} - shown
    found = keys(small(name))
    assert shown <= found
    assert not unused & found


def test_tables_that_no_section_knows_are_shown(southgate: Path) -> None:
    plan = read_plan(southgate)
    tables = {**plan.tables, "contingencies": plan.table("openings").assign(extra_mw=1.5)}
    if tables["contingencies"].empty:
        tables["contingencies"] = plan.table("orders")
    assert "contingencies" in keys(replace(plan, tables=tables, instance=plan.instance))


def test_tokens_and_energy_by_unit_add_up(southgate: Path) -> None:
    plan = read_plan(southgate)
    seen = Reading.of(plan)
    assert sum(energy_mwh(seen).values()) / 1e3 == pytest.approx(plan.kpis["energy_gwh"], rel=1e-9)
    made = plan.kpis["served_ttok"] - plan.kpis["rented_ttok"]
    assert sum(made_mtok(seen).values()) / 1e6 == pytest.approx(made, rel=1e-6)


def test_the_cooling_saving_is_told_once() -> None:
    """One unit of 2 MW at PUE 1.25 instead of 1.5: 1.5 / 1.25 − 1 = 20 % of its energy is saved."""
    plan = solve(tiny(sites={"oslo": {"pue": {"liquid": 1.25, "air": 1.5}}}))
    lead = [line for one in sections(Reading.of(plan)) for line in one.lead]
    said = [line for line in lead if line.startswith("Liquid cooling saves")]
    assert len(said) == 1
    drawn = plan.kpis["energy_gwh"]
    assert f" {0.2 * drawn:.1f} GWh" in said[0]
    assert "16.7 %" in said[0]  # 0.2 / 1.2 of what air would draw


def test_power_that_stands_unused_is_that_of_the_key_figure(southgate: Path) -> None:
    plan = read_plan(southgate)
    table = figures(Reading.of(plan))["power"].table
    last = table[table["place"] == "all open sites"].iloc[-1]
    assert last["stranded_mw"] == pytest.approx(plan.kpis["stranded_mw_end"])


def test_an_answer_without_a_plan_has_a_report(tmp_path: Path) -> None:
    inst = tiny(
        sites={"oslo": {"grid_mw": 5}}, workloads={"chat": {"shortfall_price_usd_per_mtok": None}}
    )
    text = report(solve(inst), tmp_path / "none.html").read_text("utf-8")
    assert "No plan satisfies all limits of the instance." in text
    assert "Certificate" in text


def test_a_plan_without_its_instance_is_refused_in_words(southgate: Path, tmp_path: Path) -> None:
    plan = replace(read_plan(southgate), instance=None)
    with pytest.raises(PlanError, match="needs the instance"):
        report(plan, tmp_path / "page.html")


def test_other_files_are_not_overwritten(hostile: Plan, tmp_path: Path) -> None:
    file = tmp_path / "mine.html"
    file.write_text("my own page")
    with pytest.raises(PlanError, match="is no report"):
        report(hostile, file)
    assert file.read_text() == "my own page"
    report(hostile, file, force=True)
    report(hostile, file)  # a report may be replaced


def test_a_plan_in_no_folder_needs_a_file(hostile: Plan) -> None:
    with pytest.raises(PlanError, match="name the file"):
        report(hostile)


def test_an_older_report_does_not_outlive_its_plan(hostile: Plan, tmp_path: Path) -> None:
    folder = hostile.save(tmp_path / "plan")
    file = report(folder)
    assert file == folder / "report.html"
    hostile.save(folder)
    assert not file.exists()


def test_names_stand_escaped_in_the_source(hostile: Plan, tmp_path: Path) -> None:
    text = report(hostile, tmp_path / "page.html").read_text("utf-8")
    for name in (HOSTILE[0], HOSTILE[1], HOSTILE[4]):
        assert name not in text


def test_json_in_a_script_element_ends_nothing() -> None:
    text = harmless_json({"name": "</script><!--\u2028&"})
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == {"name": "</script><!--\u2028&"}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_largest_instance_stays_small(tmp_path: Path) -> None:
    inst = read_instance(REPO / "instances" / "six-continents" / "instance.yaml")
    plan = solve(inst, gap=0.1, time_limit=300)
    began = time.monotonic()
    file = report(plan, tmp_path / "page.html")
    assert time.monotonic() - began < 5
    assert file.stat().st_size < 12 * MB
