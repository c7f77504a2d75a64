import { allActive, inParallel, perSecond } from '../boot/measures.mjs';
import { spread, timed } from '../boot/statistics.mjs';

const EVERY_MS = 200;

/** Ids of so many new servers that are ACTIVE. */
export async function booted(cloud, image, count) {
  await cloud.create('actions', image, { min_count: count, max_count: count });
  await allActive(cloud, 'actions', count);
  return (await cloud.list('/servers', '&name=%5Eactions')).map(({ id }) => id);
}

/** Until all servers that are named are in a status, of which each list tells. @throws when one is in ERROR */
async function allIn(cloud, ids, status) {
  const idsIn = async (wanted) =>
    new Set((await cloud.list('/servers', `&name=%5Eactions&status=${wanted}`)).map(({ id }) => id));
  const done = async () => {
    const there = await idsIn(status);
    if (ids.every((id) => there.has(id))) return true;
    if ((await idsIn('ERROR')).size > 0) throw new Error('a server became ERROR');
    return false;
  };
  await cloud.until(`${ids.length} servers ${status}`, done, { everyMs: EVERY_MS });
}

/**
 * One action after the other, each on all servers before the next begins: `[[body, status afterwards], …]`.
 * @returns per second: servers through all of them; how long each request took to be accepted, milliseconds
 */
export async function acted(cloud, ids, atOnce, actions) {
  const accepted = [];
  const { ms } = await timed(async () => {
    for (const [body, status] of actions) {
      await inParallel(ids.length, atOnce, async (n) => {
        const { ms: took } = await timed(() => cloud.act(ids[n], body));
        accepted.push(took);
      });
      await allIn(cloud, ids, status);
    }
  });
  return { servers: ids.length, perSecond: perSecond(ids.length, ms), accepted: spread(accepted) };
}
