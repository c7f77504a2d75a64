-- NUMA cells and PCI devices of nodes, and which servers have what of them: schedulers fit guests to them.
ALTER TABLE compute_nodes ADD COLUMN hardware jsonb;
