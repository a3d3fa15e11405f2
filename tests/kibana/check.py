"""`python -m tests.kibana.check FILE...`: what Kibana would refuse in exported
objects, anybody's: .ndjson or .json.

Meant for Kibana's and Elastic's own published objects, which the rules must
accept, or else the rules are wrong. Their licences keep them out of this
repository. Folders are searched for such files.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.kibana import schema

Json = dict[str, Any]


def objects_in(path: Path) -> Iterator[Json]:
    """The objects of a file, or of all files in a folder; the last line of an
    export, its summary, is none.
    """
    if path.is_dir():
        for inner in sorted((*path.rglob("*.json"), *path.rglob("*.ndjson"))):
            yield from objects_in(inner)
        return
    text = path.read_text("utf-8")
    lines = text.splitlines() if path.suffix == ".ndjson" else [text]
    yield from (
        one
        for line in lines
        if line.strip()
        for one in [json.loads(line)]
        if "type" in one
    )


def main(arguments: Sequence[str]) -> int:
    """Print what is wrong, object by object; returns 1 where something is."""
    checked = wrong = 0
    for path in arguments:
        for one in objects_in(Path(path)):
            checked += 1
            found = schema.problems(one)
            wrong += bool(found)
            for problem in found:
                print(f"{one['type']}:{one['id']}: {problem}")
    print(f"{checked} objects, {wrong} with problems")
    return 1 if wrong or not checked else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
