"""`monitor demo`: a made-up newsroom on this machine that publishes while one
watches.
"""
