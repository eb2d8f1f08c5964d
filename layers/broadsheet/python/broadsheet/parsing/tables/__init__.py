"""Tables: CSV with a header, one article or one comment per row."""
