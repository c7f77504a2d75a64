import type { RestReply, RestRequest } from '@kilonova/rest-client';
import { type Ctx, isUuid } from '@kilonova/util';
import type { UserVolumes } from '../user-volumes.port.js';
import type {
  Attachment,
  ConnectionInfo,
  Connector,
  NewVolume,
  Requester,
  Snapshot,
  SnapshotStatus,
  Volume,
  VolumeOutcome,
} from '../volume.js';
import { VolumeService } from '../volume-service.port.js';
import { type AttachmentDocument, attachmentOf, type VolumeDocument, volumeOf } from './cinder-documents.js';
import { ask, askAgain, type CinderTransport, isDone, isHidden, refusalOf, unexpected } from './cinder-transport.js';
import { CinderUserVolumes } from './cinder-user-volumes.js';

/** Volumes of a Cinder v3 (Xena or later: addresses without a project). */
export class CinderVolumes extends VolumeService {
  readonly isThere = true;

  constructor(private readonly transport: CinderTransport) {
    super();
  }

  asUser({ token }: Requester): UserVolumes {
    return new CinderUserVolumes(this.transport, token);
  }

  find(ctx: Ctx, who: Requester, volumeId: string): Promise<Volume | undefined> {
    return this.#volume(volumeId, (request) => this.transport.sendAs(ctx, who.token, request));
  }

  get(ctx: Ctx, volumeId: string): Promise<Volume | undefined> {
    return this.#volume(volumeId, (request) => this.transport.send(ctx, request));
  }

  async findSnapshot(ctx: Ctx, who: Requester, snapshotId: string): Promise<Snapshot | undefined> {
    if (!isUuid(snapshotId)) return undefined;
    const reply = await this.transport.sendAs<{ snapshot: Snapshot }>(ctx, who.token, ask('GET', `/snapshots/${snapshotId}`));
    if (isHidden(reply)) return undefined;
    if (!isDone(reply)) throw unexpected(reply.status, 'for a snapshot');
    const { id, size } = reply.body.snapshot;
    return { id, size };
  }

  async createSnapshot(
    ctx: Ctx,
    who: Requester,
    volumeId: string,
    name: string,
  ): Promise<VolumeOutcome<{ readonly snapshot: Snapshot }>> {
    const request = ask('POST', '/snapshots', { snapshot: { volume_id: volumeId, force: true, name, description: '' } });
    const reply = await this.transport.sendAs<{ snapshot: Snapshot }>(ctx, who.token, request);
    if (!isDone(reply)) return refusalOf(reply, 'for a new snapshot');
    const { id, size } = reply.body.snapshot;
    return { outcome: 'done', snapshot: { id, size } };
  }

  deleteSnapshot(ctx: Ctx, snapshotId: string): Promise<void> {
    return this.#expect(ctx, askAgain('DELETE', `/snapshots/${snapshotId}`), 'to delete a snapshot', 404);
  }

  setSnapshotStatus(ctx: Ctx, snapshotId: string, status: SnapshotStatus): Promise<void> {
    const body = { 'os-update_snapshot_status': { status, progress: '90%' } };
    return this.#expect(ctx, askAgain('POST', `/snapshots/${snapshotId}/action`, body), 'to note the status of a snapshot', 404);
  }

  async hasType(ctx: Ctx, who: Requester, type: string): Promise<boolean> {
    const reply = await this.transport.sendAs<{ volume_types: ReadonlyArray<{ id: string; name: string }> }>(
      ctx,
      who.token,
      ask('GET', '/types'),
    );
    if (!isDone(reply)) throw unexpected(reply.status, 'for volume types');
    return reply.body.volume_types.some(({ id, name }) => id === type || name === type);
  }

  async create(ctx: Ctx, who: Requester, volume: NewVolume): Promise<VolumeOutcome<{ readonly volumeId: string }>> {
    const { size, imageId, snapshotId, type } = volume;
    const document = { size, name: '', description: '', imageRef: imageId, snapshot_id: snapshotId, volume_type: type };
    const request = ask('POST', '/volumes', { volume: document });
    const reply = await this.transport.sendAs<{ volume: VolumeDocument }>(ctx, who.token, request);
    return isDone(reply) ? { outcome: 'done', volumeId: reply.body.volume.id } : refusalOf(reply, 'for a new volume');
  }

  async reserve(ctx: Ctx, volumeId: string, serverId: string): Promise<VolumeOutcome<{ readonly attachmentId: string }>> {
    const request = ask('POST', '/attachments', { attachment: { volume_uuid: volumeId, instance_uuid: serverId } });
    const reply = await this.transport.send<{ attachment: AttachmentDocument }>(ctx, request);
    return isDone(reply) ? { outcome: 'done', attachmentId: reply.body.attachment.id } : refusalOf(reply, 'to reserve a volume');
  }

  async attachments(ctx: Ctx, volumeId: string, serverId: string): Promise<readonly Attachment[]> {
    const query = new URLSearchParams({ volume_id: volumeId, instance_id: serverId, all_tenants: '1' });
    const request = ask('GET', `/attachments/detail?${query}`);
    const reply = await this.transport.send<{ attachments: readonly AttachmentDocument[] }>(ctx, request);
    if (!isDone(reply)) throw unexpected(reply.status, 'for attachments');
    const found = reply.body.attachments.map(attachmentOf);
    return found.filter((one) => one.volumeId === volumeId && one.serverId === serverId);
  }

  async connect(
    ctx: Ctx,
    attachmentId: string,
    connector: Connector,
  ): Promise<VolumeOutcome<{ readonly connection: ConnectionInfo }>> {
    const request = askAgain('PUT', `/attachments/${attachmentId}`, { attachment: { connector } });
    const reply = await this.transport.send<{ attachment: AttachmentDocument }>(ctx, request);
    if (!isDone(reply)) return refusalOf(reply, 'to connect a volume');
    return { outcome: 'done', connection: reply.body.attachment.connection_info ?? {} };
  }

  complete(ctx: Ctx, attachmentId: string): Promise<void> {
    return this.#expect(
      ctx,
      askAgain('POST', `/attachments/${attachmentId}/action`, { 'os-complete': {} }),
      'to complete an attachment',
    );
  }

  release(ctx: Ctx, attachmentId: string): Promise<void> {
    return this.#expect(ctx, askAgain('DELETE', `/attachments/${attachmentId}`), 'to delete an attachment', 404);
  }

  async beginDetaching(ctx: Ctx, volumeId: string): Promise<VolumeOutcome<object>> {
    const reply = await this.transport.send(ctx, actionOn(volumeId, { 'os-begin_detaching': {} }));
    return isDone(reply) ? { outcome: 'done' } : refusalOf(reply, 'to begin a detachment');
  }

  rollDetaching(ctx: Ctx, volumeId: string): Promise<void> {
    return this.#expect(ctx, actionOn(volumeId, { 'os-roll_detaching': {} }), 'to take a detachment back', 404);
  }

  async completeMigration(ctx: Ctx, oldVolumeId: string, newVolumeId: string, failed: boolean): Promise<string> {
    const body = { 'os-migrate_volume_completion': { new_volume: newVolumeId, error: failed } };
    const reply = await this.transport.send<{ save_volume_id?: string } | undefined>(ctx, actionOn(oldVolumeId, body));
    if (!isDone(reply)) throw unexpected(reply.status, 'to end a migration of a volume');
    return reply.body?.save_volume_id ?? newVolumeId;
  }

  async reimage(ctx: Ctx, volumeId: string, imageId: string): Promise<VolumeOutcome<object>> {
    const body = { 'os-reimage': { image_id: imageId, reimage_reserved: true } };
    const reply = await this.transport.send(ctx, actionOn(volumeId, body, REIMAGES));
    return isDone(reply) ? { outcome: 'done' } : refusalOf(reply, 'to put an image on a volume');
  }

  async delete(ctx: Ctx, volumeId: string): Promise<'deleted' | 'gone' | 'refused'> {
    const reply = await this.transport.send(ctx, askAgain('DELETE', `/volumes/${volumeId}`));
    if (isDone(reply)) return 'deleted';
    if (reply.status === 404) return 'gone';
    if (reply.status === 400 || reply.status === 403) return 'refused';
    throw unexpected(reply.status, 'to delete a volume');
  }

  close(): Promise<void> {
    return this.transport.close();
  }

  async #volume(
    volumeId: string,
    send: (request: RestRequest) => Promise<RestReply<{ volume: VolumeDocument }>>,
  ): Promise<Volume | undefined> {
    if (!isUuid(volumeId)) return undefined;
    const reply = await send(ask('GET', `/volumes/${volumeId}`));
    if (isHidden(reply)) return undefined;
    if (!isDone(reply)) throw unexpected(reply.status, 'for a volume');
    return volumeOf(reply.body.volume);
  }

  async #expect(ctx: Ctx, request: RestRequest, what: string, alsoFine?: number): Promise<void> {
    const reply = await this.transport.send(ctx, request);
    if (!isDone(reply) && reply.status !== alsoFine) throw unexpected(reply.status, what);
  }
}

/** Volumes take another image from this version on. */
const REIMAGES = '3.68';

const actionOn = (volumeId: string, body: unknown, version?: string): RestRequest =>
  ask('POST', `/volumes/${volumeId}/action`, body, version);
