"""How a topic is named under a mail."""

from __future__ import annotations

import pytest

from monitor.notify.mail.topic_reference import query_text, topic_ref
from monitor.types.catalog import Located, Place, Topic
from monitor.types.mail import TopicRef


def located(*texts: str) -> tuple[Located, ...]:
    return tuple(Located(text, "feeds.yaml", ()) for text in texts)


@pytest.mark.parametrize(
    ("topic", "query"),
    [
        (
            Topic("a", "A", any=located("Ukraine*", "Selenskyj")),
            "any: Ukraine*, Selenskyj",
        ),
        (
            Topic(
                "a",
                "A",
                any=located("x"),
                all=located("y"),
                none=located("z"),
                where=(("source", ("zdf", "wdr")),),
            ),
            "any: x · all: y · none: z · source: zdf, wdr",
        ),
        (
            Topic(
                "a",
                "A",
                query=located("title:x")[0],
                where=(("lang", ("de",)),),
            ),
            "title:x · lang: de",
        ),
        (Topic("a", "A"), ""),
    ],
)
def test_query(topic: Topic, query: str) -> None:
    assert query_text(topic) == query


def test_mode_and_place() -> None:
    topic = Topic("a", "A", any=located("x"), place=Place("feeds.yaml", 14, 3))
    assert topic_ref(topic) == TopicRef(
        "a", "A", "immediate", "any: x", "feeds.yaml:14"
    )
    assert topic_ref(topic, mode="digest").mode == "digest"
    assert topic_ref(Topic("a", "A")).place == ""
