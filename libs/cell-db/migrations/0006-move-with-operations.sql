-- Operations that need a host, and moves as they are led from one step to the next.
ALTER TABLE operations
  -- the move that it makes or goes on with; kept when the operation is gone, therefore no reference
  ADD COLUMN migration_uuid uuid,
  DROP CONSTRAINT operations_state_check,
  -- placing: a host is looked for at the API level; prepared: nobody was told; sent: the agent was; taken: it works on
  -- it; failed: the conductor winds it up, or looks for another host
  ADD CONSTRAINT operations_state_check CHECK (state IN ('placing', 'prepared', 'sent', 'taken', 'failed'));
COMMENT ON COLUMN operations.host IS 'whose turn it is: the host whose agent has the step, the conductor that looks for a host, or empty';

-- What the server's row is on either side of the move. Flavors are null where the move keeps the flavor.
ALTER TABLE migrations
  ADD COLUMN source_node_uuid uuid,
  ADD COLUMN source_zone text,
  ADD COLUMN dest_node_uuid uuid,
  ADD COLUMN dest_zone text,
  ADD COLUMN old_flavor jsonb,
  ADD COLUMN new_flavor jsonb;
