-- Whether whoever attached a document wants it published beside the rows of its submission; nobody was asked before.
ALTER TABLE attachment ADD COLUMN public INTEGER NOT NULL DEFAULT 0 CHECK (public IN (0, 1));
CREATE INDEX attachment_public ON attachment (sha256) WHERE public = 1;
