-- A signed container holds the document of one submission, or of several of one organisation that were signed together; it is kept once.
CREATE TABLE container (
    id INTEGER PRIMARY KEY,
    bytes BLOB NOT NULL,
    -- How many documents it holds; perhaps more than were handed in with it.
    documents INTEGER NOT NULL
) STRICT;
INSERT INTO container (id, bytes, documents) SELECT id, container, 1 FROM submission WHERE container IS NOT NULL;
ALTER TABLE submission DROP COLUMN container;
ALTER TABLE submission ADD COLUMN container INTEGER REFERENCES container;
UPDATE submission SET container = id WHERE id IN (SELECT id FROM container);
CREATE INDEX submission_of_container ON submission (container) WHERE container IS NOT NULL;
