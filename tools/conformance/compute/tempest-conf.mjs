#!/usr/bin/env node
// Prints the tempest.conf of a running cloud.
//   tempest-conf.mjs STATE_FOLDER
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const state = process.argv[2];
const endpoints = JSON.parse(readFileSync(join(state, 'endpoints.json'), 'utf8'));
const password = readFileSync(join(state, 'secrets', 'admin-password'), 'utf8').trim();

async function login() {
  const domain = { id: 'default' };
  const auth = {
    identity: { methods: ['password'], password: { user: { name: 'admin', domain, password } } },
    scope: { project: { name: 'admin', domain } },
  };
  const answer = await fetch(`${endpoints.identity}/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ auth }),
  });
  if (answer.status !== 201) throw new Error(`the identity service gives no token: ${answer.status}`);
  return answer.headers.get('x-subject-token');
}

async function imageIds() {
  const answer = await fetch(`${endpoints.image}/v2/images`, { headers: { 'x-auth-token': await login() } });
  const { images } = await answer.json();
  const of = (name) => images.find((image) => image.name === name).id;
  return [of('cirros'), of('cirros-alt')];
}

const [image, otherImage] = await imageIds();
const work = join(state, 'tempest');
const sections = {
  DEFAULT: { log_file: join(work, 'tempest.log') },
  oslo_concurrency: { lock_path: join(work, 'lock') },
  auth: {
    use_dynamic_credentials: true,
    create_isolated_networks: false,
    admin_username: 'admin',
    admin_password: password,
    admin_project_name: 'admin',
    admin_domain_name: 'Default',
    default_credentials_domain_name: 'Default',
    tempest_roles: 'member',
  },
  identity: {
    auth_version: 'v3',
    uri: endpoints.identity,
    uri_v3: endpoints.identity,
    region: 'RegionOne',
    v3_endpoint_type: 'public',
  },
  'identity-feature-enabled': { api_v3: true, api_v2: false },
  service_available: { nova: true, glance: true, neutron: false, cinder: false, swift: false, horizon: false },
  compute: {
    image_ref: image,
    image_ref_alt: otherImage,
    flavor_ref: 1,
    flavor_ref_alt: 2,
    min_compute_nodes: 2,
    min_microversion: '2.1',
    max_microversion: process.env.MAX_MICROVERSION ?? '2.93',
    build_interval: 1,
    build_timeout: 120,
    hypervisor_type: 'fake',
  },
  'compute-feature-enabled': {
    resize: true,
    cold_migration: true,
    live_migration: true,
    block_migration_for_live_migration: true,
    live_migrate_back_and_forth: false,
    pause: true,
    suspend: true,
    shelve: true,
    rescue: true,
    console_output: true,
    snapshot: true,
    vnc_console: false,
    serial_console: false,
    interface_attach: true,
    change_password: true,
    metadata_service: false,
  },
  validation: { run_validation: false },
};

const text = (value) => (typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value));
for (const [section, options] of Object.entries(sections)) {
  console.log(`[${section}]`);
  for (const [key, value] of Object.entries(options)) console.log(`${key} = ${text(value)}`);
}
