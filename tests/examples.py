"""Worked examples of the specification, by their ids."""

import json
from pathlib import Path

_EXAMPLES = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))


def example(name):
    """Return the inputs and the outputs of an example such as "E4.1"."""
    told = _EXAMPLES[name]
    return told["inputs"], told["outputs"]
