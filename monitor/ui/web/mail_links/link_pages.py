"""The pages behind the links of mails, in German and English. Pure: what holds
in, HTML out.

Small on purpose: no script, no picture, nothing from elsewhere. Every fact is
signed or ours, and escaped all the same.
"""

from __future__ import annotations

import base64
import hashlib
import tomllib
from dataclasses import dataclass
from datetime import timedelta
from importlib import resources
from zoneinfo import ZoneInfo

from jinja2 import DictLoader, Environment, StrictUndefined

from monitor.flow.requests.judgements import Said
from monitor.flow.requests.subscription import Standing
from monitor.language.hygiene import one_line, safe_url
from monitor.language.wording import LANGUAGES, ReaderWording, written_language
from monitor.types.judgement import JudgeableHit, Verdict
from monitor.types.mail import OWN_LISTS, JudgeClaim, LinkClaim
from monitor.types.press_review import REVIEW_LIST
from monitor.types.state import SubscriptionChange

_TITLE = 300  # characters
PAUSES = {
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=28),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One of the answers to a question."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class LinkQuestion:
    """Something to choose; the first option is chosen until another one is."""

    name: str
    text: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class LinkForm:
    """A button, what it sends, and what can be chosen with it."""

    button: str
    fixed: tuple[tuple[str, str], ...]
    questions: tuple[LinkQuestion, ...] = ()
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class LinkedStory:
    """A story as a page names it."""

    title: str
    outlet: str
    url: str


@dataclass(frozen=True, slots=True)
class JudgedLink:
    """What a link to a judgement is about: the topic's name, the hit, what its
    reader says of it.

    `is_new`: it was said just now. `leaning` is the verdict that the reader
    chose in the mail.
    """

    topic: str
    hit: JudgeableHit
    said: Said
    leaning: Verdict
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class WebPage:
    """One page. What is empty is not shown."""

    language: str
    title: str
    lines: tuple[str, ...] = ()
    story: LinkedStory | None = None
    contact: str = ""
    forms: tuple[LinkForm, ...] = ()
    small: str = ""


class Pages:
    """Makes pages. Reads its templates once, when made."""

    def __init__(self, *, timezone: str, contact: str) -> None:
        """`contact` is whom people write to where a link cannot help."""
        folder = resources.files("monitor.ui.web.mail_links")
        self._zone, self._contact = ZoneInfo(timezone), contact
        self._words = {
            lang: tomllib.loads((folder / f"{lang}.toml").read_text("utf-8"))
            for lang in LANGUAGES
        }
        self._style = (folder / "style.css").read_text("utf-8")
        loader = DictLoader(
            {"page.html": (folder / "page.html").read_text("utf-8")}
        )
        environment = Environment(
            autoescape=True,
            loader=loader,
            undefined=StrictUndefined,
            trim_blocks=True,
        )
        self._template = environment.get_template("page.html")

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """What every answer says to browsers, proxies and search engines:
        keep, run and pass on nothing.
        """
        style = base64.b64encode(
            hashlib.sha256(self._style.encode()).digest()
        ).decode()
        policy = f"default-src 'none'; style-src 'sha256-{style}'; form-action 'self'"
        return (
            (
                "Content-Security-Policy",
                f"{policy}; base-uri 'none'; frame-ancestors 'none'",
            ),
            ("Referrer-Policy", "no-referrer"),
            ("Cache-Control", "no-store"),
            ("X-Robots-Tag", "noindex, nofollow"),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
        )

    def link(
        self,
        claim: LinkClaim,
        standing: Standing,
        *,
        topic: str | None,
        taken_back: bool = False,
    ) -> str:
        """The page of a link: what holds, and what can be done about it.
        `topic` is the topic's name, if it has one.
        """
        language, refused = written_language(claim.language), standing.refused
        wording = ReaderWording(language, self._zone, self._words[language])
        name = topic or _list_name(claim, wording) or claim.topic_id
        if refused is not None:
            page = _refused_page(
                claim,
                refused,
                wording,
                name=name,
                undo=standing.undo,
                contact=self._contact,
            )
        elif taken_back:
            about = wording.say(f"about_{_kind(claim)}", name=name)
            line = wording.say("active", about=about, address=claim.recipient)
            page = WebPage(language, wording.say("title_active"), (line,))
        else:
            page = _asking_page(claim, wording, name=name)
        return self._html(page)

    def judge(self, claim: JudgeClaim, about: JudgedLink) -> str:
        """The page on which a reader says whether a hit fits its topic."""
        language = written_language(claim.language)
        wording = ReaderWording(language, self._zone, self._words[language])
        return self._html(_judging_page(claim, about, wording))

    def problem(self, kind: str, language: str) -> str:
        """Why nothing was done: `void`, `unclear`, `missing`, `later` or
        `old`.
        """
        words = self._words[language]
        contact = "" if kind == "missing" else self._contact
        return self._html(
            WebPage(
                language,
                words[f"title_{kind}"],
                (words[kind],),
                contact=contact,
            )
        )

    def _html(self, page: WebPage) -> str:
        return self._template.render(page=page, style=self._style)


def _asking_page(
    claim: LinkClaim, wording: ReaderWording, *, name: str
) -> WebPage:
    title = wording.say(f"title_{claim.action}")
    sent_to = wording.say("sent_to", address=claim.recipient)
    lines = (
        (sent_to, wording.say("pause_means"))
        if claim.action == "pause"
        else (sent_to,)
    )
    forms = (_question(claim, wording, name=name),)
    return WebPage(
        wording.language,
        title,
        lines,
        forms=forms,
        small=wording.say("nothing_yet"),
    )


def _judging_page(
    claim: JudgeClaim, about: JudgedLink, wording: ReaderWording
) -> WebPage:
    hit = about.hit
    title = "title_judged" if about.is_new else "title_judge"
    said = (
        wording.say(f"said_{about.said}")
        if about.is_new or about.said != "none"
        else ""
    )
    topic = wording.say("judged_topic", name=about.topic)
    sent_to = wording.say("sent_to", address=claim.recipient)
    return WebPage(
        wording.language,
        wording.say(title),
        lines=tuple(line for line in (topic, said) if line),
        story=LinkedStory(
            one_line(hit.title or hit.url, _TITLE),
            one_line(hit.outlet),
            safe_url(hit.url) or "",
        ),
        forms=_verdict_forms(about, wording),
        small=" ".join((sent_to, wording.say("judging_means"))),
    )


def _verdict_forms(
    about: JudgedLink, wording: ReaderWording
) -> tuple[LinkForm, ...]:
    """The verdicts that can be given, the one chosen in the mail first."""
    other: Verdict = "wrong" if about.leaning == "right" else "right"
    offered: tuple[Said, ...] = (about.leaning, other, "none")
    forms = [
        LinkForm(
            wording.say(f"do_{said}"),
            (("said", said),),
            quiet=said != about.leaning,
        )
        for said in offered
        if said != about.said
    ]
    return tuple(forms)


def _refused_page(
    claim: LinkClaim,
    refused: SubscriptionChange,
    wording: ReaderWording,
    *,
    name: str,
    undo: bool,
    contact: str,
) -> WebPage:
    about = (
        wording.say(f"about_{_kind(claim)}", name=name)
        if refused.topic_id
        else wording.say("about_all")
    )
    key = (
        "paused_until"
        if refused.state == "paused" and refused.until
        else refused.state
    )
    until = wording.moment(refused.until) if refused.until else ""
    line = wording.say(key, about=about, address=claim.recipient, moment=until)
    title = wording.say(f"title_{refused.state}")
    forms = _changes(claim, refused, wording, name=name, undo=undo)
    if forms:
        return WebPage(wording.language, title, (line,), forms=forms)
    return WebPage(
        wording.language, title, (line, wording.say("again")), contact=contact
    )


def _changes(
    claim: LinkClaim,
    refused: SubscriptionChange,
    wording: ReaderWording,
    *,
    name: str,
    undo: bool,
) -> tuple[LinkForm, ...]:
    """What the link may do where mail is refused already."""
    if refused.state == "paused":
        end = LinkForm(wording.say("do_end_pause"), (("do", "resume"),))
        return (
            (end,)
            if claim.action == "pause"
            else (_question(claim, wording, name=name),)
        )
    if claim.action == "pause":
        return ()
    back = LinkForm(wording.say("do_undo"), (("do", "resume"),))
    rest = LinkForm(
        wording.say("do_all"),
        (("do", "unsubscribe"), ("scope", "all")),
        quiet=True,
    )
    return ((back,) if undo else ()) + ((rest,) if refused.topic_id else ())


def _question(
    claim: LinkClaim, wording: ReaderWording, *, name: str
) -> LinkForm:
    only = Option("topic", wording.say(f"only_{_kind(claim)}", name=name))
    which = LinkQuestion(
        "scope",
        wording.say("which"),
        (only, Option("all", wording.say("all"))),
    )
    spans = tuple(Option(span, wording.say(f"for_{span}")) for span in PAUSES)
    how_long = (
        (LinkQuestion("for", wording.say("how_long"), spans),)
        if claim.action == "pause"
        else ()
    )
    return LinkForm(
        wording.say(f"do_{claim.action}"),
        (("do", claim.action),),
        (which, *how_long),
    )


def _kind(claim: LinkClaim) -> str:
    is_review = claim.topic_id.startswith(REVIEW_LIST)
    return "list" if is_review or claim.topic_id in OWN_LISTS else "topic"


def _list_name(claim: LinkClaim, wording: ReaderWording) -> str:
    """What one of our own lists is called; "" for a topic."""
    if claim.topic_id in OWN_LISTS:
        return wording.say(claim.topic_id)
    if not claim.topic_id.startswith(REVIEW_LIST):
        return ""
    name = claim.topic_id.removeprefix(REVIEW_LIST)
    return (
        wording.say("press_review", name=name)
        if name
        else wording.say("press_reviews")
    )
