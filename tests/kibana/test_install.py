"""Installing into what answers as Kibana does, and every way in which that can
fail.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from monitor.errors import KibanaError
from monitor.kibana.client import KibanaAccess
from monitor.kibana.install import import_objects
from monitor.kibana.objects import build_objects
from tests.kibana.stand_in import StandIn, stand_in
from tests.services import free_port

TOPICS = (("ukraine", "Ukraine"),)
OBJECTS = build_objects(TOPICS, index="monitor")


@pytest.fixture
def kibana() -> Iterator[StandIn]:
    with stand_in() as running:
        yield running


def test_everything_is_taken(kibana: StandIn) -> None:
    assert import_objects(OBJECTS, KibanaAccess(kibana.url), space="") == len(
        OBJECTS
    )
    assert set(kibana.spaces["default"]) == {
        (one["type"], one["id"]) for one in OBJECTS
    }
    assert not kibana.spaces["presse"]


def test_a_second_time_changes_nothing(kibana: StandIn) -> None:
    import_objects(OBJECTS, KibanaAccess(kibana.url), space="")
    before = json.dumps(list(kibana.spaces["default"].values()))
    import_objects(
        build_objects(TOPICS, index="monitor"),
        KibanaAccess(kibana.url),
        space="",
    )
    assert kibana.imports == 2
    assert json.dumps(list(kibana.spaces["default"].values())) == before


def test_a_space_has_objects_of_its_own(kibana: StandIn) -> None:
    import_objects(
        build_objects(TOPICS, index="monitor", space="presse"),
        KibanaAccess(kibana.url),
        space="presse",
    )
    assert all(
        key.startswith("presse-monitor-") for _, key in kibana.spaces["presse"]
    )
    assert not kibana.spaces["default"]


def test_user_and_key_are_told(kibana: StandIn) -> None:
    kibana.basic("ä-nutzer", "pass:wort")
    assert import_objects(
        OBJECTS,
        KibanaAccess(kibana.url, user="ä-nutzer", password="pass:wort"),
        space="",
    )
    kibana.authorization = "ApiKey abc=="
    assert import_objects(
        OBJECTS, KibanaAccess(kibana.url, api_key="abc=="), space=""
    )


def refused(access: KibanaAccess, space: str = "") -> KibanaError:
    with pytest.raises(KibanaError) as caught:
        import_objects(OBJECTS, access, space=space)
    assert "geheim" not in f"{caught.value} {caught.value.hint}"
    return caught.value


def test_wrong_credentials_name_the_settings(kibana: StandIn) -> None:
    kibana.basic("monitor", "richtig")
    error = refused(
        KibanaAccess(kibana.url, user="monitor", password="geheim")
    )
    assert "401" in str(error)
    assert "MONITOR_KIBANA_USER" in (error.hint or "")


def test_a_missing_right_is_named(kibana: StandIn) -> None:
    kibana.may_write = False
    error = refused(KibanaAccess(kibana.url))
    assert "403" in str(error)
    assert "Unable to bulk_create" in str(error)
    assert "Saved Objects Management" in (error.hint or "")


def test_an_unknown_space_is_named(kibana: StandIn) -> None:
    error = refused(KibanaAccess(kibana.url), space="nirgends")
    assert 'no space "nirgends"' in str(error)
    assert "Spaces" in (error.hint or "")
    assert kibana.imports == 0


@pytest.mark.parametrize("space", ["nope", "a-b", "presse2", "0"])
def test_nothing_is_sent_to_a_space_that_nobody_made(
    kibana: StandIn, space: str
) -> None:
    refused(KibanaAccess(kibana.url), space=space)
    assert kibana.imports == 0
    assert not kibana.unseen


def test_who_may_not_see_spaces_is_let_through(kibana: StandIn) -> None:
    kibana.may_see_spaces = False
    objects = build_objects(TOPICS, index="monitor", space="presse")
    assert import_objects(
        objects, KibanaAccess(kibana.url), space="presse"
    ) == len(objects)


def test_a_redirect_to_a_login_page_is_not_followed(kibana: StandIn) -> None:
    kibana.redirect = "/login"
    error = refused(
        KibanaAccess(kibana.url, user="monitor", password="geheim")
    )
    assert "302" in str(error)
    assert "MONITOR_KIBANA_URL" in (error.hint or "")
    assert kibana.imports == 0


@pytest.mark.parametrize("body", [b"", b"{}\n{}", b"[1]", b"<html>"])
def test_an_answer_that_is_not_kibanas(kibana: StandIn, body: bytes) -> None:
    kibana.says = body
    assert "MONITOR_KIBANA_URL" in (
        refused(KibanaAccess(kibana.url)).hint or ""
    )


def test_a_wrong_base_path_is_no_kibana(kibana: StandIn) -> None:
    assert "MONITOR_KIBANA_URL" in (
        refused(KibanaAccess(f"{kibana.url}/elsewhere")).hint or ""
    )


@pytest.mark.parametrize("version", ["7.17.29", "8.7.1"])
def test_an_old_kibana_is_refused_before_anything_is_sent(
    kibana: StandIn, version: str
) -> None:
    kibana.version = version
    assert version in str(refused(KibanaAccess(kibana.url)))
    assert kibana.imports == 0


@pytest.mark.parametrize(
    "version", ["8.8.0", "8.19.5", "9.0.0-SNAPSHOT", "10.1.0", ""]
)
def test_every_later_one_is_taken(kibana: StandIn, version: str) -> None:
    kibana.version = version
    assert import_objects(OBJECTS, KibanaAccess(kibana.url), space="") == len(
        OBJECTS
    )


def test_what_kibana_refuses_is_listed_object_by_object(
    kibana: StandIn,
) -> None:
    with pytest.raises(
        KibanaError,
        match=r"dashboard:monitor-coverage: missing_references index-pattern:monitor-art",
    ):
        import_objects(
            [one for one in OBJECTS if one["type"] == "dashboard"],
            KibanaAccess(kibana.url),
            space="",
        )
    assert not kibana.spaces["default"]


def test_nobody_there() -> None:
    error = refused(KibanaAccess(f"http://127.0.0.1:{free_port()}"))
    assert "cannot be reached" in str(error)


def test_certificates_are_checked(tmp_path: Path) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    ca_file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(ca_file)
    with stand_in(context) as kibana:
        access = KibanaAccess(kibana.url, ca_file=ca_file)
        assert import_objects(OBJECTS, access, space="") == len(OBJECTS)
        assert "MONITOR_KIBANA_CA_FILE" in (
            refused(replace(access, ca_file=None)).hint or ""
        )
        ca_file.write_text("no certificate")
        assert "certificate" in str(refused(access))
