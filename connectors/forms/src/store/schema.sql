-- Everything the endpoint keeps. Codes of natural persons stand in `submission.content` and `submission.document` only (they were handed
-- in, signed); everywhere else a person is `person`, a keyed hash of the code. Times are UTC, RFC 3339.

CREATE TABLE account (
    id INTEGER PRIMARY KEY,
    login TEXT UNIQUE,
    person TEXT NOT NULL UNIQUE,
    given_names TEXT NOT NULL,
    family_names TEXT NOT NULL,
    password TEXT,
    totp BLOB,
    totp_used INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    locked_until TEXT,
    created TEXT NOT NULL,
    closed TEXT
) STRICT;

CREATE TABLE mandate (
    id INTEGER PRIMARY KEY,
    person TEXT NOT NULL,
    role TEXT NOT NULL,
    organisation_code TEXT NOT NULL,
    organisation_name TEXT NOT NULL,
    email TEXT,
    valid_from TEXT NOT NULL,
    valid_to TEXT
) STRICT;
CREATE INDEX mandate_of_person ON mandate (person);
CREATE INDEX mandate_of_organisation ON mandate (organisation_code, role);

CREATE TABLE session (
    token BLOB PRIMARY KEY,
    account INTEGER NOT NULL REFERENCES account,
    csrf TEXT NOT NULL,
    role TEXT,
    organisation_code TEXT,
    organisation_name TEXT,
    created TEXT NOT NULL,
    seen TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A sign-in through VIISP under way: bound to the browser by a cookie, used once.
CREATE TABLE handover (
    correlation TEXT PRIMARY KEY,
    browser BLOB NOT NULL UNIQUE,
    ticket TEXT NOT NULL UNIQUE,
    created TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE submission (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    feed TEXT NOT NULL,
    virs TEXT NOT NULL,
    state TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 0,
    role TEXT NOT NULL,
    organisation_code TEXT NOT NULL,
    organisation_name TEXT NOT NULL,
    account INTEGER NOT NULL REFERENCES account,
    content TEXT NOT NULL,
    created TEXT NOT NULL,
    changed TEXT NOT NULL,
    supersedes INTEGER REFERENCES submission,
    document BLOB,
    formed TEXT,
    container BLOB,
    signed TEXT,
    receipt TEXT UNIQUE,
    submitted TEXT,
    signer INTEGER REFERENCES account
) STRICT;
CREATE INDEX submission_of_organisation ON submission (role, organisation_code, state);
CREATE INDEX submission_of_virs ON submission (virs, state);
CREATE INDEX submission_of_feed ON submission (feed, state);
CREATE INDEX submission_supersedes ON submission (supersedes) WHERE supersedes IS NOT NULL;
-- One submission is superseded once only.
CREATE UNIQUE INDEX submission_superseded_once ON submission (supersedes) WHERE state IN ('submitted', 'superseded') AND supersedes IS NOT NULL;

CREATE TABLE attachment (
    id INTEGER PRIMARY KEY,
    submission INTEGER NOT NULL REFERENCES submission,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes BLOB NOT NULL,
    added TEXT NOT NULL
) STRICT;
CREATE INDEX attachment_of_submission ON attachment (submission);

CREATE TABLE clarification (
    id INTEGER PRIMARY KEY,
    submission INTEGER NOT NULL REFERENCES submission,
    question TEXT NOT NULL,
    due TEXT NOT NULL,
    asked TEXT NOT NULL,
    asked_by INTEGER NOT NULL REFERENCES account,
    answered INTEGER REFERENCES submission
) STRICT;
CREATE INDEX clarification_of_submission ON clarification (submission);

-- Documents that wait for their signature in the Centre of Registers' module.
CREATE TABLE signing (
    submission INTEGER PRIMARY KEY REFERENCES submission,
    version INTEGER NOT NULL,
    reference TEXT NOT NULL,
    begun TEXT NOT NULL
) STRICT;

-- Numbers that the system gives; never given twice.
CREATE TABLE number (
    prefix TEXT PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Rows of the ministry's old database, brought in once.
CREATE TABLE history (
    id INTEGER PRIMARY KEY,
    raw_table TEXT NOT NULL,
    record TEXT NOT NULL
) STRICT;
CREATE INDEX history_of_table ON history (raw_table);

CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    written TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_attempt TEXT NOT NULL,
    delivered TEXT,
    given_up TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_waiting ON outbox (next_attempt) WHERE delivered IS NULL AND given_up IS NULL;

CREATE TABLE audit (
    entry INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    detail TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;
-- Nothing is ever taken out of the log or changed in it.
CREATE TRIGGER audit_is_only_added_to BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
