"""Dashboards, data views and saved searches: one readable definition, the
objects made of it, their installation.
"""
