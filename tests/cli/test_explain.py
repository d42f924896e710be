"""`buildplan explain` on the command line: text, JSON, prices, exit codes."""

import json
import subprocess
from collections.abc import Callable

from click.testing import Result

from tests.cli.conftest import SMALL

Run = Callable[..., Result]

FIRM = ("--set", "workloads.chat.shortfall_price_usd_per_mtok.remove=true")


def test_the_conflict_is_told_with_lines_and_repairs_as_options(run: Run) -> None:
    told = run("explain", SMALL, *FIRM)

    assert told.exit_code == 0
    assert "which limits cannot hold together" in told.stderr
    assert run("explain", SMALL, *FIRM, "--quiet").stderr == ""
    told_of = " ".join(told.stdout.split())
    assert (
        "norway/chat/public: 50.0 Mtok/s in 2027; lawful sites could make at most 40.0" in told_of
    )
    assert "40.0 Mtok/s, with nothing else to do (oslo 40.0)" in told_of
    assert f"sites.oslo.grid_mw  ({SMALL}:15)" in told.stdout
    assert "--set sites.oslo.grid_mw=12.5" in told.stdout
    assert max(map(len, told.stdout.splitlines())) <= 100


def test_as_json_each_repair_comes_with_its_changes(run: Run) -> None:
    told = run("explain", SMALL, *FIRM, "--json", "--repairs", "1")

    content = json.loads(told.stdout)
    assert told.exit_code == 0
    assert content["status"] == "infeasible"
    assert content["minimal"]
    assert {one["path"] for one in content["conflict"]} == {
        "sites.oslo.grid_mw",
        "demand.norway.chat.public.2027-01-01",
    }
    assert [one["changes"] for one in content["repairs"]] == [{"sites.oslo.grid_mw": 12.5}]
    assert content["repairs"][0]["set"] == ["sites.oslo.grid_mw=12.5"]


def options_in(text: str) -> list[str]:
    """The options of the first repair that is told, as a shell reads them."""
    options = text[text.index("--set ") :].partition("\n`")[0]
    read = subprocess.run(
        ["sh", "-c", f"printf '%s\\n' {options}"], capture_output=True, text=True, check=True
    )
    return read.stdout.splitlines()


def test_a_repair_is_one_command_when_pasted_into_a_shell(run: Run) -> None:
    # Five units of 2.5 MW need 12.5 MW, and cost 200 MUSD and their halls.
    poor = ("--set", "budget.pools.add={poor: {grants: 199}}")
    told = run("explain", SMALL, *FIRM, *poor, "--repairs", "1").stdout
    said = run("solve", SMALL, *FIRM, *poor).stderr

    for text in (told, said):
        options = options_in(text)
        assert {one.partition("=")[0] for one in options} == {
            "--set",
            "sites.oslo.grid_mw",
            "budget.pools.poor.grants",
        }
        assert run("solve", SMALL, *FIRM, *poor, *options, "--quiet").exit_code == 0


def test_a_repair_may_set_again_what_was_set(run: Run) -> None:
    # 5 MW hold two units of 2.5 MW, and five are needed: 12.5 MW.
    small = ("--set", "sites.oslo.grid_mw=5")
    options = options_in(run("explain", SMALL, *FIRM, *small, "--repairs", "1").stdout)

    assert options == ["--set", "sites.oslo.grid_mw=12.5"]
    assert run("solve", SMALL, *FIRM, *small, *options, "--quiet").exit_code == 0


def test_prices_decide_what_comes_first(run: Run) -> None:
    dear = run("explain", SMALL, *FIRM, "--json", "--relax-price", "site_power=10000")

    first = json.loads(dear.stdout)["repairs"][0]
    assert first["changes"] == {"workloads.chat.shortfall_price_usd_per_mtok": 1000.0}


def test_an_instance_with_a_plan_ends_with_0_and_says_so(run: Run) -> None:
    told = run("explain", SMALL)

    assert told.exit_code == 0
    assert "there is a plan" in told.stdout
    assert json.loads(run("explain", SMALL, "--json").stdout)["status"] == "feasible"


def test_bad_options_end_with_2(run: Run) -> None:
    told = run("explain", SMALL, "--relax-price", "site_powr=1", "--relax-price", "quota=x")

    assert told.exit_code == 2
    assert "--relax-price: 2 problems" in told.stderr
    assert "site_power" in told.stderr
    assert "Traceback" not in told.stderr


def test_too_little_time_ends_with_4(run: Run) -> None:
    told = run("explain", SMALL, *FIRM, "--time-limit", "0.000001")

    assert told.exit_code == 4
    assert "not known in time" in told.stdout
