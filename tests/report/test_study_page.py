"""The page of a study in a real browser: cases, two of them side by side, the tornado."""

from pathlib import Path
from typing import Any

import pytest

from optimizer import report
from optimizer.report.study_contents import study_sections
from optimizer.study.results import results_table
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
