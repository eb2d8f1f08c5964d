"""Heads of comments: what says who wrote a comment, and when."""
