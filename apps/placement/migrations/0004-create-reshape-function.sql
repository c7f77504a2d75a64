-- Inventories of providers and allocations of consumers replaced together. An outcome other than 'ok' may leave writes
-- behind: the caller calls it in a transaction of its own and rolls that back.

-- p_listed/p_generations: the providers whose inventories are replaced. p_inventory_*: one element an inventory.
CREATE FUNCTION placement_reshape(
    p_listed uuid[], p_generations integer[],
    p_inventory_providers uuid[], p_inventory_classes text[], p_totals integer[], p_reserved integer[],
    p_min_units integer[], p_max_units integer[], p_step_sizes integer[], p_ratios double precision[],
    p_consumers uuid[], p_expected integer[], p_projects text[], p_users text[], p_types text[],
    p_for uuid[], p_providers uuid[], p_classes text[], p_amounts integer[])
RETURNS claim_outcome LANGUAGE plpgsql SET jit = off AS $$
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
    PERFORM placement_lock_providers(p_consumers, provider_ids || placement_provider_ids(p_listed));

    SELECT CASE WHEN p.id IS NULL THEN 'unknown-listed-provider' ELSE 'provider-conflict' END, NULL, l.uuid, NULL,
           p.generation, l.generation
    INTO verdict
    FROM unnest(p_listed, p_generations) WITH ORDINALITY AS l (uuid, generation, place)
    LEFT JOIN resource_providers p ON p.uuid = l.uuid
    WHERE p.generation IS DISTINCT FROM l.generation
    ORDER BY p.id IS NOT NULL, l.place LIMIT 1;
    IF verdict.outcome IS NOT NULL THEN RETURN verdict; END IF;

    SELECT 'unknown-listed-class', NULL, i.provider, i.class, NULL, NULL INTO verdict
    FROM unnest(p_inventory_providers, p_inventory_classes) WITH ORDINALITY AS i (provider, class, place)
    WHERE NOT EXISTS (SELECT FROM resource_classes k WHERE k.name = i.class)
    ORDER BY i.place LIMIT 1;
    IF verdict.outcome IS NOT NULL THEN RETURN verdict; END IF;

    verdict := placement_stale_consumer(p_consumers, p_expected, created);
    IF verdict.outcome IS NOT NULL THEN RETURN verdict; END IF;

    -- The interim inventory: the old and the new together, the new one winning.
    INSERT INTO inventories (resource_provider_id, resource_class_id, total, reserved, min_unit, max_unit, step_size, allocation_ratio)
    SELECT p.id, k.id, i.total, i.reserved, i.min_unit, i.max_unit, i.step_size, i.ratio
    FROM unnest(p_inventory_providers, p_inventory_classes, p_totals, p_reserved, p_min_units, p_max_units, p_step_sizes, p_ratios)
         AS i (provider, class, total, reserved, min_unit, max_unit, step_size, ratio)
    JOIN resource_providers p ON p.uuid = i.provider
    JOIN resource_classes k ON k.name = i.class
    ON CONFLICT (resource_provider_id, resource_class_id) DO UPDATE
    SET total = EXCLUDED.total, reserved = EXCLUDED.reserved, min_unit = EXCLUDED.min_unit, max_unit = EXCLUDED.max_unit,
        step_size = EXCLUDED.step_size, allocation_ratio = EXCLUDED.allocation_ratio, updated_at = now();

    touched := placement_lock_providers(p_consumers, provider_ids);
    verdict := placement_judge(p_consumers, p_for, p_providers, p_classes, p_amounts, provider_ids, class_ids);
    IF verdict.outcome IS NOT NULL THEN RETURN verdict; END IF;
    PERFORM placement_write_allocations(p_consumers, projects, users, types, created, touched,
                                        p_for, p_amounts, provider_ids, class_ids);

    SELECT 'inventory-in-use', NULL, p.uuid, string_agg(k.name, ', ' ORDER BY k.id), NULL, NULL INTO verdict
    FROM unnest(p_listed) WITH ORDINALITY AS l (uuid, place)
    JOIN resource_providers p ON p.uuid = l.uuid
    JOIN inventories i ON i.resource_provider_id = p.id
    JOIN resource_classes k ON k.id = i.resource_class_id
    WHERE i.used > 0 AND NOT EXISTS (
        SELECT FROM unnest(p_inventory_providers, p_inventory_classes) AS n (provider, class)
        WHERE n.provider = p.uuid AND n.class = k.name)
    GROUP BY p.uuid, l.place ORDER BY l.place LIMIT 1;
    IF verdict.outcome IS NOT NULL THEN RETURN verdict; END IF;

    DELETE FROM inventories i
    USING resource_providers p, resource_classes k
    WHERE p.uuid = ANY (p_listed) AND i.resource_provider_id = p.id AND k.id = i.resource_class_id AND NOT EXISTS (
        SELECT FROM unnest(p_inventory_providers, p_inventory_classes) AS n (provider, class)
        WHERE n.provider = p.uuid AND n.class = k.name);

    -- One step for the interim inventory, where there was a new one, and one for the final.
    UPDATE resource_providers
    SET generation = generation + CASE WHEN uuid = ANY (p_inventory_providers) THEN 2 ELSE 1 END, updated_at = now()
    WHERE uuid = ANY (p_listed);

    verdict.outcome := 'ok';
    RETURN verdict;
END $$;
