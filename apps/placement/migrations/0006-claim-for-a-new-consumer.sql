-- Nearly every claim is the first of one consumer, and fits. That one takes a short way: five statements instead of twenty, with
-- the check of capacity in the update that takes it. Whatever is not as hoped undoes the attempt and goes the long way, which
-- knows what to answer; so there is one set of refusals.

-- As before, but for the claim below: that writes the inventories of the same providers in the same transaction, or nothing,
-- and one mark of the two is enough.
CREATE OR REPLACE FUNCTION track_resource_providers() RETURNS trigger LANGUAGE plpgsql AS $$
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
  ELSIF current_setting('placement.marked_later', true) IS DISTINCT FROM 'on' THEN
    INSERT INTO model_changes (kind, row_id, xid)
    SELECT 'p', row_id, pg_current_xact_id() FROM (SELECT id FROM before_rows UNION SELECT id FROM after_rows) AS touched (row_id) ORDER BY row_id
    ON CONFLICT (kind, row_id) DO UPDATE SET xid = excluded.xid, changed_at = excluded.changed_at
    WHERE model_changes.xid <> excluded.xid;
  END IF;
  RETURN NULL;
END $$;

-- Takes it all for a consumer that nobody knows yet, or nothing: false. Locks in the order that all claims keep: the consumer,
-- then providers by id.
CREATE FUNCTION placement_take(
    p_consumer uuid, p_project text, p_user text, p_type text,
    p_providers uuid[], p_classes text[], p_amounts integer[])
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    project integer;
    usr integer;
    type integer;
    provider_ids integer[];
    class_ids integer[];
    written integer;
    marked_later text;
BEGIN
    SELECT (SELECT id FROM projects WHERE external_id = p_project), (SELECT id FROM users WHERE external_id = p_user),
           (SELECT id FROM consumer_types WHERE name = p_type),
           ARRAY(SELECT (SELECT id FROM resource_providers WHERE uuid = u) FROM unnest(p_providers) AS u),
           ARRAY(SELECT (SELECT id FROM resource_classes WHERE name = n) FROM unnest(p_classes) AS n)
    INTO project, usr, type, provider_ids, class_ids;
    IF project IS NULL OR usr IS NULL OR (type IS NULL AND p_type IS NOT NULL)
       OR array_position(provider_ids, NULL) IS NOT NULL OR array_position(class_ids, NULL) IS NOT NULL THEN
        RETURN false;
    END IF;

    INSERT INTO consumers (uuid, project_id, user_id, consumer_type_id, generation)
    VALUES (p_consumer, project, usr, type, 1) ON CONFLICT (uuid) DO NOTHING;
    IF NOT FOUND THEN
        RETURN false;
    END IF;

    IF provider_ids[1] <> ANY (provider_ids) THEN
        PERFORM FROM resource_providers WHERE id = ANY (provider_ids) ORDER BY id FOR NO KEY UPDATE;
    END IF;
    marked_later := set_config('placement.marked_later', 'on', true);
    UPDATE resource_providers SET generation = generation + 1, updated_at = now() WHERE id = ANY (provider_ids);
    marked_later := set_config('placement.marked_later', 'off', true);

    -- Of several rows of one inventory only one would be updated; they are counted, and go the long way.
    UPDATE inventories i SET used = i.used + want.amount, updated_at = now()
    FROM unnest(provider_ids, class_ids, p_amounts) AS want (provider_id, class_id, amount)
    WHERE i.resource_provider_id = want.provider_id AND i.resource_class_id = want.class_id
      AND want.amount BETWEEN i.min_unit AND i.max_unit AND want.amount % i.step_size = 0
      AND i.used + want.amount <= (i.total - i.reserved) * i.allocation_ratio;
    GET DIAGNOSTICS written = ROW_COUNT;
    IF written <> cardinality(p_amounts) THEN
        RAISE EXCEPTION 'not as hoped' USING ERRCODE = 'KN001';
    END IF;

    INSERT INTO allocations (resource_provider_id, consumer_id, resource_class_id, used)
    SELECT provider_id, p_consumer, class_id, amount
    FROM unnest(provider_ids, class_ids, p_amounts) AS want (provider_id, class_id, amount);
    RETURN true;
EXCEPTION WHEN SQLSTATE 'KN001' THEN
    RETURN false;
END $$;

CREATE OR REPLACE FUNCTION placement_claim(
    p_consumers uuid[], p_check_generation boolean, p_expected integer[], p_projects text[], p_users text[], p_types text[],
    p_for uuid[], p_providers uuid[], p_classes text[], p_amounts integer[])
RETURNS claim_outcome LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off
SET enable_mergejoin = off SET enable_hashjoin = off AS $$
DECLARE
    projects integer[];
    users integer[];
    types integer[];
    created uuid[];
    provider_ids integer[];
    class_ids integer[];
    touched integer[];
    verdict claim_outcome;
BEGIN
    IF p_check_generation AND cardinality(p_consumers) = 1 AND p_expected[1] IS NULL AND cardinality(p_amounts) > 0 THEN
        IF placement_take(p_consumers[1], p_projects[1], p_users[1], p_types[1], p_providers, p_classes, p_amounts) THEN
            verdict.outcome := 'ok';
            RETURN verdict;
        END IF;
    END IF;

    projects := placement_project_ids(p_projects);
    users := placement_user_ids(p_users);
    types := placement_type_ids(p_types);
    created := placement_enter_consumers(p_consumers, projects, users, types);
    provider_ids := placement_provider_ids(p_providers);
    class_ids := placement_class_ids(p_classes);
    IF p_check_generation THEN
        verdict := placement_stale_consumer(p_consumers, p_expected, created);
    END IF;
    IF verdict.outcome IS NULL THEN
        touched := placement_lock_providers(p_consumers, provider_ids);
        verdict := placement_judge(p_consumers, p_for, p_providers, p_classes, p_amounts, provider_ids, class_ids);
    END IF;
    IF verdict.outcome IS NOT NULL THEN
        DELETE FROM consumers WHERE uuid = ANY (created);
        RETURN verdict;
    END IF;
    PERFORM placement_write_allocations(p_consumers, projects, users, types, created, touched,
                                        p_for, p_amounts, provider_ids, class_ids);
    verdict.outcome := 'ok';
    RETURN verdict;
END $$;
