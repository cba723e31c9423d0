-- What a report holds besides its figures, and what became of it.

-- `said`: the words it was read from. `place`: where, in words. `written_by`: who reported for the author, NULL: the
-- author. state: kept, undone, returned (its figures do not count until it is mended; `returned` says why), practice
-- (of the practice room: it never counts).
ALTER TABLE reports ADD COLUMN said TEXT NOT NULL DEFAULT '';
ALTER TABLE reports ADD COLUMN place TEXT NOT NULL DEFAULT '';
ALTER TABLE reports ADD COLUMN written_by BIGINT REFERENCES people (id);
ALTER TABLE reports ADD COLUMN returned TEXT NOT NULL DEFAULT '';
ALTER TABLE reports ADD COLUMN accepted_at BIGINT;
ALTER TABLE reports ADD COLUMN accepted_by BIGINT REFERENCES people (id);

-- `qualifier`: what the author said beside the number ("hơn", "gần"), it changes no figure. `answer`: to the one more
-- question that a category may ask.
ALTER TABLE report_items ADD COLUMN qualifier TEXT NOT NULL DEFAULT '';
ALTER TABLE report_items ADD COLUMN answer TEXT NOT NULL DEFAULT '';

-- Who took part in what was done, the author too; none: nobody said.
CREATE TABLE report_people (
    report_id BIGINT NOT NULL REFERENCES reports (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    PRIMARY KEY (report_id, person_id)
);
CREATE INDEX report_people_person ON report_people (person_id);
