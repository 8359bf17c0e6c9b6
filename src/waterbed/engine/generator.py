"""Chance: Philox 4x32-10 (Salmon, Moraes, Dror & Shaw 2011), one function of what a draw is about.

A uniform is a pure function of (seed, purpose, entity, decision, alternative), so results depend on no
order of agents or threads, and two scenarios under one seed share every draw that they both need:
common random numbers. All arithmetic is in signed 64-bit integers with masks, so that the
interpreted and the compiled form give the same bits.
"""

from __future__ import annotations

import math

from .rule import rule

_MASK = 0xFFFFFFFF
_SCALE = 1.0 / 4294967296.0

# Purposes: a named stream each. A number, once given, is never given again.
BIRTH = 1
WEATHER = 2
THIN = 3
LEGAL = 4
BUDGET = 5
LAPSE = 6
CONTACT = 7
CHANNEL = 8
RECRUITER = 9
CONVERT = 10
WAIT = 11
STAY = 12
LEG = 13
CARRIER = 14
ADMISSION = 15
CROSSING = 16
CONSEQUENCE = 17
DAYS = 18
PAUSE = 19
RETRY = 20
EXPLOITATION = 21
HELD = 22
RAIDED = 23
RAID = 24
ARREST = 25
REOPEN = 26
POST = 27
INVESTIGATION = 28
SHARING = 29
REPLACED = 30
TRADE = 31
ATTRIBUTION = 32
RAID_ARREST = 33
DECEPTION = 34
CAMPAIGN = 35
RANK = 36
PRESSED = 37
CREDIT = 38


@rule
def philox(c0, c1, c2, c3, k0, k1):
    """Ten rounds of Philox 4x32 on a counter and a key of 32-bit words; returns four 32-bit words."""
    for _ in range(10):
        p = 0xD2511F53 * c0
        q = 0xCD9E8D57 * c2
        c0, c1, c2, c3 = ((q >> 32) & _MASK) ^ c1 ^ k0, q & _MASK, ((p >> 32) & _MASK) ^ c3 ^ k1, p & _MASK
        k0 = (k0 + 0x9E3779B9) & _MASK
        k1 = (k1 + 0xBB67AE85) & _MASK
    return c0, c1, c2, c3


@rule
def uniforms(par, purpose, entity, number, decision, block):
    """Four uniforms in (0, 1) for a decision; alternatives beyond four take further blocks."""
    a, b, c, d = philox(number & _MASK, entity, decision & _MASK, purpose * 65536 + block, par.key0, par.key1)
    return (a + 0.5) * _SCALE, (b + 0.5) * _SCALE, (c + 0.5) * _SCALE, (d + 0.5) * _SCALE


@rule
def uniform(par, purpose, entity, number, decision):
    """One uniform in (0, 1) for a decision."""
    return uniforms(par, purpose, entity, number, decision, 0)[0]


@rule
def alternative(par, purpose, entity, number, decision, index):
    """The uniform of one alternative of a decision."""
    a, b, c, d = uniforms(par, purpose, entity, number, decision, index >> 2)
    word = index & 3
    if word == 0:
        return a
    if word == 1:
        return b
    if word == 2:
        return c
    return d


NONE_DRAWN = (0.5, 0.5, 0.5, 0.5)


@rule
def in_turn(drawn, par, purpose, entity, number, decision, index):
    """Uniforms of alternatives taken one after another from 0 or a multiple of four on, that of this one first.

    It is the one that :func:`alternative` gives; but a block of four is drawn once.
    """
    if index & 3 == 0:
        return uniforms(par, purpose, entity, number, decision, index >> 2)
    return drawn[1], drawn[2], drawn[3], drawn[0]


@rule
def exponential(u):
    """A unit exponential from a uniform."""
    return -math.log(u)


@rule
def exponential_days(u, mean):
    """Whole days of an exponential wait of a mean, bounded so that it can be stored."""
    return int(min(-math.log(u) * mean, 30000.0))


@rule
def normal(u, v):
    """A standard normal from two uniforms (Box & Muller 1958)."""
    return math.sqrt(-2.0 * math.log(u)) * math.cos(6.283185307179586 * v)
