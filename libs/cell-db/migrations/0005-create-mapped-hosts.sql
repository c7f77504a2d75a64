-- Hosts that have a mapping at the API level: a node that comes (back) to one of them is mapped at once.
CREATE TABLE mapped_hosts (host text PRIMARY KEY);
INSERT INTO mapped_hosts SELECT DISTINCT host FROM compute_nodes WHERE mapped;
