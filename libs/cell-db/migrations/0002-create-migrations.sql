-- Moves of servers between hosts, and changes of their size: one row each, kept as history.
CREATE TABLE migrations (
  id                   int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- the consumer that holds the source's allocation in placement while the move is under way
  uuid                 uuid NOT NULL UNIQUE,
  instance_uuid        uuid NOT NULL,
  project_id           text NOT NULL,
  user_id              text NOT NULL,
  migration_type       text NOT NULL CHECK (migration_type IN ('migration', 'resize', 'live-migration', 'evacuation')),
  status               text NOT NULL,
  source_compute       text,
  source_node          text,
  dest_compute         text,
  dest_node            text,
  -- the destination's address
  dest_host            text,
  old_instance_type_id int,
  new_instance_type_id int,
  -- not shown to owners
  hidden               boolean NOT NULL DEFAULT false,
  created_at           timestamptz NOT NULL DEFAULT now(),
  updated_at           timestamptz
);
CREATE INDEX ON migrations (instance_uuid, status);
CREATE INDEX ON migrations (source_compute, status);
CREATE INDEX ON migrations (dest_compute, status);
CREATE INDEX ON migrations (project_id);
