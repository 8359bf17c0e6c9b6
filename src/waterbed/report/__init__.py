"""Figures and the page that holds them."""

from __future__ import annotations

from .animation import animate
from .html import write_report

__all__ = ["animate", "write_report"]
