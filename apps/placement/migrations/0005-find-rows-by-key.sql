-- Plans that are kept are made when a service is young and its tables small. Two of them cost more with each claim until the
-- statistics were renewed: consumers were read in the order of their uuids from the first one on, and what consumers hold was
-- looked for among all that their providers gave out. Written like this, rows can only be found by key.

-- The first consumer whose stored generation is not the one given; null in p_expected says "must not exist yet".
CREATE OR REPLACE FUNCTION placement_stale_consumer(p_consumers uuid[], p_expected integer[], p_created uuid[])
RETURNS claim_outcome LANGUAGE plpgsql AS $$
DECLARE
    stale claim_outcome;
BEGIN
    SELECT 'consumer-conflict', r.uuid, NULL, NULL, r.stored, r.expected INTO stale
    FROM (SELECT uuid, expected, CASE WHEN uuid = ANY (p_created) THEN NULL
                                      ELSE (SELECT c.generation FROM consumers c WHERE c.uuid = given.uuid) END AS stored
          FROM unnest(p_consumers, p_expected) AS given (uuid, expected)) AS r
    WHERE r.expected IS DISTINCT FROM r.stored
    ORDER BY r.uuid LIMIT 1;
    RETURN stale;
END $$;

-- The first wanted row that cannot be had, if any; as before, but for where it looks up what is held.
CREATE OR REPLACE FUNCTION placement_judge(
    p_consumers uuid[], p_for uuid[], p_providers uuid[], p_classes text[], p_amounts integer[],
    p_provider_ids integer[], p_class_ids integer[])
RETURNS claim_outcome LANGUAGE plpgsql AS $$
DECLARE
    refusal claim_outcome;
BEGIN
    WITH part AS MATERIALIZED (     -- grouped in the same place, the rows would be read in the order of the provider's index: all
        SELECT resource_provider_id, resource_class_id, used FROM allocations WHERE consumer_id = ANY (p_consumers)
    ), held AS (
        SELECT resource_provider_id, resource_class_id, sum(used) AS amount FROM part GROUP BY 1, 2
    )
    SELECT judged.outcome, judged.consumer, judged.provider, judged.class, NULL, NULL INTO refusal
    FROM (
        SELECT w.*, CASE
            WHEN w.provider_id IS NULL THEN 'unknown-provider'
            WHEN w.class_id IS NULL THEN 'unknown-class'
            WHEN i.total IS NULL THEN 'no-inventory'
            WHEN w.amount < i.min_unit OR w.amount > i.max_unit OR w.amount % i.step_size <> 0 THEN 'constraint'
            WHEN w.total > coalesce(held.amount, 0)
                AND i.used - coalesce(held.amount, 0) + w.total > (i.total - i.reserved) * i.allocation_ratio THEN 'capacity'
        END AS outcome
        FROM (
            SELECT *, sum(amount) OVER (PARTITION BY provider_id, class_id) AS total
            FROM unnest(p_for, p_providers, p_classes, p_amounts, p_provider_ids, p_class_ids) WITH ORDINALITY
                 AS w (consumer, provider, class, amount, provider_id, class_id, place)
        ) AS w
        LEFT JOIN inventories i ON i.resource_provider_id = w.provider_id AND i.resource_class_id = w.class_id
        LEFT JOIN held ON held.resource_provider_id = w.provider_id AND held.resource_class_id = w.class_id
    ) AS judged
    WHERE judged.outcome IS NOT NULL
    ORDER BY array_position(ARRAY['unknown-provider', 'unknown-class', 'no-inventory'], judged.outcome) NULLS LAST, judged.place
    LIMIT 1;
    RETURN refusal;
END $$;

ALTER FUNCTION placement_claim SET enable_mergejoin = off SET enable_hashjoin = off;
ALTER FUNCTION placement_release SET enable_mergejoin = off SET enable_hashjoin = off;
ALTER FUNCTION placement_reshape SET enable_mergejoin = off SET enable_hashjoin = off;
