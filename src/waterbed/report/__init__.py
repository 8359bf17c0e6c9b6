"""Figures and the page that holds them."""

from __future__ import annotations

from .html import write_report

__all__ = ["write_report"]
