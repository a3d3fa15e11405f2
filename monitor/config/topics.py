"""The `topics:` section of `feeds.yaml`: its keys, and how a `Topic` is made
of them.

Queries and words are kept as located texts; what they mean is not known here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

from ruamel.yaml.nodes import Node

from monitor.config.feeds import (
    MODES,
    SNIPPETS,
    country,
    language,
    read_schedule,
    schedule,
)
from monitor.config.fields import (
    Key,
    YamlReading,
    as_list,
    block,
    child,
    located,
    one_line_text,
    one_or_many,
    peek,
    warn_of_comments,
    with_nodes,
)
from monitor.config.notation import identifier, near_miss, number, one_of, slug
from monitor.config.recipients import AddressBook
from monitor.types.catalog import Recipient, Topic
from monitor.types.mail import DAILY_REPORT, SOURCES

WHERE_KEYS = (
    Key("source", one_or_many(one_line_text()), "ids of feeds, or outlets"),
    Key(
        "lang", one_or_many(one_line_text(language)), "languages, two letters"
    ),
    Key(
        "country",
        one_or_many(one_line_text(country)),
        "countries of the outlets, two letters",
    ),
    Key(
        "category",
        one_or_many(one_line_text(), one_line=True),
        "categories of feeds or articles",
    ),
    Key(
        "author",
        one_or_many(one_line_text(), one_line=True),
        "names of authors",
    ),
    Key(
        "url",
        one_or_many(one_line_text()),
        "hosts, or beginnings of addresses",
    ),
)

TOPIC_KEYS = (
    Key(
        "name",
        one_line_text(),
        "what the topic is called in mails",
        required=True,
    ),
    Key(
        "id",
        one_line_text(identifier),
        "short name that never changes. Without it the id is made of the name, and a topic "
        "whose name and query change at once is a new topic",
        "made of the name",
    ),
    Key(
        "any",
        one_or_many(located, one_line=True),
        "words, phrases or beginnings such as `Ukraine*`: one of them is enough",
    ),
    Key(
        "all",
        one_or_many(located, one_line=True),
        "words or phrases that must all occur",
    ),
    Key(
        "none",
        one_or_many(located, one_line=True),
        "words or phrases that must not occur",
    ),
    Key(
        "query",
        located,
        "a query in the full language, instead of `any`, `all` and `none`",
    ),
    Key("where", block(WHERE_KEYS), "only articles that fit all of these"),
    Key(
        "recipients",
        one_or_many(one_line_text()),
        "names of people or groups, addresses, or `all`",
    ),
    Key(
        "mode",
        one_line_text(partial(one_of, known=MODES)),
        "`immediate`, `digest`, or `spike` (unusually much)",
        "`immediate`",
    ),
    Key(
        "schedule",
        schedule,
        "when digests go out: a cron expression, or a block with `cron` and `timezone`",
        "`0 8,12,17 * * *`",
    ),
    Key(
        "snippet",
        one_line_text(partial(one_of, known=SNIPPETS)),
        "`none`, `short` (200 characters) or `sentence`",
        "`short`",
    ),
    Key(
        "backfill",
        one_line_text(partial(one_of, known=("none", "digest"))),
        "what a new or changed topic does with stored articles: nothing, or one digest",
        "`none`",
    ),
    Key(
        "mails_per_hour",
        one_line_text(partial(number, least=1, most=1000)),
        "above it, mails become one digest",
        "`6`",
    ),
)

_WORDS = ("any", "all", "none")
_PLAIN = ("mode", "snippet", "backfill", "mails_per_hour")


def read_topic(
    reading: YamlReading,
    node: Node,
    *,
    defaults: Mapping[str, Any],
    book: AddressBook,
    sources: Collection[str],
) -> Topic | None:
    """One topic. After recording why it cannot be used: its words alone, to be
    checked in the same run, or None.

    `sources` are the ids and outlets of all feeds.
    """
    problems = len(reading.problems)
    with reading.inside(
        f'topic "{peek(node, "name") or peek(node, "id") or "?"}": '
    ):
        values = reading.value(node, block(TOPIC_KEYS), default={})
        if values:
            _check_words(reading, node)
            _check_sources(reading, node, values.get("where", {}), sources)
        topic_id = _topic_id(reading, node, values)
        people = _recipients(reading, node, values, defaults, book)
    if any(problem.fatal for problem in reading.problems[problems:]):
        return _words_only(values)
    chosen = {
        key: value
        for key, value in {**defaults, **values}.items()
        if key in _PLAIN
    }
    zone = defaults.get("timezone", "Europe/Berlin")
    return Topic(
        id=topic_id,
        name=values["name"],
        query=values.get("query"),
        **{key: values.get(key, ()) for key in _WORDS},
        where=tuple(values.get("where", {}).items()),
        recipients=people,
        schedule=read_schedule(
            values.get("schedule", defaults.get("schedule", {})), zone
        ),
        place=reading.source.place(node.start_mark.index),
        **chosen,
    )


def _topic_id(
    reading: YamlReading, node: Node, values: Mapping[str, Any]
) -> str:
    """The id; one that cannot be used is recorded."""
    topic_id: str = values.get("id") or slug(values.get("name", ""))
    if "name" in values and not topic_id:
        hint = "add for instance  id: mein-thema"
        place = child(node, "name")
        reading.report(
            place, "no id can be made of this name", hint=hint, code="id"
        )
    if topic_id in (DAILY_REPORT, SOURCES):
        hint = f"write another one, for instance  id: thema-{topic_id}"
        place = child(node, "id" if "id" in values else "name")
        message = f'"{topic_id}" is the mailing list of our own reports'
        reading.report(place, message, hint=hint, code="id")
    return topic_id


def _words_only(values: Mapping[str, Any]) -> Topic | None:
    if not any(values.get(key) for key in ("query", "any", "all")):
        return None
    words = {key: values.get(key, ()) for key in _WORDS}
    return Topic(
        id="", name=values.get("name", "?"), query=values.get("query"), **words
    )


def _check_words(reading: YamlReading, node: Node) -> None:
    written = [key for key in _WORDS if child(node, key) is not node]
    query = child(node, "query") is not node
    for key in (*_WORDS, "query"):
        if child(node, key) is not node:
            warn_of_comments(reading, child(node, key))
    if query and written:
        message = f"has both query and {written[0]}"
        hint = "put everything into the query, or leave the query out"
        reading.report(
            child(node, written[0]), message, hint=hint, code="levels"
        )
    elif not query and not written:
        hint = 'add  any: [Word, "two words", Begin*]  or  query: …'
        reading.report(
            node,
            "says nothing about what to look for",
            hint=hint,
            code="no-words",
        )
    elif written == ["none"]:
        hint = "add any, all or a query"
        reading.report(
            child(node, "none"),
            "says only what must not occur",
            hint=hint,
            code="only-exclusions",
        )


def _check_sources(
    reading: YamlReading,
    node: Node,
    where: Mapping[str, Any],
    sources: Collection[str],
) -> None:
    """Every `source` must be the id or the outlet of a feed, whatever its
    letter case.
    """
    wanted = where.get("source", ())
    folded = {source.casefold() for source in sources} if wanted else set()
    for source, item in with_nodes(
        wanted, child(child(node, "where"), "source")
    ):
        if source.casefold() not in folded:
            hint = (
                as_list(source)
                or near_miss(source, sources)
                or "use the id or the outlet of a feed"
            )
            reading.report(
                item,
                f'where: source: there is no feed or outlet "{source}"',
                hint=hint,
                code="unknown-source",
            )


def _recipients(
    reading: YamlReading,
    node: Node,
    values: Mapping[str, Any],
    defaults: Mapping[str, Any],
    book: AddressBook,
) -> tuple[Recipient, ...]:
    names = values.get(
        "recipients",
        defaults.get("recipients", ())
        if child(node, "recipients") is node
        else (),
    )
    at = child(node, "recipients")
    people = book.read_names(reading, names, at)
    if values and not names and at is node:
        hint = "add  recipients: [name]; its articles are still marked and can be searched"
        reading.report(
            node,
            "nobody gets mail about it",
            hint=hint,
            code="no-recipients",
            fatal=False,
        )
    return people
