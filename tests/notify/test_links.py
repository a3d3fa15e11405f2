"""Links of mails: read again as they were made, and nothing else is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.notify.signed_links import LinkSigner
from monitor.types.catalog import Recipient
from monitor.types.mail import LinkAction, LinkClaim

ANNA = Recipient("anna@presse.example")
LINKS = LinkSigner(
    "https://presse.example/monitor", "ein langer geheimer Text"
)
ACTIONS: tuple[LinkAction, ...] = ("pause", "unsubscribe")


def token(
    action: LinkAction = "unsubscribe",
    links: LinkSigner = LINKS,
    recipient: Recipient = ANNA,
) -> str:
    return links.make(action, recipient, "ukraine").rpartition("/")[2]


@given(
    st.sampled_from(ACTIONS),
    st.text(max_size=254),
    st.text(max_size=64),
    st.sampled_from(["de", "en", "fr"]),
)
def test_a_link_says_what_it_was_made_of_and_fits_a_header(
    action: LinkAction, address: str, topic_id: str, language: str
) -> None:
    link = LINKS.make(action, Recipient(address, language=language), topic_id)
    assert link.isascii()
    assert link.startswith(f"https://presse.example/monitor/{action}/")
    made = link.rpartition("/")[2]
    if len(made) <= 2000:  # no address of a mail makes a longer one
        assert LINKS.read(action, made) == LinkClaim(
            action, address, topic_id, language
        )


def test_a_retry_and_another_daemon_make_the_same_link() -> None:
    again = LinkSigner(
        "https://presse.example/monitor", "ein langer geheimer Text"
    )
    assert token(links=again) == token()


@given(st.data())
def test_a_changed_letter_makes_it_void(data: st.DataObject) -> None:
    made = token()
    # the last letter holds two bits that nobody reads
    place = data.draw(st.integers(0, len(made) - 2))
    other = data.draw(
        st.characters(codec="utf-8").filter(
            lambda letter: letter != made[place]
        )
    )
    assert (
        LINKS.read("unsubscribe", made[:place] + other + made[place + 1 :])
        is None
    )


@pytest.mark.parametrize(
    "made",
    [
        "",
        ".",
        "a.b",
        "x" * 3000,
        "ä",
        "\x00",
        token()[:-5],
        token() + "x",
        token("pause"),
        token(
            links=LinkSigner(
                "https://presse.example/monitor", "ein anderer geheimer Text"
            )
        ),
    ],
)
def test_what_we_did_not_make_for_this_is_not_read(made: str) -> None:
    assert LINKS.read("unsubscribe", made) is None
