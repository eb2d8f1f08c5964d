"""The HTTP API described as data: its routes, their parameters and answers, and what is generated of them."""
