"""HTML: a page's metadata, article and comments, found in its tree."""
