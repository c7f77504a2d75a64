import { stringify } from 'yaml';
import { cloudsYaml, openrc } from './client-files.js';
import type { CloudLayout } from './cloud-layout.js';
import { identitySeed } from './identity-seed.js';
import type { ServicePlan } from './service-plan.js';
import { serviceUsers } from './service-users.js';
import type { StateDir } from './state-dir.js';

/** Names the API database for `kilonova manage`. */
export const MANAGE_FILE = ['config', 'manage.yaml'] as const;

/** Placement's own settings, for `kilonova placement`. */
export const PLACEMENT_FILE = ['config', 'placement.yaml'] as const;

/** What clients, the identity service and operators' commands read: `clouds.yaml`, `openrc`, `endpoints.json`, the seed. */
export function writeCloudFiles(layout: CloudLayout, plans: readonly ServicePlan[], state: StateDir): void {
  const { endpoints } = layout;
  const passwords = {
    admin: state.secret('admin-password'),
    demo: state.secret('demo-password'),
  };
  state.write(['config', 'identity-seed.yaml'], identitySeed(layout, passwords, serviceUsers(plans)), 0o600);
  state.write(MANAGE_FILE, stringify({ apiDatabase: { url: layout.databases.api } }), 0o600);
  const placement = plans.find(({ app }) => app === 'placement');
  if (placement !== undefined) state.write(PLACEMENT_FILE, stringify(placement.config), 0o600);
  state.write(['clouds.yaml'], cloudsYaml(endpoints, passwords), 0o600);
  state.write(['openrc'], openrc(endpoints, passwords.admin), 0o600);
  state.write(['endpoints.json'], `${JSON.stringify(endpoints, null, 2)}\n`);
}
