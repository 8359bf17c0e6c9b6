"""Philox 4x32-10 against the vectors published with it (Salmon et al. 2011, Random123)."""

import numba
import pytest

from waterbed.engine.generator import NONE_DRAWN, alternative, in_turn, philox, uniforms

VECTORS = [
    ((0,) * 4, (0,) * 2, (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "words"), VECTORS)
def test_published_vectors_interpreted_and_compiled(counter, key, words):
    assert philox(*counter, *key) == words
    assert numba.njit(philox)(*counter, *key) == words


class Par:
    key0, key1 = 7, 0


def test_uniforms_are_those_of_what_they_are_about():
    draw = uniforms(Par, 3, 11, 5, 2, 0)
    assert draw == uniforms(Par, 3, 11, 5, 2, 0)
    assert all(0.0 < u < 1.0 for u in draw)
    others = [(4, 11, 5, 2, 0), (3, 12, 5, 2, 0), (3, 11, 6, 2, 0), (3, 11, 5, 3, 0), (3, 11, 5, 2, 1)]
    assert all(uniforms(Par, *about) != draw for about in others)


def test_taken_in_turn_they_are_the_alternatives():
    drawn = NONE_DRAWN
    for index in range(8, 19):
        drawn = in_turn(drawn, Par, 12, 11, 3, 7, index)
        assert drawn[0] == alternative(Par, 12, 11, 3, 7, index)
