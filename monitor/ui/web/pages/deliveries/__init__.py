"""Deliveries: what was mailed to whom, what waits and why, and who wants no
mail.
"""
