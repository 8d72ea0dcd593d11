-- A night sets a record aside when it reads its table, or later, when the tables of two feeds are joined: each time in the place of what it did so before.
ALTER TABLE set_aside ADD COLUMN joined INTEGER NOT NULL DEFAULT 0 CHECK (joined IN (0, 1));
