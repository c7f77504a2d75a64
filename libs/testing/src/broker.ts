import { ManagementApi, type VhostPermissions } from '@kilonova/local-servers';
import { afterAll, beforeAll } from 'vitest';
import { ask } from './run/ask.js';

/** A virtual host of this test file's own; usable inside hooks and tests. */
export interface TestBroker {
  /** `amqp://user:password@host:port/vhost` of a user with all rights there. */
  readonly url: string;
  readonly vhost: string;
  /** To make further users and virtual hosts, which the test removes itself. */
  readonly management: ManagementApi;
  /** The URL of a user with these rights in this virtual host, removed after the file. Give it a name that is nobody else's. */
  user(name: string, rights: VhostPermissions): Promise<string>;
}

/** Call at the top of a test file or describe block: its tests get a fresh virtual host, removed afterwards. */
export function useBroker(): TestBroker {
  let made: { url: string; managementUrl: string } | undefined;
  const broker = (): { url: string; managementUrl: string } => {
    if (made === undefined) throw new Error('the broker is there inside hooks and tests only');
    return made;
  };
  beforeAll(async () => {
    const { url = '', managementUrl = '' } = await ask({ ask: 'vhost' });
    made = { url, managementUrl };
  });
  const users: string[] = [];
  afterAll(async () => {
    for (const name of users) await new ManagementApi(broker().managementUrl).deleteUser(name);
    if (made !== undefined) await ask({ ask: 'drop-vhost', url: made.url });
  });
  return {
    get url() {
      return broker().url;
    },
    get vhost() {
      return decodeURIComponent(new URL(broker().url).pathname.slice(1));
    },
    get management() {
      return new ManagementApi(broker().managementUrl);
    },
    async user(name, rights) {
      users.push(name);
      await this.management.addUser(name, 'pw');
      await this.management.setPermissions(this.vhost, name, rights);
      const url = new URL(this.url);
      Object.assign(url, { username: name, password: 'pw' });
      return url.href;
    },
  };
}
