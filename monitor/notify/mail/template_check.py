"""Tries a user's mail templates before a mail needs them: each kind of mail,
in each language, with a made-up page on which nothing is empty.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError
from jinja2.meta import find_referenced_templates

from monitor.language.wording import LANGUAGES
from monitor.notify.mail.mail_page import (
    Labelled,
    Labels,
    Link,
    MailPage,
    MailRow,
    Section,
    StoryBlock,
    TextRun,
)
from monitor.notify.mail.templates_render import TemplateProblem, Templates

KINDS = (
    "immediate",
    "digest",
    "spike",
    "daily_report",
    "notice",
    "press_review",
)
PARTS = ("html", "txt")
_ADDRESS = "https://example.org/"
_STORY = StoryBlock(
    headline=(TextRun("Rat "), TextRun("beschließt", marked=True)),
    url=_ADDRESS,
    outlet="Zeitung",
    details=("12.05",),
    flags=("Nur Zusammenfassung",),
    feed_title=(TextRun("Titel"),),
    snippet=(TextRun("Der Rat "), TextRun("beschließt", marked=True)),
    paragraphs=("Absatz",),
    why="1 Treffer",
    also_in=(Link("Bote", _ADDRESS), Link("Radio")),
    also_more="und 2 weitere",
    page=_ADDRESS,
    fits=_ADDRESS,
    fits_not=_ADDRESS,
)
_ROW = MailRow("Zeile", "1", ("Einzelheit",), _ADDRESS)
_PAGE = MailPage(
    language="de",
    kind="",
    subject="Betreff",
    kicker="Art",
    heading="Überschrift",
    labels=Labels(
        "Warum",
        "Auch in",
        "Im Feed",
        "Lesen",
        "Passt es?",
        "passt",
        "passt nicht",
    ),
    intro=("Einleitung",),
    note="Hinweis",
    figures=(Labelled("Treffer", "3", _ADDRESS),),
    sections=(Section("Liste", (_ROW, MailRow("Zeile"))),),
    stories_title="Meldungen",
    stories=(
        _STORY,
        replace(_STORY, also_in=(), flags=(), page="", fits="", fits_not=""),
    ),
    more=Link("mehr", _ADDRESS),
    footer=(Labelled("Thema", "Name", _ADDRESS), Labelled("Stand", "heute")),
)


def check_templates(templates: Templates) -> tuple[TemplateProblem, ...]:
    """Read the user's folder again and try all of it; returns what is wrong.

    Without one there is nothing to try, and no template need be loaded before
    the first mail.
    """
    if templates.folder is None:
        return ()
    templates.reread()
    for kind in KINDS:
        for language in LANGUAGES:
            page = replace(_PAGE, kind=kind, language=language)
            for part in PARTS:
                templates.render(f"{kind}.{part}", page, language=language)
    return (*templates.problems, *_unused(templates))


def _unused(templates: Templates) -> tuple[TemplateProblem, ...]:
    """Files that no mail takes up, most often for a slip in the name."""
    if templates.folder is None:
        return ()
    found = {
        file.relative_to(templates.folder): file
        for part in PARTS
        for file in sorted(templates.folder.rglob(f"*.{part}"))
    }
    used = set(templates.names).union(*map(_references, found.values()))
    hint = f"the names are {', '.join(templates.names)}"
    return tuple(
        TemplateProblem(
            str(name), 0, "no mail uses a template of this name", hint
        )
        for name in found
        if not used & {str(name), _without_language(name)}
    )


def _without_language(name: Path) -> str:
    return (
        str(Path(*name.parts[1:])) if name.parts[0] in LANGUAGES else str(name)
    )


def _references(file: Path) -> set[str]:
    """What the template extends, includes and imports by name."""
    try:
        tree = Environment().parse(file.read_text("utf-8"))  # noqa: S701 - nothing is rendered
    except (OSError, ValueError, TemplateSyntaxError):
        return set()
    return {name for name in find_referenced_templates(tree) if name}
