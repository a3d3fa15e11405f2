"""What readers of a German report are told of pages that could not be read: a label for each
outcome.
"""

from __future__ import annotations

from typing import Literal

GERMAN = {
    # what a page is instead of the article
    "not_found_page": "Fehlerseite „nicht gefunden“",
    "removed_page": "Artikel entfernt",
    "server_error_page": "Fehlerseite des Servers",
    "maintenance": "Wartungsseite",
    "browser_check": "Browserprüfung",
    "login_wall": "Anmeldeseite",
    "consent": "Cookie-Schranke",
    "ad_blocker_wall": "Werbeblocker-Schranke",
    "geo_block": "Ländersperre",
    "parked_domain": "geparkte Domain",
    "home_page": "Startseite statt Artikel",
    "listing": "Übersicht oder Suche statt Artikel",
    "service_page": "Impressum, Datenschutz oder Ähnliches",
    "empty_shell": "leere Seite",
    "thin_page": "viel weniger Text als im Feed",
    "other_article": "anderer Artikel",
    # why nothing was read of it
    "crash": "Absturz beim Lesen",
    "memory": "zu viel Speicher beim Lesen",
    "not_html": "keine HTML-Seite",
    "empty": "leere Antwort",
    "too_deep": "zu tief verschachtelt",
    "error": "Fehler beim Lesen",
    # why it did not come
    "dns": "Name nicht auflösbar",
    "connect": "keine Verbindung",
    "tls": "Zertifikat nicht gültig",
    "timeout": "Zeitüberschreitung",
    "protocol": "HTTP-Fehler",
    "too_large": "zu groß",
    "decoding": "Kompression fehlerhaft",
    "redirects": "falsche Weiterleitung",
    "refused_address": "Adresse nicht erlaubt",
    "robots": "robots.txt verbietet es",
    "unauthorized": "Zugriff verweigert",
    "not_found": "nicht gefunden (404)",
    "gone": "gelöscht (410)",
    "rate_limited": "zu viele Anfragen (429)",
    "server_error": "Serverfehler (5xx)",
    "offline": "eigenes Netz gestört",
    "not_a_feed": "kein Feed",
    "broken": "Programmfehler",
    "resting": "Server bat um Pause",
}


def label(outcome: str, language: Literal["de", "en"]) -> str:
    """The words for an outcome; its name in English, and for one that nobody has described."""
    return GERMAN.get(outcome, outcome) if language == "de" else outcome.replace("_", " ")
