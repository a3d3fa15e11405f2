"""Links into Kibana: a topic and a time, opened in Discover.

The address holds Kibana's state in Rison, a JSON that reads well in addresses.
The parameters are those of 8.8; later versions read them and rewrite the
address.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import quote

from monitor.kibana.objects import object_id, topic_search

PLAIN = re.compile(r"[^-0-9 '!:(),*@$][^ '!:(),*@$]*")
"""Texts that Rison writes without quotes."""
SAFE = "!'(),:*@$-._~/"
"""What an address may carry as it is; Kibana itself leaves these unescaped."""


def discover_link(
    base: str, topic: str, *, space: str, since: datetime, until: datetime
) -> str:
    """Where Kibana at `base` shows what hit `topic` from `since` until
    `until`, as its saved search does.
    """
    shown = topic_search(topic, space=space)["attributes"]
    source = json.loads(shown["kibanaSavedObjectMeta"]["searchSourceJSON"])
    time = {"from": _instant(since), "to": _instant(until)}
    state = {
        "columns": shown["columns"],
        "index": object_id("articles", space=space),
        "query": source["query"],
        "sort": shown["sort"],
    }
    general = quote(rison({"time": time}), safe=SAFE)
    own = quote(rison(state), safe=SAFE)
    return f"{space_base(base, space)}/app/discover#/?_g={general}&_a={own}"


def space_base(base: str, space: str) -> str:
    """The address of a space; the default one has no part of its own."""
    return base.rstrip("/") + (
        "" if space in ("", "default") else f"/s/{space}"
    )


def rison(value: object) -> str:
    """A value of texts, mappings and sequences in Rison."""
    match value:
        case str():
            if PLAIN.fullmatch(value):
                return value
            return "'" + re.sub(r"[!']", r"!\g<0>", value) + "'"
        case Mapping():
            return (
                "("
                + ",".join(
                    f"{rison(key)}:{rison(value[key])}"
                    for key in sorted(value)
                )
                + ")"
            )
        case Sequence():
            return "!(" + ",".join(rison(item) for item in value) + ")"
        case _:
            raise TypeError(f"not in our links: {value!r}")


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
