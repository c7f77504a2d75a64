-- Disks of servers that no cell has yet, as their cell will keep them.
ALTER TABLE build_requests ADD COLUMN block_device_mappings jsonb NOT NULL DEFAULT '[]';
