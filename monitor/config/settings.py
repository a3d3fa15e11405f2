"""Everything that can be set from outside, with its default and what it means.
All of it is optional.

Values only: where they come from (environment, files) is known to
`environment`. What a setting does is known to the part that receives its
value; nothing receives the whole object.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    model_validator,
)

from monitor.config.notation import time_zone
from monitor.config.setting_types import (
    NO_SECRET,
    Address,
    Addresses,
    Daily,
    Duration,
    HeaderName,
    Listener,
    MailAddresses,
    Networks,
    PublicAddress,
    Size,
    Texts,
    WebAddress,
    WebAddresses,
    sender,
)

RESERVED_DOMAIN = re.compile(
    r"(^|\.)(example|example\.(org|com|net)|invalid|test|localhost|local|localdomain)$"
)
"""Domains that no mail server accepts a sender from (RFC 2606, RFC 6762)."""
SHORTEST_LINK_SECRET = 16  # characters
FILES = (
    "fetch_ca_file",
    "elasticsearch_ca_file",
    "kibana_ca_file",
    "smtp_ca_file",
    "press_review_logo",
)
"""Settings that name a file, which must be there."""


class Settings(BaseModel):
    """All settings. Frozen; secrets never show in `repr`."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_default=False
    )

    data_dir: Path = Field(
        Path("data"),
        description="Folder for the database, the search index and mail files.",
    )
    feeds_file: Path = Field(
        Path("feeds.yaml"),
        description="The file with feeds, topics and recipients.",
    )
    database_url: SecretStr = Field(
        NO_SECRET,
        description=(
            "SQLAlchemy address of the database, for instance"
            " `postgresql+psycopg://monitor:…@db/monitor`. Empty: SQLite in the data folder."
        ),
    )
    language: Literal["de", "en"] = Field(
        "de",
        description="Language of the command line, of the operator's mails and of the web page.",
    )
    timezone: Annotated[str, AfterValidator(time_zone)] = Field(
        "Europe/Berlin",
        description="Time zone in which times are shown and the daily report is due.",
    )
    log_format: Literal["text", "json"] = Field(
        "text", description="One readable line per event, or one JSON object."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="What is logged at least."
    )

    contact: str = Field(
        "",
        max_length=200,
        pattern=r"^[^\r\n]*$",
        description=(
            "Address of a page or a mailbox that publishers find in our User-Agent. Set it: some"
            " block readers that nobody stands behind."
        ),
    )
    fetch_workers: int = Field(
        16,
        ge=1,
        le=200,
        description="How many servers are waited for at the same time.",
    )
    fetch_min_gap: Duration = Field(
        timedelta(seconds=2),
        description="Pause between two requests to one domain.",
    )
    fetch_deadline: Duration = Field(
        timedelta(seconds=60),
        description="Longest time for one request, all in all.",
    )
    feed_max_size: Size = Field(
        10_000_000, description="A larger feed is refused."
    )
    page_max_size: Size = Field(
        8_000_000, description="A larger article page is refused."
    )
    allowed_networks: Networks = Field(
        (),
        description=(
            "Private networks and host names that may be read nevertheless, separated by commas;"
            " for feeds in an intranet. All other private addresses are refused."
        ),
    )
    proxy: SecretStr = Field(
        NO_SECRET,
        description=(
            "HTTP proxy for feeds, pages and a webhook outside, for instance"
            " `http://user:password@proxy:3128`. Proxies of the environment are ignored."
        ),
    )
    no_proxy: Texts = Field(
        (),
        description=(
            "What is asked without the proxy, separated by commas: domains with all below them,"
            " addresses, networks, each with `:port` if wanted, or `*` for everything."
        ),
    )
    fetch_ca_file: Path | None = Field(
        None,
        description=(
            "Further certificate authorities for feeds, pages and the webhook, as PEM: of an"
            " intranet, or of a proxy that opens TLS."
        ),
    )
    obey_reservations: bool = Field(
        True,
        description=(
            "Keep to title and summary where a publisher reserves text and data mining (§ 44b"
            " UrhG)."
        ),
    )
    reservation_agents: Texts = Field(
        (),
        description=(
            "Other readers, separated by commas, for instance `CCBot, Meltwater`: where robots.txt"
            " closes a page to one of them by name, that counts as such a reservation. Empty: such"
            " rules bind only whom they name (docs/recht.md)."
        ),
    )
    raw_pages_retention: Duration = Field(
        timedelta(0),
        description=(
            "How long pages are kept as fetched, compressed, for `monitor reextract`. `0 s`: not at"
            " all."
        ),
    )
    judgement_retention: Duration = Field(
        timedelta(days=365),
        description=(
            "How long it is remembered who said of which hit that it fits a topic, or not."
        ),
    )
    poll_history_retention: Duration = Field(
        timedelta(days=30), description="How long single polls are remembered."
    )
    outcome_retention: Duration = Field(
        timedelta(days=400),
        description="How long it is remembered how many items ended how, by hour.",
    )
    sent_mail_retention: Duration = Field(
        timedelta(days=30),
        description="How long the text of sent mails is kept; that they were sent, always.",
    )
    version_retention: Duration = Field(
        timedelta(days=730),
        description="How long earlier versions of articles are kept. `0 s`: always.",
    )
    text_retention: Duration = Field(
        timedelta(0),
        description=(
            "How long texts of articles are kept, where their feed has no `fulltext_retention`."
            " `0 s`: always."
        ),
    )

    parse_workers: int = Field(
        1,
        ge=0,
        le=64,
        description="Child processes that parse feeds while many come at once. `0`: none.",
    )
    extract_workers: int = Field(
        2,
        ge=1,
        le=64,
        description="Child processes that take the text out of pages.",
    )
    extract_deadline: Duration = Field(
        timedelta(seconds=20),
        description="A page or feed that takes a child process longer is given up.",
    )
    extract_memory: Size = Field(
        1_000_000_000,
        description="A child process that needs more memory is ended.",
    )

    daemon_lease: Duration = Field(
        timedelta(seconds=40),
        description="On Postgres: a daemon silent for longer loses its work to the others.",
    )
    index: Literal["auto", "embedded", "elasticsearch"] = Field(
        "auto",
        description=(
            "Which search index is used. `auto`: what `monitor index switch` chose, at first the"
            " embedded one."
        ),
    )
    elasticsearch_urls: WebAddresses = Field(
        (), description="Addresses of the nodes, separated by commas."
    )
    elasticsearch_index: str = Field(
        "monitor",
        pattern=r"^[a-z][a-z0-9_.-]{0,60}$",
        description="Alias of the index; its indices begin with it.",
    )
    elasticsearch_ca_file: Path | None = Field(
        None, description="Certificate authority of the servers, as PEM."
    )
    elasticsearch_fingerprint: str = Field(
        "",
        description="SHA-256 fingerprint of the certificate, instead of a CA.",
    )
    elasticsearch_user: str = Field("", description="User name.")
    elasticsearch_password: SecretStr = Field(
        NO_SECRET, description="The user's password."
    )
    elasticsearch_api_key: SecretStr = Field(
        NO_SECRET, description="API key, instead of user and password."
    )
    kibana_url: WebAddress = Field(
        "", description="Where people open Kibana; mails then link to it."
    )
    kibana_space: str = Field(
        "",
        pattern=r"^[a-z0-9_-]*$",
        description="Kibana space. Empty: the default space.",
    )
    kibana_ca_file: Path | None = Field(
        None,
        description="Certificate authority of Kibana. Empty: Elasticsearch's.",
    )
    kibana_user: str = Field(
        "",
        description="Who installs the dashboards. Empty, key included: Elasticsearch's user.",
    )
    kibana_password: SecretStr = Field(
        NO_SECRET, description="That user's password."
    )
    kibana_api_key: SecretStr = Field(
        NO_SECRET, description="API key for it, instead of user and password."
    )

    mail_mode: Literal["file", "smtp", "off"] = Field(
        "file",
        description=(
            "`file` writes .eml files into the data folder, `smtp` sends, `off` records alerts"
            " only."
        ),
    )
    mail_from: Annotated[str, AfterValidator(sender)] = Field(
        "Monitor <monitor@example.org>",
        description="Sender of all mails. `smtp` needs an address of your own domain.",
    )
    envelope_from: Address = Field(
        "", description="Where bounces go. Empty: the sender's address."
    )
    unsubscribe_address: Address = Field(
        "",
        description="Mailbox for unsubscribing by mail. Empty: the sender's.",
    )
    smtp_host: str = Field(
        "",
        pattern=r"^\S*$",
        description="Name of the mail server; needed for `smtp`.",
    )
    smtp_port: int = Field(
        0,
        ge=0,
        le=65535,
        description="Its port. `0`: 587, 465 for `tls`, 25 for `off`.",
    )
    smtp_security: Literal["starttls", "tls", "off"] = Field(
        "starttls",
        description=(
            "How the connection is protected. `off` is for a relay on the same machine only."
        ),
    )
    smtp_user: str = Field(
        "", description="User name, where the server wants a login."
    )
    smtp_password: SecretStr = Field(NO_SECRET, description="Its password.")
    smtp_ca_file: Path | None = Field(
        None, description="Certificate authority of the mail server, as PEM."
    )
    unknown_delivery: Literal["resend", "hold"] = Field(
        "resend",
        description=(
            "What becomes of a mail whose acceptance was never confirmed: sent once more with the"
            " same Message-ID, or held for a person to decide."
        ),
    )
    operator: Address = Field(
        "",
        description="Who gets the daily report and notices about silent feeds. Empty: nobody.",
    )
    daily_report: Daily = Field(
        time(7, 0),
        description="When the daily report is sent; `off` for never.",
    )
    templates_dir: Path | None = Field(
        None,
        description="Folder whose mail templates replace the shipped ones.",
    )
    press_review_office: str = Field(
        "",
        max_length=120,
        description="Who issues press reviews, as their cover says it.",
    )
    press_review_logo: Path | None = Field(
        None,
        description="Picture on the cover of press reviews: PNG or JPEG, at most 1 MB.",
    )
    radar_regions: Texts = Field(
        (),
        description=(
            "Regions of the office, as feeds.yaml names them, separated by commas: what their"
            " outlets write counts more in the radar."
        ),
    )
    radar_recipients: MailAddresses = Field(
        (),
        description=(
            "Who gets a mail for each new subject of the radar, addresses separated by commas."
            " Empty: nobody; the page and the daily report show them."
        ),
    )
    webhook_url: WebAddress = Field(
        "", description="Alerts are also posted there as JSON."
    )
    webhook_secret: SecretStr = Field(
        NO_SECRET, description="Key with which webhook calls are signed."
    )
    atom: bool = Field(
        False,
        description=(
            "Also write an Atom feed for each topic, into the folder `atom` of the data folder."
        ),
    )

    public_url: PublicAddress = Field(
        "",
        description=(
            "Where people reach the web page, for instance `https://presse.example.org/monitor`;"
            " they log in there (docs/web-access.md). Mails then have links for pausing and"
            " unsubscribing and, once there is an account, to the page. Empty: neither."
        ),
    )
    listen: Listener = Field(
        ("127.0.0.1", 8765),
        description=(
            "Where the web page listens. Without `MONITOR_PUBLIC_URL` and on loopback only this"
            " machine's own people may open it, without login; elsewhere only accounts may."
            " `off`: no page, or another process serves it."
        ),
    )
    login_header: HeaderName = Field(
        "",
        description=(
            "Header in which a reverse proxy names who has logged in there, for instance"
            " `X-Forwarded-User`. Believed from `MONITOR_TRUSTED_PROXIES` only, which it needs."
        ),
    )
    trusted_proxies: Addresses = Field(
        ("127.0.0.1", "::1"),
        description=(
            "Addresses or networks of reverse proxies, separated by commas. They say in"
            " `X-Forwarded-For` who asks, by which failed logins are counted."
        ),
    )
    link_secret: SecretStr = Field(
        NO_SECRET,
        description=(
            "Key with which the links in mails are signed, at least 16 characters. Empty: one is"
            " made and kept in the database. A new key makes the links of all earlier mails void."
        ),
    )

    @property
    def database_address(self) -> str:
        """The SQLAlchemy address in use; may contain a password."""
        return (
            self.database_url.get_secret_value()
            or f"sqlite:///{self.data_dir.absolute() / 'monitor.sqlite3'}"
        )

    @property
    def smtp_port_in_use(self) -> int:
        """The configured port, else the usual one of the chosen protection."""
        return (
            self.smtp_port
            or {"starttls": 587, "tls": 465, "off": 25}[self.smtp_security]
        )

    @property
    def sender_address(self) -> str:
        """The bare address of `mail_from`."""
        return self.mail_from.rstrip(">").rpartition("<")[2]

    @model_validator(mode="after")
    def _parts_fit(self) -> Settings:
        """What must hold between settings; the first word of each message
        names the variable at fault.
        """
        problems = [
            *self._mail_problems(),
            *self._index_problems(),
            *self._missing_files(),
        ]
        if self.webhook_url and not self.webhook_secret.get_secret_value():
            problems.append(
                "webhook_secret: is needed for webhook_url; choose a long random text"
            )
        if 0 < len(self.link_secret.get_secret_value()) < SHORTEST_LINK_SECRET:
            problems.append(
                "link_secret: is too short; choose a long random text, or none and one is made"
            )
        if (
            self.login_header
            and "trusted_proxies" not in self.model_fields_set
        ):
            problems.append(
                "trusted_proxies: is needed for login_header; set the address of the proxy, which"
                " alone must be able to reach the page"
            )
        if problems:
            raise ValueError("\n".join(problems))
        return self

    def _missing_files(self) -> Iterator[str]:
        for name in FILES:
            path = getattr(self, name)
            if path is not None and not path.is_file():
                yield f"{name}: there is no file {path}"
        if self.templates_dir is not None and not self.templates_dir.is_dir():
            yield f"templates_dir: there is no folder {self.templates_dir}"

    def _mail_problems(self) -> list[str]:
        if self.mail_mode != "smtp":
            return []
        problems = []
        if not self.smtp_host:
            problems.append(
                "smtp_host: is needed for mail_mode=smtp; set the name of your mail server"
            )
        domain = self.sender_address.rpartition("@")[2]
        if RESERVED_DOMAIN.search(domain):
            problems.append(
                f"mail_from: {self.mail_from} is not a real sender; set an address of your own"
                " domain"
            )
        if self.smtp_password.get_secret_value() and not self.smtp_user:
            problems.append("smtp_user: is missing although a password is set")
        if self.smtp_user and self.smtp_security == "off":
            problems.append(
                "smtp_security: off would send the password readable; use starttls or tls"
            )
        return problems

    def _index_problems(self) -> list[str]:
        if self.index != "elasticsearch":
            return []
        problems = []
        if not self.elasticsearch_urls:
            problems.append(
                "elasticsearch_urls: is needed for index=elasticsearch; set for instance"
                " https://es:9200"
            )
        if (
            self.elasticsearch_user
            and self.elasticsearch_api_key.get_secret_value()
        ):
            problems.append(
                "elasticsearch_api_key: set either it or a user, not both"
            )
        if (
            self.elasticsearch_password.get_secret_value()
            and not self.elasticsearch_user
        ):
            problems.append(
                "elasticsearch_user: is missing although a password is set"
            )
        return problems
