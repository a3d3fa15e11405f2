"""The web page: links of mails lead here. No rules and no SQL: those are `flow`'s and `store`'s."""
