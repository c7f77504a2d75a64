import { cloudsYaml, openrc } from './client-files.js';
import type { CloudLayout } from './cloud-layout.js';
import { identitySeed } from './identity-seed.js';
import type { StateDir } from './state-dir.js';

/** What clients and the identity service read: `clouds.yaml`, `openrc`, `endpoints.json`, the seed. */
export function writeCloudFiles(layout: CloudLayout, state: StateDir): void {
  const { endpoints, internal } = layout;
  const passwords = { admin: state.secret('admin-password'), service: state.secret('service-password'), demo: state.secret('demo-password') };
  state.write(['config', 'identity-seed.yaml'], identitySeed(endpoints, internal, passwords), 0o600);
  state.write(['clouds.yaml'], cloudsYaml(endpoints, passwords), 0o600);
  state.write(['openrc'], openrc(endpoints, passwords.admin), 0o600);
  state.write(['endpoints.json'], `${JSON.stringify(endpoints, null, 2)}\n`);
}
