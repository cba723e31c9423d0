-- The name of the folder of photos that is this database's: it stands in a file of that folder, too, so that nothing is
-- swept out of another's. One row at most.
CREATE TABLE photo_folder (
    name TEXT NOT NULL PRIMARY KEY,
    since BIGINT NOT NULL
);
