"""Where the links of mails lead: pausing and unsubscribing, without login and
for nothing else.
"""
