"""Bars of charts by day: what they are called, and the search they lead to."""

from __future__ import annotations

from datetime import date

from flask import url_for

from monitor.ui.web.charts import Bar
from monitor.ui.web.formatting import DAY, day_in_words
from monitor.ui.web.wording import current_language, ngettext


def day_bar(day: date, count: int, to: str = "") -> Bar:
    """So many articles of a day; a click leads on, if anywhere."""
    language = current_language()
    label = day_in_words(day, DAY[language], language)
    said = ngettext("%(n)s Artikel", "%(n)s Artikel", count) % {"n": count}
    return Bar(label, count, f"{label}: {said}", to)


def topic_day_bar(topic: str, day: date, count: int) -> Bar:
    """So many articles of a topic on a day; a click shows them."""
    only = day.isoformat()
    to = url_for("search.show", topic=topic, since=only, until=only, copies=1)
    return day_bar(day, count, to)
