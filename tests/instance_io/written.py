"""Instances written to files for the tests of the reader."""

from pathlib import Path

from models.problems import InstanceError, Problem
from optimizer.instance_io import read_instance

BASE = (Path(__file__).parents[1] / "broken" / "base.yaml").read_text(encoding="utf-8")
SITES = BASE[BASE.index("sites:\n  oslo") : BASE.index("unit_types:\n")]
CSV = (
    "site,operator,jurisdiction,lat,lon,network_zone,grid_mw,pue.air,pue.liquid,opened,"
    "initial_hall_mw,hall_block_mw,hall_capex_musd_per_mw,energy_price_usd_per_mwh,# note\n"
    "oslo,fjord,NO,59.9,10.7,europe,2027-01: 20; 2028-01: 40,1.25,1.1,true,10,5,9,55,first\n"
    'nairobi,savanna,KE,-1.3,36.9,africa,"12",1.35,,,,2,11,110,"a ""second"", one"\n'
)


def folder(path: Path, csv: str | bytes = CSV, name: str = "sites.csv") -> Path:
    """A folder with the base instance, its sites in a CSV table."""
    path.mkdir(exist_ok=True)
    yaml = BASE.replace(SITES, f"sites: {name}\n")
    (path / "instance.yaml").write_text(yaml, encoding="utf-8")
    (path / "sites.csv").write_bytes(csv if isinstance(csv, bytes) else csv.encode())
    return path


def problems_of(path: Path) -> tuple[Problem, ...]:
    """What is wrong with an instance; nothing else is ever raised."""
    try:
        read_instance(path)
    except InstanceError as error:
        return error.problems
    return ()
