"""A person's own data as two files, made in a process of its own: a page that anybody can read, and JSON."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from typing import Any

_STYLE = (
    "body{font:16px/1.5 sans-serif;margin:1.5em auto;max-width:60em;padding:0 1em}table{border-collapse:collapse;"
    "width:100%;margin-bottom:2em}td,th{border:1px solid #999;padding:.2em .5em;text-align:left;vertical-align:top;"
    "overflow-wrap:anywhere}th{background:#eee}"
)


def make(given: dict[str, Any]) -> bytes:
    """Both, as a JSON list of two texts."""
    as_json = json.dumps(given["data"], ensure_ascii=False, indent=1)
    return json.dumps(["\n".join(_page(given)), as_json], ensure_ascii=False).encode()


def _page(given: dict[str, Any]) -> Iterator[str]:
    title = html.escape(given["title"])
    yield f'<!doctype html><html lang="{html.escape(given["language"])}"><head><meta charset="utf-8">'
    yield f"<title>{title}</title><style>{_STYLE}</style></head><body><h1>{title}</h1>"
    yield f"<p>{html.escape(given['made'])}</p>"
    for name, rows in given["data"].items():
        yield f"<h2>{html.escape(given['tables'][name])} ({len(rows)})</h2>"
        if not rows:
            yield f"<p>{html.escape(given['nothing'])}</p>"
            continue
        yield "<table><tr>" + "".join(f"<th>{html.escape(given['columns'][one])}</th>" for one in rows[0]) + "</tr>"
        for row in rows:
            yield "<tr>" + "".join(f"<td>{_cell(value)}</td>" for value in row.values()) + "</tr>"
        yield "</table>"
    yield "</body></html>"


def _cell(value: object) -> str:
    return "" if value is None else html.escape(str(value)).replace("\n", "<br>")
