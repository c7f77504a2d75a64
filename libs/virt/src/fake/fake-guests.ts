import type { Readable } from 'node:stream';
import {
  type ConsoleAddress,
  type ConsoleProtocol,
  type Flavor,
  type GuestDiagnostics,
  type Instance,
  PowerState,
} from '@kilonova/compute-objects';
import { AppError, BoundedCache, pause } from '@kilonova/util';
import { type RescueRequest, VirtDriver } from '../virt-driver.port.js';
import { type BehaviourSource, delayOf, type FakeMethod, failsOn, lacks } from './fake-behaviour.js';
import { emptyDisk } from './fake-disk.js';
import { consoleAddress, consoleText, guestDiagnostics } from './fake-guest-facts.js';
import type { GuestMemory } from './guest-memory.js';

export const notImplemented = (what: string): AppError =>
  new AppError({ kind: 'not-implemented', code: 'virt.driver.not_implemented', message: `The hypervisor has no ${what}.` });

const noAgent = (uuid: string): AppError =>
  new AppError({ kind: 'conflict', code: 'virt.guest.no_agent', message: `Nobody inside of guest ${uuid} listens.` });

/** Images that a simulated host keeps, at most. */
const IMAGES = 1_000;

/** The part of a simulated hypervisor that looks after single guests: how they are mended, read and spoken to. */
export abstract class FakeGuests extends VirtDriver {
  /** Flavors that guests were given while they run; the others have those of their servers. */
  protected readonly sizes = new Map<string, Flavor>();
  /** Images that were fetched; those used last stay. */
  readonly #quiesced = new Set<string>();
  readonly #images = new BoundedCache<string, true>(IMAGES);

  constructor(
    protected readonly host: string,
    protected readonly behaviour: BehaviourSource,
    protected readonly memory: GuestMemory,
  ) {
    super();
  }

  async rescue({ instance }: RescueRequest, signal: AbortSignal): Promise<void> {
    this.guest(instance.uuid);
    await this.work('rescue', signal);
    this.memory.set(instance.uuid, PowerState.RUNNING);
  }

  async unrescue(instanceUuid: string, signal: AbortSignal): Promise<void> {
    this.guest(instanceUuid);
    await this.work('unrescue', signal);
    this.memory.set(instanceUuid, PowerState.RUNNING);
  }

  async setAdminPassword(instanceUuid: string, _password: string, signal: AbortSignal): Promise<void> {
    if (this.guest(instanceUuid) !== PowerState.RUNNING) throw new Error(`Guest ${instanceUuid} does not run.`);
    await this.work('setAdminPassword', signal);
  }

  async snapshot(instanceUuid: string, _diskFormat: string, signal: AbortSignal): Promise<Readable> {
    this.guest(instanceUuid);
    await this.work('snapshot', signal);
    return emptyDisk(this.behaviour().snapshotBytes);
  }

  async cacheImage(imageId: string, signal: AbortSignal): Promise<'cached' | 'existing'> {
    if (this.#images.get(imageId) !== undefined) return 'existing';
    await this.work('cacheImage', signal);
    this.#images.set(imageId, true);
    return 'cached';
  }

  async consoleOutput(instanceUuid: string, signal: AbortSignal): Promise<string> {
    this.guest(instanceUuid);
    await this.work('consoleOutput', signal);
    return consoleText(instanceUuid);
  }

  async diagnostics(instance: Instance, signal: AbortSignal): Promise<GuestDiagnostics> {
    this.guest(instance.uuid);
    await this.work('diagnostics', signal);
    const flavor = this.sizes.get(instance.uuid) ?? instance.flavor;
    return guestDiagnostics({ ...instance, flavor }, Math.floor(process.uptime()));
  }

  async console(instanceUuid: string, protocol: ConsoleProtocol, signal: AbortSignal): Promise<ConsoleAddress> {
    this.guest(instanceUuid);
    if (protocol === 'mks') throw notImplemented('console of this protocol');
    await this.work('console', signal);
    return consoleAddress(instanceUuid);
  }

  async quiesce({ uuid, system_metadata: facts }: Instance, signal: AbortSignal): Promise<void> {
    if (this.guest(uuid) !== PowerState.RUNNING) throw new Error(`Guest ${uuid} does not run.`);
    await this.work('quiesce', signal);
    if (!/^(true|yes|on|1)$/i.test(facts?.['image_hw_qemu_guest_agent'] ?? '')) throw noAgent(uuid);
    this.#quiesced.add(uuid);
  }

  async unquiesce(instanceUuid: string, signal: AbortSignal): Promise<void> {
    if (!this.#quiesced.has(instanceUuid)) return;
    await this.work('unquiesce', signal);
    this.#quiesced.delete(instanceUuid);
  }

  /** For tests. */
  isQuiesced(instanceUuid: string): boolean {
    return this.#quiesced.has(instanceUuid);
  }

  async injectNetworkInfo(instanceUuid: string, signal: AbortSignal): Promise<void> {
    this.guest(instanceUuid);
    await this.work('injectNetworkInfo', signal);
  }

  /** The power of a guest. @throws Error when there is no such guest */
  protected guest(instanceUuid: string): PowerState {
    const power = this.memory.get(instanceUuid);
    if (power === undefined) throw new Error(`Guest ${instanceUuid} does not exist on the simulated hypervisor.`);
    return power;
  }

  /** The time that a method takes, and its failure where it is set to fail. */
  protected async work(method: FakeMethod, signal?: AbortSignal): Promise<void> {
    if (lacks(this.behaviour(), this.host, method)) throw notImplemented(method);
    const delayMs = delayOf(this.behaviour(), this.host, method);
    if (delayMs > 0) await pause(delayMs, signal);
    signal?.throwIfAborted();
    this.mayFail(method);
  }

  /** @throws Error where the method is set to fail */
  protected mayFail(method: FakeMethod): void {
    if (failsOn(this.behaviour(), this.host, method))
      throw new Error(`The simulated hypervisor of ${this.host} is set to fail at ${method}.`);
  }
}
