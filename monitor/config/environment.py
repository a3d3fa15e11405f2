"""Makes `Settings` of the environment, of a `.env` file and of secret files;
the only place that reads them.

Every setting is a variable `MONITOR_…`. A secret may instead stand in a file
that `MONITOR_…_FILE` names, as systemd credentials and container secrets do.
Messages never show a secret.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import SecretStr, ValidationError

from monitor.config.notation import Unreadable, near_miss, written
from monitor.config.settings import Settings
from monitor.errors import ConfigError

PREFIX = "MONITOR_"
NOT_OURS = ("MONITOR_REPLAY", "MONITOR_TEST_")
"""Beginnings of variables that tests and tools read; the program itself passes
them over.
"""

PROXY_VARIABLES = ("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY")
"""What other programs take their proxy from. Monitor does not: such a variable
is often meant for package managers, and a daemon would then depend on the
shell that started it.
"""

RENAMED = MappingProxyType({"HEARTBEAT": "DAILY_REPORT"})
"""Settings that had another name, and the one they have now."""

NEAR_SETTING = 0.75
"""How alike a near name is, as difflib counts. Many settings share a first
word, which alone makes names six tenths alike: FETCH_TIMEOUT is not
FETCH_CA_FILE.
"""

MAX_SECRET = 65_536  # characters; more is not a secret but the wrong file

SECRETS = tuple(
    name
    for name, info in Settings.model_fields.items()
    if info.annotation is SecretStr
)


@dataclass(frozen=True, slots=True)
class Supervisor:
    """What systemd tells a service: where to report, and how often it must say
    that it lives.
    """

    address: str = ""
    watchdog_seconds: float = 0.0


def read_supervisor(env: Mapping[str, str] | None = None) -> Supervisor:
    """NOTIFY_SOCKET and WATCHDOG_USEC (sd_notify(3)); empty where nobody
    supervises.
    """
    env = os.environ if env is None else env
    period = env.get("WATCHDOG_USEC", "")
    seconds = int(period) / 1_000_000 if period.isdecimal() else 0.0
    return Supervisor(env.get("NOTIFY_SOCKET", ""), seconds)


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One line of the documentation of settings."""

    name: str
    default: str
    description: str
    secret: bool = False


def setting_rows() -> tuple[SettingRow, ...]:
    """All settings in their order, as the documentation must show them."""
    rows = []
    for name, info in Settings.model_fields.items():
        about = info.description or ""
        rows.append(
            SettingRow(
                _variable(name), _shown(info.default), about, name in SECRETS
            )
        )
    return tuple(rows)


def _shown(default: Any) -> str:
    if (
        isinstance(default, SecretStr)
        or default is None
        or default in ("", ())
    ):
        return ""
    if isinstance(default, timedelta):
        return written(default)
    if isinstance(default, time):
        return default.strftime("%H:%M")
    if isinstance(default, tuple):
        separator = ":" if isinstance(default[-1], int) else ", "
        return separator.join(map(str, default))
    return str(default).lower() if isinstance(default, bool) else str(default)


def load_settings(
    env: Mapping[str, str] | None = None,
    *,
    env_file: Path = Path(".env"),
    overrides: Mapping[str, str] = MappingProxyType({}),
) -> Settings:
    """The settings of `env`, by default of the process with `env_file` beneath
    it; `overrides` go by setting name.

    Raises `ConfigError` that names every variable at fault, its value and what
    to do. An empty variable is unset.
    """
    read = _read(env, env_file, overrides)
    settings = read.validated()
    if settings is None or read.problems:
        raise _refused(read.problems)
    return settings


def written_settings(
    *,
    secrets: bool,
    env: Mapping[str, str] | None = None,
    env_file: Path = Path(".env"),
) -> str:
    """What is set now, as lines of an environment file; secrets only if they
    are wanted.

    A secret that stands in a file of its own comes with its value. For
    backups.
    """
    values = _read(env, env_file, {}).values
    wanted = {
        name: value
        for name, value in values.items()
        if secrets or name not in SECRETS
    }
    return "".join(
        f"{_variable(name)}={_quoted(wanted[name])}\n"
        for name in sorted(wanted)
    )


def _variable(name: str) -> str:
    """The variable of a setting."""
    return PREFIX + name.upper()


def _quoted(value: str) -> str:
    """As dotenv reads it back: single quotes, in which only they and
    backslashes are escaped.
    """
    if re.fullmatch(r"[\w./:@,+-]*", value):
        return value
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _read(
    env: Mapping[str, str] | None, env_file: Path, overrides: Mapping[str, str]
) -> _Variables:
    given = (
        dict(env) if env is not None else {**_env_file(env_file), **os.environ}
    )
    for name, value in overrides.items():
        given[_variable(name)] = value
    read = _Variables()
    for variable, value in given.items():
        if variable.upper().startswith(PREFIX) and value.strip():
            read.take(variable, value.strip())
    return read


def _env_file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    from dotenv import dotenv_values  # noqa: PLC0415 - most places have no such file

    try:
        found = dotenv_values(path, interpolate=False, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{path} cannot be read: {error}", about=str(path)
        ) from error
    return {name: value for name, value in found.items() if value is not None}


@dataclass(slots=True)
class _Variables:
    """The texts of our variables by setting name, and the problems found:
    variable and reason.
    """

    values: dict[str, str] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)

    def take(self, variable: str, value: str) -> None:
        """Take in one variable: a setting, or the file of a secret."""
        name = variable.upper().removeprefix(PREFIX).lower()
        secret = name.removesuffix("_file")
        if name in Settings.model_fields:
            self._put(name, value)
        elif secret != name and secret in SECRETS:
            self._take_file(variable, secret, Path(value))
        elif not variable.startswith(NOT_OURS):
            self.problems.append((variable, _unknown(variable)))

    def _take_file(self, variable: str, name: str, path: Path) -> None:
        try:
            self._put(name, _read_secret(path))
        except Unreadable as error:
            self.problems.append((variable, f"{path}: {error}"))

    def _put(self, name: str, value: str) -> None:
        if name in self.values:
            variable = _variable(name)
            reason = f"is set twice; keep either it or {variable}_FILE"
            self.problems.append((variable, reason))
        self.values[name] = value

    def validated(self) -> Settings | None:
        """The settings, or None after recording why there are none."""
        try:
            return Settings.model_validate(self.values)
        except ValidationError as error:
            for found in error.errors():
                self.problems += _reasons(found, self.values)
        return None


def _read_secret(path: Path) -> str:
    """The file's text without the line break at its end."""
    try:
        with path.open(encoding="utf-8") as file:
            secret = file.read(MAX_SECRET + 1).rstrip("\r\n")
    except OSError as error:
        raise Unreadable(
            f"cannot be read ({error.strerror or error})"
        ) from error
    except UnicodeDecodeError:
        raise Unreadable("is not a text file") from None
    if len(secret) > MAX_SECRET:
        raise Unreadable("is too long for a secret")
    if not secret:
        raise Unreadable("is empty")
    return secret


def _unknown(variable: str) -> str:
    names = [name.upper() for name in Settings.model_fields]
    name = variable.upper().removeprefix(PREFIX)
    if name.removesuffix("_FILE") in names:
        return f"only secrets can come from a file; set {PREFIX}{name.removesuffix('_FILE')}"
    if name in RENAMED:
        return f"is called {PREFIX}{RENAMED[name]} now"
    longer = [known for known in names if known.startswith(f"{name}_")]
    near = longer[0] if len(longer) == 1 else name
    hint = near_miss(near, names, likeness=NEAR_SETTING).replace(
        '"', f'"{PREFIX}', 1
    )
    return "is not a setting; " + (hint or "docs/settings.md lists them all")


def _reasons(
    error: Mapping[str, Any], values: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Variable and reason of what pydantic found; problems between settings
    are a line each.
    """
    message = error["msg"].removeprefix("Value error, ")
    if not error["loc"]:
        for line in message.splitlines():
            name, _, reason = line.partition(": ")
            yield _variable(name), reason
        return
    name = str(error["loc"][0])
    value = f'"{values.get(name, "")}"'
    if name not in SECRETS and value not in message:
        message = f"{value}: {message}"
    hint = getattr(error.get("ctx", {}).get("error"), "hint", "")
    yield _variable(name), "; ".join(filter(None, (message, hint)))


def _refused(problems: Sequence[tuple[str, str]]) -> ConfigError:
    title = "a setting cannot be used:"
    if len(problems) > 1:
        title = f"{len(problems)} settings cannot be used:"
    lines = [f"{variable}: {reason}" for variable, reason in problems]
    about = problems[0][0]
    hint = "docs/settings.md explains all settings"
    return ConfigError("\n  ".join([title, *lines]), about=about, hint=hint)


def unused_proxies(
    settings: Settings, env: Mapping[str, str] | None = None
) -> str | None:
    """A hint where the environment, by default that of the process, names
    proxies and our settings do not; names of variables only, because their
    values may hold a password.
    """
    env = os.environ if env is None else env
    found = sorted(
        {name.upper() for name, value in env.items() if value.strip()}
    )
    lists = [name for name in found if name == "NO_PROXY"]
    unused = [name for name in found if name in PROXY_VARIABLES] + lists
    ours = "MONITOR_PROXY and MONITOR_NO_PROXY"
    if settings.proxy.get_secret_value():
        unused = [] if settings.no_proxy else lists
        ours = "MONITOR_NO_PROXY"
    return _not_used(unused, ours) if unused else None


def _not_used(found: list[str], ours: str) -> str:
    verb = "is" if len(found) == 1 else "are"
    return f"{', '.join(found)} {verb} set in the environment but not used; {ours} would be"
