"""Tests of properties draw the same examples every time, and have no deadline: machines are shared and noisy."""

from hypothesis import settings

settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")
