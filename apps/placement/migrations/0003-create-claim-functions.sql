-- A claim is one round trip: PUT and POST of allocations, and their removal, are one call each. The order of locks is what
-- keeps claims from colliding: names, then consumers by uuid, then providers by id. Whoever waits for a lock sees, after it,
-- what the other one committed, so two claims that both fit both succeed, and none is told to try again.
-- An outcome other than 'ok' leaves no trace of the request, except that a project, user or type may now be known.

CREATE TYPE claim_outcome AS (
    outcome text,       -- ok | consumer-conflict | unknown-provider | unknown-class | no-inventory | constraint | capacity | …
    consumer uuid,
    provider uuid,
    class text,
    expected integer,   -- the generation that is stored; null: there is none
    actual integer      -- the generation that the caller gave
);

-- Makes the names known and the consumers exist and locked. Answers the consumers that this call created.
-- A created consumer has generation 1, as if its first write were done; the caller removes it when it isn't.
CREATE FUNCTION placement_enter_consumers(p_consumers uuid[], p_projects text[], p_users text[], p_types text[])
RETURNS uuid[] LANGUAGE plpgsql AS $$
DECLARE
    created uuid[];
BEGIN
    INSERT INTO projects (external_id)
    SELECT DISTINCT name FROM unnest(p_projects) AS name
    WHERE NOT EXISTS (SELECT FROM projects WHERE external_id = name) ORDER BY name
    ON CONFLICT DO NOTHING;

    INSERT INTO users (external_id)
    SELECT DISTINCT name FROM unnest(p_users) AS name
    WHERE NOT EXISTS (SELECT FROM users WHERE external_id = name) ORDER BY name
    ON CONFLICT DO NOTHING;

    INSERT INTO consumer_types (name)
    SELECT DISTINCT wanted FROM unnest(p_types) AS wanted
    WHERE wanted IS NOT NULL AND NOT EXISTS (SELECT FROM consumer_types t WHERE t.name = wanted) ORDER BY wanted
    ON CONFLICT DO NOTHING;

    -- "DO UPDATE … WHERE false" writes nothing but locks the row that is there.
    WITH entered AS (
        INSERT INTO consumers (uuid, project_id, user_id, consumer_type_id, generation)
        SELECT r.uuid, p.id, u.id, t.id, 1
        FROM unnest(p_consumers, p_projects, p_users, p_types) AS r (uuid, project, usr, type)
        JOIN projects p ON p.external_id = r.project
        JOIN users u ON u.external_id = r.usr
        LEFT JOIN consumer_types t ON t.name = r.type
        ORDER BY r.uuid
        ON CONFLICT (uuid) DO UPDATE SET uuid = EXCLUDED.uuid WHERE false
        RETURNING uuid
    )
    SELECT coalesce(array_agg(uuid), '{}') INTO created FROM entered;
    RETURN created;
END $$;

-- The first consumer whose stored generation is not the one given; null in p_expected says "must not exist yet".
CREATE FUNCTION placement_stale_consumer(p_consumers uuid[], p_expected integer[], p_created uuid[])
RETURNS claim_outcome LANGUAGE sql STABLE AS $$
    SELECT 'consumer-conflict', c.uuid, NULL::uuid, NULL::text, CASE WHEN r.is_new THEN NULL ELSE c.generation END, r.expected
    FROM (SELECT uuid, expected, uuid = ANY (p_created) AS is_new
          FROM unnest(p_consumers, p_expected) AS r (uuid, expected)) AS r
    JOIN consumers c ON c.uuid = r.uuid
    WHERE CASE WHEN r.is_new THEN r.expected IS NOT NULL ELSE r.expected IS DISTINCT FROM c.generation END
    ORDER BY c.uuid LIMIT 1
$$;

-- Locks, in id order, the named providers and those the consumers hold allocations of. Answers their ids.
CREATE FUNCTION placement_lock_providers(p_consumers uuid[], p_providers uuid[])
RETURNS integer[] LANGUAGE plpgsql AS $$
DECLARE
    ids integer[];
BEGIN
    ids := ARRAY(SELECT id FROM resource_providers WHERE uuid = ANY (p_providers)
                 UNION SELECT resource_provider_id FROM allocations WHERE consumer_id = ANY (p_consumers));
    RETURN ARRAY(SELECT locked.id FROM (
        SELECT id FROM resource_providers WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE) AS locked);
END $$;

-- The first wanted row that cannot be had, or 'ok'. Several rows of one provider and class are judged by their sum.
-- Above capacity is refused unless these consumers then use no more of it than before.
CREATE FUNCTION placement_judge(p_consumers uuid[], p_for uuid[], p_providers uuid[], p_classes text[], p_amounts integer[])
RETURNS claim_outcome LANGUAGE sql STABLE AS $$
    WITH wanted AS (
        SELECT w.consumer, w.provider, w.class, w.amount, w.place, p.id AS provider_id, k.id AS class_id,
               sum(w.amount) OVER (PARTITION BY w.provider, w.class) AS total
        FROM unnest(p_for, p_providers, p_classes, p_amounts) WITH ORDINALITY AS w (consumer, provider, class, amount, place)
        LEFT JOIN resource_providers p ON p.uuid = w.provider
        LEFT JOIN resource_classes k ON k.name = w.class
    ), judged AS (
        SELECT w.*, CASE
            WHEN w.provider_id IS NULL THEN 'unknown-provider'
            WHEN w.class_id IS NULL THEN 'unknown-class'
            WHEN i.total IS NULL THEN 'no-inventory'
            WHEN w.amount < i.min_unit OR w.amount > i.max_unit OR w.amount % i.step_size <> 0 THEN 'constraint'
            WHEN w.total > held.amount
                AND i.used - held.amount + w.total > (i.total - i.reserved) * i.allocation_ratio THEN 'capacity'
        END AS outcome
        FROM wanted w
        LEFT JOIN inventories i ON i.resource_provider_id = w.provider_id AND i.resource_class_id = w.class_id
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(a.used), 0) AS amount FROM allocations a
            WHERE a.consumer_id = ANY (p_consumers)
              AND a.resource_provider_id = w.provider_id AND a.resource_class_id = w.class_id
        ) AS held
    )
    SELECT outcome, consumer, provider, class, NULL::integer, NULL::integer FROM judged WHERE outcome IS NOT NULL
    ORDER BY array_position(ARRAY['unknown-provider', 'unknown-class', 'no-inventory'], outcome) NULLS LAST, place
    LIMIT 1
$$;

-- Replaces what the consumers hold, keeps inventories.used, raises generations, forgets consumers that hold nothing.
-- Everything must have been locked and judged before.
CREATE FUNCTION placement_write_allocations(
    p_consumers uuid[], p_projects text[], p_users text[], p_types text[], p_created uuid[], p_touched integer[],
    p_for uuid[], p_providers uuid[], p_classes text[], p_amounts integer[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE inventories i SET used = i.used + change.amount, updated_at = now()
    FROM (
        SELECT provider_id, class_id, sum(amount) AS amount FROM (
            SELECT p.id AS provider_id, k.id AS class_id, w.amount
            FROM unnest(p_providers, p_classes, p_amounts) AS w (provider, class, amount)
            JOIN resource_providers p ON p.uuid = w.provider
            JOIN resource_classes k ON k.name = w.class
            UNION ALL
            SELECT resource_provider_id, resource_class_id, -used FROM allocations WHERE consumer_id = ANY (p_consumers)
        ) AS part GROUP BY provider_id, class_id HAVING sum(amount) <> 0
    ) AS change
    WHERE i.resource_provider_id = change.provider_id AND i.resource_class_id = change.class_id;

    IF cardinality(p_created) < cardinality(p_consumers) THEN
        DELETE FROM allocations WHERE consumer_id = ANY (p_consumers);
    END IF;

    INSERT INTO allocations (resource_provider_id, consumer_id, resource_class_id, used)
    SELECT p.id, w.consumer, k.id, sum(w.amount)
    FROM unnest(p_for, p_providers, p_classes, p_amounts) WITH ORDINALITY AS w (consumer, provider, class, amount, place)
    JOIN resource_providers p ON p.uuid = w.provider
    JOIN resource_classes k ON k.name = w.class
    GROUP BY p.id, w.consumer, k.id ORDER BY min(w.place);

    UPDATE resource_providers SET generation = generation + 1, updated_at = now() WHERE id = ANY (p_touched);

    IF cardinality(p_created) < cardinality(p_consumers) THEN
        UPDATE consumers c
        SET generation = c.generation + 1, updated_at = now(), project_id = p.id, user_id = u.id,
            consumer_type_id = coalesce(t.id, c.consumer_type_id)
        FROM unnest(p_consumers, p_projects, p_users, p_types) AS r (uuid, project, usr, type)
        JOIN projects p ON p.external_id = r.project
        JOIN users u ON u.external_id = r.usr
        LEFT JOIN consumer_types t ON t.name = r.type
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
RETURNS claim_outcome LANGUAGE plpgsql AS $$
DECLARE
    created uuid[] := placement_enter_consumers(p_consumers, p_projects, p_users, p_types);
    touched integer[];
    verdict claim_outcome;
BEGIN
    IF p_check_generation THEN
        verdict := placement_stale_consumer(p_consumers, p_expected, created);
    END IF;
    IF verdict.outcome IS NULL THEN
        touched := placement_lock_providers(p_consumers, p_providers);
        verdict := placement_judge(p_consumers, p_for, p_providers, p_classes, p_amounts);
    END IF;
    IF verdict.outcome IS NOT NULL THEN
        DELETE FROM consumers WHERE uuid = ANY (created);
        RETURN verdict;
    END IF;
    PERFORM placement_write_allocations(p_consumers, p_projects, p_users, p_types, created, touched,
                                        p_for, p_providers, p_classes, p_amounts);
    verdict.outcome := 'ok';
    RETURN verdict;
END $$;

-- Removes all that a consumer holds, and the consumer. Raises no generation. Answers whether there was anything. A consumer
-- that is just being made by somebody else is not there yet: going on without its lock would break the order of locks.
CREATE FUNCTION placement_release(p_consumer uuid)
RETURNS boolean LANGUAGE plpgsql AS $$
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
