"""The page in a real browser: offline, without errors, steerable, readable, and true."""

import csv
import json
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from optimizer import Plan, read_plan, report
from tests.report.conftest import HOSTILE, look, wait_for

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def page(southgate: Path) -> Path:
    return report(southgate)


def errors(driver: Any) -> list[str]:
    return [entry["message"] for entry in driver.get_log("browser") if entry["level"] != "INFO"]


def requests(driver: Any) -> list[str]:
    """The addresses that were asked for, but for the page and what it holds itself."""
    found = []
    for entry in driver.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            found.append(message["params"]["request"]["url"])
    return [url for url in found if not url.startswith(("file:", "blob:", "data:"))]


def test_loads_offline_in_two_seconds_without_errors(browser: Any, page: Path) -> None:
    look(browser, page)
    assert errors(browser) == []
    assert requests(browser) == []
    interactive = browser.execute_script(
        "const t = performance.getEntriesByType('navigation')[0];"
        "return t.domContentLoadedEventEnd - t.startTime"
    )
    assert interactive < 2000
    charts = browser.execute_script(
        "return [...document.querySelectorAll('.chart')]"
        ".map(e => e.querySelectorAll('svg path').length)"
    )
    assert len(charts) >= 12
    assert min(charts) > 1


@pytest.mark.parametrize("width", [360, 768, 1280, 2200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_fits_every_width(browser: Any, page: Path, width: int, scheme: str) -> None:
    look(browser, page, width, scheme)
    over = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert browser.execute_script(over) <= 0
    wide = browser.execute_script(
        "return [...document.querySelectorAll('.chart svg')]"
        ".filter(e => e.getBoundingClientRect().right"
        " > e.closest('.chart').getBoundingClientRect().right + 1).length"
    )
    assert wide == 0
    assert errors(browser) == []


def test_the_slider_moves_the_map(browser: Any, page: Path) -> None:
    """The map of a period shows the sites that are open in it."""
    look(browser, page)
    power = read_plan(page.parent).table("power")
    periods = list(dict.fromkeys(read_plan(page.parent).table("limits")["period"]))[:-1]
    seen = []
    for at in (0, len(periods) - 1):
        browser.execute_script(
            "const e = document.querySelector('[data-view=map] input[type=range]');"
            "e.value = arguments[0]; e.dispatchEvent(new Event('input'))",
            str(at),
        )
        told = browser.execute_script(
            "const e = document.querySelector('.map'); return [e.dataset.period, +e.dataset.sites]"
        )
        assert told == [periods[at], int((power["period"] == periods[at]).sum())]
        seen.append(browser.execute_script("return document.querySelector('.map svg').innerHTML"))
    assert seen[0] != seen[1]


def test_routes_and_lawful_sites_are_drawn_on_demand(browser: Any, page: Path) -> None:
    look(browser, page)
    count = "return document.querySelectorAll('.map .arcs_marks path').length"
    pick = (
        "const s = document.querySelectorAll('[data-view=map] select')[1]; s.value = arguments[0];"
        "s.dispatchEvent(new Event('change'))"
    )
    assert browser.execute_script(count) == 0
    browser.execute_script(pick, "rAU-E")
    served = browser.execute_script(count)
    browser.execute_script(
        "document.querySelectorAll('[data-view=map] input[type=checkbox]')[1].click()"
    )
    lawful = browser.execute_script(count)
    assert 0 < served < lawful
    browser.execute_script(pick, "all")
    assert browser.execute_script(count) > served


def test_the_map_plays(browser: Any, page: Path) -> None:
    look(browser, page)
    button = browser.find_element("css selector", "[data-view=map] button")
    browser.execute_script("arguments[0].click()", button)
    first = browser.execute_script("return document.querySelector('.map').dataset.period")
    wait_for(browser, f"return document.querySelector('.map').dataset.period !== '{first}'")


def test_figures_equal_the_tables_to_the_digit_shown(browser: Any, page: Path) -> None:
    """What a table of the page shows is the plan's own figure, rounded to the digits shown."""
    look(browser, page)
    plan = read_plan(page.parent)
    wanted = plan.table("power").merge(
        plan.table("limits").query("limit == 'site_power'"),
        left_on=["site", "period"],
        right_on=["at", "period"],
    )
    rows = shown(browser, "power")
    checked = 0
    for row in wanted.to_dict("records"):
        told = next(r for r in rows if r[0] == row["site"] and r[1] == row["period"])
        for text, value in zip(
            told[3:], (row["limit_mw"], row["meter_mw"], row["slack"]), strict=True
        ):
            assert float(text.replace(",", "")) == pytest.approx(value, abs=0.05 + 1e-9)
            checked += 1
    assert checked == 3 * len(wanted) > 30
    terms = {row[0]: row[1] for row in shown(browser, "cost-by-term")}
    for term, musd in plan.costs_musd.items():
        if musd:
            text = terms[term.replace("_", " ")]
            assert float(text.replace(",", "")) == pytest.approx(musd, abs=0.05 + 1e-9)


def shown(driver: Any, key: str) -> list[list[str]]:
    """All rows of the table of a figure, as they are read."""
    driver.execute_script(
        "const f = document.getElementById('figure-' + arguments[0]);"
        "const d = f.querySelector('details'); if (d) d.open = true;",
        key,
    )
    wait_for(driver, f"return document.querySelector('#figure-{key} tbody tr') !== null")
    return driver.execute_script(
        "const f = document.getElementById('figure-' + arguments[0]);"
        "const all = [...f.querySelectorAll('.tools button')]"
        ".find(b => b.textContent === 'Show all');"
        "if (!all.hidden) all.click();"
        "return [...f.querySelectorAll('tbody tr')].map(r => [...r.cells].map(c => c.textContent))",
        key,
    )


def download(driver: Any, key: str) -> list[list[str]]:
    """The CSV file of a figure."""
    shown(driver, key)
    file = Path(driver.downloads) / f"{key}.csv"
    file.unlink(missing_ok=True)
    driver.execute_script(
        "document.querySelector(`[data-csv='${arguments[0]}']`).click()",
        key,
    )
    end = time.monotonic() + 20
    while not (file.exists() and file.stat().st_size):
        assert time.monotonic() < end, "nothing was downloaded"
        time.sleep(0.05)
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


def test_a_table_downloads_as_csv(browser: Any, page: Path) -> None:
    look(browser, page)
    head, *rows = download(browser, "map")
    assert head[:4] == ["site", "name", "operator", "period"]
    power = read_plan(page.parent).table("power")
    assert len(rows) == len(power)
    told = pd.Series([float(row[head.index("in_service_mw")]) for row in rows])
    assert told.to_numpy() == pytest.approx(power["meter_mw"].to_numpy(), rel=1e-8)


def test_hostile_names_are_text(browser: Any, hostile: Plan, tmp_path: Path) -> None:
    """Nothing runs, nothing breaks out, and the names can be read; a formula is disarmed in CSV."""
    look(browser, report(hostile, tmp_path / "hostile.html"), 360)
    assert errors(browser) == []
    assert browser.execute_script("return document.querySelector('h1').textContent") == HOSTILE[0]
    assert "run" not in browser.title.split("–")[-1]
    assert browser.execute_script("return document.querySelectorAll('img').length") == 0
    assert (
        browser.execute_script(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        <= 0
    )
    names = {row[1] for row in shown(browser, "map")}
    assert names <= set(HOSTILE)
    assert names
    options = browser.execute_script(
        "return [...document.querySelectorAll('[data-view=map] option')].map(o => o.textContent)"
    )
    assert f"to {HOSTILE[3]}" in options
    assert any(HOSTILE[4] in option for option in options)
    head, *rows = download(browser, "workloads")
    assert rows[0][head.index("name")] == f"'{HOSTILE[2]}"


def test_no_serious_finding_of_axe(browser: Any, page: Path) -> None:
    axe = pytest.importorskip("axe_core_python.selenium").Axe()
    for scheme in ("light", "dark"):
        look(browser, page, 1280, scheme)
        shown(browser, "power")
        found = [
            (one["id"], one["impact"], one["nodes"][0]["html"][:200])
            for one in axe.run(browser)["violations"]
            if one["impact"] in ("serious", "critical")
        ]
        assert found == []


def test_the_keyboard_reaches_everything(browser: Any, page: Path) -> None:
    """Tab goes over links, slider, choices and tables; arrow keys move the slider."""
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    look(browser, page)
    slider = browser.find_element("css selector", "[data-view=map] input[type=range]")
    before = slider.get_attribute("value")
    slider.send_keys(Keys.ARROW_LEFT)
    assert int(slider.get_attribute("value")) == int(before) - 1
    reached = set()
    for _ in range(60):
        ActionChains(browser).send_keys(Keys.TAB).perform()
        reached.add(browser.switch_to.active_element.tag_name)
    assert {"a", "input", "select", "button", "summary"} <= reached
