-- First claims of several consumers, each on one provider, in one transaction: under load they share a round trip, a commit and
-- its flush. Answers, one a consumer, whether it was taken; the others left nothing behind and are to be claimed alone, for the
-- reason or because of a rare form. p_counts: how many of the allocations, which stand one after another, are each consumer's.
-- Providers are locked in id order over the whole batch. Somebody who holds a lock for long stops the batch, not its other
-- members: it fails with 55P03 (lock_not_available), and each goes alone.
CREATE FUNCTION placement_take_each(
    p_consumers uuid[], p_projects text[], p_users text[], p_types text[], p_counts integer[],
    p_providers uuid[], p_classes text[], p_amounts integer[])
RETURNS boolean[] LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off
SET enable_mergejoin = off SET enable_hashjoin = off SET lock_timeout = '100ms' AS $$
DECLARE
    taken boolean[] := array_fill(false, ARRAY[cardinality(p_consumers)]);
    claim record;
BEGIN
    FOR claim IN
        SELECT n, c.last - count + 1 AS first, c.last, (SELECT id FROM resource_providers WHERE uuid = p_providers[c.last]) AS provider_id
        FROM (SELECT n, count, sum(count) OVER (ORDER BY n)::integer AS last
              FROM unnest(p_counts) WITH ORDINALITY AS given (count, n)) AS c
        ORDER BY provider_id
    LOOP
        taken[claim.n] := placement_take(p_consumers[claim.n], p_projects[claim.n], p_users[claim.n], p_types[claim.n],
                                         p_providers[claim.first:claim.last], p_classes[claim.first:claim.last], p_amounts[claim.first:claim.last]);
    END LOOP;
    RETURN taken;
END $$;
