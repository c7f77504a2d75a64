/** What a change mark is about; the letter stands in `model_changes.kind`. */
export const CHANGE_KIND = { provider: 'p', trait: 't', resourceClass: 'c', aggregate: 'a' } as const;

/** Tables that are tracked: kind of the mark, and the column that says which row of the model is meant. */
const TRACKED = [
  ['resource_providers', CHANGE_KIND.provider, 'id'],
  ['inventories', CHANGE_KIND.provider, 'resource_provider_id'],
  ['resource_provider_traits', CHANGE_KIND.provider, 'resource_provider_id'],
  ['resource_provider_aggregates', CHANGE_KIND.provider, 'resource_provider_id'],
  ['traits', CHANGE_KIND.trait, 'id'],
  ['resource_classes', CHANGE_KIND.resourceClass, 'id'],
  ['placement_aggregates', CHANGE_KIND.aggregate, 'id'],
] as const;

const TABLES = `CREATE TABLE model_changes (
  kind "char" NOT NULL,
  row_id bigint NOT NULL,
  xid xid8 NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (kind, row_id)
);
CREATE INDEX model_changes_xid ON model_changes (xid);

CREATE TABLE model_state (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  pruned_below xid8 NOT NULL DEFAULT '0'
);
INSERT INTO model_state DEFAULT VALUES;`;

/** Marks the rows that a query yields. Marks are taken in id order, like the provider rows before them: no deadlocks. */
const mark = (kind: string, rows: string): string => `INSERT INTO model_changes (kind, row_id, xid)
    SELECT '${kind}', row_id, pg_current_xact_id() FROM (${rows}) AS touched (row_id) ORDER BY row_id
    ON CONFLICT (kind, row_id) DO UPDATE SET xid = excluded.xid, changed_at = excluded.changed_at
    WHERE model_changes.xid <> excluded.xid;`;

/** An update may move a row from one provider to another, so its old and new rows count. */
const trackFunction = (table: string, kind: string, column: string): string => {
  const before = `SELECT ${column} FROM before_rows`;
  const after = `SELECT ${column} FROM after_rows`;
  return `CREATE FUNCTION track_${table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    ${mark(kind, `${after} GROUP BY 1`)}
  ELSIF TG_OP = 'DELETE' THEN
    ${mark(kind, `${before} GROUP BY 1`)}
  ELSE
    ${mark(kind, `${before} UNION ${after}`)}
  END IF;
  RETURN NULL;
END $$;`;
};

const trackTriggers = (table: string): string => `CREATE TRIGGER track_insert AFTER INSERT ON ${table}
  REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION track_${table}();
CREATE TRIGGER track_update AFTER UPDATE ON ${table}
  REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION track_${table}();
CREATE TRIGGER track_delete AFTER DELETE ON ${table}
  REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION track_${table}();`;

/**
 * Tables and triggers that leave, for each row of the model, the transaction that wrote it last. A transaction that began
 * earlier may overwrite the mark of one that committed before it; that is right, as no snapshot that saw the later commit
 * can have been taken without the earlier one showing as still running. Belongs into a migration behind the tables it
 * names; needs PostgreSQL 13 for xid8.
 */
export const CHANGE_TRACKING_DDL: string = [
  TABLES,
  ...TRACKED.flatMap(([table, kind, column]) => [trackFunction(table, kind, column), trackTriggers(table)]),
  '',
].join('\n\n');
