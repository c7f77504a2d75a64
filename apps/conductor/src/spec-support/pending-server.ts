import {
  type AcceptedBoot,
  BuildRequestRepository,
  DepartureRepository,
  InstanceMappingRepository,
  QuotaLedgerRepository,
} from '@kilonova/api-db';
import { BurialRepository, InstanceArchive, OperationRepository } from '@kilonova/cell-db';
import { type BlockDevice, type RebuildChanges, type RequestSpec, unplaced } from '@kilonova/compute-objects';
import { aFault, anImage } from '@kilonova/compute-samples';
import { rows } from '@kilonova/sql';
import { type Ctx, newRequestId, systemCtx } from '@kilonova/util';
import type { TestCloud } from './cloud.js';
import { aBoot } from './samples.js';

/** A server that waits for room in cell0, and what its user does with it, as the API does. */
export class PendingServer {
  readonly #archive = new InstanceArchive();
  readonly #requests = new BuildRequestRepository();
  readonly #ledger = new QuotaLedgerRepository();

  private constructor(
    private readonly cloud: TestCloud,
    readonly boot: AcceptedBoot,
  ) {}

  get uuid(): string {
    return this.boot.instance.uuid;
  }

  static async in(
    cloud: TestCloud,
    spec: Partial<RequestSpec> = {},
    devices: readonly BlockDevice[] = [],
  ): Promise<PendingServer> {
    const boot = aBoot(newRequestId(), spec);
    const { instance } = boot;
    await cloud.boots.acceptMany(cloud.api, [boot]);
    await new QuotaLedgerRepository().add(cloud.api, instance.project_id, instance.user_id, { instances: 1, cores: 1, ram: 1 });
    const event = { requestId: boot.request_id, event: 'e', host: 'c', details: '', traceback: '' };
    const buried = { ...instance, vm_state: 'pending', task_state: null, fault: aFault() } as const;
    await new BurialRepository().buryMany(cloud.cell0, [buried], event, new Map([[instance.uuid, devices]]));
    await cloud.boots.settle(cloud.api, cloud.cells.cell0.id, [instance.uuid]);
    return new PendingServer(cloud, boot);
  }

  /** The operation, and the request that it is of; undefined: something else is done to the server, or it is not there. */
  async rebuild(changes: RebuildChanges = {}, image = anImage()): Promise<{ operation: string; ctx: Ctx } | undefined> {
    const ctx = { ...systemCtx('u1'), requestId: newRequestId() };
    const args = { ...unplaced(), image, admin_password: 'new', preserve_ephemeral: false, changes };
    const [row] = await this.row();
    if (row === undefined || row.vm_state !== 'pending') return undefined;
    const accepted = await new OperationRepository().accept(this.cloud.cell0, ctx, 'rebuildBuried', row as never, args);
    if (accepted.outcome === 'changed') return undefined;
    const found = await new OperationRepository().find(this.cloud.cell0, this.uuid);
    return found && { operation: found.uuid, ctx };
  }

  /** False: it has a host by now. */
  async delete(): Promise<boolean> {
    for (;;) {
      const mapping = await new InstanceMappingRepository().find(this.cloud.api, this.uuid);
      if (mapping === undefined || mapping.queued_for_delete) return true;
      const gone =
        mapping.cell_id === null
          ? await this.#requests.giveUp(this.cloud.api, this.uuid)
          : mapping.cell_id === this.cloud.cells.cell0.id
            ? await this.#archive.move(this.cloud.cell0, systemCtx('u1'), this.uuid, null)
            : 'placed';
      if (gone === 'placed') return false;
      if (gone === undefined) continue;
      if (mapping.cell_id === null) await this.#ledger.release(this.cloud.api, [this.uuid]);
      else await new DepartureRepository().settle(this.cloud.api, [this.uuid]);
      return true;
    }
  }

  row(cell = this.cloud.cell0): Promise<ReadonlyArray<Record<string, unknown>>> {
    return rows(cell, 'SELECT * FROM instances WHERE uuid = $1', [this.uuid]);
  }

  /** What it leaves in cell0: rows by table. */
  async traces(): Promise<Record<string, number>> {
    const tables = ['instances', 'operations', 'instance_actions', 'block_device_mappings'];
    const column = (table: string) => (table === 'instances' ? 'uuid' : 'instance_uuid');
    const counts = await Promise.all(
      tables.map((table) => rows(this.cloud.cell0, `SELECT 1 FROM ${table} WHERE ${column(table)} = $1`, [this.uuid])),
    );
    return Object.fromEntries(tables.map((table, index) => [table, counts[index]?.length ?? 0]));
  }

  async held(): Promise<number> {
    return (await rows(this.cloud.api, 'SELECT 1 FROM quota_holdings WHERE instance_uuid = $1', [this.uuid])).length;
  }
}
