import { spread, timed } from './statistics.mjs';

/** Runs `work` on 0 … count-1, `atOnce` of them at a time. */
export async function inParallel(count, atOnce, work) {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** One server after the other: accepted, ACTIVE, gone after its delete. Milliseconds. */
export async function singleBoots(cloud, image, count) {
  const times = { accepted: [], active: [], gone: [] };
  for (let n = 0; n < count; n++) {
    let id;
    const active = await timed(async () => {
      const accepted = await timed(() => cloud.create(`single-${n}`, image));
      times.accepted.push(accepted.ms);
      id = accepted.value;
      await cloud.until(`server ${id}`, async () => settled(await cloud.statusOf(id)));
    });
    times.active.push(active.ms);
    const gone = await timed(async () => {
      await cloud.delete(id);
      await cloud.until(`delete of ${id}`, async () => (await cloud.statusOf(id)) === 'GONE');
    });
    times.gone.push(gone.ms);
  }
  return { accepted: spread(times.accepted), active: spread(times.active), gone: spread(times.gone) };
}

function settled(status) {
  if (status === 'ERROR' || status === 'GONE') throw new Error(`a server became ${status}`);
  return status === 'ACTIVE';
}

/** One request for many servers: servers per second until all are ACTIVE. They are deleted afterwards. */
export async function oneRequest(cloud, image, count) {
  const { ms } = await timed(async () => {
    await cloud.create('many', image, { min_count: count, max_count: count });
    await allActive(cloud, 'many', count);
  });
  await deleteAll(cloud);
  return { servers: count, perSecond: perSecond(count, ms) };
}

/** Many requests at a concurrency: how long each takes to be accepted, and servers per second until all are ACTIVE. */
export async function burst(cloud, image, count, atOnce) {
  const accepted = [];
  const { ms } = await timed(async () => {
    await inParallel(count, atOnce, async (n) => {
      const { ms: took } = await timed(() => cloud.create(`burst-${n}`, image));
      accepted.push(took);
    });
    await allActive(cloud, 'burst', count);
  });
  return { servers: count, atOnce, accepted: spread(accepted), perSecond: perSecond(count, ms) };
}

/** The whole list in detail, again and again. Milliseconds. */
export async function detailList(cloud, times) {
  const took = [];
  let servers = 0;
  for (let n = 0; n < times; n++) {
    const { value, ms } = await timed(() => cloud.list('/servers/detail'));
    servers = value.length;
    took.push(ms);
  }
  return { servers, list: spread(took) };
}

/** Deletes every server of the project and waits until the list is empty. Servers per second. */
export async function deleteAll(cloud) {
  const servers = await cloud.list('/servers');
  const { ms } = await timed(async () => {
    await inParallel(servers.length, 8, (n) => cloud.delete(servers[n].id));
    await cloud.until('deletes', async () => (await cloud.list('/servers')).length === 0, { everyMs: 100 });
  });
  return { servers: servers.length, perSecond: perSecond(servers.length, ms) };
}

/** Until so many servers of a name are ACTIVE. @throws when one is in ERROR */
export async function allActive(cloud, prefix, count) {
  const named = async (status) => (await cloud.list('/servers', `&name=%5E${prefix}&status=${status}`)).length;
  const done = async () => {
    const active = await named('ACTIVE');
    if (active < count && (await named('ERROR')) > 0) throw new Error('a server became ERROR');
    return active >= count;
  };
  await cloud.until(`${count} servers ACTIVE`, done, { everyMs: 100 });
}

export const perSecond = (count, ms) => Math.round((count / ms) * 10_000) / 10;
