"""One article: its text with all hits, why it alerted, its versions and its
story.
"""
