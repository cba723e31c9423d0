-- Who practises. touched_at: when they last said something; ended_at: NULL while it goes on; at: the lesson that is shown;
-- done: the lessons that are done, with spaces between them. Reports made meanwhile have the state practice or
-- practice_undone.
CREATE TABLE practice (
    person_id BIGINT NOT NULL PRIMARY KEY REFERENCES people (id),
    since BIGINT NOT NULL,
    touched_at BIGINT NOT NULL,
    ended_at BIGINT,
    at TEXT NOT NULL DEFAULT '',
    done TEXT NOT NULL DEFAULT ''
);
CREATE INDEX practice_touched ON practice (touched_at);
