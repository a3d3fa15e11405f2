"""Press reviews: facts to HTML, PDF and Word. Pure but for the child process
that sets them.

Knows neither the database nor mail. What is quoted of an article has been
decided before.
"""
