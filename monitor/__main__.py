"""`python -m monitor`, and the console script."""

from __future__ import annotations

from monitor.ui.interrupts import INTERRUPTED, end_at_once


def main() -> None:
    """The command line. Ctrl-C ends it without a traceback, also while it is
    loading.
    """
    end_at_once()
    try:
        # Imported here: it takes a tenth of a second, in which somebody may
        # think better of it.
        from monitor.ui.cli.main import main as run  # noqa: PLC0415

        run()
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None


if __name__ == "__main__":
    main()
