"""The names of topics for templates: people do not read ids. Asked once in a request."""

from __future__ import annotations

from flask import Flask, g

from monitor.flow.requests.known_names import read_topic_names
from monitor.ui.web.web_kit import web_kit


def topic_names() -> dict[str, str]:
    """Id and name of every topic that is configured now."""
    if "topic_names" not in g:
        g.topic_names = read_topic_names(web_kit().database)
    names = g.topic_names
    assert isinstance(names, dict)
    return names


def set_up_topic_names(app: Flask) -> None:
    """Give templates `topic_names()`."""
    app.jinja_env.globals["topic_names"] = topic_names
