"""Who may open the web page: accounts, sessions, tokens, failed logins."""
