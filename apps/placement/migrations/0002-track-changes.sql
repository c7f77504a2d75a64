-- What the read model of each process needs to learn of changes; src/read-model/README.md says how it reads them.
-- A mark names the transaction that wrote a row of the model last: kind p = provider (with all that belongs to it), t = trait,
-- c = resource class, a = aggregate. It outlives what it marks, and so tells of deletions. A transaction that began earlier
-- may write over the mark of one that committed before it; that is right, as no snapshot that missed the later one can have
-- seen the earlier one. Marks are taken in id order, like the provider rows before them, so they cannot deadlock.

CREATE TABLE model_changes (
  kind "char" NOT NULL,
  row_id bigint NOT NULL,
  xid xid8 NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (kind, row_id)
);
CREATE INDEX model_changes_xid ON model_changes (xid);

CREATE TABLE model_state (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  pruned_below xid8 NOT NULL DEFAULT '0',   -- marks of transactions below may be missing
  epoch xid8 NOT NULL DEFAULT '0'           -- changes when everything has to be read anew
);
INSERT INTO model_state DEFAULT VALUES;

CREATE FUNCTION track_resource_providers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO model_changes (kind, row_id, xid)
    SELECT 'p', row_id, pg_current_xact_id() FROM (SELECT id FROM after_rows GROUP BY 1) AS touched (row_id) ORDER BY row_id
    ON CONFLICT (kind, row_id) DO UPDATE SET xid = excluded.xid, changed_at = excluded.changed_at
    WHERE model_changes.xid <> excluded.xid;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO model_changes (kind, row_id, xid)
    SELECT 'p', row_id, pg_current_xact_id() FROM (SELECT id FROM before_rows GROUP BY 1) AS touched (row_id) ORDER BY row_id
    ON CONFLICT (kind, row_id) DO UPDATE SET xid = excluded.xid, changed_at = excluded.changed_at
    WHERE model_changes.xid <> excluded.xid;
  ELSE
    INSERT INTO model_changes (kind, row_id, xid)
    SELECT 'p', row_id, pg_current_xact_id() FROM (SELECT id FROM before_rows UNION SELECT id FROM after_rows) AS touched (row_id) ORDER BY row_id
    ON CONFLICT (kind, row_id) DO UPDATE SET xid = excluded.xid, changed_at = excluded.changed_at
    WHERE model_changes.xid <> excluded.xid;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER track_insert AFTER INSERT ON resource_providers
  REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION track_resource_providers();
CREATE TRIGGER track_update AFTER UPDATE ON resource_providers
  REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION track_resource_providers();
CREATE TRIGGER track_delete AFTER DELETE ON resource_providers
  REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION track_resource_providers();

CREATE FUNCTION track_inventories() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO model_changes (kind, row_id, xid)
    SELECT 'p', row_id, pg_current_xact_id() FROM (SELECT resource_provider_id FROM after_rows GROUP BY 1) AS touched (row_id) ORDER BY row_id
    ON CONFLICT (kind, row_id) DO UPDATE SET xid = excluded.xid, changed_at = excluded.changed_at
    WHERE model_changes.xid <> excluded.xid;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO model_changes (kind, row_id, xid)
    SELECT 'p', row_id, pg_current_xact_id() FROM (SELECT resource_provider_id FROM before_rows GROUP BY 1) AS touched (row_id) ORDER BY row_id
    ON CONFLICT (kind, row_id) DO UPDATE SET xid = excluded.xid, changed_at = excluded.changed_at
    WHERE model_changes.xid <> excluded.xid;
  ELSE
    INSERT INTO model_changes (kind, row_id, xid)
    SELECT 'p', row_id, pg_current_xact_id() FROM (SELECT resource_provider_id FROM before_rows UNION SELECT resource_provider_id FROM after_rows) AS touched (row_id) ORDER BY row_id
    ON CONFLICT (kind, row_id) DO UPDATE SET xid = excluded.xid, changed_at = excluded.changed_at
    WHERE model_changes.xid <> excluded.xid;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER track_insert AFTER INSERT ON inventories
  REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION track_inventories();
CREATE TRIGGER track_update AFTER UPDATE ON inventories
  REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION track_inventories();
CREATE TRIGGER track_delete AFTER DELETE ON inventories
  REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION track_inventories();

CREATE FUNCTION track_resource_provider_traits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO model_changes (kind, row_id, xid)
    SELECT 'p', row_id, pg_current_xact_id() FROM (SELECT resource_provider_id FROM after_rows GROUP BY 1) AS touched (row_id) ORDER BY row_id
    ON CONFLICT (kind, row_id) DO UPDATE SET xid = excluded.xid, changed_at = excluded.changed_at
    WHERE model_changes.xid <> excluded.xid;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO model_changes (kind, row_id, xid)
    SELECT 'p', row_id, pg_current_xact_id() FROM (SELECT resource_provider_id FROM before_rows GROUP BY 1) AS touched (row_id) ORDER BY row_id
    ON CONFLICT (kind, row_id) DO UPDATE SET xid = excluded.xid, changed_at = excluded.changed_at
    WHERE model_changes.xid <> excluded.xid;
  ELSE
    INSERT INTO model_changes (kind, row_id, xid)
    SELECT 'p', row_id, pg_current_xact_id() FROM (SELECT resource_provider_id FROM before_rows UNION SELECT resource_provider_id FROM after_rows) AS touched (row_id) ORDER BY row_id
    ON CONFLICT (kind, row_id) DO UPDATE SET xid = excluded.xid, changed_at = excluded.changed_at
    WHERE model_changes.xid <> excluded.xid;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER track_insert AFTER INSERT ON resource_provider_traits
  REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION track_resource_provider_traits();
CREATE TRIGGER track_update AFTER UPDATE ON resource_provider_traits
  REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION track_resource_provider_traits();
CREATE TRIGGER track_delete AFTER DELETE ON resource_provider_traits
  REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION track_resource_provider_traits();

CREATE FUNCTION track_resource_provider_aggregates() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO model_changes (kind, row_id, xid)
    SELECT 'p', row_id, pg_current_xact_id() FROM (SELECT resource_provider_id FROM after_rows GROUP BY 1) AS touched (row_id) ORDER BY row_id
    ON CONFLICT (kind, row_id) DO UPDATE SET xid = excluded.xid, changed_at = excluded.changed_at
    WHERE model_changes.xid <> excluded.xid;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO model_changes (kind, row_id, xid)
    SELECT 'p', row_id, pg_current_xact_id() FROM (SELECT resource_provider_id FROM before_rows GROUP BY 1) AS touched (row_id) ORDER BY row_id
    ON CONFLICT (kind, row_id) DO UPDATE SET xid = excluded.xid, changed_at = excluded.changed_at
    WHERE model_changes.xid <> excluded.xid;
  ELSE
    INSERT INTO model_changes (kind, row_id, xid)
    SELECT 'p', row_id, pg_current_xact_id() FROM (SELECT resource_provider_id FROM before_rows UNION SELECT resource_provider_id FROM after_rows) AS touched (row_id) ORDER BY row_id
    ON CONFLICT (kind, row_id) DO UPDATE SET xid = excluded.xid, changed_at = excluded.changed_at
    WHERE model_changes.xid <> excluded.xid;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER track_insert AFTER INSERT ON resource_provider_aggregates
  REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION track_resource_provider_aggregates();
CREATE TRIGGER track_update AFTER UPDATE ON resource_provider_aggregates
  REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION track_resource_provider_aggregates();
CREATE TRIGGER track_delete AFTER DELETE ON resource_provider_aggregates
  REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION track_resource_provider_aggregates();

CREATE FUNCTION track_traits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO model_changes (kind, row_id, xid)
    SELECT 't', row_id, pg_current_xact_id() FROM (SELECT id FROM after_rows GROUP BY 1) AS touched (row_id) ORDER BY row_id
    ON CONFLICT (kind, row_id) DO UPDATE SET xid = excluded.xid, changed_at = excluded.changed_at
    WHERE model_changes.xid <> excluded.xid;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO model_changes (kind, row_id, xid)
    SELECT 't', row_id, pg_current_xact_id() FROM (SELECT id FROM before_rows GROUP BY 1) AS touched (row_id) ORDER BY row_id
    ON CONFLICT (kind, row_id) DO UPDATE SET xid = excluded.xid, changed_at = excluded.changed_at
    WHERE model_changes.xid <> excluded.xid;
  ELSE
    INSERT INTO model_changes (kind, row_id, xid)
    SELECT 't', row_id, pg_current_xact_id() FROM (SELECT id FROM before_rows UNION SELECT id FROM after_rows) AS touched (row_id) ORDER BY row_id
    ON CONFLICT (kind, row_id) DO UPDATE SET xid = excluded.xid, changed_at = excluded.changed_at
    WHERE model_changes.xid <> excluded.xid;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER track_insert AFTER INSERT ON traits
  REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION track_traits();
CREATE TRIGGER track_update AFTER UPDATE ON traits
  REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION track_traits();
CREATE TRIGGER track_delete AFTER DELETE ON traits
  REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION track_traits();

CREATE FUNCTION track_resource_classes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO model_changes (kind, row_id, xid)
    SELECT 'c', row_id, pg_current_xact_id() FROM (SELECT id FROM after_rows GROUP BY 1) AS touched (row_id) ORDER BY row_id
    ON CONFLICT (kind, row_id) DO UPDATE SET xid = excluded.xid, changed_at = excluded.changed_at
    WHERE model_changes.xid <> excluded.xid;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO model_changes (kind, row_id, xid)
    SELECT 'c', row_id, pg_current_xact_id() FROM (SELECT id FROM before_rows GROUP BY 1) AS touched (row_id) ORDER BY row_id
    ON CONFLICT (kind, row_id) DO UPDATE SET xid = excluded.xid, changed_at = excluded.changed_at
    WHERE model_changes.xid <> excluded.xid;
  ELSE
    INSERT INTO model_changes (kind, row_id, xid)
    SELECT 'c', row_id, pg_current_xact_id() FROM (SELECT id FROM before_rows UNION SELECT id FROM after_rows) AS touched (row_id) ORDER BY row_id
    ON CONFLICT (kind, row_id) DO UPDATE SET xid = excluded.xid, changed_at = excluded.changed_at
    WHERE model_changes.xid <> excluded.xid;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER track_insert AFTER INSERT ON resource_classes
  REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION track_resource_classes();
CREATE TRIGGER track_update AFTER UPDATE ON resource_classes
  REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION track_resource_classes();
CREATE TRIGGER track_delete AFTER DELETE ON resource_classes
  REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION track_resource_classes();

CREATE FUNCTION track_placement_aggregates() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO model_changes (kind, row_id, xid)
    SELECT 'a', row_id, pg_current_xact_id() FROM (SELECT id FROM after_rows GROUP BY 1) AS touched (row_id) ORDER BY row_id
    ON CONFLICT (kind, row_id) DO UPDATE SET xid = excluded.xid, changed_at = excluded.changed_at
    WHERE model_changes.xid <> excluded.xid;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO model_changes (kind, row_id, xid)
    SELECT 'a', row_id, pg_current_xact_id() FROM (SELECT id FROM before_rows GROUP BY 1) AS touched (row_id) ORDER BY row_id
    ON CONFLICT (kind, row_id) DO UPDATE SET xid = excluded.xid, changed_at = excluded.changed_at
    WHERE model_changes.xid <> excluded.xid;
  ELSE
    INSERT INTO model_changes (kind, row_id, xid)
    SELECT 'a', row_id, pg_current_xact_id() FROM (SELECT id FROM before_rows UNION SELECT id FROM after_rows) AS touched (row_id) ORDER BY row_id
    ON CONFLICT (kind, row_id) DO UPDATE SET xid = excluded.xid, changed_at = excluded.changed_at
    WHERE model_changes.xid <> excluded.xid;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER track_insert AFTER INSERT ON placement_aggregates
  REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION track_placement_aggregates();
CREATE TRIGGER track_update AFTER UPDATE ON placement_aggregates
  REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION track_placement_aggregates();
CREATE TRIGGER track_delete AFTER DELETE ON placement_aggregates
  REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION track_placement_aggregates();

-- TRUNCATE names no rows.
CREATE FUNCTION begin_model_epoch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO model_state (epoch) VALUES (pg_current_xact_id())
  ON CONFLICT (singleton) DO UPDATE SET epoch = excluded.epoch;
  RETURN NULL;
END $$;

CREATE TRIGGER track_truncate AFTER TRUNCATE ON resource_providers FOR EACH STATEMENT EXECUTE FUNCTION begin_model_epoch();
CREATE TRIGGER track_truncate AFTER TRUNCATE ON inventories FOR EACH STATEMENT EXECUTE FUNCTION begin_model_epoch();
CREATE TRIGGER track_truncate AFTER TRUNCATE ON resource_provider_traits FOR EACH STATEMENT EXECUTE FUNCTION begin_model_epoch();
CREATE TRIGGER track_truncate AFTER TRUNCATE ON resource_provider_aggregates FOR EACH STATEMENT EXECUTE FUNCTION begin_model_epoch();
CREATE TRIGGER track_truncate AFTER TRUNCATE ON traits FOR EACH STATEMENT EXECUTE FUNCTION begin_model_epoch();
CREATE TRIGGER track_truncate AFTER TRUNCATE ON resource_classes FOR EACH STATEMENT EXECUTE FUNCTION begin_model_epoch();
CREATE TRIGGER track_truncate AFTER TRUNCATE ON placement_aggregates FOR EACH STATEMENT EXECUTE FUNCTION begin_model_epoch();
