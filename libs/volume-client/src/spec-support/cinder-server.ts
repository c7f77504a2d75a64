import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemCtx } from '@kilonova/util';
import type { MemoryVolumes } from '../memory/memory-volumes.js';
import type { Attachment, Refused, Requester, Volume, VolumeOutcome } from '../volume.js';

interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

const FAULTS = { 'not-found': [404, 'itemNotFound'], 'over-quota': [413, 'overLimit'], invalid: [400, 'badRequest'] } as const;

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
    if (request.headers['openstack-api-version'] !== 'volume 3.44') return { status: 406 };
    const who = requesterOf(String(request.headers['x-auth-token'] ?? ''));
    const [, , noun = '', id = '', action = ''] = url.pathname.split('/');
    const what = `${request.method} ${noun}${id === '' ? '' : '/id'}${action === '' ? '' : '/action'}`;
    if (what === 'GET types') return { status: 200, body: { volume_types: [{ id: 'type-1', name: '__DEFAULT__' }] } };
    if (what === 'GET attachments/id') return this.#attachments(url.searchParams);
    if (noun === 'volumes') return this.#volume(what, id, body, who);
    if (what === 'POST snapshots') return this.#newSnapshot(body.snapshot, who);
    if (noun === 'snapshots') return this.#snapshot(request.method ?? '', id, who);
    return this.#attachment(what, id, body);
  }

  // biome-ignore lint/suspicious/noExplicitAny: as above
  async #volume(what: string, id: string, body: any, who: Requester): Promise<Reply> {
    if (what === 'POST volumes') {
      const { size, imageRef, snapshot_id, volume_type } = body.volume;
      const made = await this.volumes.create(ctx, who, { size, imageId: imageRef, snapshotId: snapshot_id, type: volume_type });
      if (made.outcome === 'refused') return fault(made);
      return { status: 202, body: { volume: documentOf((await this.volumes.get(ctx, made.volumeId)) as Volume) } };
    }
    if (what === 'GET volumes/id') {
      const volume = await this.volumes.find(ctx, who, id);
      return volume === undefined ? NOT_FOUND : { status: 200, body: { volume: documentOf(volume) } };
    }
    if (what === 'DELETE volumes/id') {
      const outcome = await this.volumes.delete(ctx, id);
      return outcome === 'gone' ? NOT_FOUND : { status: outcome === 'deleted' ? 202 : 400, body: {} };
    }
    const [name] = Object.keys(body);
    if (name === 'os-begin_detaching') return done(await this.volumes.beginDetaching(ctx, id), 202, () => undefined);
    if (name === 'os-roll_detaching') await this.volumes.rollDetaching(ctx, id);
    if (name !== 'os-migrate_volume_completion') return { status: 202 };
    const { new_volume, error } = body[name];
    return { status: 200, body: { save_volume_id: await this.volumes.completeMigration(ctx, id, new_volume, error) } };
  }

  async #newSnapshot({ volume_id, name }: { volume_id: string; name: string }, who: Requester): Promise<Reply> {
    const made = await this.volumes.createSnapshot(ctx, who, volume_id, name);
    return done(made, 202, ({ snapshot }) => ({ snapshot: { ...snapshot, status: 'creating' } }));
  }

  async #snapshot(method: string, id: string, who: Requester): Promise<Reply> {
    if (method === 'DELETE') {
      await this.volumes.deleteSnapshot(ctx, id);
      return { status: 202 };
    }
    const snapshot = await this.volumes.findSnapshot(ctx, who, id);
    return snapshot === undefined
      ? NOT_FOUND
      : { status: 200, body: { snapshot: { id, size: snapshot.size, status: 'available' } } };
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

const attachmentDocument = ({ id, volumeId, serverId, host }: Attachment) => ({
  id,
  volume_id: volumeId,
  instance: serverId,
  connector: host === null ? null : { host },
});
