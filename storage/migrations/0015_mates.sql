-- What somebody reported for a team-mate is found by who wrote it, to be mended.
CREATE INDEX reports_writer ON reports (written_by, day) WHERE written_by IS NOT NULL;
