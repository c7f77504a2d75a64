-- Which broker a message is for: the API level's, always; the column is there because both outboxes are read alike.
ALTER TABLE outbox ADD COLUMN level text NOT NULL DEFAULT 'api' CHECK (level IN ('api', 'cell'));
