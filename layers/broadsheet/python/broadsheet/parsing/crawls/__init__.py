"""Crawls: WARC and ARC, whose responses are read as if each page had been uploaded."""
