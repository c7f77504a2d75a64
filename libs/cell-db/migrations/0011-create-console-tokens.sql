-- Tokens that open consoles of instances, as hashes: the token itself is known to its owner alone. They go with the instance.
CREATE TABLE console_tokens (
  token_hash           text PRIMARY KEY,
  instance_uuid        uuid NOT NULL REFERENCES instances (uuid) ON DELETE CASCADE,
  -- where the guest was then: a token does not follow it to another host
  compute_host         text NOT NULL,
  console_type         text NOT NULL,
  host                 text NOT NULL,
  port                 int NOT NULL,
  tls_port             int,
  internal_access_path text,
  expires_at           timestamptz NOT NULL
);
CREATE INDEX ON console_tokens (expires_at);
CREATE INDEX ON console_tokens (instance_uuid);
