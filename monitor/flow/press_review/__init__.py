"""Press reviews on their way from chosen stories to an issue: the contents,
and the issuing.
"""
