"""`python -m monitor`, and the console script."""

from monitor.ui.cli.main import main

if __name__ == "__main__":
    main()
