"""A topic as its mails name it: what it looks for, and where that is written.
Pure.
"""

from __future__ import annotations

from monitor.types.catalog import Mode, Topic
from monitor.types.mail import TopicRef


def topic_ref(topic: Topic, *, mode: Mode | None = None) -> TopicRef:
    """The topic for a footer. `mode` is the recipient's own, where it differs
    from the topic's.
    """
    return TopicRef(
        id=topic.id,
        name=topic.name,
        mode=mode or topic.mode,
        query=query_text(topic),
        place=f"{topic.place.file}:{topic.place.line}" if topic.place else "",
    )


def query_text(topic: Topic) -> str:
    """What its author wrote: "any: Ukraine*, Selenskyj · none: Kochbuch ·
    source: zdf, wdr".
    """
    levels = (("any", topic.any), ("all", topic.all), ("none", topic.none))
    said = [
        f"{key}: {', '.join(item.text for item in items)}"
        for key, items in levels
        if items
    ]
    if topic.query is not None:
        said.insert(0, topic.query.text)
    said += [f"{key}: {', '.join(values)}" for key, values in topic.where]
    return " · ".join(said)
