"""How people come in: what a code alone opens, who may confirm the rest, how often somebody may ask.

A code has 40 random bits (`codes.BITS`). What guessing costs is not the code's length alone but the tries there are:

- 5 wrong codes an hour in one chat (`TRIES_AN_HOUR`); a botnet has many chats, so
- 200 wrong codes an hour in all chats together (`WRONG_AN_HOUR`): then no code is taken in any chat until the hour has
  gone by. Sharing one's number and asking a unit to be let in go on, for neither can be guessed.

With n codes unused, one of 2^40 / n codes fits: 2^40 / (200 n) hours of unbroken guessing at the cap for one hit, on
average. That is 62 years for a province (n = 10,000), 16 months for the whole country (n = 460,000), and a code lives a
month; and what is hit is a member: a head, deputy or administrator needs the number or a person besides.
"""

from __future__ import annotations

from collections.abc import Sequence

from storage.people import Post

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
TRIES_AN_HOUR = 5
WRONG_AN_HOUR = 200
CLAIM_DAYS = REQUEST_DAYS = 14
REFUSED_MS = DAY_MS  # before somebody may ask again
MOST_OPEN = 20  # requests that wait in one unit
MOST_A_WEEK = 5  # requests of one chat


def needs_proof(posts: Sequence[Post]) -> bool:
    """Whether a link or a code alone is not enough: any post above a member's."""
    return any(post.role != "member" for post in posts)
