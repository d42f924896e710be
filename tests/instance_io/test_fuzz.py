"""Mutated instances: whatever stands in the files, the answer is an instance or a refusal."""

import json
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from written import BASE, CSV, SITES, problems_of

from optimizer.instance_io import yaml12
from tests.properties.common import TIMES

# fmt: off
TEXTS = st.sampled_from([
    b"", b"\0", b"\xff", b"\n", b"'", b'"', b"{", b"}", b"[", b"*a", b"&a ", b"- ", b": ", b"!!x ",
    b"~", b"---\n", b"\t", b"1e999", b"-1", b"NO", b"\xe2\x80\xa8",
])
# fmt: on


@settings(
    max_examples=round(120 * TIMES),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_mutated_bytes_give_an_instance_or_a_located_refusal(
    data: st.DataObject, tmp_path: Path
) -> None:
    for name, original in (
        ("instance.yaml", BASE.replace(SITES, "sites: sites.csv\n")),
        ("sites.csv", CSV),
    ):
        content = original.encode()
        for _ in range(data.draw(st.integers(0, 2))):
            start = data.draw(st.integers(0, len(content)))
            length = data.draw(st.integers(0, 12))
            content = content[:start] + data.draw(TEXTS) + content[start + length :]
        (tmp_path / name).write_bytes(content)
    for one in problems_of(tmp_path):
        assert one.file
        assert one.line
        assert "\n" not in str(one)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(
    max_examples=round(120 * TIMES),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_mutated_structure_gives_an_instance_or_a_refusal(
    data: st.DataObject, tmp_path: Path
) -> None:
    tree = yaml12.read(BASE).data
    for _ in range(data.draw(st.integers(1, 3))):
        holder, key = {"": tree}, ""
        for _ in range(data.draw(st.integers(0, 4))):
            inner = holder[key]
            keys = (
                list(inner)
                if isinstance(inner, dict)
                else range(len(inner))
                if isinstance(inner, list)
                else []
            )
            if not keys:
                break
            holder, key = inner, data.draw(st.sampled_from(keys))
        holder[key] = data.draw(JSON)
        if key == "":
            tree = holder[key]
    file = tmp_path / "instance.yaml"
    file.write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8", errors="surrogatepass")
    assert all(one.line for one in problems_of(file))
