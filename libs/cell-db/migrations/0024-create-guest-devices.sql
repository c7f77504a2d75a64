-- Devices of hosts that were assigned to servers: each to one server at a time, until its claim goes or the server does.
CREATE TABLE guest_devices (
  host           text NOT NULL,
  device         text NOT NULL,
  instance_uuid  uuid NOT NULL REFERENCES instances (uuid) ON DELETE CASCADE,
  migration_uuid uuid,
  resource_class text NOT NULL,
  created_at     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (host, device)
);
CREATE INDEX guest_devices_instance_uuid ON guest_devices (instance_uuid);
