"""Studies with bytes or values changed are read, with each of their cases tried, or refused."""

import json
from pathlib import Path
from random import Random

from benchmarks.trust.corpus import INSTANCES
from benchmarks.trust.hostile import changed_bytes, changed_values
from benchmarks.trust.part import Outcome
from benchmarks.trust.verbs import judged, ran

STUDY = (Path(__file__).parent / "study.yaml").read_text(encoding="utf-8")


def attempt(seed: int, folder: Path) -> Outcome:
    """Check a changed study of the smallest instance."""
    from optimizer.instance_io import yaml12

    dice = Random(f"studies {seed}")
    file = folder / "study.yaml"
    text = STUDY.replace("INSTANCE", str(INSTANCES / "tiny"))
    if dice.random() < 0.4:
        file.write_bytes(changed_bytes(dice, text.encode()))
    else:
        tree = changed_values(dice, yaml12.read(text).data)
        file.write_text(json.dumps(tree), encoding="utf-8", errors="surrogatepass")
    code, out, err = ran("study", "check", file, "--json", "--quiet")
    return judged(code, out, err, (0, 2), json_out=True)
