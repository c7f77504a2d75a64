-- A cell's database: its hosts, its instances, what happened to them. cell0 has the same tables and no hosts.
-- Live tables hold live rows only; a deleted instance moves to the archive, whose partitions can be dropped.

CREATE TABLE services (
  id              int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  uuid            uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
  host            text NOT NULL,
  "binary"        text NOT NULL,
  topic           text NOT NULL,
  report_count    int NOT NULL DEFAULT 0,
  disabled        boolean NOT NULL DEFAULT false,
  disabled_reason text,
  forced_down     boolean NOT NULL DEFAULT false,
  last_seen_up    timestamptz,
  version         int NOT NULL DEFAULT 1,
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz,
  UNIQUE (host, "binary")
);

CREATE TABLE compute_nodes (
  id                   int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  uuid                 uuid NOT NULL UNIQUE,
  host                 text NOT NULL,
  hypervisor_hostname  text NOT NULL,
  hypervisor_type      text NOT NULL,
  hypervisor_version   int NOT NULL,
  host_ip              text NOT NULL,
  vcpus                int NOT NULL,
  memory_mb            int NOT NULL,
  local_gb             int NOT NULL,
  vcpus_used           int NOT NULL,
  memory_mb_used       int NOT NULL,
  local_gb_used        int NOT NULL,
  running_vms          int NOT NULL DEFAULT 0,
  current_workload     int NOT NULL DEFAULT 0,
  disk_available_least int,
  cpu_info             text NOT NULL DEFAULT '',
  supported_instances  jsonb NOT NULL DEFAULT '[]',
  cpu_allocation_ratio double precision NOT NULL DEFAULT 4,
  ram_allocation_ratio double precision NOT NULL DEFAULT 1,
  disk_allocation_ratio double precision NOT NULL DEFAULT 1,
  stats                jsonb NOT NULL DEFAULT '{}',
  -- whether the host has a host_mapping; discover_hosts looks at unmapped nodes only
  mapped               boolean NOT NULL DEFAULT false,
  created_at           timestamptz NOT NULL DEFAULT now(),
  updated_at           timestamptz,
  UNIQUE (host, hypervisor_hostname)
);
CREATE INDEX ON compute_nodes (mapped) WHERE NOT mapped;

CREATE TABLE instances (
  id                  int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  uuid                uuid NOT NULL UNIQUE,
  display_name        text NOT NULL,
  display_description text,
  hostname            text NOT NULL,
  project_id          text NOT NULL,
  user_id             text NOT NULL,
  reservation_id      text NOT NULL,
  launch_index        int NOT NULL DEFAULT 0,
  vm_state            text NOT NULL,
  task_state          text,
  power_state         int NOT NULL DEFAULT 0,
  progress            int NOT NULL DEFAULT 0,
  host                text,
  node                text,
  launched_on         text,
  compute_node_uuid   uuid,
  availability_zone   text,
  image_ref           text,
  kernel_id           text,
  ramdisk_id          text,
  flavor              jsonb NOT NULL,
  key_name            text,
  key_data            text,
  keypairs            jsonb NOT NULL DEFAULT '[]',
  user_data           text,
  config_drive        text NOT NULL DEFAULT '',
  access_ip_v4        text,
  access_ip_v6        text,
  auto_disk_config    boolean NOT NULL DEFAULT false,
  root_device_name    text,
  os_type             text,
  architecture        text,
  locked              boolean NOT NULL DEFAULT false,
  locked_by           text CHECK (locked_by IN ('owner', 'admin')),
  locked_reason       text,
  metadata            jsonb NOT NULL DEFAULT '{}',
  system_metadata     jsonb NOT NULL DEFAULT '{}',
  tags                text[] NOT NULL DEFAULT '{}',
  trusted_certs       jsonb,
  -- the last error: {code, message, details, host, created_at}
  fault               jsonb,
  -- the attempt whose build message was handed over last, and the one that an agent took on
  dispatched_attempt  int NOT NULL DEFAULT 0,
  build_attempt       int NOT NULL DEFAULT 0,
  -- grows with each change; guards read-decide-write
  revision            bigint NOT NULL DEFAULT 0,
  created_at          timestamptz NOT NULL DEFAULT now(),
  updated_at          timestamptz,
  launched_at         timestamptz,
  terminated_at       timestamptz,
  deleted_at          timestamptz
);
CREATE INDEX ON instances (created_at DESC, uuid DESC);
CREATE INDEX ON instances (project_id, created_at DESC, uuid DESC);
CREATE INDEX ON instances (host);
CREATE INDEX ON instances (task_state, updated_at) WHERE task_state IS NOT NULL;
CREATE INDEX ON instances (updated_at);
CREATE INDEX ON instances ((coalesce(updated_at, created_at))) WHERE vm_state = 'building';

-- Deleted instances as they were, for changes-since, audits and `deleted` listings.
CREATE TABLE instances_archive (LIKE instances) PARTITION BY RANGE (deleted_at);
CREATE TABLE instances_archive_default PARTITION OF instances_archive DEFAULT;
CREATE INDEX ON instances_archive (uuid);
CREATE INDEX ON instances_archive (deleted_at DESC, uuid);
CREATE INDEX ON instances_archive (project_id, deleted_at DESC);

CREATE TABLE instance_actions (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  action        text NOT NULL,
  instance_uuid uuid NOT NULL,
  request_id    text NOT NULL,
  user_id       text,
  project_id    text,
  start_time    timestamptz NOT NULL,
  finish_time   timestamptz,
  message       text,
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now(),
  UNIQUE (instance_uuid, request_id, action)
);
CREATE INDEX ON instance_actions (instance_uuid, updated_at);

CREATE TABLE instance_action_events (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  action_id   bigint NOT NULL REFERENCES instance_actions (id) ON DELETE CASCADE,
  event       text NOT NULL,
  start_time  timestamptz NOT NULL,
  finish_time timestamptz,
  result      text,
  traceback   text,
  host        text,
  details     text,
  UNIQUE (action_id, event, start_time)
);
CREATE INDEX ON instance_action_events (action_id);

-- Servers of a server group that are on, or on their way to, a host of this cell: what the late check counts.
CREATE TABLE group_placements (
  group_uuid    uuid NOT NULL,
  instance_uuid uuid NOT NULL,
  host          text NOT NULL,
  PRIMARY KEY (group_uuid, instance_uuid)
);
CREATE INDEX ON group_placements (instance_uuid);

-- What the agent is told of a build, from the moment the instance is stored until the agent takes it on: a build whose
-- message was lost is told again from here, without asking anybody above the cell. Holds the admin password.
CREATE TABLE build_dispatches (
  instance_uuid uuid PRIMARY KEY REFERENCES instances (uuid) ON DELETE CASCADE,
  host          text NOT NULL,
  args          jsonb NOT NULL,
  ctx           jsonb NOT NULL,
  -- when it was written, or the message handed to the outbox again
  told_at       timestamptz NOT NULL DEFAULT now()
);

-- Messages that leave with the transaction that caused them; a relay hands them to the broker and removes them.
CREATE TABLE outbox (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  message_id   uuid NOT NULL UNIQUE,
  topic        text NOT NULL,
  host         text,
  method       text NOT NULL,
  args         jsonb NOT NULL,
  ctx          jsonb NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  attempts     int NOT NULL DEFAULT 0,
  available_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON outbox (available_at, id);
