"""What each command does.

`ui/cli` says how it is typed, and imports these modules when one is called.
"""
