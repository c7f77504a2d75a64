import { messages, type StepRef, stepRule, type TakeStepResult, type WantedDevices } from '@kilonova/compute-objects';
import type { PlacementClient } from '@kilonova/placement-client';
import { AppError, backoffMs, type Ctx, pause } from '@kilonova/util';
import type { VirtDriver } from '@kilonova/virt';
import type { CellConductor } from '../cell/cell-conductor.client.js';
import { devicesAt, type KnownProvider, wantedDevices } from '../model/wanted-devices.js';
import { StaleStepError } from '../operation/running-steps.js';

type Taken = Extract<TakeStepResult, { outcome: 'taken' }>;

/** A device may be free some moments after the claim for it was made: who had it is still being wound up. */
const FREE_RETRIES = 6;
const FREE_PAUSE = { baseMs: 100, capMs: 2_000 };

/** The devices of one host, as servers get them: the cell's database knows which are whose, the claim says how many, and of what. */
export class HostDevices {
  readonly #providers = new Map<string, ReadonlyMap<string, KnownProvider>>();

  constructor(
    private readonly host: string,
    private readonly driver: VirtDriver,
    private readonly conductor: CellConductor,
    private readonly placement: Pick<PlacementClient, 'allocationsOf'>,
  ) {}

  /** Provider uuid → name, of a node's tree as placement has it now. */
  know(node: string, names: ReadonlyMap<string, string>): void {
    this.#providers.set(node, new Map([...names].map(([uuid, name]) => [uuid, { node, name }])));
  }

  /**
   * The devices that a step's guest is to have. With the first step of a server that comes here it is given those that its claim
   * stands for; repeated, it keeps them. Nobody is asked where the claim stands for none.
   * @throws Error when there are not enough free ones
   */
  async forStep(ctx: Ctx, ref: StepRef, taken: Taken, signal: AbortSignal): Promise<readonly string[]> {
    const { claim, devices = [], migration } = taken;
    const { at } = stepRule(ref.step);
    const has = devicesAt(at, devices, migration?.uuid ?? null);
    if (claim === undefined || has.length > 0) return has;
    const wanted = await this.#wanted(ctx, ref.instance_uuid, claim.allocations);
    return wanted.length === 0 ? [] : this.#assign(ctx, ref, wanted, signal);
  }

  async #wanted(
    ctx: Ctx,
    instance: string,
    claimed: NonNullable<Taken['claim']>['allocations'],
  ): Promise<readonly WantedDevices[]> {
    const wishes = this.#wishes(claimed);
    if (!wishes.isOutdated) return wishes.wanted;
    const now = this.#wishes((await this.placement.allocationsOf(ctx, instance)).allocations);
    if (now.isOutdated || now.wanted.length === 0)
      throw new Error(`What ${instance} holds stands for no devices of ${this.host}.`);
    return now.wanted;
  }

  #wishes(allocations: NonNullable<Taken['claim']>['allocations']) {
    const providers = new Map([...this.#providers.values()].flatMap((one) => [...one]));
    return wantedDevices(allocations, providers, ({ node, name }, resourceClass) =>
      this.driver.devicesBehind(node, name, resourceClass),
    );
  }

  async #assign(ctx: Ctx, ref: StepRef, wanted: readonly WantedDevices[], signal: AbortSignal): Promise<readonly string[]> {
    for (let attempt = 1; ; attempt++) {
      const result = await this.conductor.call(ctx, messages.assignDevices, { ...ref, host: this.host, wanted });
      if (result.outcome === 'assigned') return result.devices.map(({ device }) => device);
      if (result.outcome === 'stale') throw new StaleStepError('the step is not ours any more');
      if (attempt > FREE_RETRIES) throw noneFree(this.host, wanted);
      await pause(backoffMs(FREE_PAUSE, attempt), signal);
    }
  }
}

const noneFree = (host: string, wanted: readonly WantedDevices[]): AppError =>
  new AppError({
    kind: 'conflict',
    code: 'agent.device.none_free',
    message: `Host ${host} has no free devices for ${wanted.map((one) => `${one.amount} ${one.resource_class}`).join(', ')}.`,
  });
