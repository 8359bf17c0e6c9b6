"""What a page may ask of this machine. The page is told how long a message may be, and sends none that is longer."""

from __future__ import annotations

PAGES = 8
"""Pages served at once; each takes a process and what its model takes."""
LONGEST = 64 * 1024
"""Characters of a message from a page; a scenario file is the longest of them."""
LARGEST = 1 << 20
"""Bytes of a message at which the socket is closed (code 1009); above LONGEST it is only refused, in words."""
AGENTS = 600_000
"""Agents born in a run."""
UNITS = 20_000
"""Police units of all operations."""
SECONDS = 60
"""Time that a run would take."""
PAIRS = (20, 10, 5)
"""Pairs of runs that a task's answer rests on unless somebody chooses: the most that take no longer than a minute."""
