import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '@kilonova/config';
import { noAuth2 } from '@kilonova/http';
import { keystoneSection } from '@kilonova/identity-client';
import { createLogger } from '@kilonova/observability';
import { imageSection, type RunningImage, startImage } from '../index.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
  readonly body: any;
}

export interface Question {
  /** `user:project`; `admin:…` is an administrator, `service:…` a service, others are members. Default `admin:root`. */
  readonly as?: string;
  readonly json?: unknown;
  readonly data?: RequestInit['body'];
  readonly type?: string;
}

const PATCH_TYPE = 'application/openstack-images-v2.1-json-patch';

/** A running service on a folder of its own; the token is the user. */
export class ImageFixture {
  readonly folder = mkdtempSync(join(tmpdir(), 'image-'));
  /** Lines of the service's log. */
  readonly logged: Array<Readonly<Record<string, unknown>>> = [];
  readonly #logger = createLogger({
    name: 'image',
    level: 'info',
    destination: { write: (line) => void this.logged.push(JSON.parse(line)) },
  });
  #running: RunningImage | undefined;

  /** @param limits settings of the section `image` */
  constructor(private readonly limits: Readonly<Record<string, number>> = {}) {}

  get url(): string {
    return (this.#running as RunningImage).url;
  }

  async start(): Promise<void> {
    const image = { port: 0, stateDir: this.folder, maxImageBytes: 10_000_000, ...this.limits };
    const config = loadConfig({ sections: [imageSection, keystoneSection], env: {}, flags: { image } });
    this.#running = await startImage(
      { image: config.get(imageSection), keystone: config.get(keystoneSection) },
      { authenticate: noAuth2(), logger: this.#logger },
    );
  }

  close(): Promise<void> | undefined {
    return this.#running?.close();
  }

  async restart(): Promise<void> {
    await this.close();
    await this.start();
  }

  async end(): Promise<void> {
    await this.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async ask(method: string, path: string, { as = 'admin:root', json, data, type }: Question = {}): Promise<Answer> {
    const body = json === undefined ? data : JSON.stringify(json);
    const contentType =
      type ?? (method === 'PATCH' ? PATCH_TYPE : json === undefined ? 'application/octet-stream' : 'application/json');
    const headers = {
      'x-auth-token': as,
      ...(as.startsWith('admin:') ? {} : { 'x-roles': as.startsWith('service:') ? 'service' : 'member,reader' }),
      ...(body === undefined && method !== 'PUT' ? {} : { 'content-type': contentType }),
    };
    const init = { method, headers, body, duplex: 'half' } as RequestInit;
    const answer = await fetch(`${this.url}${path}`, init);
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true;
    return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
  }

  /** A created image. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  async create(fields: object = {}, as?: string): Promise<any> {
    const answer = await this.ask('POST', '/v2/images', {
      as,
      json: { name: 'i', disk_format: 'raw', container_format: 'bare', ...fields },
    });
    if (answer.status !== 201) throw new Error(`not created: ${answer.status} ${answer.body}`);
    return answer.body;
  }
}
