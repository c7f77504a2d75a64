import type { AssignDevices, AssignDevicesResult, ClaimChange, GuestDevice } from '@kilonova/compute-objects';
import { rows, type Sql, transaction } from '@kilonova/sql';
import type { DataSource } from 'typeorm';
import { KEY, keyOf } from '../operation/step.statements.js';
import { goesWith } from './guest-device.statements.js';

class NoneFree extends Error {}

/** Which devices of hosts are whose. They are given back before the claim that they stand for, never after it. */
export class GuestDeviceRepository {
  /** Free devices become those of the step's server: all that are wanted, or none. */
  async assign(source: DataSource, { wanted, ...step }: AssignDevices): Promise<AssignDevicesResult> {
    const amount = wanted.reduce((sum, one) => sum + one.amount, 0);
    try {
      return await transaction(source, async (sql) => {
        await rows(sql, LOCK, [step.host]);
        const found = await rows<GuestDevice & { is_mine: boolean }>(sql, ASSIGN, [...keyOf(step), JSON.stringify(wanted)]);
        if (!found.some(({ is_mine }) => is_mine)) return { outcome: 'stale' };
        const devices = found.filter(({ device }) => device !== null);
        if (devices.length < amount) throw new NoneFree();
        return { outcome: 'assigned', devices: devices.map(({ is_mine: _mine, ...device }) => device) };
      });
    } catch (error) {
      if (error instanceof NoneFree) return { outcome: 'none-free' };
      throw error;
    }
  }

  /** Gives back what goes with a change of an instance's claims, of the move that it is about. */
  async release(sql: Sql, change: ClaimChange, instanceUuid: string, migrationUuid: string | null): Promise<void> {
    if (change === 'kept') return;
    await rows(sql, RELEASE(change), [instanceUuid, migrationUuid]);
  }

  /** Gives back what an instance has of one host. */
  async releaseOn(sql: Sql, instanceUuid: string, host: string): Promise<void> {
    await rows(sql, 'DELETE FROM guest_devices WHERE instance_uuid = $1 AND host = $2', [instanceUuid, host]);
  }
}

/** One after the other on a host: who comes second sees what the first took. */
const LOCK = `SELECT pg_advisory_xact_lock(hashtextextended('guest_devices/' || $1, 0))`;

/** $6 what is wanted. A row without a device says that the step is the agent's. */
const ASSIGN = `
  WITH mine AS (SELECT o.instance_uuid, o.migration_uuid FROM operations o WHERE ${KEY} AND o.state = 'taken'),
  free AS (
    SELECT w.resource_class, w.amount, d.device,
           row_number() OVER (PARTITION BY w.position ORDER BY d.position) AS nth
      FROM ROWS FROM (jsonb_to_recordset($6::jsonb) AS (resource_class text, amount int, devices jsonb)) WITH ORDINALITY
             AS w (resource_class, amount, devices, position)
     CROSS JOIN LATERAL jsonb_array_elements_text(w.devices) WITH ORDINALITY AS d (device, position)
     WHERE NOT EXISTS (SELECT FROM guest_devices g WHERE g.host = $5 AND g.device = d.device)
  ), assigned AS (
    INSERT INTO guest_devices (host, device, instance_uuid, migration_uuid, resource_class)
    SELECT $5, free.device, mine.instance_uuid, mine.migration_uuid, free.resource_class FROM mine, free WHERE free.nth <= free.amount
    RETURNING resource_class, device, migration_uuid
  )
  SELECT true AS is_mine, NULL AS resource_class, NULL AS device, NULL::uuid AS migration_uuid FROM mine
  UNION ALL SELECT true, resource_class, device, migration_uuid FROM assigned`;

/** $1 instance, $2 its migration. */
const RELEASE = (change: Exclude<ClaimChange, 'kept'>): string =>
  `WITH move AS (SELECT $2::uuid AS uuid) DELETE FROM guest_devices d USING move WHERE d.instance_uuid = $1 AND ${goesWith(change, 'move.uuid')}`;
