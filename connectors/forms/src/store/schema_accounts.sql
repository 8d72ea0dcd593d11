-- The second step of the schema.

-- Seeds of one-time codes are encrypted (`seed`). Those that `totp` held in clear are encrypted when the endpoint starts, and gone from there.
ALTER TABLE account ADD COLUMN seed BLOB;
-- Until when a password that an operator gave is good; nothing once its owner has changed it.
ALTER TABLE account ADD COLUMN password_until TEXT;
CREATE INDEX session_of_account ON session (account);

-- Drafts that nobody touches any more.
CREATE INDEX submission_open ON submission (changed) WHERE state IN ('draft', 'checked', 'formed', 'reviewed');
