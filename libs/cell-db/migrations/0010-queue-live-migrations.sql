-- Live migrations wait for their turn at their source host.
ALTER TABLE operations
  DROP CONSTRAINT operations_state_check,
  -- placing: a host is looked for at the API level; queued: it waits for its turn; prepared: nobody was told; sent: the agent
  -- was; taken: it works on it; failed: the conductor winds it up, or looks for another host
  ADD CONSTRAINT operations_state_check CHECK (state IN ('placing', 'queued', 'prepared', 'sent', 'taken', 'failed'));
