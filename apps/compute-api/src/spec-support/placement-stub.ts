import { AppError } from '@kilonova/util';
import { Placement } from '../ports/placement.port.js';

/** Stands in for placement: remembers what it was asked to give back, aggregates of providers, and which were removed. */
export class PlacementStub extends Placement {
  readonly released: string[] = [];
  readonly aggregates = new Map<string, Set<string>>();
  readonly removed: string[] = [];
  isDown = false;

  release(_ctx: unknown, instanceUuid: string): Promise<void> {
    if (!this.isDown) this.released.push(instanceUuid);
    return this.#answer(undefined);
  }

  setAggregate(_ctx: unknown, provider: string, aggregate: string, isMember: boolean): Promise<boolean> {
    const members = this.aggregates.get(provider) ?? new Set();
    if (!this.isDown) this.aggregates.set(provider, members);
    if (!this.isDown) members[isMember ? 'add' : 'delete'](aggregate);
    return this.#answer(true);
  }

  removeProvider(_ctx: unknown, provider: string): Promise<boolean> {
    if (!this.isDown) this.removed.push(provider);
    return this.#answer(true);
  }

  #answer<T>(value: T): Promise<T> {
    const away = (): AppError =>
      new AppError({ kind: 'dependency', code: 'placement.unavailable', message: 'The placement service cannot be reached.' });
    return this.isDown ? Promise.reject(away()) : Promise.resolve(value);
  }
}
