"""Plans to report, and a real Chromium that is cut off from the network."""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from models.instance import Instance
from optimizer import Plan, read_instance, run_study, solve
from tests.small import twins

REPO = Path(__file__).parents[2]

HOSTILE = (
    "<script>document.title='run'</script>",
    '"><img src=x onerror="document.title=\'run\'">',
    "=cmd|' /C calc'!A0",
    "\u202edrow terces\u202c שלום",
    "</script></style><b>" + "x" * 280,
)
"""Names that would be run, break out of their place, turn the text round or fill the page."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def southgate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a plan of southgate."""
    inst = read_instance(REPO / "instances" / "southgate" / "instance.yaml")
    plan = solve(inst, gap=0.05, time_limit=120, threads=1)
    return plan.save(tmp_path_factory.mktemp("plans") / "southgate")


def hostile_instance() -> Instance:
    """Two sites, an operator and a region that are called as no one would call them."""
    return twins(
        name=HOSTILE[0],
        description=HOSTILE[1],
        operators={"fjord": {"name": HOSTILE[1]}, "savanna": {"name": HOSTILE[3]}},
        sites={"oslo": {"name": HOSTILE[0]}, "nairobi": {"name": HOSTILE[4], "source": HOSTILE[2]}},
        regions={"norway": {"name": HOSTILE[3], "source": HOSTILE[2]}},
        workloads={"chat": {"name": HOSTILE[2]}},
    )


STUDY = """
name: "<b>trial</b>"
instance: INSTANCE
solve: {gap: 0}
cases:
  more: {changes: {demand.scale: 1.4}}
  less-power: {changes: {sites.oslo.grid_mw.scale: 0.4}}
tornado:
  demand.scale: [0.5, 1.5]
sweep:
  demand.scale: [0.6, 0.7, 0.8, 0.9, 1.1, 1.2]
"""


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished study of a tiny instance, with cases of strange names."""
    place = tmp_path_factory.mktemp("studies")
    base = REPO / "instances" / "tiny" / "instance.yaml"
    (place / "study.yaml").write_text(STUDY.replace("INSTANCE", str(base)), "utf-8")
    list(run_study(place / "study.yaml", out=place / "out"))
    return place / "out"


@pytest.fixture(scope="session")
def hostile() -> Plan:
    return solve(hostile_instance())


def _installed() -> tuple[str, str] | None:
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    driver = shutil.which("chromedriver")
    return (browser, driver) if browser and driver else None


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A headless Chromium; skips where it, or Selenium, is not installed."""
    found = _installed()
    if os.environ.get("BUILDPLAN_NEEDS_BROWSER") == "1":
        assert found, "Chromium or chromedriver is missing"
        from selenium import webdriver as selenium
    else:
        selenium = pytest.importorskip("selenium.webdriver")
    if found is None:
        pytest.skip("Chromium and chromedriver are not installed: pages are NOT tested")
    from selenium.webdriver.chrome.service import Service

    downloads = tmp_path_factory.mktemp("downloads")
    options = selenium.ChromeOptions()
    options.binary_location = found[0]
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--window-size=1280,900",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = selenium.Chrome(options=options, service=Service(found[1]))
    driver.set_script_timeout(90)
    allow = {"behavior": "allow", "downloadPath": str(downloads)}
    driver.execute_cdp_cmd("Browser.setDownloadBehavior", allow)
    driver.execute_cdp_cmd("Network.enable", {})
    cut = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
    driver.execute_cdp_cmd("Network.emulateNetworkConditions", cut)
    driver.downloads = downloads
    yield driver
    driver.quit()


def look(driver: Any, file: Path, width: int = 1280, scheme: str = "light") -> Any:
    """Open a page at a width and wait until all of it is drawn."""
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    for kind in ("browser", "performance"):
        driver.get_log(kind)
    driver.get(file.as_uri())
    wait_for(driver, "return document.documentElement.dataset.ready === 'all'")
    return driver


def wait_for(driver: Any, script: str, seconds: float = 60) -> None:
    """Wait until a script says true."""
    end = time.monotonic() + seconds
    while not driver.execute_script(script):
        assert time.monotonic() < end, f"waited in vain for: {script}"
        time.sleep(0.05)
