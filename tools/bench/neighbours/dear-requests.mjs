import { randomBytes, randomUUID } from 'node:crypto';

const text = () => randomUUID();
const METADATA = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`key${n}`, 'v'.repeat(255)]));
const LARGE = { user_data: 'YWFh'.repeat(16_000), metadata: METADATA };
const SERVER = { name: 'n', flavorRef: '1', networks: 'none' };
const UPLOAD_BYTES = 4 * 1024 * 1024;

/**
 * The dearest that a member of a project may ask for, each as a function of the one who asks.
 * @param member `Caller` of the project
 * @param server the uuid of one of its servers
 * @param image the uuid of an image
 */
export function dearRequests(member, { server, image }) {
  const get = (path, at) => member.compute('GET', path, { at, unread: true });
  const post = (path, body, at) => member.compute('POST', path, { body, at });
  const pattern = (name) => get(`/servers/detail?name=${encodeURIComponent(name)}`);
  return {
    'pattern, exponential': () => pattern('((a?){40}){40}'),
    'pattern, long': () => pattern('(a?){120}(a?){120}b'),
    'pattern of flavors': () => get(`/flavors/detail?name=${encodeURIComponent('((a?){30}){30}')}`),
    login: () => member.login(),
    'wrong login': () => member.login({ password: text() }),
    'made-up token': () => member.send('GET', `${member.endpoints.compute}/servers/detail`, { token: `gAAAA${text()}${text()}` }),
    'made-up token, placement': () =>
      member.send('GET', `${member.endpoints.placement}/resource_providers`, { token: `gAAAA${text()}${text()}` }),
    'key pair': () => post('/os-keypairs', { keypair: { name: text() } }, '2.2'),
    'key pairs': () => get('/os-keypairs?limit=1000'),
    'list in detail': () => get('/servers/detail?limit=1000'),
    'list by an unindexed column': () => get('/servers/detail?changes-since=2020-01-01T00:00:00Z&sort_key=display_description'),
    'list by tags': () => get(`/servers?tags=${'t,'.repeat(1000)}t`),
    'list at 2.1': () => get('/servers/detail?limit=1000', '2.1'),
    usage: () => get(`/os-simple-tenant-usage/${member.projectId}?start=2020-01-01T00:00:00`, '2.1'),
    images: () => get('/images/detail', '2.1'),
    'images of the image service': () => member.send('GET', `${member.endpoints.image}/v2/images?limit=1000`, { unread: true }),
    limits: () => get('/limits'),
    zones: () => get('/os-availability-zone'),
    actions: () => get(`/servers/${server}/os-instance-actions`),
    groups: () => get('/os-server-groups?limit=1000'),
    metrics: () => member.send('GET', `${member.endpoints.compute.replace('/v2.1', '')}/metrics`),
    readiness: () => member.send('GET', `${member.endpoints.compute.replace('/v2.1', '')}/readyz`),
    'boots beyond the quota': () => post('/servers', { server: { ...SERVER, ...LARGE, imageRef: image, min_count: 20_000_000 } }),
    'boot and delete': async () => {
      const { status, body } = await post('/servers', { server: { ...SERVER, ...LARGE, imageRef: image } });
      if (status === 202) await member.compute('DELETE', `/servers/${body.server.id}`);
      return { status };
    },
    metadata: () => member.compute('PUT', `/servers/${server}/metadata`, { body: { metadata: { ...METADATA, key0: text() } } }),
    tags: () => member.compute('PUT', `/servers/${server}/tags`, { body: { tags: Array.from({ length: 50 }, text) } }),
    reboot: () => post(`/servers/${server}/action`, { reboot: { type: 'HARD' } }),
    'malformed body': () => post('/servers', `{"server":${'['.repeat(50_000)}`),
    'large body': () => post('/servers', { server: { ...SERVER, imageRef: image, personality: 'x'.repeat(100_000) } }),
    upload: () => upload(member),
  };
}

/** Makes an image, sends its data and deletes it. */
async function upload(member) {
  const { image } = member.endpoints;
  const made = await member.send('POST', `${image}/v2/images`, {
    body: { name: text(), disk_format: 'raw', container_format: 'bare' },
  });
  if (made.status !== 201) return made;
  const headers = { 'content-type': 'application/octet-stream' };
  const sent = await member.send('PUT', `${image}/v2/images/${made.body.id}/file`, { body: randomBytes(UPLOAD_BYTES), headers });
  await member.send('DELETE', `${image}/v2/images/${made.body.id}`);
  return sent;
}
