-- What is reported, what it is counted in, in which periods, on which forms and towards which targets: all of it data.

-- One more question of a category's own (question_vi empty: none). `answers`: what is chosen from, one a line (none: a
-- number is asked). may_skip 1: it need not be answered.
ALTER TABLE categories ADD COLUMN question_vi TEXT NOT NULL DEFAULT '';
ALTER TABLE categories ADD COLUMN question_en TEXT NOT NULL DEFAULT '';
ALTER TABLE categories ADD COLUMN answers TEXT NOT NULL DEFAULT '';
ALTER TABLE categories ADD COLUMN may_skip BIGINT NOT NULL DEFAULT 1;

-- Units of count. `name`: as reports keep it, so it never changes. `words`: what is typed for it besides, one a line.
CREATE TABLE counted (
    name TEXT NOT NULL PRIMARY KEY,
    name_en TEXT NOT NULL,
    words TEXT NOT NULL,
    retired_at BIGINT
);
INSERT INTO counted (name, name_en, words)
    SELECT unit_vi, MIN(unit_en), '' FROM categories WHERE unit_vi <> '' GROUP BY unit_vi;

-- Changes of what a period is, each from a day on (ISO). Before the first the usual ones count (bot/rules/periods.py).
-- `first_day`: on which a period begins, of the week (1: Monday) or of the month (15: of the month before).
-- `closes_after`: so many days after its end a report in it is no longer its author's to change.
CREATE TABLE periods (
    kind TEXT NOT NULL,
    since TEXT NOT NULL,
    first_day BIGINT NOT NULL,
    closes_after BIGINT NOT NULL,
    PRIMARY KEY (kind, since)
);

-- Which categories (codes, one a line) are reported in each period of a kind: by units of a level ('': of every one),
-- in a unit and below (NULL: everywhere).
CREATE TABLE forms (
    code TEXT NOT NULL PRIMARY KEY,
    name_vi TEXT NOT NULL,
    name_en TEXT NOT NULL,
    kind TEXT NOT NULL,
    level TEXT NOT NULL,
    unit_id BIGINT REFERENCES units (id),
    categories TEXT NOT NULL,
    retired_at BIGINT
);
CREATE INDEX forms_unit ON forms (unit_id);

-- What a unit is to reach of a category, in a unit of count (the category's, when it was set), in the period of a kind
-- that has this number in this year ("month" 2026 11), whatever its days are.
CREATE TABLE targets (
    unit_id BIGINT NOT NULL REFERENCES units (id),
    kind TEXT NOT NULL,
    year BIGINT NOT NULL,
    number BIGINT NOT NULL,
    category TEXT NOT NULL REFERENCES categories (code),
    count BIGINT NOT NULL,
    unit TEXT NOT NULL,
    PRIMARY KEY (unit_id, kind, year, number, category)
);
CREATE INDEX targets_category ON targets (category);
