-- What is to be done about images of servers once an operation has ended: images that were never filled, or are used up, go,
-- and of backups only so many stay. The super conductor does it, for no cell has rights at the image service.
CREATE TABLE image_errands (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  instance_uuid uuid NOT NULL,
  -- an image to delete, …
  image_id      uuid,
  -- … or: of the backups of this type the newest so many stay
  backup_type   text,
  keep          int,
  created_at    timestamptz NOT NULL DEFAULT now(),
  CHECK ((image_id IS NULL) <> (keep IS NULL AND backup_type IS NULL))
);
CREATE INDEX ON image_errands (instance_uuid);
CREATE INDEX ON image_errands (created_at);
