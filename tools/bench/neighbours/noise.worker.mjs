// The loud project's clients, in a thread of their own: who measures must not wait for them.
import { parentPort, workerData } from 'node:worker_threads';
import { Caller } from './caller.mjs';
import { dearRequests } from './dear-requests.mjs';

const { endpoints, login, clients, seconds, server, image, only } = workerData;
const until = performance.now() + seconds * 1000;
/** Statuses and longest time by kind of request. */
const seen = {};

const members = await Promise.all(
  Array.from({ length: clients }, async () => {
    const member = new Caller(endpoints, login, 4);
    await member.login();
    return member;
  }),
);
parentPort.postMessage('begun');
await Promise.all(members.map(client));
for (const member of members) member.close();
parentPort.postMessage(seen);

/** One client after the other kind of request, as fast as it is answered. */
async function client(member, first) {
  const all = Object.entries(dearRequests(member, { server, image })).filter(([name]) => only === undefined || name === only);
  for (let turn = first; performance.now() < until; turn++) {
    const [name, ask] = all[turn % all.length];
    const start = performance.now();
    const status = await ask().then(
      (answer) => answer.status,
      (error) => error.code ?? error.name,
    );
    const kind = (seen[name] ??= { statuses: {}, longestMs: 0, times: 0 });
    kind.times += 1;
    kind.statuses[status] = (kind.statuses[status] ?? 0) + 1;
    kind.longestMs = Math.max(kind.longestMs, Math.round(performance.now() - start));
  }
}
