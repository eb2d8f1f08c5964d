"""English words that are written as one or as two."""

SPELLINGS = """
ceasefire, cease fire
airstrike, air strike
airbase, air base
warplane, war plane
warship, war ship
landmine, land mine
roadblock, road block
checkpoint, check point
peacekeeper, peace keeper
bodyguard, body guard
frontline, front line
healthcare, health care
wildfire, wild fire
oilfield, oil field
cyberattack, cyber attack
website, web site
email, e mail
"""
