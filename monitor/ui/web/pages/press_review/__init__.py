"""Press reviews: drafts that people put in order, and the archive of what was
issued.
"""
