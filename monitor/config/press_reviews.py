"""The `press_reviews:` section of `feeds.yaml`: those that make themselves and
are mailed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from ruamel.yaml.nodes import Node

from monitor.config.feeds import SNIPPETS, read_schedule, schedule
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
    with_nodes,
)
from monitor.config.notation import identifier, near_miss, one_of, slug
from monitor.config.recipients import EVERYBODY, AddressBook
from monitor.types.catalog import Recipient, ScheduledReview, Topic
from monitor.types.press_review import REVIEW_FORMATS

REVIEW_SNIPPETS = (*SNIPPETS, "full")

PRESS_REVIEW_KEYS = (
    Key(
        "name",
        one_line_text(),
        "its title on the cover and in mails",
        required=True,
    ),
    Key(
        "id",
        one_line_text(identifier),
        "short name that never changes; another id is another press review, which begins anew",
        "made of the name",
    ),
    Key(
        "topics",
        one_or_many(one_line_text(), one_line=True),
        "names or ids of topics, each a section in this order",
        "all topics",
    ),
    Key(
        "query", located, "a query in the topic language, instead of `topics`"
    ),
    Key(
        "schedule",
        schedule,
        "when it is made: a cron expression, or a block with `cron` and `timezone`",
        "`0 7 * * *`",
    ),
    Key(
        "recipients",
        one_or_many(one_line_text()),
        "names of people or groups, addresses, or `all`",
    ),
    Key(
        "formats",
        one_or_many(
            one_line_text(partial(one_of, known=REVIEW_FORMATS)), one_line=True
        ),
        "files in the mail: `pdf`, `docx` (Word), `html`; the archive has all three",
        "`pdf`",
    ),
    Key(
        "snippet",
        one_line_text(partial(one_of, known=REVIEW_SNIPPETS)),
        "`none`, `short` (200 characters), `sentence`, or `full`: the whole text of feeds with "
        "`license: true`, a sentence of others",
        "`short`",
    ),
)
_DAILY = {"cron": "0 7 * * *"}


def read_press_reviews(
    reading: YamlReading,
    nodes: Sequence[Node],
    *,
    topics: Sequence[Topic],
    book: AddressBook,
    zone: str,
) -> list[ScheduledReview]:
    """The usable ones; what is wrong with the others is in `reading`."""
    found = []
    taken: dict[str, Node] = {}
    for node in nodes:
        name = peek(node, "name") or peek(node, "id") or "?"
        problems = len(reading.problems)
        with reading.inside(f'press review "{name}": '):
            values = reading.value(node, block(PRESS_REVIEW_KEYS), default={})
            review_id = values.get("id") or slug(values.get("name", ""))
            _check_id(reading, node, review_id, taken)
            chosen = _topics(reading, node, values.get("topics", ()), topics)
            _check_choice(reading, node, values)
            people = _recipients(reading, node, values, book)
        if any(problem.fatal for problem in reading.problems[problems:]):
            continue
        plain = {
            key: values[key]
            for key in ("name", "formats", "snippet")
            if key in values
        }
        review = ScheduledReview(
            id=review_id,
            topics=chosen,
            query=values.get("query"),
            schedule=read_schedule(
                {**_DAILY, **values.get("schedule", {})}, zone
            ),
            recipients=people,
            place=reading.source.place(node.start_mark.index),
            **plain,
        )
        found.append(review)
    return found


def _check_id(
    reading: YamlReading, node: Node, review_id: str, taken: dict[str, Node]
) -> None:
    if not review_id:
        if peek(node, "name"):
            hint = "add for instance  id: morgenlage"
            place = child(node, "name")
            reading.report(
                place, "no id can be made of this name", hint=hint, code="id"
            )
        return
    first = taken.setdefault(review_id, node)
    if first is not node:
        message = f'another press review has the id "{review_id}"'
        line = reading.line_of(first)
        hint = f"the first is in line {line}; rename it or give it another id"
        reading.report_taken(node, message, hint=hint)


def _check_choice(
    reading: YamlReading, node: Node, values: Mapping[str, Any]
) -> None:
    if values.get("query") and values.get("topics"):
        hint = "make two press reviews, or leave one of them out"
        reading.report(
            child(node, "query"),
            "has both topics and query",
            hint=hint,
            code="levels",
        )


def _topics(
    reading: YamlReading,
    node: Node,
    names: Sequence[str],
    topics: Sequence[Topic],
) -> tuple[str, ...]:
    """The ids of the named topics, each once; none for all of them."""
    if len(names) == 1 and names[0].casefold() in EVERYBODY:
        return ()
    known = {topic.name.casefold(): topic.id for topic in topics}
    known |= {topic.id: topic.id for topic in topics if topic.id}
    found: dict[str, None] = {}
    for name, item in with_nodes(names, child(node, "topics")):
        if name.casefold() in known:
            found[known[name.casefold()]] = None
            continue
        near = near_miss(name, [topic.name for topic in topics])
        hint = as_list(name) or near or "use the name or the id of a topic"
        message = f'topics: there is no topic "{name}"'
        reading.report(item, message, hint=hint, code="unknown-topic")
    return tuple(found)


def _recipients(
    reading: YamlReading,
    node: Node,
    values: Mapping[str, Any],
    book: AddressBook,
) -> tuple[Recipient, ...]:
    names = values.get("recipients", ())
    at = child(node, "recipients")
    people = book.read_names(reading, names, at)
    if values and not names and at is node:
        hint = (
            "add  recipients: [name]; it is still made and kept in the archive"
        )
        reading.report(
            node,
            "nobody gets it",
            hint=hint,
            code="no-recipients",
            fatal=False,
        )
    return people
