-- Each kind of data that registers changed in a night is a task of its own, and closes only when the VIRS confirms that it looked at that
-- one. Before, a night was one task, and whatever the VIRS handed in of its own closed them all: `answered` is of then.
CREATE TABLE register_change_by_kind (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    virs TEXT NOT NULL,
    night TEXT NOT NULL,
    what TEXT NOT NULL,
    noticed TEXT NOT NULL,
    due TEXT NOT NULL,
    looked TEXT,
    looked_by INTEGER REFERENCES account,
    answered INTEGER REFERENCES submission,
    UNIQUE (virs, night, what)
) STRICT;
INSERT INTO register_change_by_kind SELECT id, virs, night, what, noticed, due, looked, looked_by, answered FROM register_change;
DROP TABLE register_change;
ALTER TABLE register_change_by_kind RENAME TO register_change;
CREATE INDEX register_change_open ON register_change (virs, id) WHERE looked IS NULL;
