"""The dashboard of those who run the monitor: "Betrieb". Counts in the operations index, texts in
the articles.

Its field names are those of `index/elastic/operations.py`; a test holds the two together.
"""

from __future__ import annotations

from monitor.kibana.definition import (
    Bars,
    Control,
    Dashboard,
    Days,
    Figure,
    Grid,
    Group,
    Measure,
    Panel,
    Place,
    Table,
)

_PER_DAY = Days("Tag", "at")
_FEED = Group("Feed", "feed_id", size=100)
_POLLS = "kind: poll"
_FEEDS = "kind: feed"
_MAILS = "kind: delivery"
_POLL = Measure("Abrufe")
_MAIL = Measure("Mails")
_SUCCESS = "outcome: (new or unchanged or not_modified)"
"""Outcomes of a poll that say: the feed is well."""

OPERATING = Dashboard(
    key="operating",
    title="Betrieb",
    description="Ob alles läuft: Feeds, Abrufe, Texte, Verzug, Mails.",
    since="now-7d",
    controls=(Control("feed", "Feed", "feed_id", view="operations"),),
    panels=(
        Panel(
            "polls", "Abrufe", Place(0, 0, 12, 7), Figure(_POLL), view="operations", where=_POLLS
        ),
        Panel(
            "failed-polls",
            "Gescheiterte Abrufe",
            Place(12, 0, 12, 7),
            Figure(Measure("Abrufe", where=f"not {_SUCCESS}")),
            view="operations",
            where=_POLLS,
        ),
        Panel(
            "sent",
            "Gesendete Mails",
            Place(24, 0, 12, 7),
            Figure(Measure("Mails", where="outcome: sent")),
            view="operations",
            where=_MAILS,
        ),
        Panel(
            "unsent",
            "Gescheiterte und ungewisse Mails",
            Place(36, 0, 12, 7),
            Figure(Measure("Mails", where="outcome: (dead or unknown)")),
            view="operations",
            where=_MAILS,
        ),
        Panel(
            "feeds",
            "Feeds: letzter Erfolg und Alter, Artikel gegen das Übliche",
            Place(0, 7, 48, 18),
            Table(
                (_FEED,),
                (
                    Measure("Stunden seit dem letzten Erfolg", "max", "age_hours", decimals=1),
                    Measure(
                        "Letzter Erfolg",
                        "last_value",
                        "last_success_at",
                        newest_by="at",
                        kind="date",
                    ),
                    Measure("Fehler in Folge", "max", "failures"),
                    Measure("Artikel in 24 Stunden", "max", "articles_day"),
                    Measure("Üblich am Tag (Median)", "max", "articles_usual", decimals=1),
                ),
            ),
            view="operations",
            where=_FEEDS,
        ),
        Panel(
            "statuses",
            "Abrufe nach Statuscode",
            Place(0, 25, 24, 13),
            Bars(_PER_DAY, (_POLL,), Group("Status", "status", size=12, other=True, numeric=True)),
            view="operations",
            where=_POLLS,
        ),
        Panel(
            "outcomes",
            "Abrufe nach Ergebnis",
            Place(24, 25, 24, 13),
            Bars(_PER_DAY, (_POLL,), Group("Ergebnis", "outcome", size=12, other=True)),
            view="operations",
            where=_POLLS,
        ),
        Panel(
            "per-feed",
            "Neue Artikel je Feed und Tag",
            Place(0, 38, 48, 18),
            Grid(
                _PER_DAY,
                Group("Feed", "feed_id", size=40),
                Measure("Neue Einträge", "sum", "new_items"),
            ),
            view="operations",
            where=_POLLS,
        ),
        Panel(
            "texts",
            "Seiten ohne vollen Text",
            Place(0, 56, 24, 13),
            Bars(Days("Tag", "first_seen_at"), (Measure("Artikel"),), Group("Art", "kind", 8)),
            where="not kind: article",
        ),
        Panel(
            "delay",
            "Minuten von der Veröffentlichung bis zum Fund",
            Place(24, 56, 24, 13),
            Bars(
                _PER_DAY,
                (
                    Measure("Median", "median", "found_after_minutes", decimals=1),
                    Measure("95 %", "percentile", "found_after_minutes", percentile=95, decimals=1),
                ),
                shape="line",
            ),
            view="operations",
            where="kind: article",
        ),
        Panel(
            "mails",
            "Mails: gesendet, gescheitert, ungewiss",
            Place(0, 69, 24, 13),
            Bars(_PER_DAY, (_MAIL,), Group("Zustand", "outcome", 8)),
            view="operations",
            where=_MAILS,
        ),
        Panel(
            "ledger",
            "Ergebnisse jedes Schritts",
            Place(24, 69, 24, 13),
            Table(
                (Group("Schritt", "step", size=12), Group("Ergebnis", "outcome", size=20)),
                (Measure("Anzahl", "sum", "items"),),
            ),
            view="operations",
            where="kind: outcome",
        ),
    ),
)
