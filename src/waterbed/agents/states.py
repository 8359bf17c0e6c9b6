"""What an agent can be doing: the states, as the small integers that are stored."""

# Migrant
PROSPECT, WAITING, STAGED, TRAVELLING, ARRIVED = 0, 1, 2, 3, 4
DETAINED, PAUSED, HOME, EXPLOITED, PROTECTED = 5, 6, 7, 8, 9
LEGAL, STRANDED, DEAD, LAPSED, THINNED = 10, 11, 12, 13, 14
UNBORN = 15

MIGRANT_STATES = (
    "prospect",
    "waiting",
    "waiting at a hub",
    "travelling",
    "arrived",
    "detained",
    "returned, pausing",
    "returned for good",
    "exploited",
    "protected",
    "left legally",
    "stranded",
    "dead",
    "stayed",
    "never considered",
    "not yet born",
)

# Recruiter
ACTIVE, QUIET, ARRESTED = 0, 1, 2
IN_PERSON, ONLINE = 0, 1

# Hub
OPEN, LYING_LOW, CLOSED = 0, 1, 2
TRANSIT, EXPLOITATION = 0, 1

# Fates, by precedence
FATES = ("dead", "crossed", "protected", "exploited", "detained", "legal", "back", "on_the_way", "never_left")
F_DEAD, F_CROSSED, F_PROTECTED, F_EXPLOITED, F_DETAINED, F_LEGAL, F_BACK, F_WAY, F_NEVER = range(9)
