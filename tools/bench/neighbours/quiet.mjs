import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 10;

/**
 * Asks for the quiet project's servers, one request after the other, until `ended` says so.
 * @returns `times`: milliseconds of each; `wrong`: whatever was not 200 with exactly its servers, all ACTIVE.
 */
export async function askWhile(member, servers, ended) {
  const wanted = [...servers].sort().join();
  const [times, wrong] = [[], []];
  while (!ended()) {
    const start = performance.now();
    const { status, body } = await member
      .compute('GET', '/servers/detail')
      .catch((error) => ({ status: error.code ?? error.name }));
    times.push(performance.now() - start);
    const listed = body?.servers
      ?.map((server) => `${server.id} ${server.status}`)
      .sort()
      .join();
    if (status !== 200 || listed !== wanted) wrong.push(`${status} ${listed ?? JSON.stringify(body)}`.slice(0, 300));
    await sleep(PAUSE_MS);
  }
  return { times, wrong };
}

/** Watches the Compute API's breakers, which open towards a cell that is taken for down. */
export async function watchBreakers(member, ended) {
  const opened = new Set();
  const url = `${member.endpoints.compute.replace('/v2.1', '')}/readyz`;
  while (!ended()) {
    const { body } = await member.send('GET', url, { token: null }).catch(() => ({}));
    for (const [name, check] of Object.entries(body?.checks ?? {})) if (check.ok === false) opened.add(name);
    await sleep(500);
  }
  return [...opened];
}
