"""Which pages are not believed, and which are whatever they look like."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from monitor.extract.article import extract_article
from monitor.types.page import UNREADABLE, Extracted, PageTask

NAV = "<nav><a href='/'>Start</a><a href='/lokales'>Lokales</a><a href='/login'>Anmelden</a></nav>"
FOOT = "<footer><a href='/impressum'>Impressum</a><a href='/datenschutz'>Datenschutz</a></footer>"
TITLE = "Stadtrat beschließt neues Freibad am Aawiesenpark"
TEASER = (
    "Der Rat hat am Dienstagabend mit großer Mehrheit dem Neubau zugestimmt. Das Becken soll 2027"
    " öffnen, die Kosten liegen bei zwölf Millionen Euro."
)
LONG = " ".join(
    f"Im Abschnitt {number} schildert die Verwaltung, wie Becken, Liegewiese und Umkleiden"
    " entstehen sollen."
    for number in range(25)
)


@dataclass(frozen=True)
class Served:
    """A page as it came, behind an item."""

    title: str
    h1: str = ""
    text: str = ""
    head: str = ""
    more: str = ""
    url: str = "https://blatt.example/lokales/freibad-12"
    requested: str = ""
    item: str = TITLE
    feed_text: str = TEASER
    frame: bool = field(default=True)

    @property
    def body(self) -> bytes:
        heading = f"<h1>{self.h1}</h1>" if self.h1 else ""
        paragraphs = "".join(
            f"<p>{line}</p>" for line in self.text.split("\n") if line
        )
        nav, foot = (NAV, FOOT) if self.frame else ("", "")
        return (
            "<!DOCTYPE html><html><head><meta"
            f" charset='utf-8'><title>{self.title}</title>{self.head}</head>"
            f"<body>{nav}<main>{heading}{paragraphs}{self.more}</main>{foot}</body></html>"
        ).encode()


def kind(page: Served) -> str:
    task = PageTask(
        page.url,
        page.body,
        title_hint=page.item,
        feed_text=page.feed_text,
        requested_url=page.requested,
    )
    outcome = extract_article(task)
    assert isinstance(outcome, Extracted), outcome
    return outcome.kind


NOT_FOUND = [
    Served(
        "Seite nicht gefunden | Blatt",
        "Seite nicht gefunden",
        "Die angeforderte Seite konnte leider nicht gefunden werden.",
    ),
    Served(
        "404 - Blatt",
        "404",
        "Diese Seite gibt es nicht. Zurück zur Startseite.",
    ),
    Served(
        "Fehler 404",
        "Hoppla!",
        "Hier ist etwas schiefgelaufen, die Adresse ist vermutlich veraltet.",
    ),
    Served(
        "Page not found – Herald",
        "Page not found",
        "The page you requested could not be found.",
    ),
    Served(
        "404 Not Found",
        "Not Found",
        "The requested URL was not found on this server.",
        frame=False,
    ),
    Served(
        "Blatt",
        "Oops! That page can’t be found.",
        "It looks like nothing was found at this location. Try a search?",
    ),
    Served(
        "Artikel nicht gefunden",
        "Artikel nicht gefunden",
        "Der Link ist möglicherweise falsch oder veraltet.",
    ),
    Served(
        "Blatt – Nachrichten",
        "Die Seite existiert nicht mehr",
        "Bitte prüfen Sie die Adresse.\nMeistgelesen\n" + LONG,
    ),
    Served(
        "Inhalt nicht gefunden",
        "Leider haben wir nichts gefunden",
        "Der gewünschte Inhalt konnte nicht gefunden werden.",
    ),
    Served(
        "Error 404 (Not Found)",
        "",
        "We could not find the page you were looking for.",
    ),
    Served(
        "Nicht gefunden",
        "Diese Seite existiert leider nicht",
        "Vielleicht haben Sie sich vertippt?",
    ),
    Served(
        "Stadt Musterhausen",
        "Die gewünschte Seite wurde nicht gefunden",
        "Zurück zur Startseite.",
        item="Stadt baut",
        feed_text="",
    ),
]
REMOVED = [
    Served(
        "Beitrag nicht mehr verfügbar",
        "Dieser Beitrag ist nicht mehr verfügbar",
        "Aus rechtlichen Gründen ist das Video nicht mehr abrufbar.",
    ),
    Served(
        "Artikel nicht mehr verfügbar | Blatt",
        "Artikel nicht mehr verfügbar",
        "Bitte nutzen Sie die Suche.",
    ),
    Served(
        "410 Gone",
        "Gone",
        "The requested resource is no longer available.",
        frame=False,
    ),
    Served(
        "Blatt", "Der Artikel wurde gelöscht", "Wir bitten um Verständnis."
    ),
    Served(
        "Sendung nicht mehr online",
        "Die Sendung ist leider nicht mehr abrufbar",
        "Die Verweildauer ist abgelaufen.",
    ),
    Served(
        "Content no longer available",
        "This article is no longer available",
        "It may have expired.",
    ),
    Served(
        "Story removed",
        "This story has been removed",
        "Please visit our home page.",
    ),
    Served(
        "Depubliziert",
        "Depubliziert",
        "Dieser Inhalt wurde nach Ablauf der Frist entfernt.",
    ),
    Served("Rundfunk", "Inhalt nicht verfügbar", "Der Inhalt wurde entfernt."),
    Served(
        "Meldung offline",
        "Diese Meldung ist nicht mehr online",
        "Sie war nur sieben Tage abrufbar.",
    ),
]
SERVER_ERROR = [
    Served(
        "500 Internal Server Error",
        "Internal Server Error",
        "The server encountered an internal error.",
        frame=False,
    ),
    Served("502 Bad Gateway", "502 Bad Gateway", "nginx", frame=False),
    Served(
        "503 Service Temporarily Unavailable",
        "503 Service Temporarily Unavailable",
        "nginx",
        frame=False,
    ),
    Served(
        "504 Gateway Time-out",
        "504 Gateway Time-out",
        "The server did not respond in time.",
        frame=False,
    ),
    Served(
        "Database Error",
        "Error establishing a database connection",
        "",
        frame=False,
    ),
    Served(
        "Fehler",
        "Es ist ein Fehler aufgetreten",
        "Bitte versuchen Sie es später noch einmal.",
    ),
    Served(
        "Ein Fehler ist aufgetreten",
        "Etwas ist schiefgelaufen",
        "Unsere Technik ist informiert.",
    ),
    Served(
        "Oops, an error occurred!",
        "Oops, an error occurred!",
        "Code: 20250101120000ab12cd34",
        frame=False,
    ),
    Served(
        "WordPress › Fehler",
        "",
        "Es gab einen kritischen Fehler auf deiner Website. Erfahre mehr über die"
        " Problembehandlung.",
        frame=False,
    ),
    Served(
        "403 Forbidden",
        "Forbidden",
        "You don't have permission to access this resource.",
        frame=False,
    ),
    Served(
        "Application error", "Something went wrong", "Please try again later."
    ),
]
BROWSER_CHECK = [
    Served(
        "Just a moment...",
        "www.blatt.example",
        "Checking if the site connection is secure. This takes a few seconds.",
        frame=False,
    ),
    Served(
        "Nur einen Moment…",
        "blatt.example",
        "Die Sicherheit Ihrer Verbindung wird überprüft.",
        frame=False,
    ),
    Served(
        "Sicherheitsprüfung",
        "Sicherheitsprüfung",
        "Bitte bestätigen Sie, dass Sie ein Mensch sind.",
    ),
    Served(
        "Attention Required! | Cloudflare",
        "Sorry, you have been blocked",
        "You are unable to access blatt.example. Ray ID: 8f3a.",
        frame=False,
    ),
    Served(
        "blatt.example",
        "",
        "Please enable JS and disable any ad blocker",
        "<script src='https://ct.captcha-delivery.com/c.js'></script>",
        frame=False,
    ),
    Served(
        "Access denied",
        "Access to this page has been denied",
        "Powered by PerimeterX.",
        frame=False,
    ),
    Served(
        "Pardon Our Interruption",
        "Pardon Our Interruption...",
        "As you were browsing something about your browser made us think you were a bot.",
    ),
    Served(
        "Are you a robot?",
        "Are you a robot?",
        "To continue, please solve the captcha.",
    ),
    Served(
        "Bot-Prüfung", "Ihr Browser wird geprüft", "Einen Augenblick bitte."
    ),
    Served(
        "DDoS-Guard",
        "Checking your browser before accessing blatt.example",
        "Please wait a few seconds.",
        frame=False,
    ),
    Served(
        "Captcha",
        "Bitte lösen Sie das Captcha",
        "Wir haben ungewöhnlichen Datenverkehr festgestellt.",
    ),
    Served(
        "Verify you are human",
        "One more step",
        "Complete the security check to access the site.",
        frame=False,
    ),
]
MAINTENANCE = [
    Served(
        "Wartungsarbeiten",
        "Wartungsarbeiten",
        "Wir sind in Kürze wieder für Sie da.",
    ),
    Served(
        "Wartungsmodus",
        "Unsere Seite wird gerade gewartet",
        "Bitte schauen Sie später wieder vorbei.",
    ),
    Served(
        "Blatt",
        "Wir sind gleich zurück",
        "Die Seite ist wegen Wartungsarbeiten vorübergehend nicht erreichbar.",
        frame=False,
    ),
    Served(
        "Maintenance",
        "Briefly unavailable for scheduled maintenance. Check back in a minute.",
        "",
        frame=False,
    ),
    Served(
        "Site Maintenance",
        "We’ll be back soon!",
        "Sorry, we're performing some maintenance at the moment.",
    ),
    Served(
        "Under Construction",
        "Under construction",
        "Our new site is coming soon.",
    ),
    Served(
        "Blatt",
        "Die Website ist derzeit nicht erreichbar",
        "Wir arbeiten daran.",
    ),
    Served(
        "Technische Arbeiten",
        "Technische Arbeiten",
        "Heute Nacht führen wir Wartungsarbeiten durch.",
    ),
    Served("Coming soon", "Coming Soon", "", frame=False),
    Served(
        "Portal im Wartungsmodus",
        "Das Portal befindet sich im Wartungsmodus",
        "Vielen Dank für Ihre Geduld.",
    ),
]
LOGIN = [
    Served(
        "Anmelden | Blatt",
        "Anmelden",
        "E-Mail-Adresse Passwort",
        more="<form><input name='u'><input type='password'></form>",
    ),
    Served(
        "Login",
        "Login",
        "Passwort vergessen?",
        more="<form><input type='password' name='p'></form>",
    ),
    Served(
        "Einloggen",
        "Bitte melden Sie sich an",
        "Noch kein Konto? Jetzt registrieren.",
    ),
    Served("Sign in", "Sign in to continue", "Forgot your password?"),
    Served(
        "Willkommen zurück",
        "Willkommen zurück",
        "Benutzername oder E-Mail",
        more="<input type='password'>",
    ),
    Served(
        "Blatt",
        "Registrieren Sie sich kostenlos",
        "Um diesen Inhalt zu sehen, müssen Sie sich anmelden.",
    ),
    Served(
        "Mein Konto",
        "Anmeldung",
        "Nur für angemeldete Nutzer.",
        url="https://sso.blatt.example/login?next=x",
        requested="https://blatt.example/lokales/freibad-12",
    ),
    Served("Members only", "Members only", "Please log in to continue."),
    Served(
        "Geschützter Bereich",
        "Geschützter Bereich",
        "Bitte loggen Sie sich ein.",
        more="<input type='password'>",
    ),
    Served(
        "Log in to Herald",
        "Log in",
        "Don’t have an account? Create an account.",
        more="<input type='password'>",
    ),
]
CONSENT = [
    Served(
        "Zustimmung erforderlich",
        "Ihre Privatsphäre ist uns wichtig",
        "Wir und unsere 182 Partner verwenden Cookies. Alle akzeptieren oder ablehnen.",
    ),
    Served(
        "Cookie-Hinweis",
        "Diese Website verwendet Cookies",
        "Bitte stimmen Sie zu, um fortzufahren.",
    ),
    Served(
        "Privacy settings",
        "We value your privacy",
        "We and our partners use cookies. Accept all or reject all.",
    ),
    Served(
        "Bevor Sie fortfahren",
        "Bevor Sie fortfahren",
        "Wir nutzen Cookies und Daten. Alle akzeptieren.",
    ),
    Served(
        TITLE,
        "",
        "Mit Werbung weiterlesen: mit Tracking. Ihre Zustimmung können Sie widerrufen. Zustimmen"
        " und weiter.",
    ),
    Served("Consent", "Einwilligung", "Ihre Einwilligung wird benötigt."),
    Served(
        "Datenschutz-Einstellungen",
        "Datenschutz-Einstellungen",
        "Wählen Sie, welche Cookies Sie zulassen.",
    ),
    Served(
        "Blatt PUR",
        "Mit Werbung lesen oder PUR-Abo",
        "Sie können Blatt mit Werbung und Cookies lesen oder ein Pur-Abo abschließen.",
    ),
    Served(
        "Yahoo ist Teil der Markenfamilie",
        "",
        "Wenn Sie auf Alle akzeptieren klicken, verwenden unsere 238 Partner Informationen auf"
        " einem Gerät.",
        url="https://consent.blatt.example/collectConsent?s=1",
        requested="https://blatt.example/lokales/freibad-12",
    ),
    Served(
        "Your privacy choices",
        "Before you continue",
        "This site uses cookies.",
        frame=False,
    ),
]
AD_BLOCKER = [
    Served(
        "Adblocker erkannt",
        "Bitte deaktivieren Sie Ihren Adblocker",
        "Unser Angebot finanziert sich durch Werbung.",
    ),
    Served(
        "Blatt",
        "Adblocker aktiv?",
        "Schalten Sie Ihren Werbeblocker aus, um weiterzulesen.",
    ),
    Served(
        "Ad blocker detected",
        "Please disable your ad blocker",
        "Our journalism depends on ads.",
    ),
    Served(
        "Werbeblocker",
        "Sie nutzen einen Werbeblocker",
        "Bitte schalten Sie den Adblocker aus.",
    ),
    Served(
        "Adblock",
        "Adblock",
        "Wir haben festgestellt, dass Sie einen Adblocker verwenden.",
    ),
    Served(
        "Blatt", "", "Adblocker deaktivieren: So geht es in Ihrem Browser."
    ),
    Served(
        "Turn off your adblocker",
        "Turn off your adblocker",
        "Then reload the page.",
    ),
    Served(
        "Hinweis",
        "",
        "Mit eingeschaltetem Werbeblocker ist blatt.example nicht nutzbar. Bitte deaktivieren Sie"
        " den Werbeblocker.",
    ),
    Served("Adblock wall", "AdBlocker ausschalten", "Oder Abo abschließen."),
    Served("Blatt", "Bitte deaktivieren Sie den Werbeblocker", ""),
]
GEO = [
    Served(
        "Inhalt nicht verfügbar",
        "Dieser Inhalt ist in Ihrem Land nicht verfügbar",
        "",
    ),
    Served(
        "Not available",
        "This content is not available in your country",
        "Sorry.",
    ),
    Served(
        "451: Unavailable due to legal reasons",
        "451: Unavailable due to legal reasons",
        "You are in a country belonging to the European Economic Area (EEA) and cannot be granted"
        " access.",
    ),
    Served(
        "Geoblocking",
        "Geoblocking",
        "Das Video darf nur in Österreich gezeigt werden.",
    ),
    Served(
        "Video",
        "In Ihrem Land nicht verfügbar",
        "Aus lizenzrechtlichen Gründen.",
    ),
    Served(
        "Unavailable",
        "Unavailable in your region",
        "GDPR: access cannot be granted.",
    ),
    Served("Sendung", "Die Sendung ist in Ihrer Region nicht verfügbar", ""),
    Served(
        "Blocked",
        "Unavailable for legal reasons",
        "Our European visitors are important to us.",
    ),
    Served(
        "Region", "", "Dieses Video ist in Ihrem Land leider nicht verfügbar."
    ),
    Served(
        "Our site",
        "",
        "This site is currently unavailable to visitors from the European Economic Area. Not"
        " available in your region.",
    ),
]
PARKED = [
    Served(
        "blatt.example is for sale",
        "blatt.example is for sale",
        "Buy this domain. Related searches.",
        frame=False,
    ),
    Served(
        "Diese Domain steht zum Verkauf",
        "Diese Domain steht zum Verkauf",
        "Jetzt bei Sedo kaufen.",
        frame=False,
    ),
    Served(
        "Welcome to nginx!",
        "Welcome to nginx!",
        "The web server is successfully installed and working.",
        frame=False,
    ),
    Served(
        "Apache2 Ubuntu Default Page: It works",
        "Apache2 Ubuntu Default Page",
        "It works!",
        frame=False,
    ),
    Served(
        "Account Suspended",
        "Account Suspended",
        "This account has been suspended. Contact your hosting provider.",
        frame=False,
    ),
    Served(
        "blatt.example",
        "",
        "Sponsored listings",
        "<script src='//img.sedoparking.com/p.js'></script>",
        frame=False,
    ),
    Served(
        "Domain geparkt",
        "Domain geparkt",
        "Diese Domain wurde registriert.",
        frame=False,
    ),
    Served(
        "Domain expired", "This domain has expired", "Renew now.", frame=False
    ),
    Served("Index of /", "Index of /", "", frame=False),
    Served(
        "blatt.example",
        "Die Domain blatt.example ist reserviert",
        "Der Webspace ist noch nicht eingerichtet.",
        frame=False,
    ),
]
SHELL = [
    Served(
        "Blatt",
        "",
        "You need to enable JavaScript to run this app.",
        frame=False,
    ),
    Served(
        TITLE,
        "",
        "Bitte aktivieren Sie JavaScript, um diese Seite zu nutzen.",
        frame=False,
    ),
    Served(TITLE, "", "", more="<div id='root'></div>"),
    Served(
        "Blatt",
        "",
        "",
        more="<div id='__next'></div><script>window.x=1</script>",
        frame=False,
    ),
    Served("Loading...", "", "Loading...", frame=False),
    Served("Blatt", "", "Wird geladen …", frame=False),
    Served(TITLE, TITLE, "", more="<div id='app'></div>"),
    Served(
        "Weiterleitung",
        "",
        "Sie werden weitergeleitet.",
        "<meta http-equiv='refresh' content='0;url=/x'>",
        frame=False,
    ),
    Served("Blatt", "", "Diese Anwendung benötigt JavaScript.", frame=False),
    Served("", "", "", frame=False),
]
ELSEWHERE = "https://blatt.example/lokales/freibad-12"
HOME = [
    Served("Blatt – Nachrichten", "Blatt", LONG, url=url, requested=ELSEWHERE)
    for url in (
        "https://blatt.example/",
        "https://blatt.example",
        "https://www.blatt.example/index.html",
        "https://blatt.example/index.php",
        "https://blatt.example/startseite",
        "https://blatt.example/home/",
        "https://blatt.example/?utm_source=rss",
        "https://andere.example/",
        "https://blatt.example/index.htm",
        "https://blatt.example/?ref=404",
    )
]
FOREIGN = " ".join(
    f"Die Trainerin lobt im Spiel {number} ihre Mannschaft, die Torhüterin hält einen Strafwurf."
    for number in range(20)
)
OTHER = (
    [
        Served(
            f"Handball {number}: Sieg im Derby",
            "Sieg im Derby",
            FOREIGN,
            url=f"https://blatt.example/sport/derby-{number}",
            requested=ELSEWHERE,
        )
        for number in range(5)
    ]
    + [
        Served(
            "Handball",
            "Sieg im Derby",
            FOREIGN,
            f"<link rel='canonical' href='https://blatt.example/sport/derby-{number}'>",
        )
        for number in range(5)
    ]
    + [
        Served(
            "Hallo",
            "Hallo Welt",
            "Alles neu macht der Mai, schauen Sie doch mal rein.",
        )
    ]
)
CARRIED = " ".join(
    f"Satz {number} nennt Beckenrand{number}, Sprungturm{number}, Kassenhaus{number}."
    for number in range(60)
)
THIN = [
    Served(
        TITLE,
        TITLE,
        "Der Rat hat am Dienstagabend dem Neubau zugestimmt, berichtet die"
        f" Verwaltung{'.' * number}",
        feed_text=f"{TEASER} {CARRIED}",
    )
    for number in range(1, 6)
] + [
    Served(
        TITLE,
        TITLE,
        "Lesen Sie den ganzen Bericht in unserer Zeitung von morgen.",
        feed_text=f"{TEASER} {CARRIED}",
    ),
    Served(TITLE, TITLE, TEASER, feed_text=CARRIED),
    Served(
        "Podcast",
        "Zum Hören",
        "Die Folge über das Freibad dauert zwölf Minuten und vier Sekunden.",
        feed_text=f"{TEASER} {CARRIED}",
    ),
    Served(TITLE, TITLE, TEASER, feed_text=f"{TEASER}\n{CARRIED}"),
    Served(
        "Freibad",
        "Freibad",
        "Das Becken soll 2027 öffnen, sagte die Sprecherin der Stadt heute.",
        feed_text=f"{TEASER} {CARRIED}",
    ),
]
SECTION = [
    Served(
        "Lokales",
        "Lokales",
        "Alles aus der Region, jeden Tag neu und kostenlos.",
        url=url,
        requested=asked,
    )
    for url, asked in (
        ("https://blatt.example/lokales/", ELSEWHERE),
        ("https://blatt.example/lokales", ELSEWHERE),
        (
            "https://blatt.example/a/b/",
            "https://blatt.example/a/b/2025/freibad.html",
        ),
    )
]
SERVICE = [
    Served(
        "Datenschutz | Blatt",
        "Datenschutzerklärung",
        "Rechtsgrundlage ist Art. 6 DSGVO.",
    ),
    Served(
        "Impressum",
        "Impressum",
        "Angaben gemäß § 5 DDG. Blatt Verlag GmbH, Musterhausen.",
    ),
    Served(
        "Kontakt – Blatt",
        "Kontakt",
        "Sie erreichen die Zentrale von 8 bis 16 Uhr.",
    ),
    Served(
        "AGB",
        "Allgemeine Geschäftsbedingungen",
        "Vertragspartner ist der Verlag.",
    ),
    Served(
        "Privacy policy",
        "Privacy Policy",
        "We process data as the law allows it to us.",
    ),
    Served(
        "Barrierefreiheit",
        "Erklärung zur Barrierefreiheit",
        "Stand: 23. September 2024.",
    ),
    Served(
        "Blatt",
        "Newsletter abonnieren",
        "Jeden Morgen um sechs in Ihrem Postfach.",
    ),
    Served(
        "Abo-Shop",
        "Unsere Abos",
        "Digital: 9,90 Euro im Monat. Gedruckt: 42 Euro im Monat.",
    ),
    Served(
        "Über uns",
        "Über uns",
        "Seit 1872 erscheint das Blatt an sechs Tagen der Woche.",
    ),
    Served(
        "Hilfe | Blatt",
        "Häufig gestellte Fragen",
        "Wie bestelle ich ab? Wo steht meine Nummer?",
    ),
]
DISBELIEVED = {
    "not_found_page": NOT_FOUND,
    "removed_page": REMOVED,
    "server_error_page": SERVER_ERROR,
    "browser_check": BROWSER_CHECK,
    "maintenance": MAINTENANCE,
    "login_wall": LOGIN,
    "consent": CONSENT,
    "ad_blocker_wall": AD_BLOCKER,
    "geo_block": GEO,
    "parked_domain": PARKED,
    "empty_shell": SHELL,
    "home_page": HOME,
    "other_article": OTHER,
    "thin_page": THIN,
    "listing": SECTION,
    "service_page": SERVICE,
}
CASES = [
    pytest.param(name, page, id=f"{name}-{number}")
    for name, pages in DISBELIEVED.items()
    for number, page in enumerate(pages)
]


@pytest.mark.parametrize(("expected", "page"), CASES)
def test_a_page_that_is_not_the_article_is_named(
    expected: str, page: Served
) -> None:
    assert kind(page) == expected


def test_every_kind_has_cases() -> None:
    assert DISBELIEVED.keys() == UNREADABLE


NEWS = '<script type=\'application/ld+json\'>{"@type": "NewsArticle", "headline": "%s"}</script>'
PARAGRAPH = (
    "Die Stadtwerke erneuern in der Nacht zu Mittwoch ihre Server. Kundinnen und Kunden können in"
    " dieser Zeit keine Zählerstände melden, sagte ein Sprecher. Auch die App des Unternehmens ist"
    " betroffen."
)
BANNER = "<div class='cookie-banner'><p>Wir verwenden Cookies. Alle akzeptieren</p></div>"


def news(
    title: str, text: str, *, item: str = "", feed_text: str = "", **more: str
) -> Served:
    """A page that tells a piece of news; `item` where the feed's title is
    another.
    """
    return Served(
        f"{title} | Blatt",
        title,
        text,
        item=item or title,
        feed_text=feed_text,
        **more,
    )


BELIEVED = {
    "about a 404 page": news(
        "Seite nicht gefunden: Warum 404-Fehler so viele Menschen ärgern",
        "Fehlerseiten gehören zum Internet. " + LONG,
    ),
    "about a 404 page, short": news(
        "Fehler 404 bei der Stadtverwaltung",
        "Wer am Montag das Bürgerbüro im Netz suchte, las nur: Seite nicht gefunden. Schuld war ein"
        " Umzug der Server.",
        feed_text=(
            "Das Bürgerbüro war am Montag im Netz nicht zu finden. Schuld war ein Umzug der Server."
        ),
    ),
    "about maintenance": news(
        "Wartungsarbeiten: Online-Portal der Stadtwerke nicht erreichbar",
        PARAGRAPH,
        feed_text="Die Stadtwerke erneuern ihre Server.",
    ),
    "about maintenance under another title": news(
        "Wartungsarbeiten bei den Stadtwerken",
        PARAGRAPH,
        item="Keine Zählerstände in der Nacht",
        feed_text="Die Stadtwerke erneuern ihre Server. Kunden können keine Zählerstände melden.",
    ),
    "maintenance, one sentence": news(
        "Wartung im Hallenbad",
        "Das Hallenbad bleibt wegen Wartungsarbeiten bis Freitag geschlossen.",
    ),
    "about cookies": news(
        "Cookie-Banner: Was hinter „Alle akzeptieren“ steckt",
        "Wer im Netz auf „Alle akzeptieren“ klickt, stimmt zu. Ihre Einwilligung geben viele, ohne"
        " zu lesen, sagt die Verbraucherzentrale. Cookies akzeptieren heißt, dass Partner Daten"
        " erhalten. " * 3,
        feed_text="Viele geben ihre Einwilligung, ohne zu lesen, sagt die Verbraucherzentrale.",
    ),
    "about a consent ruling": news(
        "Gericht: Ihre Zustimmung muss freiwillig sein",
        "Das Landgericht hat einem Verlag untersagt, Cookies ohne Einwilligung zu setzen. Die"
        " Zustimmung müsse freiwillig sein, urteilten die Richter. Geklagt hatte der Verband der"
        " Verbraucher.",
        feed_text=(
            "Das Landgericht hat einem Verlag untersagt, Cookies ohne Einwilligung zu setzen."
        ),
    ),
    "about captchas": news(
        "Captcha: Warum wir beweisen müssen, kein Roboter zu sein",
        "Ampeln anklicken, Zebrastreifen suchen: Forscher halten die Rätsel für überholt. "
        + LONG,
    ),
    "about an outage": news(
        "Internal Server Error: Große Störung bei Bezahldienst",
        "Bei einem Bezahldienst ist ein Fehler aufgetreten. Händler konnten am Samstag keine Karten"
        " annehmen.",
        feed_text="Händler konnten am Samstag keine Karten annehmen.",
    ),
    "about domains": news(
        "Domain zu verkaufen: Rathaus verliert seine Adresse",
        "Die Gemeinde hat vergessen, ihre Domain zu verlängern. Nun steht sie zum Verkauf, für 9000"
        " Euro.",
        feed_text="Die Gemeinde hat vergessen, ihre Domain zu verlängern.",
    ),
    "about ad blockers": news(
        "Werbeblocker vor Gericht",
        "Der Streit um Adblocker geht in die nächste Runde: Ein Verlag verlangt, dass Leser den"
        " Werbeblocker deaktivieren. Der Bundesgerichtshof will im Juli entscheiden.",
        feed_text="Der Bundesgerichtshof will im Juli über Adblocker entscheiden.",
    ),
    "about a login": news(
        "Anmelden zum Ferienprogramm ab Montag",
        "Eltern können ihre Kinder ab Montag anmelden. Es gibt 300 Plätze, die Anmeldung ist im"
        " Rathaus möglich.",
    ),
    "about geo blocking": news(
        "EU-Kommission will Geoblocking beenden",
        "Filme, die in Ihrem Land nicht verfügbar sind, sollen bald überall laufen. Das schlägt die"
        " Kommission vor.",
        feed_text="Die Kommission will das Sperren von Filmen nach Ländern beenden.",
    ),
    "about javascript": news(
        "25 Jahre Javascript: Eine Sprache erobert das Netz",
        "Die Sprache entstand in zehn Tagen. Ohne Javascript lädt heute kaum eine Seite. "
        + LONG,
    ),
    "radio, thirty words": news(
        "Unfall auf der B239 in Herford",
        "Auf der B239 sind am Morgen zwei Autos zusammengestoßen. Zwei Menschen kamen leicht"
        " verletzt ins Krankenhaus. Die Straße war eine Stunde lang gesperrt.",
    ),
    "radio, thirty words, another title": news(
        "Zwei Verletzte am Morgen",
        "Auf der B239 sind zwei Autos zusammengestoßen. Zwei Menschen kamen leicht verletzt ins"
        " Krankenhaus.",
        item="Unfall auf der B239",
        feed_text="Auf der B239 in Herford sind zwei Autos zusammengestoßen.",
    ),
    "radio with a cookie banner": news(
        "Stromausfall in Bünde",
        "In Bünde war am Abend für zwei Stunden der Strom weg.",
        more=BANNER,
    ),
    "radio with a login form": news(
        "Stromausfall in Enger",
        "In Enger war am Abend für zwei Stunden der Strom weg, ein Bagger hatte ein Kabel"
        " erwischt.",
        more="<form><input name='u'><input type='password'></form>",
    ),
    "one sentence": news(
        "Kater Mikesch ist zurück", "Kater Mikesch ist wieder zu Hause."
    ),
    "a teaser title": news(
        "Freibad-Neubau: Zwölf Millionen Euro für den Aawiesenpark",
        f"{TEASER} {LONG}",
        item="Endlich schwimmen!",
        feed_text="Der Rat hat zugestimmt, das Becken kommt.",
    ),
    "a teaser title that shares nothing": news(
        "Freibad-Neubau am Aawiesenpark",
        LONG,
        item="Jetzt wird es nass und teuer",
        feed_text="Lesen Sie mehr.",
    ),
    "an English headline for a German item": news(
        "Council approves outdoor pool",
        "The council has approved the new outdoor pool at Aawiesenpark with a large majority. "
        * 6,
        item=TITLE,
        feed_text=TEASER,
    ),
    "an English page": news(
        "Mayor resigns after vote",
        "The mayor has resigned after losing a vote on the budget, a spokeswoman said.",
    ),
    "a live ticker": news(
        "Liveticker: Hochwasser in Herford",
        LONG,
        item="Pegel steigt auf vier Meter",
        feed_text="",
    ),
    "a gallery": news(
        "Bilder vom Schützenfest",
        "Bild 1 von 24: Der Umzug am Sonntag.",
        feed_text="Der Umzug am Sonntag.",
    ),
    "a paywall": news(
        "Warum Wirte aufgeben",
        "Im Goldenen Anker brennt noch Licht. Jetzt weiterlesen mit Abo. Anmelden oder"
        " registrieren.",
        item="Das große Wirtesterben",
        feed_text=(
            "Immer mehr Wirte geben auf. Im Goldenen Anker brennt noch Licht, aber nicht mehr"
            " lange."
        ),
    ),
    "a paywall with far more in the feed": Served(
        TITLE,
        TITLE,
        f"{TEASER}\nJetzt weiterlesen mit Blatt+",
        NEWS.replace("}", ', "isAccessibleForFree": false}') % TITLE,
        feed_text=CARRIED,
    ),
    "a video": news(
        "Video: So feiert Herford",
        "Tausende kamen in die Innenstadt.",
        feed_text="Tausende feiern in Herford.",
    ),
    "a redirect of a tracking service": news(
        TITLE,
        f"{TEASER} {LONG}",
        url="https://blatt.example/lokales/freibad-12?utm_source=rss",
        requested="https://rss.zaehler.example/r/8271",
    ),
    "a new slug": news(
        TITLE,
        f"{TEASER} {LONG}",
        url="https://blatt.example/lokales/neuer-name-12",
        requested="https://blatt.example/lokales/alter-name-12",
    ),
    "an address whose query picks the article": news(
        TITLE, LONG, url="https://blatt.example/?p=4711"
    ),
    "typo3": news(
        TITLE, LONG, url="https://rathaus.example/index.php?id=12&tx_news=3"
    ),
    "an item of one word": news(
        "Wetter", "Am Freitag regnet es, am Samstag scheint die Sonne."
    ),
    "no words of the item": news(
        "Kurz notiert", LONG, item="Nachrichten", feed_text=""
    ),
    "a feed that carries the whole text": news(
        TITLE, LONG, feed_text=f"{TEASER} {LONG}"
    ),
    "gone: a restaurant": news(
        "Nicht mehr verfügbar: Beliebtes Eis verschwindet aus den Regalen",
        "Das Eis ist nicht mehr verfügbar. Der Hersteller stellt die Sorte ein.",
        feed_text="Der Hersteller stellt die Sorte ein.",
    ),
    "a kicker says error": Served(
        "Hoppla | Blatt",
        "Hoppla",
        f"{TEASER}\n{LONG}",
        NEWS % "Hoppla",
        item="Kolumne: Mein Freibad",
        feed_text=TEASER,
    ),
    "access denied": news(
        "Zugriff verweigert: Stadt sperrt Soziale Netze auf Diensthandys",
        "Die Stadt sperrt auf Diensthandys mehrere Soziale Netze. Der Personalrat ist dagegen.",
    ),
}


@pytest.mark.parametrize("page", BELIEVED.values(), ids=BELIEVED)
def test_a_real_article_is_believed(page: Served) -> None:
    assert kind(page) in ("article", "short", "paywall")
