"""A broken mail template of one's own costs no mail, and is told until it is
mended.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.store.running import overview
from tests.flow.world import (
    PEOPLE,
    Item,
    Life,
    World,
    feeds_yaml,
    page,
    recipients,
    rss,
)
from tests.services.web import Answer, Site

ITEM = Item("krieg", "Neue Gespräche über die Ukraine")
OPERATOR = "chefin@example.org"


@pytest.fixture
def office(world: World, site: Site) -> World:
    """One article to mail, an operator, and a folder of templates."""
    document = rss(site.url("/"), ITEM).encode()
    site.put("/rss", Answer(document, content_type="application/rss+xml"))
    site.put(f"/{ITEM.key}", page(ITEM.title))
    world.write(
        feeds_yaml(f"{{id: eins, title: Eins, url: '{site.url('/rss')}'}}")
    )
    templates = world.folder / "vorlagen"
    templates.mkdir()
    world.settings_changed |= {
        "templates_dir": templates,
        "operator": OPERATOR,
    }
    return world


def lay(world: World, name: str, text: str) -> None:
    (world.folder / "vorlagen" / name).write_text(text, "utf-8")


def trouble(life: Life) -> str:
    with life.database.read() as connection:
        return overview.pipeline(
            connection, now=life.world.clock.now()
        ).template_trouble


def notices(world: World) -> list[str]:
    """What the operator was told of templates, one text a mail."""
    bodies = [
        mail.get_body(("plain",))
        for mail in world.mails()
        if mail["To"] == OPERATOR
    ]
    texts = [body.get_content() for body in bodies if body is not None]
    return [text for text in texts if "Vorlagen" in text]


@pytest.mark.slow
def test_mails_go_out_and_the_operator_hears_of_it_once(office: World) -> None:
    lay(office, "immediate.txt", "Liebe Leute\n{{ page.nix }}\n")
    with office.life() as life:
        for _ in range(3):
            life.steps.templates.look()
        life.one_pass()
        life.steps.templates.look()
        life.one_pass()
        assert recipients(
            [m for m in office.mails() if m["To"] != OPERATOR]
        ) == sorted(PEOPLE)
        alert = next(mail for mail in office.mails() if mail["To"] != OPERATOR)
        body = alert.get_body(("plain",))
        assert body is not None
        assert "Liebe Leute" not in body.get_content()
        assert "Neue Gespräche" in body.get_content()
        assert trouble(life).startswith("immediate.txt:2: ")
        (told,) = notices(office)
        assert "immediate.txt:2" in told
        assert "mit der mitgelieferten Datei dieses Namens vergleichen" in told


@pytest.mark.slow
def test_what_is_mended_is_used_without_a_restart(office: World) -> None:
    lay(office, "immediate.txt", "{% if %}")
    with office.life() as life:
        life.steps.templates.look()
        assert trouble(life)
        lay(office, "immediate.txt", "Liebe Leute\n")
        life.steps.templates.look()
        assert trouble(life) == ""
        life.one_pass()
        alert = next(mail for mail in office.mails() if mail["To"] != OPERATOR)
        body = alert.get_body(("plain",))
        assert body is not None
        assert body.get_content().strip() == "Liebe Leute"


@pytest.mark.slow
def test_a_template_that_breaks_on_one_mail_only_is_told_too(
    office: World,
) -> None:
    lay(
        office,
        "immediate.txt",
        "{% if page.stories | length == 1 %}{{ nix }}{% endif %}\n",
    )
    with office.life() as life:
        life.steps.templates.look()
        assert trouble(life) == ""
        life.one_pass()
        life.steps.templates.look()
        assert trouble(life).startswith("immediate.txt:1: ")
        life.one_pass(after=timedelta(minutes=1))
        assert len(notices(office)) == 1


@pytest.mark.slow
def test_another_problem_is_told_again_and_the_same_one_not_after_a_restart(
    office: World,
) -> None:
    lay(office, "immediate.txt", "{% if %}")
    for _ in range(2):
        with office.life() as life:
            life.steps.templates.look()
            life.one_pass()
    assert len(notices(office)) == 1
    with office.life() as life:
        life.steps.templates.look()
        office.clock.advance(timedelta(minutes=1))
        lay(office, "digest.html", "{{ nix }}")
        life.steps.templates.look()
        life.one_pass()
    assert len(notices(office)) == 2


def test_without_the_folder_the_trouble_is_over(office: World) -> None:
    lay(office, "immediate.txt", "{% if %}")
    with office.life() as life:
        life.steps.templates.look()
        assert trouble(life)
    del office.settings_changed["templates_dir"]
    with office.life() as life:
        life.steps.templates.look()
        assert trouble(life) == ""
