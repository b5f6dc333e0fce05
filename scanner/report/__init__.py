"""What people are shown; one file a format, all from the same document of stored rows."""
