-- How each request was scheduled, kept once for all its servers; a record names the trace of its request.
CREATE TABLE scheduling_traces (
  key        uuid PRIMARY KEY,
  outcome    text NOT NULL,
  trace      jsonb,
  verdicts   jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON scheduling_traces (created_at);
-- No foreign key: both are forgotten by age. Records of the release before have their verdicts themselves.
ALTER TABLE scheduling_records ADD COLUMN trace_key uuid;
CREATE INDEX ON scheduling_records (request_id);
