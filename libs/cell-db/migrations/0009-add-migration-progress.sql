-- How far a live migration is, bytes; null before its first beat, and for moves that are not live.
ALTER TABLE migrations
  ADD COLUMN memory_total     bigint,
  ADD COLUMN memory_processed bigint,
  ADD COLUMN memory_remaining bigint,
  ADD COLUMN disk_total       bigint,
  ADD COLUMN disk_processed   bigint,
  ADD COLUMN disk_remaining   bigint;
