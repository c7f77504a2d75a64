import { rows } from '@kilonova/sql';
import { describe, expect, it } from 'vitest';
import { useCloud } from './spec-support/cloud.js';

const cloud = useCloud();

const refused = (...faults: string[]) => ({ name: 'StartRefused', faults });
const tooOld = (version = '1.35') => {
  cloud.placement.maxVersion = async () => version;
};
const oldAgent = () =>
  rows(cloud.cell1, `INSERT INTO services (host, "binary", topic, version) VALUES ('h1', 'nova-compute', 'compute', 0)`);
const OLD_AGENT = 'Service versions: Too old: nova-compute on h1.';
const OLD_PLACEMENT = 'Placement API: It speaks 1.35 at most; 1.36 is needed.';

describe('a conductor refuses to start', () => {
  it('beside the API without cells, with agents or a placement that are too old', async () => {
    tooOld();
    await oldAgent();
    await expect(cloud.conductor('super')).rejects.toMatchObject(refused(OLD_AGENT, OLD_PLACEMENT));
    await rows(cloud.api, 'TRUNCATE cell_mappings CASCADE');
    tooOld('1.39');
    await expect(cloud.conductor('super')).rejects.toMatchObject(
      refused(
        'Cell mappings: cell0 is not mapped. Run "manage cell_v2 map_cell0".',
        'Cell mappings: There is no cell for hosts. Run "manage cell_v2 create_cell".',
      ),
    );
  });

  it('inside a cell whose agents, schema or placement are too old', async () => {
    tooOld();
    await oldAgent();
    await expect(cloud.conductor('cell')).rejects.toMatchObject(refused(OLD_AGENT, OLD_PLACEMENT));
    tooOld('1.39');
    await rows(cloud.cell1, 'DELETE FROM services');
    const kept = await rows<{ name: string }>(
      cloud.cell1,
      'DELETE FROM schema_migrations WHERE name > $1 RETURNING name, checksum, applied_at',
      ['0002'],
    );
    const newest = kept
      .map(({ name }) => name)
      .sort()
      .at(-1);
    try {
      await expect(cloud.conductor('cell')).rejects.toMatchObject({
        faults: [expect.stringMatching(`^Cell database: Its schema is 0001-.*; ${newest} is needed`)],
      });
    } finally {
      await rows(
        cloud.cell1,
        'INSERT INTO schema_migrations SELECT * FROM jsonb_populate_recordset(NULL::schema_migrations, $1::jsonb)',
        [JSON.stringify(kept)],
      );
    }
  });

  it('for nothing that only does not answer', async () => {
    cloud.placement.isDown = true;
    expect((await cloud.conductor('super')).ready()).toBe(true);
  });
});
