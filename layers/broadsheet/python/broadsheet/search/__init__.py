"""Requests -> engine bodies, engine answers -> what the API returns. Pure."""
