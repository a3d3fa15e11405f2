"""Makes `Settings` of the environment, of a `.env` file and of secret files; the only place that
reads them.

Every setting is a variable `MONITOR_…`. A secret may instead stand in a file that `MONITOR_…_FILE`
names, as systemd credentials and container secrets do. Messages never show a secret.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from dotenv import dotenv_values
from pydantic import SecretStr, ValidationError

from monitor.config.notation import near_miss, written
from monitor.config.settings import Settings
from monitor.errors import ConfigError

PREFIX = "MONITOR_"
NOT_OURS = ("MONITOR_REPLAY", "MONITOR_TEST_")
"""Beginnings of variables that tests and tools read; the program itself passes them over."""

PROXY_VARIABLES = ("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY")
"""What other programs take their proxy from. Monitor does not: such a variable is often meant for
package managers, and a daemon would then depend on the shell that started it.
"""

MAX_SECRET = 65_536  # characters; more is not a secret but the wrong file

SECRETS = tuple(
    name for name, field in Settings.model_fields.items() if field.annotation is SecretStr
)


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One line of the documentation of settings."""

    name: str
    default: str
    description: str
    secret: bool = False


def setting_rows() -> tuple[SettingRow, ...]:
    """All settings in their order, as the documentation must show them."""
    return tuple(
        SettingRow(
            PREFIX + name.upper(), _shown(field.default), field.description or "", name in SECRETS
        )
        for name, field in Settings.model_fields.items()
    )


def _shown(default: Any) -> str:
    if isinstance(default, SecretStr) or default is None or default in ("", ()):
        return ""
    if isinstance(default, timedelta):
        return written(default)
    if isinstance(default, time):
        return default.strftime("%H:%M")
    if isinstance(default, tuple):
        return ":".join(map(str, default)) if isinstance(default[-1], int) else ", ".join(default)
    return str(default).lower() if isinstance(default, bool) else str(default)


def load_settings(
    env: Mapping[str, str] | None = None,
    *,
    env_file: Path = Path(".env"),
    overrides: Mapping[str, str] = MappingProxyType({}),
) -> Settings:
    """The settings of `env`, by default of the process with `env_file` beneath it; `overrides` go
    by setting name.

    Raises `ConfigError` that names every variable at fault, its value and what to do. An empty
    variable is unset.
    """
    if env is None:
        env = {**_env_file(env_file), **os.environ}
    env = {**env, **{PREFIX + name.upper(): value for name, value in overrides.items()}}
    ours = {
        name: value
        for name, value in env.items()
        if name.upper().startswith(PREFIX) and value.strip()
    }
    problems: list[tuple[str, str]] = []
    values: dict[str, str] = {}
    for variable, value in ours.items():
        name = variable.upper().removeprefix(PREFIX).lower()
        if name in Settings.model_fields:
            _put(values, problems, name, value.strip())
        elif name.endswith("_file") and name.removesuffix("_file") in SECRETS:
            secret = _read_secret(Path(value.strip()))
            if isinstance(secret, str):
                _put(values, problems, name.removesuffix("_file"), secret)
            else:
                problems.append((variable, f"{value}: {secret[0]}"))
        elif not variable.startswith(NOT_OURS):
            problems.append((variable, _unknown(variable)))
    settings = _validated(values, problems)
    if problems or settings is None:
        raise _refused(problems)
    return settings


def _env_file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    try:
        found = dotenv_values(path, interpolate=False, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}", about=str(path)) from error
    return {name: value for name, value in found.items() if value is not None}


def _put(values: dict[str, str], problems: list[tuple[str, str]], name: str, value: str) -> None:
    if name in values:
        variable = PREFIX + name.upper()
        problems.append((variable, f"is set twice; keep either it or {variable}_FILE"))
    values[name] = value


def _read_secret(path: Path) -> str | tuple[str]:
    """The file's text without the line break at its end, or the reason in a tuple."""
    try:
        with path.open(encoding="utf-8") as file:
            secret = file.read(MAX_SECRET + 1).rstrip("\r\n")
    except OSError as error:
        return (f"cannot be read ({error.strerror or error})",)
    except UnicodeDecodeError:
        return ("is not a text file",)
    if len(secret) > MAX_SECRET:
        return ("is too long for a secret",)
    return secret or ("is empty",)


def _unknown(variable: str) -> str:
    names = [name.upper() for name in Settings.model_fields]
    name = variable.upper().removeprefix(PREFIX)
    if name.removesuffix("_FILE") in names:
        return f"only secrets can come from a file; set {PREFIX}{name.removesuffix('_FILE')}"
    hint = near_miss(name, names).replace('"', f'"{PREFIX}', 1)
    return "is not a setting; " + (hint or "docs/settings.md lists them all")


def _validated(values: Mapping[str, str], problems: list[tuple[str, str]]) -> Settings | None:
    try:
        return Settings.model_validate(dict(values))
    except ValidationError as error:
        for found in error.errors():
            message = found["msg"].removeprefix("Value error, ")
            if found["loc"]:
                name = str(found["loc"][0])
                hint = getattr(found.get("ctx", {}).get("error"), "hint", "")
                value = values.get(name, "")
                shown = "" if name in SECRETS or f'"{value}"' in message else f'"{value}": '
                problems.append(
                    (PREFIX + name.upper(), f"{shown}{message}" + (f"; {hint}" if hint else ""))
                )
            else:
                for line in message.splitlines():
                    name, _, reason = line.partition(": ")
                    problems.append((PREFIX + name.upper(), reason))
    return None


def _refused(problems: list[tuple[str, str]]) -> ConfigError:
    lines = [f"{variable}: {reason}" for variable, reason in problems]
    title = (
        f"{len(lines)} settings cannot be used:" if len(lines) > 1 else "a setting cannot be used:"
    )
    return ConfigError(
        "\n  ".join([title, *lines]),
        about=problems[0][0],
        hint="docs/settings.md explains all settings",
    )


def unused_proxies(settings: Settings, env: Mapping[str, str] | None = None) -> str | None:
    """A hint where the environment, by default that of the process, names proxies and our settings
    do not; names of variables only, because their values may hold a password.
    """
    env = os.environ if env is None else env
    found = sorted({name.upper() for name, value in env.items() if value.strip()})
    ways = [name for name in found if name in PROXY_VARIABLES]
    lists = [name for name in found if name == "NO_PROXY"]
    if settings.proxy.get_secret_value():
        return _not_used(lists, "MONITOR_NO_PROXY") if lists and not settings.no_proxy else None
    if not ways + lists:
        return None
    return _not_used(ways + lists, "MONITOR_PROXY and MONITOR_NO_PROXY")


def _not_used(found: list[str], ours: str) -> str:
    verb = "is" if len(found) == 1 else "are"
    return f"{', '.join(found)} {verb} set in the environment but not used; {ours} would be"
