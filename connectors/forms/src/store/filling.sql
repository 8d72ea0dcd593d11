-- What a form is filled with, and what was typed but not kept.

-- Which tables' history was brought in: of an empty one nothing else would tell.
CREATE TABLE history_table (
    raw_table TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
INSERT INTO history_table (raw_table) SELECT DISTINCT raw_table FROM history;
CREATE INDEX history_of_entity ON history (raw_table, json_extract(record, '$.ja_kodas'));
CREATE INDEX history_of_outlet ON history (raw_table, json_extract(record, '$.vip_nr'));

-- Circulation was a part of the VIRS's own data before it became a feed of its own: what was handed in so stays, in the place of older history of
-- the same outlet and day. The signed documents are where they were.
DELETE FROM history WHERE raw_table = 'raw_formos__tirazai' AND EXISTS (
    SELECT 1 FROM submission, json_each(submission.content, '$.tirazai') AS one
    WHERE feed = 'virs' AND state = 'submitted'
        AND json_extract(one.value, '$.vip_nr') = json_extract(record, '$.vip_nr')
        AND json_extract(one.value, '$.data') = json_extract(record, '$.data')
);
INSERT INTO history (raw_table, record)
SELECT 'raw_formos__tirazai', one.value FROM submission, json_each(submission.content, '$.tirazai') AS one
WHERE feed = 'virs' AND state = 'submitted'
ORDER BY submission.id, one.id;

-- Sessions that ended by themselves, for a day: a form that was sent too late is kept for the one who filled it, and for nobody else.
CREATE TABLE ended_session (
    token BLOB PRIMARY KEY,
    account INTEGER NOT NULL REFERENCES account,
    csrf TEXT NOT NULL,
    role TEXT NOT NULL,
    organisation_code TEXT NOT NULL,
    organisation_name TEXT NOT NULL,
    ended TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What was typed and could not be kept in its draft; encrypted for the one who typed it.
CREATE TABLE typed (
    account INTEGER NOT NULL REFERENCES account,
    submission INTEGER NOT NULL REFERENCES submission,
    sealed BLOB NOT NULL,
    kept TEXT NOT NULL,
    PRIMARY KEY (account, submission)
) STRICT, WITHOUT ROWID;
