"""The `feeds:` and `defaults:` sections of `feeds.yaml`: their keys, and how a
`Feed` is made of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from ruamel.yaml.nodes import Node

from monitor.config.address_notation import has_credentials, web_address
from monitor.config.cron import cron_expression
from monitor.config.fields import (
    Key,
    YamlReading,
    block,
    child,
    key_names,
    one_line_text,
    one_or_many,
    peek,
    word,
)
from monitor.config.notation import (
    Unreadable,
    code,
    duration,
    identifier,
    near_miss,
    number,
    one_of,
    slug,
    time_zone,
    truth,
    written,
)
from monitor.types.catalog import Feed, Initial, Schedule, Selectors

# below it a publisher's patience, not the clock, decides how often we may
# ask
HASTY = timedelta(minutes=2)
_USUAL = Feed(id="", title="", outlet="")
RIGHTS = ("obey", "licensed")
MODES = ("immediate", "digest", "spike")
SNIPPETS = ("none", "short", "sentence")

language = partial(code, what="language", example="de")
country = partial(code, what="country", example="de")


def first_items(written_value: str) -> Initial:
    """`silent`, `all`, or `last:5`."""
    if written_value in ("silent", "all"):
        return written_value  # type: ignore[return-value]  # narrowed by the line above
    found = re.fullmatch(r"(?:last\s*[: ]?\s*)?(\d{1,4})", written_value)
    if not found:
        raise Unreadable(
            f'"{written_value}" is not possible here',
            "use silent, all or last:5",
        )
    return int(found[1])


def retention(written_value: str) -> timedelta | None:
    """How long bodies are kept; `forever` keeps them."""
    return None if written_value == "forever" else duration(written_value)


def interval(written_value: str) -> timedelta:
    """A duration of at least one second: less would be no pause at all."""
    value = duration(written_value)
    if value < timedelta(seconds=1):
        raise Unreadable(
            f'"{written_value}" is too short', 'write for instance "10 min"'
        )
    return value


SCHEDULE_KEYS = (
    Key(
        "cron",
        one_line_text(cron_expression),
        "minute, hour, day, month, weekday, as in cron",
        "`0 8,12,17 * * *`",
    ),
    Key(
        "timezone",
        one_line_text(time_zone),
        "the time zone of these hours",
        "`Europe/Berlin`",
    ),
)


def schedule(reading: YamlReading, node: Node) -> dict[str, Any]:
    """A cron expression alone, or a block with `cron` and `timezone`."""
    if isinstance(getattr(node, "value", None), str):
        return {"cron": one_line_text(cron_expression)(reading, node)}
    values: dict[str, Any] = block(SCHEDULE_KEYS)(reading, node)
    return values


SELECTOR_KEYS = (
    Key("article", one_line_text(), "CSS selector of the article's body"),
    Key(
        "drop",
        one_or_many(one_line_text()),
        "CSS selectors of what is removed inside it; one or a list",
    ),
)

_SHARED = (
    Key(
        "country",
        one_line_text(country),
        "country of the outlet, two letters",
        "`de`",
    ),
    Key(
        "language",
        one_line_text(language),
        "language of the feed, two letters",
        "`de`",
    ),
    Key(
        "timezone",
        one_line_text(time_zone),
        "time zone of dates that name none, and of schedules and quiet hours",
        "`Europe/Berlin`",
    ),
    Key(
        "min_interval",
        one_line_text(interval),
        "never asked more often than this",
        "`10 min`",
    ),
    Key(
        "max_interval",
        one_line_text(interval),
        "asked at least this often",
        "`6 h`",
    ),
    Key(
        "initial",
        one_line_text(first_items),
        "what the first items of a new feed do: `silent` stores them without an alert, "
        "`all` alerts, `last:5` alerts for the newest five",
        "`silent`",
    ),
    Key(
        "fulltext",
        word(truth),
        "whether article pages are fetched; `false` keeps to what the feed says",
        "`true`",
    ),
    Key(
        "fulltext_retention",
        one_line_text(retention),
        "texts are deleted after this; `forever` keeps them",
        "`forever`",
    ),
)

FEED_KEYS = (
    Key(
        "id",
        one_line_text(identifier),
        "short name that never changes, for instance `id: zdf-heute`; a new id is a new feed",
        required=True,
    ),
    Key(
        "title",
        one_line_text(),
        "name of the feed for people",
        "the outlet, else the id",
    ),
    Key(
        "outlet",
        one_line_text(),
        "the house behind it; several feeds may share one",
        "the title, else the id",
    ),
    Key(
        "url",
        one_line_text(web_address),
        "address of a feed or a news sitemap; either this or `site`",
    ),
    Key(
        "site",
        one_line_text(web_address),
        "a page on which the feed is found by itself; either this or `url`",
    ),
    Key(
        "region",
        one_line_text(),
        "`national`, a Land or a region; free text, searchable",
    ),
    Key(
        "category",
        one_line_text(),
        "free text, for instance `politik`; can be asked for in topics",
    ),
    Key(
        "priority",
        one_line_text(partial(number, least=1, most=5)),
        "1 is most important, 5 least; orders digests",
        "`3`",
    ),
    Key(
        "paused",
        word(truth),
        "whether it is left alone for now; what is known of it stays",
        "`false`",
    ),
    Key("license", word(truth), "whether full texts may be mailed", "`false`"),
    Key(
        "rights",
        one_line_text(partial(one_of, known=RIGHTS)),
        "`obey` keeps to title and summary where the publisher reserves "
        "text and data mining; `licensed`: a contract allows the full text (docs/recht.md)",
        "`obey`",
    ),
    Key(
        "verify_tls",
        word(truth),
        "whether the server's certificate must be valid",
        "`true`",
    ),
    Key("selectors", block(SELECTOR_KEYS), "for pages that are hard to read"),
    Key(
        "aliases",
        one_or_many(one_line_text(), one_line=True),
        "other names of the outlet, by which articles cite it; one or a list",
    ),
    *_SHARED,
)

DEFAULT_KEYS = (
    *_SHARED,
    Key(
        "mode",
        one_line_text(partial(one_of, known=MODES)),
        "of topics that name none",
        "`immediate`",
    ),
    Key(
        "snippet",
        one_line_text(partial(one_of, known=SNIPPETS)),
        "of topics that name none",
        "`short`",
    ),
    Key("schedule", schedule, "of topics that name none", "`0 8,12,17 * * *`"),
    Key(
        "mails_per_hour",
        one_line_text(partial(number, least=1, most=1000)),
        "of topics that name none",
        "`6`",
    ),
    Key(
        "recipients", one_or_many(one_line_text()), "of topics that name none"
    ),
)

_FEED_KEY_NAMES = frozenset(key.name for key in FEED_KEYS)
_FEED_DEFAULTS = tuple(key.name for key in _SHARED)


def read_feed(
    reading: YamlReading, node: Node, defaults: Mapping[str, Any]
) -> Feed | None:
    """One feed, or None after recording why it cannot be used."""
    problems = len(reading.problems)
    with reading.inside(
        f'feed "{peek(node, "id") or peek(node, "title") or "?"}": '
    ):
        suggested = slug(peek(node, "title") or "") or "zdf-heute"
        hints = {
            "id": f"a short name that never changes; add for instance  id: {suggested}"
        }
        values = reading.value(node, block(FEED_KEYS, hints=hints), default={})
        if values:
            _check_address(reading, node, values)
            _check_intervals(reading, node, {**defaults, **values})
    if any(problem.fatal for problem in reading.problems[problems:]):
        return None
    name = values.get("title") or values.get("outlet") or values["id"]
    chosen = {
        key: value for key, value in defaults.items() if key in _FEED_DEFAULTS
    } | values
    chosen |= {"title": name, "outlet": values.get("outlet") or name}
    chosen["selectors"] = Selectors(**values.get("selectors", {}))
    return Feed(**chosen, place=reading.source.place(node.start_mark.index))


def _check_address(
    reading: YamlReading, node: Node, values: Mapping[str, Any]
) -> None:
    has_url = child(node, "url") is not node
    has_site = child(node, "site") is not node
    if has_url and has_site:
        hint = "keep url where you know the feed, site where it is to be found"
        reading.report(
            child(node, "site"),
            "has both url and site",
            hint=hint,
            code="address",
        )
    misspelt = any(
        near_miss(name, ("url", "site"))
        for name in key_names(node)
        if name not in _FEED_KEY_NAMES
    )
    if not has_url and not has_site and not misspelt:
        reading.report(
            node,
            "has neither url nor site",
            hint="add  url: https://…",
            code="address",
        )
    for name in ("url", "site"):
        if name in values and has_credentials(values[name]):
            message = f"{name}: a password stands in the address"
            hint = "it is masked in logs, but everybody who reads this file sees it"
            reading.report(
                child(node, name),
                message,
                hint=hint,
                code="credentials",
                fatal=False,
            )
    if values.get("verify_tls") is False:
        message = "the server's certificate is not checked"
        reading.report(
            child(node, "verify_tls"), message, code="tls", fatal=False
        )


def _check_intervals(
    reading: YamlReading, node: Node, values: Mapping[str, Any]
) -> None:
    least = values.get("min_interval", _USUAL.min_interval)
    most = values.get("max_interval", _USUAL.max_interval)
    if least > most:
        where = child(
            node,
            "min_interval" if peek(node, "min_interval") else "max_interval",
        )
        message = f"min_interval ({written(least)}) is longer than max_interval ({written(most)})"
        reading.report(
            where,
            message,
            hint="swap them, or raise max_interval",
            code="interval",
        )
    elif least < HASTY and peek(node, "min_interval"):
        message = f"min_interval: {written(least)} is very often"
        hint = "publishers block readers that ask every minute"
        reading.report(
            child(node, "min_interval"),
            message,
            hint=hint,
            code="interval",
            fatal=False,
        )


def read_schedule(values: Mapping[str, Any], zone: str) -> Schedule:
    """The schedule made of read keys, in `zone` where it names none."""
    return Schedule(**{"timezone": zone, **values})
