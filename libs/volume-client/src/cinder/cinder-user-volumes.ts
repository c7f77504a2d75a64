import type { RestReply, RestRequest } from '@kilonova/rest-client';
import { type Ctx, isUuid } from '@kilonova/util';
import {
  type ListPart,
  type SnapshotDetail,
  UserVolumes,
  type VolumeDetail,
  type WantedSnapshot,
  type WantedVolume,
} from '../user-volumes.port.js';
import type { VolumeOutcome } from '../volume.js';
import { type SnapshotDocument, snapshotDetailOf, type VolumeDocument, volumeDetailOf } from './cinder-documents.js';
import { ask, askAgain, type CinderTransport, isDone, isHidden, refusalOf, unexpected } from './cinder-transport.js';

const NOT_FOUND = { outcome: 'refused', reason: 'not-found', message: 'There is none that you may see.' } as const;

type Words = Readonly<Record<string, unknown>>;

/** Volumes of a Cinder v3, by a user's own token. */
export class CinderUserVolumes extends UserVolumes {
  constructor(
    private readonly transport: CinderTransport,
    private readonly token: string,
  ) {
    super();
  }

  async volumes(ctx: Ctx, part: ListPart): Promise<readonly VolumeDetail[]> {
    const reply = await this.#send<{ volumes: readonly VolumeDocument[] }>(ctx, ask('GET', listOf('volumes', part)));
    if (!isDone(reply)) throw unexpected(reply.status, 'for volumes');
    return reply.body.volumes.map(volumeDetailOf);
  }

  async volume(ctx: Ctx, id: string): Promise<VolumeDetail | undefined> {
    const found = await this.#one<{ volume: VolumeDocument }>(ctx, 'volumes', id);
    return found && volumeDetailOf(found.volume);
  }

  async createVolume(ctx: Ctx, wanted: WantedVolume): Promise<VolumeOutcome<{ readonly volume: VolumeDetail }>> {
    const { size, name, description, type, metadata, snapshotId, availabilityZone } = wanted;
    const words = { size, name, description, volume_type: type, metadata, snapshot_id: snapshotId };
    const document = { ...words, availability_zone: availabilityZone };
    const reply = await this.#make<{ volume: VolumeDocument }>(ctx, '/volumes', { volume: document });
    if (!isDone(reply)) return refusalOf(reply, 'for a new volume');
    return { outcome: 'done', volume: volumeDetailOf(reply.body.volume) };
  }

  deleteVolume(ctx: Ctx, id: string): Promise<VolumeOutcome<object>> {
    return this.#delete(ctx, 'volumes', id);
  }

  async snapshots(ctx: Ctx, part: ListPart): Promise<readonly SnapshotDetail[]> {
    const reply = await this.#send<{ snapshots: readonly SnapshotDocument[] }>(ctx, ask('GET', listOf('snapshots', part)));
    if (!isDone(reply)) throw unexpected(reply.status, 'for snapshots');
    return reply.body.snapshots.map(snapshotDetailOf);
  }

  async snapshot(ctx: Ctx, id: string): Promise<SnapshotDetail | undefined> {
    const found = await this.#one<{ snapshot: SnapshotDocument }>(ctx, 'snapshots', id);
    return found && snapshotDetailOf(found.snapshot);
  }

  async createSnapshot(ctx: Ctx, wanted: WantedSnapshot): Promise<VolumeOutcome<{ readonly snapshot: SnapshotDetail }>> {
    const { volumeId, force, name, description } = wanted;
    const document = { volume_id: volumeId, force, name, description };
    const reply = await this.#make<{ snapshot: SnapshotDocument }>(ctx, '/snapshots', { snapshot: document });
    if (!isDone(reply)) return refusalOf(reply, 'for a new snapshot');
    return { outcome: 'done', snapshot: snapshotDetailOf(reply.body.snapshot) };
  }

  deleteSnapshot(ctx: Ctx, id: string): Promise<VolumeOutcome<object>> {
    return this.#delete(ctx, 'snapshots', id);
  }

  async #one<T>(ctx: Ctx, noun: string, id: string): Promise<T | undefined> {
    if (!isUuid(id)) return undefined;
    const reply = await this.#send<T>(ctx, ask('GET', `/${noun}/${id}`));
    if (isHidden(reply)) return undefined;
    if (!isDone(reply)) throw unexpected(reply.status, `for one of ${noun}`);
    return reply.body;
  }

  #make<T>(ctx: Ctx, path: string, body: Words): Promise<RestReply<T>> {
    return this.#send<T>(ctx, ask('POST', path, body));
  }

  async #delete(ctx: Ctx, noun: string, id: string): Promise<VolumeOutcome<object>> {
    if (!isUuid(id)) return NOT_FOUND;
    const reply = await this.#send(ctx, askAgain('DELETE', `/${noun}/${id}`));
    return isDone(reply) ? { outcome: 'done' } : refusalOf(reply, `to delete one of ${noun}`);
  }

  #send<T>(ctx: Ctx, request: RestRequest): Promise<RestReply<T>> {
    return this.transport.sendAs<T>(ctx, this.token, request);
  }
}

const listOf = (noun: string, { limit, offset }: ListPart): string =>
  `/${noun}/detail?${new URLSearchParams({ limit: String(limit), offset: String(offset) })}`;
