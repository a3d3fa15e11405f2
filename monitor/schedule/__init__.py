"""When work is due, and the process that ticks. Nothing here knows what a tick
does.
"""
