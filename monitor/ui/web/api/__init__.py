"""Reads and changes as JSON under /api/v1, a module each, and their
description for programs.
"""
