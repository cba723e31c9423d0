-- Several processes on one database.

-- When the process that leads was last known to live, on the database's clock.
ALTER TABLE senders ADD COLUMN beat_at BIGINT NOT NULL DEFAULT 0;

-- Parts of an album that came one by one: kept here until it is complete, whichever process took them in.
CREATE TABLE inbox (
    channel TEXT NOT NULL,
    key TEXT NOT NULL,
    chat TEXT NOT NULL,
    album TEXT NOT NULL,
    body TEXT NOT NULL,
    arrived_at BIGINT NOT NULL,
    PRIMARY KEY (channel, key)
);
CREATE INDEX inbox_chat ON inbox (channel, chat);
