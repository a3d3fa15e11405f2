"""The web page. No rules and no SQL: it asks `flow/requests` and shows what
they answer.
"""
