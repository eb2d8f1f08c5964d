"""Feeds and exports of blogs and discussions: WordPress, RSS, Atom, Blogger, Disqus, Movable Type."""
