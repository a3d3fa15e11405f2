"""Pure text functions that several rooms need: hygiene, words and folding, stems. Knows nothing of feeds or articles."""
