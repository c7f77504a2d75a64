-- The API level's database: cells and who lives where, requests that no cell has yet, and what users define.
-- Rows are really deleted; times are timestamptz.

CREATE TABLE cell_mappings (
  id                  int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  uuid                uuid NOT NULL UNIQUE,
  name                text NOT NULL UNIQUE,
  transport_url       text NOT NULL,
  database_connection text NOT NULL UNIQUE,
  disabled            boolean NOT NULL DEFAULT false,
  created_at          timestamptz NOT NULL DEFAULT now(),
  updated_at          timestamptz
);

CREATE TABLE host_mappings (
  id         int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  cell_id    int NOT NULL REFERENCES cell_mappings (id),
  host       text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON host_mappings (cell_id);

-- cell_id null: not scheduled yet. queued_for_delete: a delete was accepted; the cell may still be working on it.
CREATE TABLE instance_mappings (
  instance_uuid     uuid PRIMARY KEY,
  cell_id           int REFERENCES cell_mappings (id),
  project_id        text NOT NULL,
  user_id           text NOT NULL,
  queued_for_delete boolean NOT NULL DEFAULT false,
  created_at        timestamptz NOT NULL DEFAULT now(),
  updated_at        timestamptz
);
CREATE INDEX ON instance_mappings (project_id, user_id);
CREATE INDEX ON instance_mappings (cell_id);

CREATE TABLE request_specs (
  instance_uuid uuid PRIMARY KEY,
  spec          jsonb NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz
);

-- A server between POST and its cell: the instance as the API shows it, and what only the build needs.
-- vcpus and memory_mb are counted by quota while the cell does not know the instance yet.
CREATE TABLE build_requests (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  instance_uuid  uuid NOT NULL UNIQUE REFERENCES request_specs (instance_uuid) ON DELETE CASCADE,
  project_id     text NOT NULL,
  user_id        text NOT NULL,
  instance       jsonb NOT NULL,
  admin_password text,
  vcpus          int NOT NULL,
  memory_mb      int NOT NULL,
  request_id     text NOT NULL,
  created_at     timestamptz NOT NULL DEFAULT now(),
  -- when the conductor was told again, because nothing had come of it
  recast_at      timestamptz
);
CREATE INDEX ON build_requests (project_id);
CREATE INDEX ON build_requests (created_at);
CREATE INDEX ON build_requests ((coalesce(recast_at, created_at)));

CREATE TABLE flavors (
  id           int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  flavorid     text NOT NULL UNIQUE,
  name         text NOT NULL UNIQUE,
  memory_mb    int NOT NULL CHECK (memory_mb >= 1),
  vcpus        int NOT NULL CHECK (vcpus >= 1),
  root_gb      int NOT NULL DEFAULT 0 CHECK (root_gb >= 0),
  ephemeral_gb int NOT NULL DEFAULT 0 CHECK (ephemeral_gb >= 0),
  swap         int NOT NULL DEFAULT 0 CHECK (swap >= 0),
  rxtx_factor  double precision NOT NULL DEFAULT 1,
  disabled     boolean NOT NULL DEFAULT false,
  is_public    boolean NOT NULL DEFAULT true,
  description  text,
  extra_specs  jsonb NOT NULL DEFAULT '{}',
  created_at   timestamptz NOT NULL DEFAULT now(),
  updated_at   timestamptz
);

CREATE TABLE flavor_projects (
  flavor_id  int NOT NULL REFERENCES flavors (id) ON DELETE CASCADE,
  project_id text NOT NULL,
  PRIMARY KEY (flavor_id, project_id)
);

CREATE TABLE key_pairs (
  id          int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id     text NOT NULL,
  name        text NOT NULL,
  type        text NOT NULL DEFAULT 'ssh' CHECK (type IN ('ssh', 'x509')),
  fingerprint text NOT NULL,
  public_key  text NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  UNIQUE (user_id, name)
);

CREATE TABLE aggregates (
  id         int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  uuid       uuid NOT NULL UNIQUE,
  name       text NOT NULL UNIQUE,
  -- includes availability_zone, as clients see it
  metadata   jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz
);
CREATE INDEX ON aggregates ((metadata ->> 'availability_zone'));

CREATE TABLE aggregate_hosts (
  aggregate_id int NOT NULL REFERENCES aggregates (id) ON DELETE RESTRICT,
  host         text NOT NULL,
  PRIMARY KEY (aggregate_id, host)
);
CREATE INDEX ON aggregate_hosts (host);

CREATE TABLE instance_groups (
  id         int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  uuid       uuid NOT NULL UNIQUE,
  name       text NOT NULL,
  project_id text NOT NULL,
  user_id    text NOT NULL,
  policy     text NOT NULL CHECK (policy IN ('affinity', 'anti-affinity', 'soft-affinity', 'soft-anti-affinity')),
  rules      jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON instance_groups (project_id);

-- host is claimed in the transaction that holds the group's row lock around scheduling, so that parallel boots
-- of one group cannot overlook each other.
CREATE TABLE instance_group_members (
  group_id      int NOT NULL REFERENCES instance_groups (id) ON DELETE CASCADE,
  instance_uuid uuid NOT NULL UNIQUE,
  host          text,
  PRIMARY KEY (group_id, instance_uuid)
);

CREATE TABLE quotas (
  project_id text NOT NULL,
  -- empty: the project's limit; else the limit of one user in it
  user_id    text NOT NULL DEFAULT '',
  resource   text NOT NULL,
  hard_limit int NOT NULL CHECK (hard_limit >= -1),
  PRIMARY KEY (project_id, user_id, resource)
);

CREATE TABLE quota_classes (
  class_name text NOT NULL,
  resource   text NOT NULL,
  hard_limit int NOT NULL CHECK (hard_limit >= -1),
  PRIMARY KEY (class_name, resource)
);

-- What each project holds, kept by the transactions that accept and end servers; its row lock makes the quota
-- check exact under concurrency and independent of cells being reachable.
CREATE TABLE quota_usages (
  project_id text NOT NULL,
  user_id    text NOT NULL,
  instances  int NOT NULL DEFAULT 0 CHECK (instances >= 0),
  cores      int NOT NULL DEFAULT 0 CHECK (cores >= 0),
  ram        bigint NOT NULL DEFAULT 0 CHECK (ram >= 0),
  PRIMARY KEY (project_id, user_id)
);

-- One row an instance that counts; removing the row gives back what it held, once.
CREATE TABLE quota_holdings (
  instance_uuid uuid PRIMARY KEY,
  project_id    text NOT NULL,
  user_id       text NOT NULL,
  cores         int NOT NULL,
  ram           int NOT NULL
);

-- Why a request found no host: for administrators, by request.
CREATE TABLE scheduling_records (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  request_id    text NOT NULL,
  instance_uuid uuid NOT NULL,
  outcome       text NOT NULL,
  reason        text NOT NULL,
  verdicts      jsonb NOT NULL DEFAULT '[]',
  created_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON scheduling_records (instance_uuid);
CREATE INDEX ON scheduling_records (created_at);

-- Services of the API level (conductor, scheduler); agents' rows are in their cells.
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
