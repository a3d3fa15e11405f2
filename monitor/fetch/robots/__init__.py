"""robots.txt: asked for, kept, obeyed."""
