"""The steps of a story, each with the values that it needs. Nothing runs yet."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from monitor.config.settings import Settings
from monitor.flow.alerting.mail_content import MailKit
from monitor.flow.alerting.story_grouping import Grouper
from monitor.flow.alerting.webhook_atom import Channels
from monitor.flow.ingest.learned_boilerplate import LearnedBoilerplate
from monitor.flow.ingest.page_result import PageMaker
from monitor.flow.ingest.reservations import Reservations, StoredFiles
from monitor.flow.ingest.site_files import SiteFilesAhead
from monitor.flow.pipeline import Steps
from monitor.flow.reload import ReloadedCatalog
from monitor.flow.steps.compose import Composer
from monitor.flow.steps.deliver import Deliverer
from monitor.flow.steps.match import Alerter
from monitor.flow.steps.poll import Poller
from monitor.flow.steps.press_review import PressReviewer
from monitor.flow.steps.publish import Publisher
from monitor.flow.steps.read import PageReader
from monitor.flow.upkeep.apply_retention import Housekeeper, Retention
from monitor.flow.upkeep.daily_report import Reporter
from monitor.flow.upkeep.feed_watch import Watcher
from monitor.flow.upkeep.operations_log import Recorder
from monitor.flow.upkeep.radar_look import RadarPlace
from monitor.flow.upkeep.radar_watch import RadarAlerts, RadarWatch
from monitor.flow.upkeep.sweep import Sweeper
from monitor.flow.upkeep.template_watch import TemplateWatch
from monitor.ports import Clock, Mailer
from monitor.store.engine import Database
from monitor.types.catalog import Recipient
from monitor.wiring.fetch_kit import limits_for
from monitor.wiring.mail_kit import make_mail_kit, masthead_of, open_channels
from monitor.wiring.outside import Outside


def build_steps(
    settings: Settings,
    outside: Outside,
    *,
    database: Database,
    live: ReloadedCatalog,
    clock: Clock,
    daemon: str,
    leads: Callable[[], bool] = lambda: True,
) -> Steps:
    """All steps of one daemon. `leads`: it is the one of several that does
    what is done once.
    """
    mail = make_mail_kit(settings, database, now=clock.now())
    builder = _Builder(
        settings,
        outside,
        database,
        live,
        clock,
        daemon,
        leads,
        mail,
        open_channels(settings),
    )
    return builder.steps()


@dataclass(frozen=True, slots=True)
class _Builder:
    """What several steps share."""

    settings: Settings
    outside: Outside
    database: Database
    live: ReloadedCatalog
    clock: Clock
    daemon: str
    leads: Callable[[], bool]
    mail: MailKit
    channels: dict[str, Mailer]

    def steps(self) -> Steps:
        reservations = self._reservations()
        return Steps(
            poller=self._poller(),
            site_files=SiteFilesAhead(
                database=self.database,
                reservations=reservations,
                feed_of=self.live.feed_of,
                clock=self.clock,
            ),
            reader=self._reader(reservations),
            publisher=Publisher(
                database=self.database,
                index=self.outside.index,
                clock=self.clock,
                daemon=self.daemon,
                leads=self.leads,
            ),
            alerter=self._alerter(),
            composer=self._composer(),
            deliverer=self._deliverer(),
            press_reviewer=self._press_reviewer(),
            sweeper=self._sweeper(),
            reporter=Reporter(
                database=self.database,
                clock=self.clock,
                mail=self.mail,
                at=self.settings.daily_report,
            ),
            radar=self._radar(),
            recorder=self._recorder(),
            housekeeper=Housekeeper(
                database=self.database,
                clock=self.clock,
                catalog=lambda: self.live.current.catalog,
                kept=_retention(self.settings),
                timezone=self.settings.timezone,
            ),
            templates=TemplateWatch(
                database=self.database, clock=self.clock, mail=self.mail
            ),
            watcher=Watcher(
                database=self.database,
                clock=self.clock,
                feed_of=self.live.feed_of,
                mail=self.mail,
            ),
        )

    def _poller(self) -> Poller:
        return Poller(
            database=self.database,
            http=self.outside.http,
            clock=self.clock,
            feed_of=self.live.feed_of,
            domain_of=self.outside.domain_of,
            chance=random.SystemRandom().random,
            daemon=self.daemon,
            parse=self.outside.parse,
            limits=limits_for(self.settings, self.settings.feed_max_size),
        )

    def _reader(self, reservations: Reservations | None) -> PageReader:
        maker = PageMaker(
            extract=self.outside.extract,
            boilerplate=LearnedBoilerplate(database=self.database),
            catalog=lambda: self.live.current.catalog,
        )
        return PageReader(
            database=self.database,
            http=self.outside.http,
            clock=self.clock,
            feed_of=self.live.feed_of,
            daemon=self.daemon,
            maker=maker,
            reservations=reservations,
            limits=limits_for(self.settings, self.settings.page_max_size),
            raw_pages=self.settings.raw_pages_retention,
        )

    def _reservations(self) -> Reservations | None:
        if not self.settings.obey_reservations:
            return None
        return Reservations(
            files=StoredFiles(self.database),
            http=self.outside.http,
            clock=self.clock,
            agents=self.settings.reservation_agents,
        )

    def _alerter(self) -> Alerter:
        return Alerter(
            database=self.database,
            clock=self.clock,
            loaded_catalog=lambda: self.live.current,
            grouper=Grouper(database=self.database, clock=self.clock),
            channels=tuple(self.channels),
        )

    def _composer(self) -> Composer:
        return Composer(
            database=self.database,
            clock=self.clock,
            loaded_catalog=lambda: self.live.current,
            mail=self.mail,
            channels=Channels(
                tuple(self.channels), domain=self.mail.identity.domain
            ),
            people=self.settings.mail_mode != "off",
            leads=self.leads,
        )

    def _deliverer(self) -> Deliverer:
        return Deliverer(
            database=self.database,
            mailer=self.outside.mailer,
            clock=self.clock,
            loaded_catalog=lambda: self.live.current,
            chance=random.SystemRandom().random,
            daemon=self.daemon,
            hold_unknown=self.settings.unknown_delivery == "hold",
            channels=self.channels,
        )

    def _press_reviewer(self) -> PressReviewer:
        return PressReviewer(
            database=self.database,
            index=self.outside.index,
            clock=self.clock,
            loaded_catalog=lambda: self.live.current,
            mail=self.mail,
            masthead=masthead_of(self.settings),
            people=self.settings.mail_mode != "off",
        )

    def _sweeper(self) -> Sweeper:
        return Sweeper(
            database=self.database,
            clock=self.clock,
            loaded_catalog=lambda: self.live.current,
            timezone=self.settings.timezone,
            channels=tuple(self.channels),
        )

    def _radar(self) -> RadarWatch:
        mails = self.settings.mail_mode != "off"
        addresses = self.settings.radar_recipients if mails else ()
        recipients = tuple(
            Recipient(address, language=self.settings.language)
            for address in addresses
        )
        return RadarWatch(
            database=self.database,
            clock=self.clock,
            place=radar_place(self.settings),
            alerts=RadarAlerts(self.mail, recipients),
        )

    def _recorder(self) -> Recorder | None:
        if self.outside.operations is None:
            return None
        return Recorder(
            database=self.database,
            index=self.outside.operations,
            clock=self.clock,
        )


def _retention(settings: Settings) -> Retention:
    return Retention(
        raw_pages=settings.raw_pages_retention,
        texts=settings.text_retention,
        versions=settings.version_retention,
        sent_mails=settings.sent_mail_retention,
        polls=settings.poll_history_retention,
        outcomes=settings.outcome_retention,
        judgements=settings.judgement_retention,
    )


def radar_place(settings: Settings) -> RadarPlace:
    """Where the office is."""
    regions = frozenset(region.casefold() for region in settings.radar_regions)
    return RadarPlace(settings.timezone, regions)
