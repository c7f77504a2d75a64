// The measures of one world. Each yields a row, { n, name, conc } (hosts, request, connections) with the figures of measure.mjs.
import { openClient } from './client.mjs';
import { callsFor, measure } from './measure.mjs';
import { CLAIMS, READS, releaseOf } from './requests.mjs';

const READERS = [1, 8];
const CLAIMERS = [1, 8, 32];
const RELEASERS = 8;

/**
 * Measures everything in a world of `hosts`, whose claims are given back at the end.
 * `setup` is { target, seconds, wanted, cpuSeconds }: the server (see client.mjs), how long each measure takes, which names are
 * measured as a function, and the meter of cpu.mjs.
 */
export async function* measureWorld(setup, hosts) {
  for (const connections of READERS) {
    for (const name of Object.keys(READS).filter(setup.wanted)) {
      yield await measureFor(setup, { hosts, name, connections }, () => READS[name](hosts));
    }
  }
  const claimed = [];
  for (const name of Object.keys(CLAIMS).filter(setup.wanted)) {
    for (const connections of CLAIMERS) {
      yield await measureFor(setup, { hosts, name, connections }, () => CLAIMS[name](hosts), noting(claimed));
    }
  }
  if (claimed.length > 0) yield await measureRelease(setup, hosts, claimed);
}

/** Answers what makes of a client one that adds the calls that succeeded to `calls`. */
const noting = (calls) => (client) => ({
  ...client,
  send: async (call) => {
    const answer = await client.send(call);
    if (answer.status < 300) calls.push(call);
    return answer;
  },
});

/** Measures one request for the set time, once every connection was open and used. `adapt` may change the client first. */
async function measureFor(setup, { hosts, name, connections }, makeCall, adapt = (client) => client) {
  const client = adapt(openClient(setup.target, connections));
  await Promise.all(Array.from({ length: connections }, () => client.send(makeCall())));
  const calls = callsFor(setup.seconds, makeCall);
  const figures = await measure({ client, connections, calls, cpuSeconds: setup.cpuSeconds });
  client.close();
  return { n: hosts, name, conc: connections, ...figures };
}

/** Gives all claims back, however long that takes. */
async function measureRelease(setup, hosts, claimed) {
  const client = openClient(setup.target, RELEASERS);
  const calls = claimed.map(releaseOf);
  const figures = await measure({ client, connections: RELEASERS, calls, cpuSeconds: setup.cpuSeconds });
  client.close();
  return { n: hosts, name: 'release', conc: RELEASERS, ...figures };
}
