"""What the radar counts and finds."""
