import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Caller } from './caller.mjs';

/**
 * Makes a project with one member, logged in.
 * @param admin a logged in administrator
 * @param quota the project's, as `os-quota-sets` takes it
 */
export async function tenant(admin, name, quota) {
  const { identity } = admin.endpoints;
  const post = async (path, body) => admin.expect(201, admin.send('POST', `${identity}${path}`, { body }));
  const login = { user: `${name}-${randomUUID()}`, password: randomUUID(), project: `${name}-${randomUUID()}` };
  const { project } = await post('/projects', { project: { name: login.project, domain_id: 'default' } });
  const { user } = await post('/users', { user: { name: login.user, password: login.password, domain_id: 'default' } });
  const { roles } = await admin.expect(200, admin.send('GET', `${identity}/roles?name=member`));
  await admin.send('PUT', `${identity}/projects/${project.id}/users/${user.id}/roles/${roles[0].id}`);
  await admin.expect(200, admin.compute('PUT', `/os-quota-sets/${project.id}`, { at: '2.50', body: { quota_set: quota } }));
  const member = new Caller(admin.endpoints, login);
  await member.login();
  return member;
}

/** So many servers of a member, ACTIVE. */
export async function boot(member, image, count, more = {}) {
  let left = count;
  while (left > 0) {
    const some = Math.min(left, 100);
    const server = {
      name: 'neighbour',
      imageRef: image,
      flavorRef: '1',
      networks: 'none',
      min_count: some,
      max_count: some,
      ...more,
    };
    await member.expect(202, member.compute('POST', '/servers', { body: { server } }));
    left -= some;
  }
  const listed = async (status) => (await member.compute('GET', `/servers?limit=1000&status=${status}`)).body.servers;
  while ((await listed('ACTIVE')).length < count) {
    if ((await listed('ERROR')).length > 0) throw new Error('a server became ERROR');
    await sleep(500);
  }
  return listed('ACTIVE');
}

/** Deletes all servers of a member, and waits until none is listed. */
export async function clear(member) {
  for (;;) {
    const { servers = [] } = (await member.compute('GET', '/servers?limit=1000')).body;
    if (servers.length === 0) return;
    for (const { id } of servers) await member.compute('DELETE', `/servers/${id}`);
    await sleep(500);
  }
}
