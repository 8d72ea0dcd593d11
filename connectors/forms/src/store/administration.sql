-- What one administrator proposes and another one decides. `subject` says exactly what: the extract by its hash, the mandate by all that it says.
CREATE TABLE proposal (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    reason TEXT NOT NULL,
    proposed_by INTEGER NOT NULL REFERENCES account,
    proposed TEXT NOT NULL,
    outcome TEXT,
    decided_by INTEGER REFERENCES account,
    decided TEXT
) STRICT;
-- The same thing is proposed once at a time.
CREATE UNIQUE INDEX proposal_open ON proposal (kind, subject) WHERE outcome IS NULL;

-- Why the last attempt to deliver a letter failed, in words of this program, never of a server.
ALTER TABLE outbox ADD COLUMN failure TEXT;

-- The audit log is searched by time, by who and by what.
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_of_actor ON audit (actor, entry);
CREATE INDEX audit_of_action ON audit (action, entry);
