"""Reading instances: folder, file and standard input; every problem of every file at once."""

import io
import os
import pickle
import time
from pathlib import Path

import pytest
from written import BASE, CSV, SITES, folder

from models.checks import find_warnings
from models.problems import InstanceError
from optimizer.instance_io import located, read_instance


def refused(path: str | Path) -> list[str]:
    with pytest.raises(InstanceError) as caught:
        read_instance(path)
    assert all("\n" not in str(one) for one in caught.value.problems)
    return [str(one) for one in caught.value.problems]


def test_a_table_reads_the_same_inline_and_from_csv(tmp_path: Path) -> None:
    one_file = tmp_path / "one.yaml"
    one_file.write_text(
        BASE.replace("    grid_region: east\n", "").replace("    max_rack_kw: 150\n", "")
        .replace("    open_cost_musd: 12\n", ""),
        encoding="utf-8",
    )  # fmt: skip

    inst = read_instance(folder(tmp_path / "many"))

    assert inst.model_dump() == read_instance(one_file).model_dump()
    assert inst == read_instance(tmp_path / "many" / "instance.yaml")


def test_standard_input(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def give(text: str) -> None:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    give(BASE)
    assert read_instance("-").name == "Base"
    give(BASE.replace(SITES, "sites: sites.csv\n"))
    [message] = refused("-")
    assert message.startswith("<stdin>:21:8: sites: names 'sites.csv', but standard input has no")


def test_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    file = tmp_path / "instance.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + BASE.replace("\n", "\r\n").encode())
    assert read_instance(file).name == "Base"
    dos = folder(tmp_path / "dos", b"\xef\xbb\xbf" + CSV.replace("\n", "\r\n").encode())
    assert list(read_instance(dos).sites) == ["oslo", "nairobi"]
    file.write_bytes(file.read_bytes().replace(b"lat: 91", b"").replace(b"lon: 36.9", b"lon: 369"))
    assert ":41:10: sites.nairobi.lon" in refused(file)[0]


def test_paths_that_are_no_instance(tmp_path: Path) -> None:
    assert "no such file" in refused(tmp_path / "none.yaml")[0]
    assert "instance.yaml: no such file" in refused(tmp_path)[0]
    (tmp_path / "instance.yml").mkdir()
    (tmp_path / "sub" / "instance.yaml").mkdir(parents=True)
    assert "is a folder" in refused(tmp_path / "sub")[0]
    os.mkfifo(tmp_path / "pipe")
    assert "is not a regular file" in refused(tmp_path / "pipe")[0]
    assert "null byte" in refused("a\0b")[0]
    assert "too long" in refused("x" * 5000)[0]


def test_large_files_are_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "instance.yaml"
    with file.open("wb") as stream:
        stream.truncate(10**12)
    start = time.perf_counter()
    assert "the limit is 50 MB" in refused(file)[0]
    assert time.perf_counter() - start < 30


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("/etc/passwd.csv", "must be a path inside the instance's folder"),
        ("../sites.csv", "must stay inside"),
        ("a/../../sites.csv", "must stay inside"),
        ("a\\sites.csv", "must be a path inside"),
        ("C:sites.csv", "must be a path inside"),
        ("link.csv", "links to outside"),
        ("linked/sites.csv", "links to outside"),
        ("site.csv", "no such file. Did you mean 'sites.csv'?"),
        ("sites.xlsx", "must be a table or the name of a CSV file"),
        ("folder.csv", "is a folder"),
    ],
)
def test_tables_stay_in_the_folder(name: str, says: str, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "sites.csv").write_text(CSV, encoding="utf-8")
    inside = folder(tmp_path / "inside", name=f"'{name}'")
    (inside / "link.csv").symlink_to(outside / "sites.csv")
    (inside / "linked").symlink_to(outside)
    (inside / "folder.csv").mkdir()

    [message] = refused(inside)

    assert says in message
    assert message.startswith(f"{inside / 'instance.yaml'}:21:8: sites: ")


@pytest.mark.parametrize(
    ("old", "new", "where", "says"),
    [
        ("site,operator", "id,operator", "1:1", "the first column must be 'site', not 'id'"),
        ("lat,lon", "lat,lno", "1:32", "Did you mean 'lon'?"),
        ("lat,lon", "lat,lno", "1:1", "the column 'lon' is missing: Longitude"),
        ("lat,lon", "lat,lat", "1:32", "the column 'lat' is given twice"),
        ("pue.liquid", "lat.liquid", "1:65", "'lat' has no part 'liquid'"),
        ("pue.liquid", "pue", "1:65", "'pue' and 'pue.air' cannot both be columns"),
        ("pue.liquid", "", "1:65", "column 9 has no header"),
        ("fjord,NO,59.9", "fjord,NO", "2:1", "has 14 cells, but the header has 15"),
        ("fjord,NO,59.9", "fjord,NO,59;9", "2:15", "sites.oslo.lat: must be a number"),
        ("fjord,NO,", "fjord,,", "2:12", "sites.oslo.jurisdiction: is missing"),
        ("savanna,KE", "savanna,KN", "3:17", "no jurisdiction is called 'KN'"),
        (",1.35,", ",0.9,", "3:42", "sites.nairobi.pue.air: must be at least 1, but is 0.9"),
        ("nairobi,", "oslo,", "3:1", "sites.oslo: is given twice; first at line 2"),
        ("nairobi,", ",", "3:1", "the column 'site' must not be empty"),
        ("nairobi,", "nai robi,", "3:1", "must be a name of letters"),
        ('"12",', '"12,', "3:37", "a quote must open and close a whole cell"),
        ("2028-01: 40", "2028: ", "2:32", "must be a number"),
        ("2028-01: 40", "2027: 40", "2:32", "gives the date 2027-01-01 twice"),
        (CSV, "", "1:1", "is empty; a table needs a header row"),
        (CSV, "\n# only this\n", "1:1", "is empty; a table needs a header row"),
    ],
)
def test_faults_in_a_table(old: str, new: str, where: str, says: str, tmp_path: Path) -> None:
    assert CSV.count(old) >= 1
    path = folder(tmp_path / "i", CSV.replace(old, new, 1))

    messages = [one for one in refused(path) if says in one]

    assert messages, refused(path)
    assert messages[0].startswith(f"{path / 'sites.csv'}:{where}: ")


def test_text_that_is_not_utf8_in_a_table(tmp_path: Path) -> None:
    path = folder(tmp_path / "i", CSV.replace("first", "f\u00efrst").encode("latin-1"))
    [message] = refused(path)
    assert message.startswith(f"{path / 'sites.csv'}:2:82: sites: byte 0xEF is not UTF-8")


def test_all_problems_at_once_in_order_of_the_lines(tmp_path: Path) -> None:
    """Fields, references and plausibility, and nothing that only follows from them."""
    text = (
        BASE.replace("lat: -1.3\n", "lat: -95\n")  # nairobi is left out, but its name is known
        .replace("grid_region: east", "grid_region: est")
        .replace("    it_mw: 0.5", "    it_mv: 0.5")
        .replace("rtt_ms: 165", "rtt_ms: 16")
        .replace(
            "norway, workload: chat, data_class: health", "norwy, workload: x, data_class: health"
        )
    )
    file = tmp_path / "instance.yaml"
    file.write_text(text, encoding="utf-8")

    short = [message.partition("instance.yaml:")[2][:45] for message in refused(file)]

    assert short == [
        "28:18: sites.oslo.grid_region: no grid region",
        "40:10: sites.nairobi.lat: must be at least -9",
        "50:3: unit_types.gen1.it_mw: is missing: IT l",
        "53:5: unit_types.gen1.it_mv: no field of a un",
        "86:14: demand.1.region: no region is called '",
        "86:31: demand.1.workload: no workload is call",
        "90:41: rtt.0.rtt_ms: must be at least 71.7 ms",
    ]


def test_the_instance_remembers_where_it_was_written(tmp_path: Path) -> None:
    path = folder(tmp_path / "i")
    inst = pickle.loads(pickle.dumps(read_instance(path)))

    assert inst._origin.find(("sites", "nairobi", "pue", "air"))[1:] == (3, 42)
    assert inst._origin.find(("sites", "oslo", "pue", "liquid"))[1:] == (2, 62)
    assert inst._origin.find(("budget", "pools", "world", "grants"))[1:] == (8, 7)
    assert inst._origin.find(("budget", "pools", "world", "grants", "2027-01"))[1:] == (8, 25)
    # Rows of list tables are kept as a whole.
    row = inst._origin.find(("demand", 0))
    assert inst._origin.find(("demand", 0, "mtok_s")) == row


def test_warnings_are_located(tmp_path: Path) -> None:
    file = tmp_path / "instance.yaml"
    file.write_text(BASE.replace("it_mw: 1.0", "it_mw: 400"), encoding="utf-8")
    inst = read_instance(file)

    messages = [str(one) for one in located(inst, find_warnings(inst))]

    assert f"{file}:58:3: unit_types.gen2: fits no site" in messages[0]
    assert (
        f"{file}:61:12: unit_types.gen2.it_mw: 400 is the IT load of one unit, in MW" in messages[1]
    )


def test_ten_thousand_rows_and_eighty_sites_read_in_a_second(tmp_path: Path) -> None:
    header, oslo, _ = CSV.splitlines()
    row = oslo.partition(",")[2]
    path = folder(tmp_path / "i", "\n".join([header, *(f"s{n},{row}" for n in range(80))]))
    regions = "".join(f"  r{n}: {{jurisdiction: NO, lat: 60, lon: 10, network_zone: europe}}\n"
                      for n in range(250))  # fmt: skip
    demand = ["region,workload,data_class,date,mtok_s"]
    demand += [f"r{n},chat,public,20{27 + y}-{m:02},0.1"
               for n in range(250) for y in range(4) for m in range(1, 11)]  # fmt: skip
    (path / "demand.csv").write_text("\n".join(demand), encoding="utf-8")
    text = (path / "instance.yaml").read_text(encoding="utf-8")
    start, end = text.index("demand:\n"), text.index("rtt:\n")
    text = text[:start] + "demand: demand.csv\n" + text[text.index("cities:\n") :]
    assert end > start
    text = text.replace("\nregions:\n", f"\nregions:\n{regions}").replace("site: oslo", "site: s0")
    (path / "instance.yaml").write_text(text, encoding="utf-8")
    read_instance(path)

    begin = time.process_time()
    inst = read_instance(path)

    assert len(inst.demand) == 10_000
    assert time.process_time() - begin < 3  # about 0.5 s on the machine of 2026-11
    assert len(pickle.dumps(inst._origin)) < 1_000_000
