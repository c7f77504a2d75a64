-- Instances that were deleted with delay are looked for by age; there are few of them among many.
CREATE INDEX ON instances (deleted_at) WHERE vm_state = 'soft-delete';
