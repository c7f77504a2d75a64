-- What is being done to instances: one row from acceptance to the end. Takes the place of build_dispatches, and of the
-- columns that numbered a build's attempts.
CREATE TABLE operations (
  -- one unfinished operation an instance
  instance_uuid uuid PRIMARY KEY REFERENCES instances (uuid) ON DELETE CASCADE,
  uuid          uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
  name          text NOT NULL,
  step          text NOT NULL,
  -- grows with each host that the step is given to
  attempt       int NOT NULL DEFAULT 1,
  -- whose agent has the step
  host          text NOT NULL,
  -- prepared: nobody was told; sent: the agent was; taken: it works on it; failed: another host is looked for
  state         text NOT NULL CHECK (state IN ('prepared', 'sent', 'taken', 'failed')),
  -- everything that its steps need; a build's holds the admin password
  arguments     jsonb NOT NULL,
  ctx           jsonb NOT NULL,
  -- why the last attempt failed
  fault         jsonb,
  created_at    timestamptz NOT NULL DEFAULT now(),
  -- when step, attempt or state changed
  changed_at    timestamptz NOT NULL DEFAULT now(),
  -- when the message was last handed to the outbox
  sent_at       timestamptz NOT NULL DEFAULT now(),
  -- when the agent last said that it works on it
  beat_at       timestamptz
);
CREATE INDEX ON operations (state, changed_at);
CREATE INDEX ON operations (host, state);

-- Steps that have ended and whose end the agent may still have to notify: who asks again finds its result here.
CREATE TABLE ended_steps (
  operation_uuid uuid NOT NULL,
  step           text NOT NULL,
  attempt        int NOT NULL,
  instance_uuid  uuid NOT NULL,
  host           text NOT NULL,
  ctx            jsonb NOT NULL,
  old_vm_state   text NOT NULL,
  old_task_state text,
  fault          jsonb,
  ended_at       timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (operation_uuid, step, attempt)
);
CREATE INDEX ON ended_steps (host);
CREATE INDEX ON ended_steps (ended_at);

-- Which broker a message is for: this cell's, or the API level's.
ALTER TABLE outbox ADD COLUMN level text NOT NULL DEFAULT 'cell' CHECK (level IN ('cell', 'api'));

INSERT INTO operations (instance_uuid, name, step, attempt, host, state, arguments, ctx)
SELECT d.instance_uuid, 'build', 'build_and_run_instance', (d.args ->> 'build_attempt')::int, d.host,
       CASE WHEN i.dispatched_attempt > 0 THEN 'sent' ELSE 'prepared' END,
       d.args - 'instance_uuid' - 'build_attempt', d.ctx
  FROM build_dispatches d JOIN instances i ON i.uuid = d.instance_uuid
 WHERE i.vm_state = 'building';
INSERT INTO operations (instance_uuid, name, step, host, state, arguments, ctx)
SELECT i.uuid, 'delete', 'terminate_instance', i.host, 'sent', '{}',
       jsonb_build_object('requestId', coalesce(
         (SELECT a.request_id FROM instance_actions a WHERE a.instance_uuid = i.uuid AND a.action = 'delete' ORDER BY id DESC LIMIT 1),
         'req-' || gen_random_uuid()))
  FROM instances i WHERE i.task_state = 'deleting' AND i.host IS NOT NULL
ON CONFLICT (instance_uuid) DO NOTHING;

DROP TABLE build_dispatches;
ALTER TABLE instances DROP COLUMN dispatched_attempt, DROP COLUMN build_attempt;
ALTER TABLE instances_archive DROP COLUMN dispatched_attempt, DROP COLUMN build_attempt;
