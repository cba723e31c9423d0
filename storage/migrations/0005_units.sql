-- Units change: they are merged, split, renamed, put under another, closed. The dated edges keep the whole truth, a closed
-- unit hangs below what it became, so that its figures count there; `units` itself says how it is now.

ALTER TABLE units ADD COLUMN key TEXT NOT NULL DEFAULT '';
CREATE INDEX units_key ON units (key);
CREATE INDEX units_code ON units (code);
CREATE INDEX unit_edges_parent ON unit_edges (parent_id, since);

-- What a unit was called before; from `since` until before `until`.
CREATE TABLE unit_names (
    unit_id BIGINT NOT NULL REFERENCES units (id),
    since BIGINT NOT NULL,
    until BIGINT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    PRIMARY KEY (unit_id, since)
);

-- Who follows whom: a merged unit has one heir, a split one several.
CREATE TABLE unit_heirs (
    unit_id BIGINT NOT NULL REFERENCES units (id),
    heir_id BIGINT NOT NULL REFERENCES units (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (unit_id, heir_id)
);
CREATE INDEX unit_heirs_heir ON unit_heirs (heir_id);

-- A person is known by number and name: the folded name finds who was typed without diacritics.
ALTER TABLE people ADD COLUMN key TEXT NOT NULL DEFAULT '';
CREATE INDEX people_key ON people (key);
-- Somebody who left: history stays, access does not. `erased_at`: name and number were removed at their wish.
ALTER TABLE people ADD COLUMN left_at BIGINT;
ALTER TABLE people ADD COLUMN erased_at BIGINT;

CREATE INDEX posts_until ON posts (unit_id, until);
