"""The names of topics for templates: people do not read ids. Asked once in a
request.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, g

from monitor.flow.requests.known_names import read_topic_names
from monitor.ui.names import find_name
from monitor.ui.web.web_kit import web_kit


def topic_names() -> dict[str, str]:
    """Id and name of every topic that is configured now."""
    if "topic_names" not in g:
        g.topic_names = read_topic_names(web_kit().database)
    names = g.topic_names
    assert isinstance(names, dict)
    return names


def topics_named(
    typed: Sequence[str],
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The topics of these ids or names, and what names none."""
    known = {topic: (name,) for topic, name in topic_names().items()}
    found = {each: find_name(each, known) for each in typed}
    there = dict.fromkeys(
        topic for topic in found.values() if topic is not None
    )
    return tuple(there), tuple(
        each for each, topic in found.items() if topic is None
    )


def set_up_topic_names(app: Flask) -> None:
    """Give templates `topic_names()` and `|topic_name`."""
    app.jinja_env.globals["topic_names"] = topic_names
    app.jinja_env.filters["topic_name"] = lambda topic: topic_names().get(
        topic, topic
    )
