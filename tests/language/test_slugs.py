"""Names that every system takes."""

from __future__ import annotations

import pytest

from monitor.language.slugs import ascii_slug


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Kreis Herford", "kreis-herford"),
        ("Löhne & Bünde!", "loehne-buende"),
        ("LO\u0308HNE", "loehne"),  # as a Macintosh writes an umlaut
        ("GROẞE STRAẞE", "grosse-strasse"),
        ("Éclair à la Crème", "eclair-a-la-creme"),
        ("  [Rat] – 2 Meldungen ", "rat-2-meldungen"),
        ("../../etc/passwd", "etc-passwd"),
        ("x\r\nBcc: y", "x-bcc-y"),
        ("\ud800", ""),
        ("Київ", ""),
        ("", ""),
    ],
)
def test_slugs(text: str, slug: str) -> None:
    assert ascii_slug(text, 64) == slug


def test_a_cut_slug_has_its_whole_length_and_ends_with_a_letter() -> None:
    assert ascii_slug("[Rat] Löhne", 5) == "rat-l"
    assert ascii_slug("[Rat] Löhne", 4) == "rat"
