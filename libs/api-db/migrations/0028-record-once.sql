-- Two who write down one outcome at the same time write it once.
DELETE FROM scheduling_records r USING scheduling_records first
 WHERE first.instance_uuid = r.instance_uuid AND first.request_id = r.request_id AND first.outcome = r.outcome AND first.id < r.id;
CREATE UNIQUE INDEX ON scheduling_records (instance_uuid, request_id, outcome);
DROP INDEX scheduling_records_instance_uuid_idx;
