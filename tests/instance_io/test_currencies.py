"""Amounts with currencies in files: read from YAML and CSV, and refused where they stand."""

from pathlib import Path

import pytest

from models.problems import InstanceError
from optimizer.instance_io import read_instance

BASE = (Path(__file__).parents[1] / "broken" / "base.yaml").read_text(encoding="utf-8")
EUR = BASE.replace("discount_rate_per_year: 0.08", "price_year: 2026") + (
    "currencies: {EUR: {rate: 1.1, inflation_per_year: 0.02}}\n"
)
UNITS = """unit_type,generation,cooling,it_mw,capex_musd,life_years,available_from
gen1,g1,air,0.5,12 EUR 2024,5,2025-01
gen2,g2,liquid,1.0,{gen2},6,2027-01
"""


def written(folder: Path, gen2: str = "33", yaml: str = EUR) -> Path:
    """An instance whose unit types stand in a CSV table."""
    before, after = yaml.index("unit_types:\n"), yaml.index("throughput:\n")
    text = f"{yaml[:before]}unit_types: units.csv\n{yaml[after:]}"
    (folder / "units.csv").write_text(UNITS.format(gen2=gen2), encoding="utf-8")
    (folder / "instance.yaml").write_text(text, encoding="utf-8")
    return folder / "instance.yaml"


def refusal(file: Path) -> list[str]:
    with pytest.raises(InstanceError) as caught:
        read_instance(file)
    return [
        f"{Path(one.file).name}:{one.line}:{one.column} {'.'.join(map(str, one.path))}: "
        f"{one.message}"
        for one in caught.value.problems
    ]


def test_amounts_in_csv_tables(tmp_path: Path) -> None:
    inst = read_instance(written(tmp_path))
    assert inst.unit_types["gen1"].capex_musd == pytest.approx(12 * 1.02**2 * 1.1)
    assert inst.unit_types["gen2"].capex_musd == 33


def test_an_unknown_currency_is_refused_in_its_cell(tmp_path: Path) -> None:
    assert refusal(written(tmp_path, "30 EUX")) == [
        "units.csv:3:20 unit_types.gen2.capex_musd: no currency is called 'EUX'; known: EUR. "
        "Did you mean 'EUR'?"
    ]


def test_other_mistakes_are_told_beside_amounts(tmp_path: Path) -> None:
    """A record with a good amount is as good as any when others are judged."""
    yaml = EUR.replace("operator: savanna", "operator: savana")
    found = refusal(written(tmp_path, "30 EUX", yaml))
    assert len(found) == 2
    assert any("Did you mean 'savanna'?" in one for one in found)


def test_a_faulty_currency_is_told_once(tmp_path: Path) -> None:
    found = refusal(written(tmp_path, yaml=EUR.replace("rate: 1.1", "rate: -1")))
    assert len(found) == 1
    assert "currencies.EUR.rate: must be more than 0, but is -1" in found[0]


def test_payments_in_csv_tables(tmp_path: Path) -> None:
    file = written(tmp_path)
    table = (tmp_path / "units.csv").read_text(encoding="utf-8").splitlines()
    ends = (",payments.0,payments.12", ",0.3,0.7", ",,1")
    lines = [line + end for line, end in zip(table, ends, strict=True)]
    (tmp_path / "units.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    inst = read_instance(file)
    assert inst.unit_types["gen1"].payments == {0: 0.3, 12: 0.7}
    assert inst.unit_types["gen2"].payments == {12: 1.0}

    lines = [
        line + end for line, end in zip(table, (",payments", ",0: 0.5; 6: 0.5", ","), strict=True)
    ]
    (tmp_path / "units.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    inst = read_instance(file)
    assert inst.unit_types["gen1"].payments == {0: 0.5, 6: 0.5}
    assert inst.unit_types["gen2"].payments == {0: 1.0}
    changed = inst.with_changes({"unit_types.gen1.payments": {0: 1}})
    assert changed.unit_types["gen1"].payments == {0: 1.0}
    shifted = inst.with_changes(
        {"unit_types.gen1.payments.6": 0.25, "unit_types.gen1.payments.add": {"9": 0.25}}
    )
    assert shifted.unit_types["gen1"].payments == {0: 0.5, 6: 0.25, 9: 0.25}
