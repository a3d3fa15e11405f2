"""Why a pass made no mail, and whether there was a network at all, in one
sentence. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from monitor.config.settings import Settings
from monitor.types.catalog import Catalog
from monitor.types.overview import FeedLine, PassFigures
from monitor.ui.say import Say

UNREACHED = {"offline", "dns", "connect", "timeout"}
"""How polls end where there is no way out."""
FEW = 3
"""Up to this number, all feeds may be down by themselves, not by our own
network.
"""
MOST_NAMED = 10


def unreached(feeds: Sequence[FeedLine]) -> str:
    """What the polls say where none of them got out; "" where one did."""
    if not feeds or not {feed.last_outcome for feed in feeds} <= UNREACHED:
        return ""
    return (
        next((feed.last_detail for feed in feeds if feed.last_detail), "")
        or "offline"
    )


def is_network_down(feeds: Sequence[FeedLine]) -> bool:
    """Whether it is no fault of the feeds, of which none was reached."""
    return len(feeds) > FEW or any(
        feed.last_outcome == "offline" for feed in feeds
    )


def why_no_mail(
    figures: PassFigures, settings: Settings, catalog: Catalog, say: Say
) -> str:
    """The first of the reasons that holds."""
    key = _why_never(settings, catalog)
    return say(key) if key else _why_not_now(figures, say)


def _why_never(settings: Settings, catalog: Catalog) -> str:
    """What is set up so that no mail can come; "" where nothing is."""
    if settings.mail_mode == "off":
        return "run.mail_off"
    if not catalog.topics:
        return "run.no_topics"
    addressed = any(topic.recipients for topic in catalog.topics)
    return "" if addressed else "run.no_recipients"


def _why_not_now(figures: PassFigures, say: Say) -> str:
    if figures.alert_state == "silent":
        return say("run.told", reason=say.phrase(figures.alert_reason))
    if figures.alert_state:
        reason = say.phrase(figures.alert_reason or "collected")
        return say(
            "run.waits", reason=reason, when=say.moment(figures.alert_due_at)
        )
    if not figures.new:
        return say("run.nothing_new")
    if figures.first_items == figures.new:
        return say.count("run.all_silent", figures.new)
    if figures.unread:
        return say.count("run.unread", figures.unread)
    return say.count("run.no_hit", figures.new - figures.first_items)


def shortened(names: Sequence[str]) -> str:
    """The names, or the first of them and how many there are more."""
    if len(names) <= MOST_NAMED:
        return ", ".join(names)
    return f"{', '.join(names[:MOST_NAMED])}, … +{len(names) - MOST_NAMED}"
