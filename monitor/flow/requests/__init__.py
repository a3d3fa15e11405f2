"""What commands ask for: each looks, or changes one thing, and ends."""
