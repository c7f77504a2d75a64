-- Disks of servers beside what flavor and image say: volumes, and local disks that were asked for one by one.
CREATE TABLE block_device_mappings (
  id                    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  uuid                  uuid NOT NULL UNIQUE,
  instance_uuid         uuid NOT NULL REFERENCES instances (uuid) ON DELETE CASCADE,
  source_type           text NOT NULL CHECK (source_type IN ('volume', 'image', 'snapshot', 'blank')),
  destination_type      text NOT NULL CHECK (destination_type IN ('volume', 'local')),
  boot_index            int,
  device_name           text,
  device_type           text,
  disk_bus              text,
  guest_format          text,
  delete_on_termination boolean NOT NULL DEFAULT false,
  volume_id             uuid,
  snapshot_id           uuid,
  image_id              uuid,
  -- GiB
  volume_size           int,
  volume_type           text,
  tag                   text,
  -- in the volume service; what it says of connections is never kept
  attachment_id         uuid,
  created_at            timestamptz NOT NULL DEFAULT now(),
  updated_at            timestamptz
);
CREATE INDEX ON block_device_mappings (instance_uuid);
CREATE INDEX ON block_device_mappings (volume_id) WHERE volume_id IS NOT NULL;

-- What a step was about (a volume, a port), for the notification of its end.
ALTER TABLE ended_steps ADD COLUMN subject jsonb;
