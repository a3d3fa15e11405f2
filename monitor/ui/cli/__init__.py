"""What can be typed: commands, arguments, options and their help. Imports
nothing of the program but its errors.
"""
