-- Photos themselves: fetched from the channel, cleaned, and kept in a folder under the hash of what is kept.

-- `person_id`: who sent it. state: '' (no picture), waiting (to be fetched: not before `due_at`, tried `tries` times),
-- kept (under `hash`), refused (`why`), lost (the channel does not give it any more).
ALTER TABLE files ADD COLUMN person_id BIGINT REFERENCES people (id);
ALTER TABLE files ADD COLUMN state TEXT NOT NULL DEFAULT '';
ALTER TABLE files ADD COLUMN hash TEXT NOT NULL DEFAULT '';
ALTER TABLE files ADD COLUMN why TEXT NOT NULL DEFAULT '';
ALTER TABLE files ADD COLUMN tries BIGINT NOT NULL DEFAULT 0;
ALTER TABLE files ADD COLUMN due_at BIGINT NOT NULL DEFAULT 0;
UPDATE files SET state = 'waiting' WHERE kind = 'photo' OR mime LIKE 'image/%';
CREATE INDEX files_waiting ON files (due_at, id) WHERE state = 'waiting';
CREATE INDEX files_hash ON files (hash) WHERE hash <> '';
CREATE INDEX files_person ON files (person_id);
CREATE INDEX report_files_file ON report_files (file_id);
CREATE INDEX assignment_files_file ON assignment_files (file_id);

-- `looks`: 64 bits that change little when the picture does (NULL: too plain to be told from others), and its quarters.
-- `unused`: 1 when no file refers to it any more: it is to be removed from the folder.
CREATE TABLE photos (
    hash TEXT NOT NULL PRIMARY KEY,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    size BIGINT NOT NULL,
    looks BIGINT,
    quarter1 BIGINT,
    quarter2 BIGINT,
    quarter3 BIGINT,
    quarter4 BIGINT,
    unused BIGINT NOT NULL DEFAULT 0,
    kept_at BIGINT NOT NULL
);
CREATE INDEX photos_quarter1 ON photos (quarter1, looks);
CREATE INDEX photos_quarter2 ON photos (quarter2, looks);
CREATE INDEX photos_quarter3 ON photos (quarter3, looks);
CREATE INDEX photos_quarter4 ON photos (quarter4, looks);
CREATE INDEX photos_unused ON photos (hash) WHERE unused = 1;
