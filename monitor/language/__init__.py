"""Pure text functions that several rooms need: hygiene, folding, words, stems.
Knows no feeds or articles.
"""
