-- What rests until a person lets it go on: the sender of a restored database.
-- A restore on PostgreSQL may have made the table before this is applied, in the transaction that brought the rest back.
CREATE TABLE IF NOT EXISTS pauses (
    what TEXT NOT NULL PRIMARY KEY,
    since BIGINT NOT NULL,
    why TEXT NOT NULL
);
