import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemCtx } from '@kilonova/util';
import type { MemoryVolumes } from '../memory/memory-volumes.js';
import type { SnapshotDetail, VolumeDetail } from '../user-volumes.port.js';
import type { Attachment, Refused, Requester, SnapshotStatus, Volume, VolumeOutcome } from '../volume.js';

interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

const FAULTS = {
  'not-found': [404, 'itemNotFound'],
  'over-quota': [413, 'overLimit'],
  invalid: [400, 'badRequest'],
  forbidden: [403, 'forbidden'],
} as const;

const ctx = systemCtx();

/** The part of Cinder's published v3 API that compute uses, over HTTP, with a map of volumes behind it. */
export class CinderServer {
  url = '';
  /** `GET /v3/volumes/…` */
  readonly asked: string[] = [];
  /** Answers everything with this status instead. */
  broken: number | undefined;
  readonly #server: http.Server;

  constructor(private readonly volumes: MemoryVolumes) {
    this.#server = http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', async () => {
        const text = Buffer.concat(chunks).toString();
        const { status, body } = await this.#answer(request, text === '' ? {} : JSON.parse(text)).catch(() => ({
          status: 500,
          body: undefined,
        }));
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(body === undefined ? undefined : JSON.stringify(body));
      });
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  // biome-ignore lint/suspicious/noExplicitAny: bodies of every shape
  async #answer(request: http.IncomingMessage, body: any): Promise<Reply> {
    const url = new URL(request.url ?? '', 'http://cinder');
    this.asked.push(`${request.method} ${url.pathname}`);
    if (this.broken !== undefined) return { status: this.broken, body: {} };
    const version = String(request.headers['openstack-api-version']);
    if (version !== ('os-reimage' in body ? 'volume 3.68' : 'volume 3.44')) return { status: 406 };
    const who = requesterOf(String(request.headers['x-auth-token'] ?? ''));
    const [, , noun = '', id = '', action = ''] = url.pathname.split('/');
    const what = `${request.method} ${noun}${id === '' ? '' : '/id'}${action === '' ? '' : '/action'}`;
    if (what === 'GET types') return { status: 200, body: { volume_types: [{ id: 'type-1', name: '__DEFAULT__' }] } };
    if (what === 'GET attachments/id') return this.#attachments(url.searchParams);
    if (id === 'detail' && noun !== 'attachments') return this.#list(noun, url.searchParams, who);
    if (noun === 'volumes') return this.#volume(what, id, body, who);
    if (what === 'POST snapshots') return this.#newSnapshot(body.snapshot, who);
    if (what === 'POST snapshots/id/action') return this.#noteStatus(id, body['os-update_snapshot_status'].status, who);
    if (noun === 'snapshots') return this.#snapshot(request.method ?? '', id, who);
    return this.#attachment(what, id, body);
  }

  async #list(noun: string, query: URLSearchParams, who: Requester): Promise<Reply> {
    const part = { limit: Number(query.get('limit')), offset: Number(query.get('offset')) };
    const user = this.volumes.asUser(who);
    if (noun === 'volumes') return { status: 200, body: { volumes: (await user.volumes(ctx, part)).map(detailDocument) } };
    return { status: 200, body: { snapshots: (await user.snapshots(ctx, part)).map(snapshotDocument) } };
  }

  // biome-ignore lint/suspicious/noExplicitAny: as above
  async #volume(what: string, id: string, body: any, who: Requester): Promise<Reply> {
    if (what === 'POST volumes') {
      const { size, imageRef, snapshot_id, volume_type } = body.volume;
      if (imageRef === undefined) return this.#newVolume(body.volume, who);
      const made = await this.volumes.create(ctx, who, { size, imageId: imageRef, snapshotId: snapshot_id, type: volume_type });
      if (made.outcome === 'refused') return fault(made);
      return { status: 202, body: { volume: documentOf((await this.volumes.get(ctx, made.volumeId)) as Volume) } };
    }
    if (what === 'GET volumes/id') {
      const volume = await this.volumes.find(ctx, who, id);
      const detail = await this.volumes.asUser(who).volume(ctx, id);
      if (volume === undefined || detail === undefined) return NOT_FOUND;
      return { status: 200, body: { volume: { ...documentOf(volume), ...detailDocument(detail) } } };
    }
    if (what === 'DELETE volumes/id') {
      return done(await this.volumes.asUser(who).deleteVolume(ctx, id), 202, () => undefined);
    }
    const [name] = Object.keys(body);
    if (name === 'os-begin_detaching') return done(await this.volumes.beginDetaching(ctx, id), 202, () => undefined);
    if (name === 'os-reimage') return done(await this.volumes.reimage(ctx, id, body[name].image_id), 202, () => undefined);
    if (name === 'os-roll_detaching') await this.volumes.rollDetaching(ctx, id);
    if (name !== 'os-migrate_volume_completion') return { status: 202 };
    const { new_volume, error } = body[name];
    return { status: 200, body: { save_volume_id: await this.volumes.completeMigration(ctx, id, new_volume, error) } };
  }

  // biome-ignore lint/suspicious/noExplicitAny: as above
  async #newVolume(given: any, who: Requester): Promise<Reply> {
    const { size, name, description, volume_type: type, metadata, snapshot_id: snapshotId } = given;
    const wanted = { size, name, description, type, metadata, snapshotId, availabilityZone: given.availability_zone };
    const made = await this.volumes.asUser(who).createVolume(ctx, wanted);
    return done(made, 202, ({ volume }) => ({ volume: detailDocument(volume) }));
  }

  // biome-ignore lint/suspicious/noExplicitAny: as above
  async #newSnapshot({ volume_id: volumeId, force, name, description }: any, who: Requester): Promise<Reply> {
    const made = await this.volumes.asUser(who).createSnapshot(ctx, { volumeId, force, name, description });
    return done(made, 202, ({ snapshot }) => ({ snapshot: snapshotDocument(snapshot) }));
  }

  async #snapshot(method: string, id: string, who: Requester): Promise<Reply> {
    const user = this.volumes.asUser(who);
    if (method === 'DELETE') return done(await user.deleteSnapshot(ctx, id), 202, () => undefined);
    const snapshot = await user.snapshot(ctx, id);
    return snapshot === undefined ? NOT_FOUND : { status: 200, body: { snapshot: snapshotDocument(snapshot) } };
  }

  async #noteStatus(id: string, status: SnapshotStatus, who: Requester): Promise<Reply> {
    if ((await this.volumes.asUser(who).snapshot(ctx, id)) === undefined) return NOT_FOUND;
    await this.volumes.setSnapshotStatus(ctx, id, status);
    return { status: 202 };
  }

  async #attachments(query: URLSearchParams): Promise<Reply> {
    const found = await this.volumes.attachments(ctx, query.get('volume_id') ?? '', query.get('instance_id') ?? '');
    return { status: 200, body: { attachments: found.map(attachmentDocument) } };
  }

  // biome-ignore lint/suspicious/noExplicitAny: as above
  async #attachment(what: string, id: string, body: any): Promise<Reply> {
    if (what === 'POST attachments') {
      const { volume_uuid, instance_uuid } = body.attachment;
      const reserved = await this.volumes.reserve(ctx, volume_uuid, instance_uuid);
      return done(reserved, 200, ({ attachmentId }) => ({
        attachment: { id: attachmentId, volume_id: volume_uuid, instance: instance_uuid },
      }));
    }
    if (what === 'PUT attachments/id') {
      const connected = await this.volumes.connect(ctx, id, body.attachment.connector);
      return done(connected, 200, ({ connection }) => ({ attachment: { id, connection_info: connection } }));
    }
    if (what === 'DELETE attachments/id') await this.volumes.release(ctx, id);
    else await this.volumes.complete(ctx, id);
    return {
      status: what === 'DELETE attachments/id' ? 200 : 204,
      body: what === 'DELETE attachments/id' ? { attachments: [] } : undefined,
    };
  }
}

const NOT_FOUND: Reply = { status: 404, body: { itemNotFound: { code: 404, message: 'could not be found' } } };

/** Tokens of these tests read `project` or `admin`. */
const requesterOf = (token: string): Requester => ({ token, projectId: token, isAdmin: token === 'admin' });

function fault({ reason, message }: Refused): Reply {
  const [status, name] = FAULTS[reason];
  return { status, body: { [name]: { code: status, message } } };
}

function done<T>(outcome: VolumeOutcome<T>, status: number, body: (value: T) => unknown): Reply {
  return outcome.outcome === 'refused' ? fault(outcome) : { status, body: body(outcome) };
}

const documentOf = (volume: Volume) => ({
  id: volume.id,
  status: volume.status,
  size: volume.size,
  bootable: String(volume.bootable),
  multiattach: volume.multiattach,
  availability_zone: volume.availabilityZone,
  'os-vol-mig-status-attr:migstat': volume.migrationStatus,
  ...(Object.keys(volume.imageMetadata).length === 0 ? {} : { volume_image_metadata: volume.imageMetadata }),
});

const detailDocument = ({ id, status, size, name, description, metadata, ...volume }: VolumeDetail) => ({
  id,
  status,
  size,
  name,
  description,
  metadata,
  availability_zone: volume.availabilityZone,
  created_at: volume.createdAt,
  volume_type: volume.type,
  snapshot_id: volume.snapshotId,
  attachments: volume.attachments.map(({ serverId, device }) => ({ server_id: serverId, device })),
});

const snapshotDocument = ({ volumeId, createdAt, ...snapshot }: SnapshotDetail) => ({
  ...snapshot,
  volume_id: volumeId,
  created_at: createdAt,
});

const attachmentDocument = ({ id, volumeId, serverId, host }: Attachment) => ({
  id,
  volume_id: volumeId,
  instance: serverId,
  connector: host === null ? null : { host },
});
