"""Links by which a mail's reader says whether a hit fits: looking judges
nothing, pressing does, what was not signed by us is refused.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from monitor.notify.signed_links import LinkSigner
from monitor.store.desk.judgements import judgements_since
from monitor.store.running import operations
from monitor.types.catalog import Recipient
from monitor.types.judgement import Judgement
from tests.flow.test_alerts import Papers
from tests.flow.world import World
from tests.ui.web.conftest import PUBLIC, Office
from tests.ui.web.test_mail_links import ANNA, BERT, DAY, check

QUESTION = "Passt dieser Treffer?"


def links(office: Office, person: str = ANNA) -> tuple[str, str]:
    """The two links of the newest story that this person was mailed."""
    mails = [mail for mail in office.world.mails() if person in mail["To"]]
    part = mails[-1].get_body(("plain",))
    assert part is not None
    found = re.findall(rf"<({PUBLIC}/judge/[^>]+)>", part.get_content())
    right, wrong = found[-2:]
    return right, wrong


def judged(office: Office) -> list[tuple[str, bool, str]]:
    """(person, whether it fits, from where) of all that is kept."""
    long_ago = office.world.clock.now() - 365 * DAY
    with office.life.database.read() as connection:
        found: tuple[Judgement, ...] = judgements_since(connection, long_ago)
    return sorted((each.person, each.is_right, each.source) for each in found)


def test_both_parts_of_a_mail_have_the_links(office: Office) -> None:
    right, wrong = links(office)
    assert right.removesuffix("/right") == wrong.removesuffix("/wrong")
    mail = [mail for mail in office.world.mails() if ANNA in mail["To"]][-1]
    part = mail.get_body(("html",))
    assert part is not None
    assert f'href="{right}"' in part.get_content()
    assert f'href="{wrong}"' in part.get_content()


@pytest.mark.parametrize("leaning", [0, 1])
def test_looking_judges_nothing(office: Office, leaning: int) -> None:
    link = links(office)[leaning]
    shown = office.visitor.get(link)
    check(shown, 200, QUESTION)
    assert "Thema „Ukraine“" in shown.text
    assert f"Ukraine, Nachricht {office.told}" in shown.text
    assert shown.text.count('name="said"') == 2
    first = re.search(r'name="said" value="(\w+)"', shown.text)
    assert first
    assert first[1] == ("right", "wrong")[leaning]
    for method in ("HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"):
        answer = office.visitor.ask(method, link)
        assert answer.status == (200 if method == "HEAD" else 405)
    assert judged(office) == []


def test_pressing_judges_and_the_last_word_counts(office: Office) -> None:
    right, wrong = links(office)
    before = len(office.world.mails())
    check(office.visitor.post(wrong, said="wrong"), 200, "Danke")
    office.visitor.post(wrong, said="wrong")  # pressed twice
    assert judged(office) == [(ANNA, False, "mail")]
    # The first link still asks, and says what holds.
    shown = office.visitor.get(right)
    check(shown, 200, QUESTION)
    assert "Ihr Urteil: Der Treffer passt nicht." in shown.text
    office.visitor.post(wrong, said="right")
    assert judged(office) == [(ANNA, True, "mail")]
    office.visitor.post(links(office, BERT)[0], said="wrong")
    assert judged(office) == [(ANNA, True, "mail"), (BERT, False, "mail")]
    answer = office.visitor.post(right, said="none")
    assert "zurückgenommen" in answer.text
    assert judged(office) == [(BERT, False, "mail")]
    assert len(office.world.mails()) == before


def test_english_readers_are_asked_in_english(office: Office) -> None:
    signer = signer_of(office)
    article = article_of(office)
    link = signer.make_judge(
        Recipient(ANNA, language="en"), "ukraine", article
    )
    check(office.visitor.get(f"{link}right"), 200, "Does this hit fit?")


def signer_of(office: Office) -> LinkSigner:
    with office.life.database.read() as connection:
        secret = operations.get_fact(connection, operations.LINK_KEY)
    assert secret is not None
    return LinkSigner(PUBLIC, secret)


def article_of(office: Office) -> int:
    token = links(office)[0].split("/")[-2]
    claim = signer_of(office).read_judge(token)
    assert claim is not None
    return claim.article_id


def changed_tokens(token: str) -> list[str]:
    body, _, mark = token.rpartition(".")
    flipped = "A" if body[5] != "A" else "B"
    return [
        token[:-1],
        token + "A",
        f"{body[:5]}{flipped}{body[6:]}.{mark}",
        f"{body}.{mark[::-1]}",
        body,
        f".{mark}",
        "x",
        "ä" * 5,
        "A" * 3000,
        token.swapcase(),
    ]


def test_what_was_changed_is_refused(office: Office) -> None:
    token = links(office)[0].split("/")[-2]
    for bad in changed_tokens(token):
        answer = office.visitor.post(
            f"/judge/{bad.encode().hex() if 'ä' in bad else bad}/right"
        )
        assert answer.status in (400, 403, 404, 414), bad
    assert judged(office) == []


def test_a_link_of_another_kind_or_key_is_refused(office: Office) -> None:
    pause = office.link("pause").split("/")[-1]
    check(
        office.visitor.post(f"/judge/{pause}/right", said="right"),
        403,
        "Dieser Link gilt nicht",
    )
    token = links(office)[0].split("/")[-2]
    assert office.visitor.post(f"/pause/{token}", do="pause").status == 403
    foreign = LinkSigner(PUBLIC, "another key").make_judge(
        Recipient(ANNA), "ukraine", article_of(office)
    )
    assert office.visitor.post(f"{foreign}right", said="right").status == 403
    assert judged(office) == []


@pytest.mark.parametrize(
    "form", [{}, {"said": ""}, {"said": "maybe"}, {"do": "right"}]
)
def test_what_no_button_sends_judges_nothing(
    office: Office, form: dict[str, str]
) -> None:
    link = links(office)[0]
    check(office.visitor.post(link, **form), 400, "Das war unvollständig")
    assert judged(office) == []


def test_one_click_of_a_mail_program_judges_nothing(office: Office) -> None:
    assert office.visitor.one_click(links(office)[0]).status == 400
    assert judged(office) == []


def test_unknown_verdicts_have_no_page(office: Office) -> None:
    link = links(office)[0].removesuffix("right")
    for end in ("", "maybe", "none", "RIGHT"):
        assert office.visitor.post(link + end, said="right").status == 404
    assert judged(office) == []


@pytest.mark.parametrize("topic", ["haushalt", "", "Ukraine"])
def test_only_hits_of_the_topic_can_be_judged(
    office: Office, topic: str
) -> None:
    link = signer_of(office).make_judge(
        Recipient(ANNA), topic, article_of(office)
    )
    check(office.visitor.get(f"{link}right"), 410, "Dafür ist es zu spät")
    check(
        office.visitor.post(f"{link}right", said="right"),
        410,
        "Dafür ist es zu spät",
    )
    assert judged(office) == []


def test_old_hits_can_no_longer_be_judged(office: Office) -> None:
    link = links(office)[1]
    office.world.clock.advance(timedelta(days=89))
    assert office.visitor.post(link, said="wrong").status == 200
    office.world.clock.advance(timedelta(days=2))
    check(office.visitor.post(link, said="right"), 410, "Dafür ist es zu spät")
    check(office.visitor.get(link), 410, "Dafür ist es zu spät")
    assert judged(office) == [(ANNA, False, "mail")]


def test_letter_case_makes_no_other_person(office: Office) -> None:
    signer, article = signer_of(office), article_of(office)
    for address in ("Anna@Example.org", ANNA):
        link = signer.make_judge(Recipient(address), "ukraine", article)
        office.visitor.post(f"{link}wrong", said="wrong")
    assert judged(office) == [(ANNA, False, "mail")]


def test_without_a_public_address_mails_have_no_such_links(
    world: World,
) -> None:
    papers = Papers(world)
    with world.life() as life:
        papers.add("eins", "a", "Ukraine, eine Nachricht")
        life.one_pass()
        life.one_pass(after=timedelta(hours=1))
    assert world.mails()
    assert all("judge/" not in mail.as_string() for mail in world.mails())
    assert all("passt" not in mail.as_string() for mail in world.mails())
