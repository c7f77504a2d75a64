-- Whether placement knows that the host's providers are in the aggregate. What it does not know yet is told again.
ALTER TABLE aggregate_hosts ADD COLUMN mirrored boolean NOT NULL DEFAULT false;
CREATE INDEX ON aggregate_hosts (aggregate_id, host) WHERE NOT mirrored;
