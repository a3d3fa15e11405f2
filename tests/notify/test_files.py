"""Emails as files."""

from __future__ import annotations

from dataclasses import replace
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest

from monitor.notify.transport.eml_files import FileMailer, eml_file_name
from monitor.types.output import Email, SendState

EMAIL = Email(
    "<1@presse.example>",
    "m@presse.example",
    "r@presse.example",
    "[Ukraine] Größe: 2 Städte – ZDF",
    b"To: r\r\n\r\nx\r\n",
)


def test_writes_exactly_the_message_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "mails"
    mailer = FileMailer(folder)
    result = mailer.send(EMAIL)
    mailer.close()
    assert result.state is SendState.SENT
    assert [str(path) for path in folder.iterdir()] == [result.reply]
    assert Path(result.reply).read_bytes() == EMAIL.raw
    assert (
        BytesParser(policy=policy.default).parsebytes(
            Path(result.reply).read_bytes()
        )["to"]
        == "r"
    )


def test_a_repeat_overwrites(tmp_path: Path) -> None:
    mailer = FileMailer(tmp_path)
    assert mailer.send(EMAIL) == mailer.send(EMAIL)
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    ("subject", "start"),
    [
        ("[Ukraine] Größe: 2 Städte – ZDF", "ukraine-groesse-2-staedte-zdf-"),
        ("../../etc/passwd", "etc-passwd-"),
        ("\ud800\n", "mail-"),
        ("x" * 500, "x" * 60 + "-"),
    ],
)
def test_names_can_be_read(subject: str, start: str) -> None:
    name = eml_file_name(replace(EMAIL, subject=subject))
    assert name.startswith(start)
    assert len(name) <= 60 + 1 + 8 + 4


def test_names_differ_by_message_and_recipient() -> None:
    others = (
        EMAIL,
        replace(EMAIL, message_id="<2@presse.example>"),
        replace(EMAIL, recipient="s@presse.example"),
    )
    assert len({eml_file_name(email) for email in others}) == 3


def test_a_folder_that_cannot_be_written_is_temporary_and_leaves_nothing(
    tmp_path: Path,
) -> None:
    (tmp_path / "file").write_text("in the way")
    result = FileMailer(tmp_path / "file").send(EMAIL)
    assert result.state is SendState.TEMPORARY
    assert "cannot write" in result.reply
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_name_that_is_taken_by_a_folder_is_temporary_and_leaves_nothing(
    tmp_path: Path,
) -> None:
    (tmp_path / eml_file_name(EMAIL)).mkdir()
    assert FileMailer(tmp_path).send(EMAIL).state is SendState.TEMPORARY
    assert [path.name for path in tmp_path.iterdir()] == [eml_file_name(EMAIL)]
