"""The hash that tells whether two instances have the same content."""

import hashlib
import json

from models.instance import Instance


def instance_sha256(inst: Instance) -> str:
    """SHA-256 of the instance's content in canonical JSON, however it was written."""
    data = inst.model_dump(mode="json")
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
