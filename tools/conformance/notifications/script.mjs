/** @typedef {{ cloud: import('../../cloud/cloud-client.mjs').Cloud, image: string, hosts: string[], ids: Record<string, string> }} World */

const FLAVOR = { name: 'fl1', vcpus: 1, ram: 128, disk: 1, id: 'fl1' };

/** @param {World} world */
const act = (name, action) => (world) => world.cloud.act(world.ids[name], action);

const boot =
  (name, more = {}) =>
  async (world) => {
    world.ids[name] = await world.cloud.create(name, world.image, more);
  };

const bootIn = (name, group, more) => async (world) => {
  const hints = { 'os:scheduler_hints': { group: world.ids[group] } };
  const server = { name, imageRef: world.image, flavorRef: '1', networks: 'none', ...more };
  world.ids[name] = (await world.cloud.ask('POST', '/servers', { server, ...hints })).server.id;
};

const newGroup = (name, policy) => async (world) => {
  const { server_group } = await world.cloud.ask('POST', '/os-server-groups', { server_group: { name, policy } });
  world.ids[name] = server_group.id;
};

const hostOf = async ({ cloud, ids }, name) => (await cloud.server(ids[name]))['OS-EXT-SRV-ATTR:host'];

/** Of the host that s3 was made on. */
const service = async (world, change) => {
  const { services } = await world.cloud.ask('GET', '/os-services?binary=nova-compute');
  world.down ??= await hostOf(world, 's3');
  const { id } = services.find((one) => one.host === world.down);
  await world.cloud.ask('PUT', `/os-services/${id}`, change);
};

const aggregate =
  (action) =>
  ({ cloud, hosts }) =>
    cloud.ask('POST', '/os-aggregates/1/action', JSON.parse(JSON.stringify(action).replaceAll('HOST', hosts[0])));

/**
 * What the recorded commands asked for, by the beginning of their recording's name, in order, and how many of its lines that
 * brought about (left out: all). @type {[string, ((world: World) => Promise<unknown>)[], number?][]}
 */
export const SCRIPT = [
  [
    '006',
    [
      ({ cloud }) => cloud.ask('POST', '/flavors', { flavor: FLAVOR }),
      ({ cloud }) => cloud.ask('POST', '/flavors/fl1/os-extra_specs', { extra_specs: { 'hw:cpu_policy': 'shared' } }),
    ],
  ],
  ['007', [({ cloud }) => cloud.ask('POST', '/flavors/fl1/os-extra_specs', { extra_specs: { 'hw:mem_page_size': 'small' } })]],
  ['009', [({ cloud }) => cloud.ask('DELETE', '/flavors/fl1')]],
  ['010', [({ cloud }) => cloud.ask('POST', '/os-keypairs', { keypair: { name: 'kp1' } })]],
  ['013', [({ cloud }) => cloud.ask('DELETE', '/os-keypairs/kp1')]],
  ['026', [({ cloud }) => cloud.ask('POST', '/os-aggregates', { aggregate: { name: 'ag1', availability_zone: 'zone1' } })]],
  ['027', [aggregate({ add_host: { host: 'HOST' } })]],
  ['028', [aggregate({ set_metadata: { metadata: { k: 'v' } } })]],
  ['031', [aggregate({ remove_host: { host: 'HOST' } })]],
  ['032', [({ cloud }) => cloud.ask('DELETE', '/os-aggregates/1')]],
  ['033', [newGroup('sg1', 'soft-anti-affinity')]],
  ['034', [newGroup('sg2', 'affinity')]],
  ['037', [boot('s1')]],
  ['038', [bootIn('s2', 'sg1', { tags: ['t1'], description: 'desc', metadata: { k: 'v' } })]],
  [
    '040',
    [
      async (world) => {
        const taken = await hostOf(world, 's1');
        return boot('s3', { host: world.hosts.find((host) => host !== taken) })(world);
      },
    ],
  ],
  ['after 040', [async (world) => boot('s4', { host: await hostOf(world, 's3') })(world)]],
  ['041', [boot('sx', { availability_zone: 'nova:nosuch' })], 4],
  [
    '048',
    [
      ({ cloud, ids }) => cloud.ask('PUT', `/servers/${ids.s1}`, { server: { name: 's1b' } }),
      ({ cloud, ids }) => cloud.ask('POST', `/servers/${ids.s1}/metadata`, { metadata: { a: 'b' } }),
      ({ cloud, ids }) => cloud.ask('PUT', `/servers/${ids.s1}/tags/tg`),
    ],
  ],
  [
    '049',
    [
      ({ cloud, ids }) => cloud.ask('DELETE', `/servers/${ids.s1}/metadata/a`),
      ({ cloud, ids }) => cloud.ask('DELETE', `/servers/${ids.s1}/tags/tg`),
    ],
  ],
  ['053', [act('s1', { 'os-stop': null })]],
  ['054', [act('s1', { 'os-start': null })]],
  ['055', [act('s1', { reboot: { type: 'SOFT' } })]],
  ['057', [act('s1', { pause: null })]],
  ['058', [act('s1', { unpause: null })]],
  ['059', [act('s1', { suspend: null })]],
  ['after 059', [act('s1', { resume: null })]],
  ['061', [act('s1', { lock: { locked_reason: 'why' } })]],
  ['062', [act('s1', { unlock: null })]],
  ['063', [act('s1', { rescue: {} })]],
  ['after 063', [act('s1', { unrescue: null })]],
  ['065', [act('s1', { resize: { flavorRef: '2' } })]],
  ['066', [act('s1', { confirmResize: null })]],
  ['067', [act('s1', { resize: { flavorRef: '1' } })]],
  ['after 067', [act('s1', { revertResize: null })]],
  ['069', [act('s1', { migrate: null })]],
  ['after 069', [act('s1', { confirmResize: null })]],
  ['071', [act('s1', { 'os-migrateLive': { host: null, block_migration: 'auto' } })]],
  ['077', [act('s1', { createImage: { name: 'snap1' } })]],
  ['078', [act('s1', { createBackup: { name: 'bk', backup_type: 'daily', rotation: 1 } })]],
  ['085', [act('s1', { 'os-resetState': { state: 'error' } })]],
  ['after 085', [act('s1', { 'os-resetState': { state: 'active' } })]],
  ['075', [act('s1', { shelve: null })]],
  ['after 075', [act('s1', { unshelve: null })]],
  ['087', [(world) => service(world, { status: 'disabled', disabled_reason: 'maint' })]],
  ['088', [(world) => service(world, { status: 'enabled' })]],
  ['089', [(world) => service(world, { forced_down: true })]],
  ['090', [act('s3', { evacuate: {} })]],
  // Nobody is there to take the server off its host: the API does it.
  ['094', [({ cloud, ids }) => cloud.delete(ids.s4)], 8],
  ['093', [({ cloud, ids }) => cloud.delete(ids.s1)]],
  [
    '111',
    [
      ({ cloud, ids }) => cloud.ask('DELETE', `/os-server-groups/${ids.sg1}`),
      ({ cloud, ids }) => cloud.ask('DELETE', `/os-server-groups/${ids.sg2}`),
    ],
  ],
];
