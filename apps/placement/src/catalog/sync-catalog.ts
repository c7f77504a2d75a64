import { LOCK_NAMED } from '@kilonova/sql';
import type { PlacementDatabase } from '../store/sql.js';
import { standardResourceClasses, standardTraits } from './standard-names.js';

const MISSING_TRAITS = `
  INSERT INTO traits (name) SELECT n.name FROM unnest($1::text[]) WITH ORDINALITY AS n (name, place)
  WHERE NOT EXISTS (SELECT FROM traits t WHERE t.name = n.name) ORDER BY n.place
  ON CONFLICT DO NOTHING`;

const MISSING_CLASSES = `
  INSERT INTO resource_classes (id, name) SELECT n.place - 1, n.name FROM unnest($1::text[]) WITH ORDINALITY AS n (name, place)
  WHERE NOT EXISTS (SELECT FROM resource_classes k WHERE k.name = n.name) ORDER BY n.place
  ON CONFLICT DO NOTHING`;

/** Inserts the standard names that are missing. Any number of processes may do so at once: they take turns. */
export async function syncCatalog(db: PlacementDatabase): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query(LOCK_NAMED, ['placement.catalog']);
    await tx.query(MISSING_TRAITS, [standardTraits()]);
    await tx.query(MISSING_CLASSES, [standardResourceClasses()]);
  });
}
