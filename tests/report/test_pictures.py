"""Pictures without a browser, figures for notebooks, and Excel files."""

import csv
import json
from pathlib import Path

import openpyxl
import pytest

from optimizer import Plan, PlanError, read_plan
from optimizer.report.charts.style import OTHER, PALETTE, WARN
from optimizer.report.charts.world import window
from optimizer.report.contents import figures
from optimizer.report.pictures import save_pictures
from optimizer.report.reading import Reading
from optimizer.report.workbook import export_plan
from tests.report.conftest import HOSTILE
from tests.report.sight import difference, seen_with


@pytest.fixture(scope="module")
def plan(southgate: Path) -> Plan:
    return read_plan(southgate)


def test_every_chart_is_a_picture(plan: Plan, tmp_path: Path) -> None:
    pytest.importorskip("vl_convert")
    shapes = figures(Reading.of(plan))
    drawn = {key: one for key, one in shapes.items() if one.chart is not None}
    png = save_pictures(drawn, tmp_path / "png", "png")
    svg = save_pictures(drawn, tmp_path / "svg", "svg")
    assert {file.stem for file in png} == {file.stem for file in svg} == set(drawn)
    assert all(file.read_bytes().startswith(b"\x89PNG") for file in png)
    assert all(b"<svg" in file.read_bytes()[:200] for file in svg)
    assert b"ID-BTM" in (tmp_path / "svg" / "timeline.svg").read_bytes()


def test_names_are_text_in_pictures(hostile: Plan, tmp_path: Path) -> None:
    pytest.importorskip("vl_convert")
    shapes = figures(Reading.of(hostile))
    for file in save_pictures(shapes, tmp_path, "svg"):
        text = file.read_text("utf-8")
        assert "<script" not in text
        assert "<img" not in text


def test_plot_gives_altair_figures(plan: Plan) -> None:
    altair = pytest.importorskip("altair")
    assert {"timeline", "map", "power", "limits", "cost_by_term"} <= set(dir(plan.plot))
    for name in dir(plan.plot):
        chart = getattr(plan.plot, name)()
        assert isinstance(chart, altair.TopLevelMixin)
        assert chart.to_dict()["datasets"]
    one = json.dumps(plan.plot.power("ID-BTM").to_dict()["datasets"]["table"])
    assert "ID-BTM" in one
    assert "AU-TAS-LST" not in one


def test_a_wrong_name_is_answered_with_the_right_ones(plan: Plan) -> None:
    with pytest.raises(AttributeError, match="Did you mean 'timeline'"):
        plan.plot.timelin()
    with pytest.raises(PlanError, match="'nowhere' is not in 'power'"):
        plan.plot.power("nowhere")


def test_excel_has_a_cover_and_a_sheet_for_each_table(plan: Plan, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(export_plan(plan, tmp_path / "plan.xlsx"))
    assert book.sheetnames == ["plan", *plan.tables]
    cover = {row[0].value: row[1].value for row in book["plan"].iter_rows(max_col=2)}
    assert cover["cost, MUSD"] == pytest.approx(plan.objective_musd)
    rows = list(book["power"].iter_rows(values_only=True))
    assert list(rows[0]) == list(plan.tables["power"].columns)
    assert [row[2] for row in rows[1:]] == pytest.approx(plan.tables["power"]["it_mw"].tolist())
    with pytest.raises(PlanError, match="is there already"):
        export_plan(plan, tmp_path / "plan.xlsx")


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_is_a_formula(hostile: Plan, tmp_path: Path, name: str) -> None:
    """Names that a table could hold are text in Excel and disarmed in CSV."""
    from dataclasses import replace

    orders = hostile.table("orders").assign(site=name)
    plan = replace(hostile, name=name, tables={**hostile.tables, "orders": orders})
    book = openpyxl.load_workbook(export_plan(plan, tmp_path / "plan.xlsx"))
    assert book["plan"]["B1"].data_type == "s"
    assert book["orders"]["A2"].data_type == "s"
    assert book["orders"]["A2"].value == name
    folder = plan.save(tmp_path / "plan")
    with (folder / "tables" / "orders.csv").open(encoding="utf-8", newline="") as stream:
        told = next(csv.DictReader(stream))["site"]
    assert told == (f"'{name}" if name.startswith("=") else name)


@pytest.mark.parametrize("blindness", ["none", "protan", "deutan", "tritan"])
def test_colours_are_told_apart(blindness: str) -> None:
    """Any two colours of categories differ by clearly more than the eye needs, however it sees."""
    inks = [seen_with(ink, blindness) for ink in (*PALETTE, OTHER)]
    least = min(difference(a, b) for i, a in enumerate(inks) for b in inks[:i])
    assert least > 15
    short = seen_with(WARN, blindness)
    beside = [seen_with(ink, blindness) for ink in (*PALETTE[:3], OTHER)]
    assert min(difference(short, ink) for ink in beside) > 15


def test_the_map_turns_to_what_it_shows() -> None:
    """Places on both sides of the antimeridian stand side by side; the world is shown whole."""
    fiji, samoa, tonga = (178.4, -18.1), (-171.8, -13.8), (-175.2, -21.1)
    lon, lat, zoom = window([fiji, samoa, tonga])
    assert abs(lon) == pytest.approx(176.7, abs=0.2)
    assert lat == pytest.approx(-17.45)
    assert zoom > 5
    assert window([(-100, 40), (10, 50), (140, 35)])[2] == pytest.approx(1.1)
    assert window([(10.8, 59.9)])[2] == 7.0
