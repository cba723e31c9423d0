"""How long what is kept is kept."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Keep:
    """Days, each by its kind; 0: for ever. Figures, tasks, posts and consents have no end: they are accounted for."""

    messages: int = 365
    photos: int = 365
    surprises: int = 30
    practice: int = 7  # before the drafts: what its photos hung on is gone by then
    drafts: int = 1
    seen: int = 8
    audit: int = 730
    requests: int = 730
    codes: int = 90

    def kinds(self) -> list[str]:
        """Every kind, in the order in which the night goes over them."""
        return [one.name for one in fields(self)]

    def days(self, kind: str) -> int:
        found: int = getattr(self, kind)
        return found
