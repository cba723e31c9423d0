-- What one process knows and another has to judge: when Telegram last answered, when something was last sent.
CREATE TABLE pulses (
    what TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    detail TEXT NOT NULL
);

-- What is wrong now, since when, and when the administrators were told.
CREATE TABLE troubles (
    name TEXT NOT NULL PRIMARY KEY,
    since BIGINT NOT NULL,
    told_at BIGINT,
    detail TEXT NOT NULL
);

-- A hundred thousand letters of a broadcast may wait: the oldest that is due is looked up, not searched for.
CREATE INDEX outbox_due ON outbox (lane, not_before, created_at) WHERE state = 'queued';
CREATE INDEX outbox_unknown ON outbox (changed_at, lane) WHERE state = 'unknown';
