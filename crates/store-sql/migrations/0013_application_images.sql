-- The images of tiles, apart from the applications, which are read much more often.
CREATE TABLE application_images (
    application_id TEXT NOT NULL PRIMARY KEY REFERENCES applications (id) ON DELETE CASCADE,
    hash TEXT NOT NULL,
    media_type TEXT NOT NULL,
    data TEXT NOT NULL
);
-- The hash of its image.
ALTER TABLE applications ADD COLUMN image TEXT;
