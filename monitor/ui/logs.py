"""How log lines look: one per outcome, readable on a terminal, JSON when
asked. Configured once, at start.
"""

from __future__ import annotations

import logging
import sys
from typing import Literal, TextIO, cast

import structlog
from structlog.typing import EventDict, Processor

from monitor.language.phrases import translated
from monitor.ui.log_folding import FoldRepeats
from monitor.ui.log_stream import LogStream

LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}


def configure_logs(
    form: Literal["text", "json"], level: str, language: str = "en"
) -> None:
    """Send our lines, and what libraries warn about, to standard error. A line
    that it cannot take is lost; whoever wrote it goes on.

    Of a readable line the hint is for the person who reads it, so it is in
    their language.
    """

    def in_language(_: object, __: str, event: EventDict) -> EventDict:
        if isinstance(event.get("hint"), str):
            event["hint"] = translated(event["hint"], language)
        return event

    stream = cast("TextIO", LogStream(sys.stderr))
    shared: list[Processor] = [
        FoldRepeats(),
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    if form == "json":
        shared += [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    else:
        shared += [
            in_language,
            structlog.dev.ConsoleRenderer(
                colors=stream.isatty(),
                pad_event_to=14,
                exception_formatter=structlog.dev.plain_traceback,
            ),
        ]
    structlog.configure(
        processors=shared,
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(
        level=max(LEVELS[level], logging.WARNING),
        stream=stream,
        format="%(message)s",
    )
