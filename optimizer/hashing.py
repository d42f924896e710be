"""The hash that tells whether two instances have the same content."""

import hashlib
import json

from models.instance import Instance


def instance_sha256(inst: Instance) -> str:
    """SHA-256 of the instance's content in canonical JSON, however it was written."""
    return content_sha256(inst.model_dump(mode="json"))


def content_sha256(content: object) -> str:
    """SHA-256 of content as it stands in instance.json."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
