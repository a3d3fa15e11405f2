"""What people keep for themselves: marks on stories, saved searches, their
last visit.
"""
