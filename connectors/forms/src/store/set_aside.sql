-- Records of submissions that the last night which read their table set aside: where, and by which rule, never what stands there.
CREATE TABLE set_aside (
    raw_table TEXT NOT NULL,
    submission INTEGER NOT NULL REFERENCES submission,
    place INTEGER NOT NULL,
    column_name TEXT NOT NULL,
    rule TEXT NOT NULL,
    PRIMARY KEY (raw_table, submission, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX set_aside_of_submission ON set_aside (submission);
