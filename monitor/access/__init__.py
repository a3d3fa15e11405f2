"""Passwords, keys and the throttle of logins. Knows no database, no request
and no account.
"""
