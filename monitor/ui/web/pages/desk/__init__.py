"""What people keep: read, starred and noted stories, and searches with a name."""
