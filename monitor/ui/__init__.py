"""What people operate: the command line. Parses arguments, calls the rooms
below, and shows what comes back.
"""
