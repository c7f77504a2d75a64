-- The network interfaces of servers, as they are shown whether the network service answers or not.
ALTER TABLE instances ADD COLUMN network_info jsonb DEFAULT '[]';
ALTER TABLE instances_archive ADD COLUMN network_info jsonb DEFAULT '[]';
