"""The start page: what is new, and whether anything is wrong."""
