-- Two requests at once cannot attach a volume to a server twice. Where rows from elsewhere are in the way:
-- kilonova manage db clean_volume_mappings
CREATE UNIQUE INDEX block_device_mappings_one_of_a_volume ON block_device_mappings (instance_uuid, volume_id) WHERE volume_id IS NOT NULL;
