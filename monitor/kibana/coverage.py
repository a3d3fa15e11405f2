"""The dashboards of a press office: "Berichterstattung" for the whole, "Thema im Detail" for one
topic.

Their field names are those of `index/document.py`; a test holds the two together.
"""

from __future__ import annotations

from monitor.kibana.definition import (
    Bars,
    Control,
    Dashboard,
    Days,
    Drawing,
    Figure,
    Grid,
    Group,
    Listing,
    Measure,
    Panel,
    Place,
    Shares,
    Table,
)

ARTICLES = Measure("Artikel")
OUTLETS = Measure("Medien", "unique_count", "outlet")
STORIES = Measure("Geschichten", "unique_count", "story_id")
TITLE_HITS = Measure("Treffer im Titel", where="title_topics: *")
ON_TOPIC = "topics: *"
"""Coverage is what hit a topic: everything else that was read stands in Discover."""
PER_DAY = Days("Tag", "published_at")
TOPIC = Group("Thema", "topic_names")
OUTLET = Group("Medium", "outlet")

_CHOICES = (
    Control("outlet", "Medium", "outlet"),
    Control("region", "Region", "region"),
    Control("priority", "Priorität", "priority"),
)

COVERAGE = Dashboard(
    key="coverage",
    title="Berichterstattung",
    description="Was über die beobachteten Themen erschienen ist: wie viel, wo, wann und worüber.",
    since="now-7d",
    controls=(Control("topic", "Thema", "topic_names"), *_CHOICES),
    panels=(
        Panel("articles", "Artikel", Place(0, 0, 12, 7), Figure(ARTICLES), where=ON_TOPIC),
        Panel("stories", "Geschichten", Place(12, 0, 12, 7), Figure(STORIES), where=ON_TOPIC),
        Panel("outlets", "Medien", Place(24, 0, 12, 7), Figure(OUTLETS), where=ON_TOPIC),
        Panel(
            "titles", "Treffer im Titel", Place(36, 0, 12, 7), Figure(TITLE_HITS), where=ON_TOPIC
        ),
        Panel(
            "days",
            "Artikel je Tag und Thema",
            Place(0, 7, 32, 14),
            Bars(PER_DAY, (ARTICLES,), TOPIC),
            where=ON_TOPIC,
        ),
        Panel(
            "share",
            "Anteil der Themen",
            Place(32, 7, 16, 14),
            Shares(TOPIC, ARTICLES),
            where=ON_TOPIC,
        ),
        Panel(
            "hours", "Wochentag und Stunde", Place(0, 21, 24, 14), Drawing("hours"), where=ON_TOPIC
        ),
        Panel(
            "top-outlets",
            "Medien mit den meisten Artikeln",
            Place(24, 21, 24, 14),
            Bars(Group("Medium", "outlet", size=15), (ARTICLES,), shape="bar_horizontal"),
            where=ON_TOPIC,
        ),
        Panel(
            "topic-outlet",
            "Thema und Medium",
            Place(0, 35, 24, 16),
            Grid(TOPIC, Group("Medium", "outlet", size=15), ARTICLES),
            where=ON_TOPIC,
        ),
        Panel(
            "words", "Auffällige Wörter", Place(24, 35, 24, 16), Drawing("words"), where=ON_TOPIC
        ),
        Panel("newest", "Neueste Artikel", Place(0, 51, 48, 18), Listing("newest")),
    ),
)

TOPIC_DETAIL = Dashboard(
    key="topic",
    title="Thema im Detail",
    description=(
        "Ein Thema: seine Geschichten mit Übernahmen, wer zuerst berichtete und wie sie sich"
        " verbreiteten."
    ),
    since="now-7d",
    controls=(Control("topic", "Thema", "topic_names", single=True), *_CHOICES),
    panels=(
        Panel("articles", "Artikel", Place(0, 0, 16, 7), Figure(ARTICLES), where=ON_TOPIC),
        Panel("stories", "Geschichten", Place(16, 0, 16, 7), Figure(STORIES), where=ON_TOPIC),
        Panel("outlets", "Medien", Place(32, 0, 16, 7), Figure(OUTLETS), where=ON_TOPIC),
        Panel(
            "days",
            "Artikel je Tag und Medium",
            Place(0, 7, 48, 12),
            Bars(PER_DAY, (ARTICLES,), Group("Medium", "outlet", other=True)),
            where=ON_TOPIC,
        ),
        Panel(
            "spread",
            "Geschichten: wer zuerst berichtete und wie sie sich verbreiteten",
            Place(0, 19, 48, 20),
            Drawing("spread"),
            where=ON_TOPIC,
        ),
        Panel(
            "copies",
            "Geschichten nach Übernahmen",
            Place(0, 39, 30, 16),
            Table(
                (Group("Geschichte", "story_id", size=50, numeric=True),),
                (
                    ARTICLES,
                    OUTLETS,
                    Measure(
                        "Neueste Überschrift",
                        "last_value",
                        "title",
                        newest_by="published_at",
                        kind="string",
                    ),
                    Measure(
                        "Zuletzt",
                        "last_value",
                        "published_at",
                        newest_by="published_at",
                        kind="date",
                    ),
                ),
            ),
            where=ON_TOPIC,
        ),
        Panel(
            "agencies",
            "Nachrichtenagenturen",
            Place(30, 39, 18, 16),
            Shares(Group("Agentur", "agency", other=True), ARTICLES),
            where=ON_TOPIC,
        ),
        Panel("words", "Auffällige Wörter", Place(0, 55, 24, 16), Drawing("words"), where=ON_TOPIC),
        Panel(
            "regions",
            "Region und Medium",
            Place(24, 55, 24, 16),
            Bars(Group("Region", "region", size=16), (ARTICLES,), OUTLET, shape="bar_horizontal"),
            where=ON_TOPIC,
        ),
        Panel("newest", "Neueste Artikel", Place(0, 71, 48, 18), Listing("newest")),
    ),
)
