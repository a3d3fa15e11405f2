"""Articles about errors, walls and forms are believed; errors, walls and forms
are not: every text in the frame of every content system.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from monitor.extract.article import extract_article
from monitor.types.page import UNREADABLE, Extracted, PageTask
from tests.extract.skeletons import ADDRESS, BANNER, SKELETONS, Print


@dataclass(frozen=True)
class Story:
    """An article and its item. Without a heading of its own the page prints
    the item's title.
    """

    item: str
    paragraphs: tuple[str, ...]
    heading: str = ""
    feed_text: str = ""
    below: str = ""

    @property
    def page(self) -> Print:
        heading = self.heading or self.item
        return Print(heading, heading, self.paragraphs, below=self.below)


@dataclass(frozen=True)
class Other:
    """A page that is no article, and what it may be named."""

    kinds: str
    page: Print


PASSWORD = "<form><label>Passwort<input type='password'></label><button>Login</button></form>"
SUMMARY = "summary"
ARTICLES = {
    "registration below one word": Story(
        "Bootsbesitzer müssen sich registrieren",
        (
            "Wer ein Boot auf dem Stausee hat, muss es von Mai an beim Wasserverband registrieren lassen. Das geht im Hafen oder per Post. Die Plakette kostet zwölf Euro.",
        ),
        heading="Registrierung",
        feed_text="Pflicht gilt ab Mai.",
    ),
    "registration of donors": Story(
        "Knochenmarkspender sollen sich registrieren",
        (
            "Der Sportverein in Melle sucht Spender für ein krankes Kind. Wer zwischen 17 und 55 Jahre alt ist, kann sich in der Turnhalle registrieren lassen. Die Aktion dauert bis 16 Uhr.",
        ),
        heading="Registrierung",
        feed_text="Aktion für krankes Kind in Melle.",
    ),
    "places at a nursery": Story(
        "Kita-Plätze: Eltern können Kinder anmelden",
        (
            "Eltern können ihre Kinder bis Ende März für einen Kita-Platz anmelden. Die Stadt rechnet mit 400 Kindern. Zusagen gibt es im Mai.",
        ),
        heading="Anmeldung",
        feed_text="Die Frist endet im März.",
    ),
    "a run": Story(
        "Jetzt für den Stadtlauf anmelden",
        (
            "Der Stadtlauf startet am 3. Mai am Rathaus. Läufer zahlen zwölf Euro. Die Nachmeldung kostet fünf Euro mehr.",
        ),
        heading="Anmelden",
        feed_text="Start ist am Rathaus.",
    ),
    "maintenance of a bath": Story(
        "Wartung legt Hallenbad lahm",
        (
            "Das Hallenbad bleibt von Montag bis Freitag geschlossen. Grund ist die jährliche Wartung der Filter. Am Samstag öffnet es wieder.",
        ),
        heading="Wartung",
    ),
    "a council agrees": Story(
        "Rat gibt Zustimmung für Windpark",
        (
            "Der Rat hat dem Windpark am Donnerstag zugestimmt. Gebaut werden drei Anlagen im Stadtwald. Dagegen stimmten die Freien Wähler.",
        ),
        heading="Zustimmung",
    ),
    "stolen logins": Story(
        "Login für das Bürgerportal gestohlen",
        (
            "Unbekannte haben Zugangsdaten des Bürgerportals gestohlen. Betroffen sind 300 Einwohner. Die Stadt hat Anzeige erstattet.",
        ),
        heading="Login",
    ),
    "a search for a man": Story(
        "Suche nach Vermisstem geht weiter",
        (
            "Die Suche nach dem vermissten Wanderer im Harz ist am Dienstag fortgesetzt worden. Beteiligt sind 60 Helfer und drei Hunde.",
        ),
        heading="Suche",
    ),
    "contact lost": Story(
        "Kontakt zum Segler vor Baltrum abgerissen",
        (
            "Die Seenotretter suchen vor Baltrum nach einem Segler. Der letzte Funkspruch kam am Sonntagabend. Am Mittag wurde ein Rettungsboot gefunden.",
        ),
        heading="Kontakt",
    ),
    "surgery without consent": Story(
        "Arzt operierte ohne Einwilligung",
        (
            "Ein Arzt aus Minden hat eine Patientin ohne deren Einwilligung operiert. Er muss 9000 Euro zahlen, entschied das Gericht.",
        ),
        heading="Einwilligung",
    ),
    "cookies": Story(
        "Cookies: Was Verbraucher wissen müssen",
        (
            "Wer eine Seite im Netz aufruft, wird meist gefragt, ob er Cookies akzeptieren will.",
            "Die Verbraucherzentrale rät, nicht vorschnell auf „Alle akzeptieren“ zu klicken.",
            "Viele Anbieter verwenden Cookies, um Profile zu bilden. Das Landgericht hat das im"
            " März für unzulässig erklärt.",
        ),
    ),
    "outage of a district office": Story(
        "IT-Störung im Kreishaus",
        (
            "Die Kreisverwaltung ist derzeit nicht erreichbar. Grund ist nach Angaben einer"
            " Sprecherin ein Fehler in der Telefonanlage.",
            "Auch die Zulassungsstelle bleibt am Dienstag geschlossen. Die Techniker arbeiten"
            " bereits an einer Lösung.",
        ),
    ),
    "a job with a login": Story(
        "Erzieherin oder Erzieher (m/w/d) in Teilzeit gesucht",
        (
            "Für unsere Kita Sonnenblume suchen wir zum 1. August eine Erzieherin oder einen"
            " Erzieher in Teilzeit.",
            "Wir bieten Ihnen 30 Tage Urlaub und ein freundliches Team. Bitte bewerben Sie sich"
            " bis zum 15. Juni.",
        ),
        below=PASSWORD,
    ),
    "emergency call": Story(
        "Störung: Notruf 112 ausgefallen",
        (
            "Der Notruf 112 ist im Kreis am Morgen für eine Stunde ausgefallen. Ursache war ein"
            " Fehler in einer Vermittlungsstelle.",
            "Die Leitstelle war über eine Ersatznummer erreichbar.",
        ),
    ),
    "captchas": Story(
        "Sind Sie ein Roboter? Wie Captchas uns aufhalten",
        (
            "Ampeln, Zebrastreifen, Hydranten: Wer im Netz einkauft, muss Bilder sortieren.",
            "Forscher der Universität haben gezeigt, dass Programme die Captchas schneller lösen"
            " als Menschen.",
            "Der Satz „Ich bin kein Roboter“ steht seit 2014 auf Millionen Seiten.",
        ),
    ),
    "one sentence beside a box": Story(
        "Kater Mikesch ist zurück",
        ("Der Kater ist nach drei Wochen wieder zu Hause.",),
        below=BANNER,
    ),
    "live blog": Story(
        "Scholz trifft Macron zum Frühstück in Meseberg",
        (
            "14:05 Uhr: Die Delegationen haben den Tagungsort erreicht.",
            "13:20 Uhr: In der Innenstadt demonstrieren nach Angaben der Polizei 3000 Menschen.",
            "12:45 Uhr: Der Flughafen meldet Verspätungen von bis zu zwei Stunden.",
        ),
        heading="Liveblog: Alle Entwicklungen zum Gipfel",
    ),
    "shorter heading: maintenance": Story(
        "Wartungsarbeiten: Hallenbad zwei Wochen geschlossen",
        (
            "Das Hallenbad schließt vom 2. bis 15. Juni. In dieser Zeit werden die Filter"
            " getauscht.",
            "Die Schwimmkurse ziehen in das Lehrbecken der Grundschule um.",
        ),
        heading="Wartungsarbeiten",
    ),
    "shorter heading: 404": Story(
        "Fehler 404: Ausstellung zeigt verschwundene Orte des Internets",
        (
            "Das Stadtmuseum zeigt ab Sonntag verschwundene Orte des Internets, vom Gästebuch bis"
            " zum Chatraum.",
            "Kuratorin Lena Beispiel hat dafür 200 alte Seiten gesammelt. Der Eintritt ist frei.",
        ),
        heading="Fehler 404",
    ),
    "the number 404": Story(
        "Fehler 404",
        (
            "Die Zahl ist zum Sinnbild geworden. Sie steht auf T-Shirts und in Gedichten.",
            "Ein Mathematiker aus Jena hat ihr nun ein Buch gewidmet, das am Montag erscheint.",
            "Darin erzählt er von einem Zimmer im Forschungszentrum Cern, das es nie gab.",
        ),
    ),
    "shorter heading: removed": Story(
        "Nicht mehr verfügbar: Beliebtes Eis verschwindet aus den Regalen",
        (
            "Der Hersteller nimmt die Sorte Waldmeister vom Markt. Das Eis verschwindet bis Ende"
            " Juni aus den Regalen.",
            "Der Absatz sei seit Jahren gesunken, sagte eine Sprecherin des Unternehmens.",
        ),
        heading="Nicht mehr verfügbar",
    ),
    "shorter heading: register": Story(
        "Jetzt registrieren: Knochenmarkspender für kleine Mia gesucht",
        (
            "Die fünfjährige Mia aus Enger braucht einen Spender. Am Samstag kann sich jeder in"
            " der Turnhalle typisieren lassen.",
            "Der Verein rechnet mit 500 Menschen. Ein Wangenabstrich genügt für die Datei.",
        ),
        heading="Jetzt registrieren",
    ),
    "shorter heading: access": Story(
        "Zugriff verweigert: Wie Behörden Auskünfte blockieren",
        (
            "Jede dritte Anfrage nach dem Informationsfreiheitsgesetz bleibt ohne Antwort.",
            "Das zeigt eine Auswertung von 1200 Fällen. Behörden berufen sich oft auf den Schutz"
            " von Betriebsgeheimnissen, wenn sie Auskünfte blockieren.",
        ),
        heading="Zugriff verweigert",
    ),
    "shorter heading: domain": Story(
        "Diese Domain steht zum Verkauf: Wie Spekulanten mit Ortsnamen handeln",
        (
            "Für den Namen einer Kleinstadt verlangt ein Händler 40.000 Euro. Der Bürgermeister"
            " lehnt das ab.",
            "Spekulanten sichern sich seit Jahren die Namen von Orten. Gerichte geben meist den"
            " Gemeinden recht.",
        ),
        heading="Diese Domain steht zum Verkauf",
    ),
    "eight words": Story(
        "Hier wird geblitzt",
        ("B239 in Herford, Ahmser Straße, Richtung Bünde.",),
    ),
    "four words": Story(
        "Geblitzt wird heute hier", ("Bünde: Holtkampstraße.",)
    ),
    "login data stolen": Story(
        "Passwort vergessen? Hacker nutzen falsche Mails der Sparkasse",
        (
            "Die Polizei warnt vor Mails, in denen Kunden der Sparkasse ihr Passwort ändern"
            " sollen.",
            "Bitte melden Sie sich an, heißt es darin. Die Hacker haben so 30.000 Euro erbeutet.",
        ),
    ),
    "ad blockers": Story(
        "Werbeblocker: Bundesgerichtshof verhandelt erneut",
        (
            "Der Streit zwischen einem Verlag und dem Hersteller eines Werbeblockers geht weiter.",
            "Der Bundesgerichtshof will im Juli entscheiden, ob Adblocker das Urheberrecht"
            " verletzen.",
        ),
    ),
    "geo blocking": Story(
        "In Ihrem Land nicht verfügbar: EU will Geoblocking beenden",
        (
            "Filme und Serien sollen künftig in der ganzen EU zu sehen sein.",
            "Die Kommission legte dazu am Mittwoch einen Entwurf vor. Produzenten warnen vor"
            " sinkenden Erlösen.",
        ),
    ),
    "a server burns": Story(
        "Internal Server Error: Brand legt Rechenzentrum lahm",
        (
            "Ein Brand hat am Samstag ein Rechenzentrum in Straßburg zerstört.",
            "Rund 10.000 Firmen waren betroffen. Verletzt wurde niemand, teilte die Feuerwehr mit.",
        ),
    ),
    "a privacy law": Story(
        "Datenschutz: Landesbeauftragte rügt Schulen",
        (
            "Die Landesbeauftragte für den Datenschutz hat 14 Schulen gerügt. Sie nutzten"
            " Programme ohne Vertrag.",
            "Die Schulen müssen bis zum Herbst nachweisen, wo die Daten liegen.",
        ),
    ),
    "a search engine": Story(
        "Suchergebnisse bei Google: Kartellamt leitet Verfahren ein",
        (
            "Das Bundeskartellamt prüft, ob Google eigene Dienste bevorzugt.",
            "Betroffen seien die Suchergebnisse für Reisen und Preise, sagte der Präsident der"
            " Behörde.",
        ),
    ),
    "javascript": Story(
        "Laden ... bitte warten: Warum Seiten immer langsamer werden",
        (
            "Eine Nachrichtenseite lädt heute im Schnitt vier Megabyte. Das ist doppelt so viel"
            " wie 2015.",
            "Schuld sind Werbung und Skripte, sagt ein Informatiker. Ohne Javascript werden Seiten"
            " schneller.",
        ),
    ),
    "oops": Story(
        "Hoppla! Minister verwechselt Bielefeld mit Paderborn",
        (
            "Beim Besuch in Ostwestfalen hat sich der Minister im Ort geirrt.",
            "Er begrüßte die Bielefelder als Paderborner. Das Publikum lachte, der Oberbürgermeister"
            " auch.",
        ),
    ),
    "advice beside a login": Story(
        "So schützen Sie sich vor Phishing",
        (
            "Klicken Sie nie auf Links in Mails. Geben Sie Ihr Passwort nicht ein.",
            "Bitte prüfen Sie die Adresse des Absenders. Wir empfehlen Ihnen einen"
            " Passwortmanager.",
        ),
        below=PASSWORD,
    ),
    "a site that is down": Story(
        "Website der Stadt ist offline",
        (
            "Die Internetseite der Stadt ist derzeit nicht erreichbar. Grund ist ein Defekt im"
            " Rechenzentrum.",
        ),
    ),
    "a portal that is down": Story(
        "Bürgerportal nicht erreichbar",
        (
            "Wegen Wartungsarbeiten ist das Bürgerportal am Samstag von 8 bis 12 Uhr nicht"
            " erreichbar. Wir bitten um Verständnis.",
        ),
    ),
    "a ticker named like an overview": Story(
        "++ 18:22 Kiew meldet Drohnenangriff auf Odessa ++",
        (
            "Ein Sprecher in Moskau wies den Vorwurf zurück. Polen schließt einen Grenzübergang.",
            "Die Außenminister beraten am Montag. In Charkiw fiel für Stunden der Strom aus.",
        ),
        heading="Alle Meldungen im Ticker",
    ),
    "a search for a person": Story(
        "Suche nach vermisstem Wanderer im Harz",
        (
            "Die Bergwacht sucht mit 40 Leuten nach dem 63-Jährigen. Ein Hubschrauber fliegt.",
        ),
        heading="Suche nach Vermisstem",
    ),
    "another heading": Story(
        "Feuer in Herforder Möbelfabrik: Millionenschaden",
        (
            "Ein Feuer hat in der Nacht die Lagerhalle einer Möbelfabrik in Herford zerstört.",
            "Die Polizei schätzt den Schaden auf drei Millionen Euro. 120 Feuerwehrleute waren im"
            " Einsatz.",
        ),
        heading="Großbrand hält Einsatzkräfte bis zum Morgen in Atem",
    ),
    "an ordinary report": Story(
        "Rat stimmt für neue Turnhalle",
        (
            "Der Rat hat dem Bau einer Turnhalle am Schulzentrum zugestimmt.",
            "Baubeginn ist im Frühjahr, die Kosten liegen bei acht Millionen Euro.",
        ),
    ),
}
TEASERS = "".join(
    f"<div class='teaser'><h3><a href='/sport/{number}'>{title}</a></h3><p>{text}</p></div>"
    for number, (title, text) in enumerate(
        (
            (
                "Handballerinnen gewinnen das Derby",
                "Die Torhüterin hielt zwei Strafwürfe.",
            ),
            (
                "Chor sucht neue Stimmen für den Herbst",
                "Geprobt wird immer donnerstags.",
            ),
            (
                "Landwirte klagen über späten Frost",
                "Vor allem die Kirschen haben gelitten.",
            ),
            (
                "Neue Linie verbindet Bahnhof und Klinik",
                "Sie fährt alle zwanzig Minuten.",
            ),
        )
    )
)
ELSE = (
    "Die Handballerinnen haben das Derby am Samstag mit 28:24 gewonnen. Die Torhüterin hielt zwei"
    " Strafwürfe.",
    "Vor 600 Zuschauern lag die Mannschaft zur Pause noch zurück. In der Schlussphase traf die"
    " Kapitänin fünfmal.",
    "Am kommenden Wochenende geht es zum Tabellenführer nach Oldenburg.",
)
ITEM = "Freibad am Aawiesenpark öffnet nach Umbau im Mai"
ITEM_TEXT = (
    "Das Becken ist saniert, der Sprungturm bleibt gesperrt. Die Karten werden um einen Euro teurer,"
    " sagte die Bäderchefin."
)


def page(
    title: str, heading: str, *paragraphs: str, below: str = "", head: str = ""
) -> Print:
    return Print(
        title, heading, paragraphs, states=False, below=below, head=head
    )


OTHERS = {
    "registration to read on": Other(
        "login_wall",
        page(
            "Registrierung",
            "Registrierung",
            "Für diesen Artikel ist eine kostenlose Registrierung nötig. Bitte registrieren Sie sich. Sie haben schon ein Konto? Dann melden Sie sich an.",
        ),
    ),
    "registration that costs nothing": Other(
        "login_wall",
        page(
            "Registrierung",
            "Registrierung",
            "Die Registrierung ist kostenlos. Danach stehen alle Artikel offen. Die Daten werden verschlüsselt übertragen.",
        ),
    ),
    "readers with a login": Other(
        "login_wall",
        page(
            "Anmelden",
            "Anmelden",
            "Nur angemeldete Leser sehen diesen Text. Das Lesen kostet nichts.",
        ),
    ),
    "another article": Other(
        "other_article",
        Print("Handball: Sieg im Derby", "Sieg im Derby", ELSE),
    ),
    "gone, with teasers": Other(
        "not_found_page",
        page(
            "Blatt",
            "Diese Seite gibt es leider nicht",
            "Vielleicht interessieren Sie diese Themen:",
            below=TEASERS,
        ),
    ),
    "nothing here": Other(
        "not_found_page",
        page("Hoppla", "Hoppla, hier ist nichts!", "Zurück zur Startseite."),
    ),
    "search results": Other(
        "listing",
        page(
            "Suche",
            "Suchergebnisse für „meldung 4711“",
            "Ihre Suche ergab 4 Treffer.",
            below=TEASERS,
        ),
    ),
    "search results for the item": Other(
        "listing",
        page(
            "Suche: freibad aawiesenpark",
            "Suchergebnisse für: Freibad Aawiesenpark Umbau",
            "Es wurden 4 Treffer gefunden.",
            below=TEASERS,
        ),
    ),
    "privacy": Other(
        "service_page other_article",
        page(
            "Datenschutzerklärung",
            "Datenschutzerklärung",
            "Der Schutz Ihrer personenbezogenen Daten ist uns wichtig. Verantwortlich im Sinne der"
            " Datenschutz-Grundverordnung ist die Blatt Verlag GmbH.",
            "Beim Aufruf werden Zugriffsdaten in Protokolldateien gespeichert. Die Rechtsgrundlage"
            " ist Art. 6 Abs. 1 lit. f DSGVO.",
            "Sie haben das Recht auf Auskunft, Berichtigung und Löschung. Beschwerden nimmt die"
            " Aufsichtsbehörde entgegen.",
        ),
    ),
    "imprint": Other(
        "service_page other_article",
        page(
            "Impressum",
            "Impressum",
            "Angaben gemäß § 5 DDG. Blatt Verlag GmbH, Verlagsstraße 1, 12345 Musterhausen.",
            "Vertreten durch den Geschäftsführer Max Beispiel. Registergericht Bielefeld.",
        ),
    ),
    "shell": Other("empty_shell", page(ITEM, "", "Laden …")),
    "shell with a heading": Other(
        "empty_shell", page(ITEM, ITEM, "Inhalt wird geladen …")
    ),
    "shell in English": Other("empty_shell", page(ITEM, ITEM, "Loading...")),
    "no script": Other(
        "empty_shell",
        page(
            ITEM,
            ITEM,
            "Bitte aktivieren Sie JavaScript, um diesen Inhalt anzuzeigen.",
        ),
    ),
    "wall under the title": Other(
        "consent",
        page(
            ITEM,
            ITEM,
            "Wir und unsere 214 Partner verwenden Cookies und verarbeiten personenbezogene Daten.",
            "Mit Klick auf „Alle akzeptieren“ willigen Sie in die Verarbeitung ein.",
            "Sie können Ihre Einwilligung jederzeit widerrufen.",
        ),
    ),
    "pay or consent": Other(
        "consent",
        page(
            ITEM,
            "Weiterlesen mit Werbung oder Pur-Abo",
            "Besuchen Sie Blatt wie gewohnt mit Werbung und Tracking. Zustimmen und weiter.",
            "Nutzen Sie Blatt PUR für 3,99 Euro im Monat ohne Werbetracking.",
        ),
    ),
    "login under the title": Other(
        "login_wall",
        page(
            ITEM,
            ITEM,
            "Bitte melden Sie sich an, um diesen Artikel zu lesen.",
            "Noch kein Konto? Jetzt kostenlos registrieren.",
            below=PASSWORD,
        ),
    ),
    "login": Other(
        "login_wall",
        page(
            "Anmelden",
            "Willkommen zurück!",
            "Melden Sie sich mit Ihrer E-Mail-Adresse an.",
            below=PASSWORD,
        ),
    ),
    "removed by law, under the title": Other(
        "removed_page",
        page(
            ITEM,
            "Dieser Beitrag ist nicht mehr verfügbar",
            "Der Inhalt wurde nach Ablauf der Verweildauer aus der Mediathek entfernt.",
            below=TEASERS,
        ),
    ),
    "removed": Other(
        "removed_page not_found_page",
        page(
            "Artikel offline",
            "Der Artikel ist leider nicht mehr online",
            "Wir haben diesen Beitrag depubliziert.",
        ),
    ),
    "not found": Other(
        "not_found_page",
        page(
            "Seite nicht gefunden",
            "Ups! Da ist wohl etwas verloren gegangen.",
            "Die von Ihnen aufgerufene Seite konnte nicht gefunden werden. Prüfen Sie die Adresse.",
        ),
    ),
    "not found, English": Other(
        "not_found_page",
        page(
            "Page not found",
            "404",
            "Sorry, the page you are looking for does not exist.",
        ),
    ),
    "not found, witty": Other(
        "not_found_page",
        page(
            "404",
            "Huch, hier ist ja gar nichts",
            "Diese Seite macht gerade Urlaub.",
        ),
    ),
    "wrong way": Other(
        "not_found_page",
        page(
            "Falsch abgebogen",
            "Da sind Sie wohl falsch abgebogen",
            "Die gesuchte Seite existiert nicht oder wurde verschoben.",
            below=TEASERS,
        ),
    ),
    "maintenance": Other(
        "maintenance",
        page(
            "Wartung",
            "Wir bauen um",
            "Unsere Internetseite wird zurzeit überarbeitet. Wir sind bald wieder für Sie da.",
        ),
    ),
    "server error": Other(
        "server_error_page",
        page(
            "Fehler",
            "Da ist etwas schiefgegangen",
            "Ein technischer Fehler ist aufgetreten. Bitte versuchen Sie es später erneut.",
        ),
    ),
    "overloaded": Other(
        "server_error_page maintenance",
        page(
            "Blatt",
            "Zu viele Zugriffe",
            "Unsere Server sind derzeit überlastet. Bitte laden Sie die Seite in einigen Minuten"
            " neu.",
        ),
    ),
    "browser check": Other(
        "browser_check",
        page(
            "Einen Moment bitte",
            "Ihre Verbindung wird geprüft",
            "Wir prüfen, ob Sie ein Mensch sind. Das dauert wenige Sekunden.",
            head="<script src='/cdn-cgi/challenge-platform/h/b/orchestrate/jsch/v1'></script>",
        ),
    ),
    "captcha": Other(
        "browser_check",
        page(
            ITEM,
            "Sicherheitsabfrage",
            "Bitte lösen Sie das Captcha, um fortzufahren.",
            head="<script src='https://hcaptcha.com/1/api.js'></script>",
        ),
    ),
    "forward": Other(
        "empty_shell",
        page(
            "Weiterleitung",
            "",
            "Sie werden automatisch weitergeleitet. Falls nicht, klicken Sie hier.",
            head="<meta http-equiv='refresh' content='0;url=/neu'>",
        ),
    ),
    "parked": Other(
        "parked_domain",
        page(
            "blatt.example",
            "blatt.example steht zum Verkauf",
            "Der Inhaber bietet diese Domain zum Kauf an. Jetzt Angebot abgeben.",
        ),
    ),
    "ad blocker": Other(
        "ad_blocker_wall",
        page(
            ITEM,
            "Sie haben einen Adblocker aktiviert",
            "Bitte schalten Sie Ihren Werbeblocker für unsere Seite aus.",
        ),
    ),
    "a recipe": Other(
        "other_article",
        Print(
            "Rezept",
            "Pflaumenkuchen vom Blech",
            (
                "Den Teig eine Stunde gehen lassen. Die Pflaumen entsteinen und dicht legen.",
                "Bei 180 Grad 40 Minuten backen und mit Zimt bestreuen.",
            ),
        ),
    ),
    "a wall that states the article": Other(
        "consent",
        Print(
            ITEM,
            ITEM,
            (
                "Wir benötigen Ihre Zustimmung, um Inhalte und Werbung zu personalisieren.",
                "Unsere Partner speichern Informationen auf Ihrem Gerät.",
                "Weitere Informationen finden Sie in der Datenschutzerklärung.",
            ),
        ),
    ),
    "removed, under a stated title": Other(
        "removed_page",
        Print(
            ITEM,
            "Dieser Inhalt ist leider nicht mehr abrufbar",
            (
                "Nach dem Medienstaatsvertrag dürfen wir Beiträge nur begrenzte Zeit zeigen.",
            ),
        ),
    ),
    "region": Other(
        "geo_block",
        page(
            "Video",
            "Dieses Video ist in Ihrer Region nicht verfügbar",
            "Es tut uns leid.",
        ),
    ),
}


def kind(printed: str, *, title: str, feed_text: str) -> str:
    task = PageTask(
        ADDRESS, printed.encode(), title_hint=title, feed_text=feed_text
    )
    outcome = extract_article(task)
    assert isinstance(outcome, Extracted), outcome
    return outcome.kind


@pytest.mark.parametrize("skeleton", SKELETONS)
@pytest.mark.parametrize("name", ARTICLES)
def test_an_article_is_believed_whatever_it_is_about(
    name: str, skeleton: str
) -> None:
    story = ARTICLES[name]
    printed = SKELETONS[skeleton](story.page)
    whole = "\n".join(story.paragraphs)
    for feed_text in ("", story.paragraphs[0], whole):
        found = kind(printed, title=story.item, feed_text=feed_text)
        assert found not in UNREADABLE, feed_text


@pytest.mark.parametrize("skeleton", SKELETONS)
@pytest.mark.parametrize("name", OTHERS)
def test_a_page_that_is_no_article_is_named(name: str, skeleton: str) -> None:
    other = OTHERS[name]
    printed = SKELETONS[skeleton](other.page)
    for feed_text in ("", ITEM_TEXT):
        assert (
            kind(printed, title=ITEM, feed_text=feed_text)
            in other.kinds.split()
        ), feed_text
