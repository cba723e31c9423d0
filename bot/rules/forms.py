"""Which forms a unit reports on, and what of them it has not reported yet."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from bot.rules.categories import check_code
from bot.rules.periods import KINDS
from bot.rules.refused import Refused
from bot.rules.wording import check_line
from storage.categories import Category
from storage.forms import Form
from storage.reports import Figure
from storage.units import Unit

MOST_NAME = 40
_PARTS = re.compile(r"[,;|\s]+")


def applies(form: Form, unit: Unit) -> bool:
    """Whether the unit reports on it."""
    if form.retired_at is not None or unit.closed_at is not None:
        return False
    return form.level in ("", unit.level) and unit.path.startswith(form.path)


def of_unit(forms: Iterable[Form], unit: Unit) -> list[Form]:
    """Those the unit reports on."""
    return [form for form in forms if applies(form, unit)]


def first(forms: Iterable[Form], unit: Unit) -> list[str]:
    """The categories of its forms, in their order: what its people are offered before anything else."""
    return list(dict.fromkeys(code for form in of_unit(forms, unit) for code in form.codes))


def reported(units: Iterable[Unit], figures: Iterable[Figure]) -> dict[int, set[str]]:
    """What each of the units reported in it and below it: by its id, the codes."""
    by_path = {unit.path: unit.id for unit in units}
    paths = {unit.id: unit.path for unit in units}
    found: dict[int, set[str]] = {unit_id: set() for unit_id in paths}
    for figure in figures:
        path = paths.get(figure.key, "")
        while path.count("/") > 1:
            found[by_path[path]].add(figure.category)
            path = path[: path.rstrip("/").rfind("/") + 1]
            if path not in by_path:
                break
    return found


def lacking(form: Form, used: Collection[str], codes: Collection[str]) -> list[str]:
    """What of a form is not reported yet, when this is; only of categories in use."""
    return [code for code in form.codes if code in used and code not in codes]


def codes_of(said: str) -> list[str]:
    """Codes in a list."""
    return list(dict.fromkeys(part.upper() for part in _PARTS.split(said) if part))


def check(one: Form, everything: Iterable[Form], categories: Mapping[str, Category], levels: Collection[str]) -> Form:
    """The form as it may be kept. Raises Refused."""
    if one.kind not in KINDS:
        raise Refused("periods.no_such_kind", said=one.kind)
    if one.level and one.level not in levels:
        raise Refused("forms.no_such_level", said=one.level[:20], levels=", ".join(levels))
    for code in one.codes:
        if code not in categories or categories[code].retired_at is not None:
            raise Refused("forms.no_such_category", said=code[:20])
    if not one.codes:
        raise Refused("forms.no_categories")
    name = check_line(one.name_vi, MOST_NAME)
    taken = next((form for form in everything if form.code != one.code and form.name_vi == name), None)
    if taken is not None and taken.retired_at is None and one.retired_at is None:
        raise Refused("forms.name_taken", name=name, code=taken.code)
    return replace(one, code=check_code(one.code), name_vi=name, name_en=check_line(one.name_en or name, MOST_NAME))
