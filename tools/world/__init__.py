"""The world ``liberterra``, rebuilt from ``data/sources``: ``python -m tools.world`` (or ``make world``)."""
