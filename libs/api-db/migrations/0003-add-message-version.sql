-- The version of the message that a stored cast was written for; casts of before are of the first.
ALTER TABLE outbox ADD COLUMN version text NOT NULL DEFAULT '1.0';
