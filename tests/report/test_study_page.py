"""The page of a study in a real browser: cases, two of them side by side, the tornado."""

import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from optimizer import report
from optimizer.report.study_contents import study_sections
from optimizer.study.results import results_table
from optimizer.values.table import COLUMNS
from tests.report.conftest import look
from tests.report.test_page import errors, requests, shown

pytestmark = pytest.mark.timeout(600)


def test_the_parts_of_a_study(study: Path) -> None:
    name, found = study_sections(study)
    assert name == "<b>trial</b>"
    keys = {figure.key for one in found for figure in one.figures}
    assert {"robust-sites", "tornado", "cases", "waterfall", "counts"} <= keys
    assert "<b>" not in report(study).read_text("utf-8").split("<style>")[0]


@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_of_a_study(browser: Any, study: Path, width: int) -> None:
    look(browser, report(study), width)
    assert errors(browser) == []
    assert requests(browser) == []
    over = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert browser.execute_script(over) <= 0
    cases = results_table(study, "cases")
    rows = shown(browser, "cases")
    assert [row[0] for row in rows] == cases["case"].tolist()
    for row, musd in zip(rows, cases["objective_musd"], strict=True):
        assert float(row[3].replace(",", "")) == pytest.approx(musd, abs=0.05 + 1e-9)


def test_cases_can_be_filtered(browser: Any, study: Path) -> None:
    look(browser, report(study))
    browser.execute_script(
        "const t = document.querySelector('#figure-cases .tools'); if (t.querySelector('input')) {"
        "t.querySelector('input').value = 'tornado';"
        "t.querySelector('input').dispatchEvent(new Event('input')) }"
    )
    rows = browser.execute_script(
        "return [...document.querySelectorAll('#figure-cases tbody tr')].map(r => r.textContent)"
    )
    assert rows
    assert all("tornado" in row for row in rows)


def test_any_two_cases_stand_side_by_side(browser: Any, study: Path) -> None:
    """The steps of the waterfall add up to the difference of the two costs."""
    look(browser, report(study))
    browser.execute_script(
        "const s = document.querySelectorAll('#figure-waterfall .steer select');"
        "s[0].value = 'more'; s[1].value = 'less-power';"
        "s[0].dispatchEvent(new Event('change'))"
    )
    text = browser.execute_script(
        "return document.querySelector('#figure-waterfall .scroll').textContent"
    )
    assert "more" in text
    assert "less-power" in text
    cost = results_table(study, "cases").set_index("case")["objective_musd"]
    told = browser.execute_script(
        "return [...document.querySelectorAll('#figure-waterfall .scroll tbody tr')[0].cells]"
        ".map(c => c.textContent)"
    )
    assert told[0] == "cost, MUSD"
    shown_costs = [float(one.replace(",", "")) for one in told[1:3]]
    assert shown_costs == pytest.approx([cost["more"], cost["less-power"]], rel=5e-4)


def test_values_stand_in_the_page_of_their_study(study: Path, tmp_path: Path) -> None:
    """One lever saves 12 MUSD for sure, of the other the gaps leave open whether it does."""
    folder = tmp_path / "values"
    shutil.copytree(study, folder)
    row = dict.fromkeys(COLUMNS, "") | {n: 0.0 for n, kind in COLUMNS.items() if kind != "str"}
    sure = {"lever": "site power oslo: 10 MW more", "change_musd": -12.0}
    sure |= {"change_low_musd": -13.0, "change_high_musd": -11.0}
    open_ = {"lever": "budget", "change_musd": -1.0}
    open_ |= {"change_low_musd": -3.0, "change_high_musd": 2.0}
    pd.DataFrame([row | sure, row | open_]).to_parquet(folder / "values.parquet")
    found = {one.key: one for one in study_sections(folder)[1]}["values"]
    assert found.lead[1].startswith("1 of 2 cannot be told from nothing")
    assert found.figures[0].table["change_musd"].tolist() == [-12.0, -1.0]
    assert "values" not in {one.key for one in study_sections(study)[1]}
