"""JSON and JSON Lines: articles with their comments as other programs, sites and broadsheet itself export them."""
