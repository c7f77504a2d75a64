-- A claim is one round trip: PUT and POST of allocations, and their removal, are one call each. The order of locks is what
-- keeps claims from colliding: names, then consumers by uuid, then providers by id. Whoever waits for a lock sees, after it,
-- what the other one committed, so two claims that both fit both succeed, and none is told to try again.
-- An outcome other than 'ok' leaves no trace of the request, except that a project, user or type may now be known.
--
-- All of it is PL/pgSQL, whose plans are kept, and the entry points fix the planner's ways: generic plans, for planning
-- takes longer than running; index lookups, for a plan that was made on small tables must serve large ones.

CREATE TYPE claim_outcome AS (
    outcome text,       -- ok | consumer-conflict | unknown-provider | unknown-class | no-inventory | constraint | capacity | …
    consumer uuid,
    provider uuid,
    class text,
    expected integer,   -- the generation that is stored; null: there is none
    actual integer      -- the generation that the caller gave
);

-- Ids of projects, made where they are missing; in the order of the names, null for null. Likewise for users and types.
CREATE FUNCTION placement_project_ids(p_names text[]) RETURNS integer[] LANGUAGE plpgsql AS $$
DECLARE
    ids integer[] := ARRAY(SELECT (SELECT id FROM projects WHERE external_id = n) FROM unnest(p_names) WITH ORDINALITY AS x (n, place) ORDER BY place);
BEGIN
    IF array_position(ids, NULL) IS NULL THEN RETURN ids; END IF;
    INSERT INTO projects (external_id) SELECT DISTINCT n FROM unnest(p_names) AS n ORDER BY n ON CONFLICT DO NOTHING;
    RETURN ARRAY(SELECT (SELECT id FROM projects WHERE external_id = n) FROM unnest(p_names) WITH ORDINALITY AS x (n, place) ORDER BY place);
END $$;

CREATE FUNCTION placement_user_ids(p_names text[]) RETURNS integer[] LANGUAGE plpgsql AS $$
DECLARE
    ids integer[] := ARRAY(SELECT (SELECT id FROM users WHERE external_id = n) FROM unnest(p_names) WITH ORDINALITY AS x (n, place) ORDER BY place);
BEGIN
    IF array_position(ids, NULL) IS NULL THEN RETURN ids; END IF;
    INSERT INTO users (external_id) SELECT DISTINCT n FROM unnest(p_names) AS n ORDER BY n ON CONFLICT DO NOTHING;
    RETURN ARRAY(SELECT (SELECT id FROM users WHERE external_id = n) FROM unnest(p_names) WITH ORDINALITY AS x (n, place) ORDER BY place);
END $$;

CREATE FUNCTION placement_type_ids(p_names text[]) RETURNS integer[] LANGUAGE plpgsql AS $$
DECLARE
    ids integer[] := ARRAY(SELECT (SELECT id FROM consumer_types WHERE name = n) FROM unnest(p_names) WITH ORDINALITY AS x (n, place) ORDER BY place);
BEGIN
    IF array_position(ids, NULL) IS NULL THEN RETURN ids; END IF;
    INSERT INTO consumer_types (name) SELECT DISTINCT n FROM unnest(p_names) AS n
    WHERE n IS NOT NULL AND NOT EXISTS (SELECT FROM consumer_types WHERE name = n) ORDER BY n ON CONFLICT DO NOTHING;
    RETURN ARRAY(SELECT (SELECT id FROM consumer_types WHERE name = n) FROM unnest(p_names) WITH ORDINALITY AS x (n, place) ORDER BY place);
END $$;

-- Ids of providers and classes in the order given; null for the unknown.
CREATE FUNCTION placement_provider_ids(p_uuids uuid[]) RETURNS integer[] LANGUAGE plpgsql AS $$
BEGIN
    RETURN ARRAY(SELECT (SELECT id FROM resource_providers WHERE uuid = u) FROM unnest(p_uuids) WITH ORDINALITY AS x (u, place) ORDER BY place);
END $$;

CREATE FUNCTION placement_class_ids(p_names text[]) RETURNS integer[] LANGUAGE plpgsql AS $$
BEGIN
    RETURN ARRAY(SELECT (SELECT id FROM resource_classes WHERE name = n) FROM unnest(p_names) WITH ORDINALITY AS x (n, place) ORDER BY place);
END $$;

-- Makes the consumers exist and locks them, by uuid. Answers those that this call created. A created consumer has generation
-- 1, as if its first write were done; the caller removes it when it isn't.
CREATE FUNCTION placement_enter_consumers(p_consumers uuid[], p_projects integer[], p_users integer[], p_types integer[])
RETURNS uuid[] LANGUAGE plpgsql AS $$
DECLARE
    created uuid[];
BEGIN
    -- "DO UPDATE … WHERE false" writes nothing but locks the row that is there.
    WITH entered AS (
        INSERT INTO consumers (uuid, project_id, user_id, consumer_type_id, generation)
        SELECT uuid, project, usr, type, 1 FROM unnest(p_consumers, p_projects, p_users, p_types) AS r (uuid, project, usr, type)
        ORDER BY uuid
        ON CONFLICT (uuid) DO UPDATE SET uuid = EXCLUDED.uuid WHERE false
        RETURNING uuid
    )
    SELECT coalesce(array_agg(uuid), '{}') INTO created FROM entered;
    RETURN created;
END $$;

-- The first consumer whose stored generation is not the one given; null in p_expected says "must not exist yet".
CREATE FUNCTION placement_stale_consumer(p_consumers uuid[], p_expected integer[], p_created uuid[])
RETURNS claim_outcome LANGUAGE plpgsql AS $$
DECLARE
    stale claim_outcome;
BEGIN
    SELECT 'consumer-conflict', c.uuid, NULL, NULL, CASE WHEN r.is_new THEN NULL ELSE c.generation END, r.expected INTO stale
    FROM (SELECT uuid, expected, uuid = ANY (p_created) AS is_new
          FROM unnest(p_consumers, p_expected) AS r (uuid, expected)) AS r
    JOIN consumers c ON c.uuid = r.uuid
    WHERE CASE WHEN r.is_new THEN r.expected IS NOT NULL ELSE r.expected IS DISTINCT FROM c.generation END
    ORDER BY c.uuid LIMIT 1;
    RETURN stale;
END $$;

-- Locks, in id order, the given providers and those the consumers hold allocations of. Answers their ids.
CREATE FUNCTION placement_lock_providers(p_consumers uuid[], p_providers integer[])
RETURNS integer[] LANGUAGE plpgsql AS $$
DECLARE
    ids integer[] := p_providers || ARRAY(SELECT resource_provider_id FROM allocations WHERE consumer_id = ANY (p_consumers));
BEGIN
    RETURN ARRAY(SELECT locked.id FROM (
        SELECT id FROM resource_providers WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE) AS locked);
END $$;

-- The first wanted row that cannot be had, if any. Several rows of one provider and class are judged by their sum.
-- Above capacity is refused unless these consumers then use no more of it than before.
CREATE FUNCTION placement_judge(
    p_consumers uuid[], p_for uuid[], p_providers uuid[], p_classes text[], p_amounts integer[],
    p_provider_ids integer[], p_class_ids integer[])
RETURNS claim_outcome LANGUAGE plpgsql AS $$
DECLARE
    refusal claim_outcome;
BEGIN
    SELECT judged.outcome, judged.consumer, judged.provider, judged.class, NULL, NULL INTO refusal
    FROM (
        SELECT w.*, CASE
            WHEN w.provider_id IS NULL THEN 'unknown-provider'
            WHEN w.class_id IS NULL THEN 'unknown-class'
            WHEN i.total IS NULL THEN 'no-inventory'
            WHEN w.amount < i.min_unit OR w.amount > i.max_unit OR w.amount % i.step_size <> 0 THEN 'constraint'
            WHEN w.total > held.amount
                AND i.used - held.amount + w.total > (i.total - i.reserved) * i.allocation_ratio THEN 'capacity'
        END AS outcome
        FROM (
            SELECT *, sum(amount) OVER (PARTITION BY provider_id, class_id) AS total
            FROM unnest(p_for, p_providers, p_classes, p_amounts, p_provider_ids, p_class_ids) WITH ORDINALITY
                 AS w (consumer, provider, class, amount, provider_id, class_id, place)
        ) AS w
        LEFT JOIN inventories i ON i.resource_provider_id = w.provider_id AND i.resource_class_id = w.class_id
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(a.used), 0) AS amount FROM allocations a
            WHERE a.consumer_id = ANY (p_consumers)
              AND a.resource_provider_id = w.provider_id AND a.resource_class_id = w.class_id
        ) AS held
    ) AS judged
    WHERE judged.outcome IS NOT NULL
    ORDER BY array_position(ARRAY['unknown-provider', 'unknown-class', 'no-inventory'], judged.outcome) NULLS LAST, judged.place
    LIMIT 1;
    RETURN refusal;
END $$;

-- Replaces what the consumers hold, keeps inventories.used, raises generations, forgets consumers that hold nothing.
-- Everything must have been locked and judged before.
CREATE FUNCTION placement_write_allocations(
    p_consumers uuid[], p_projects integer[], p_users integer[], p_types integer[], p_created uuid[], p_touched integer[],
    p_for uuid[], p_amounts integer[], p_provider_ids integer[], p_class_ids integer[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    all_new boolean := cardinality(p_created) = cardinality(p_consumers);
BEGIN
    UPDATE inventories i SET used = i.used + change.amount, updated_at = now()
    FROM (
        SELECT provider_id, class_id, sum(amount) AS amount FROM (
            SELECT provider_id, class_id, amount
            FROM unnest(p_provider_ids, p_class_ids, p_amounts) AS w (provider_id, class_id, amount)
            UNION ALL
            SELECT resource_provider_id, resource_class_id, -used FROM allocations WHERE consumer_id = ANY (p_consumers)
        ) AS part GROUP BY provider_id, class_id HAVING sum(amount) <> 0
    ) AS change
    WHERE i.resource_provider_id = change.provider_id AND i.resource_class_id = change.class_id;

    IF NOT all_new THEN
        DELETE FROM allocations WHERE consumer_id = ANY (p_consumers);
    END IF;

    INSERT INTO allocations (resource_provider_id, consumer_id, resource_class_id, used)
    SELECT provider_id, consumer, class_id, sum(amount)
    FROM unnest(p_for, p_provider_ids, p_class_ids, p_amounts) WITH ORDINALITY AS w (consumer, provider_id, class_id, amount, place)
    GROUP BY provider_id, consumer, class_id ORDER BY min(place);

    UPDATE resource_providers SET generation = generation + 1, updated_at = now() WHERE id = ANY (p_touched);

    IF NOT all_new THEN
        UPDATE consumers c
        SET generation = c.generation + 1, updated_at = now(), project_id = r.project, user_id = r.usr,
            consumer_type_id = coalesce(r.type, c.consumer_type_id)
        FROM unnest(p_consumers, p_projects, p_users, p_types) AS r (uuid, project, usr, type)
        WHERE c.uuid = r.uuid AND c.uuid <> ALL (p_created);
    END IF;

    IF NOT p_consumers <@ p_for THEN
        DELETE FROM consumers WHERE uuid = ANY (p_consumers) AND uuid <> ALL (p_for);
    END IF;
END $$;

-- The claim. p_consumers, p_expected, p_projects, p_users, p_types run in parallel, one element a consumer (a null type
-- leaves the type as it is); p_for, p_providers, p_classes, p_amounts likewise, one element an allocation.
CREATE FUNCTION placement_claim(
    p_consumers uuid[], p_check_generation boolean, p_expected integer[], p_projects text[], p_users text[], p_types text[],
    p_for uuid[], p_providers uuid[], p_classes text[], p_amounts integer[])
RETURNS claim_outcome LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
DECLARE
    projects integer[] := placement_project_ids(p_projects);
    users integer[] := placement_user_ids(p_users);
    types integer[] := placement_type_ids(p_types);
    created uuid[] := placement_enter_consumers(p_consumers, projects, users, types);
    provider_ids integer[] := placement_provider_ids(p_providers);
    class_ids integer[] := placement_class_ids(p_classes);
    touched integer[];
    verdict claim_outcome;
BEGIN
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

-- Removes all that a consumer holds, and the consumer. Raises no generation. Answers whether there was anything. A consumer
-- that is just being made by somebody else is not there yet: going on without its lock would break the order of locks.
CREATE FUNCTION placement_release(p_consumer uuid)
RETURNS boolean LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
BEGIN
    PERFORM FROM consumers WHERE uuid = p_consumer FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM placement_lock_providers(ARRAY[p_consumer], '{}');
    UPDATE inventories i SET used = i.used - a.used, updated_at = now()
    FROM allocations a
    WHERE a.consumer_id = p_consumer
      AND i.resource_provider_id = a.resource_provider_id AND i.resource_class_id = a.resource_class_id;
    DELETE FROM allocations WHERE consumer_id = p_consumer;
    DELETE FROM consumers WHERE uuid = p_consumer;
    RETURN true;
END $$;
