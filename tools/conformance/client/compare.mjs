/** Headers that differ from server to server and mean nothing to a client of these APIs. */
const UNCOMPARED_HEADERS = new Set(['connection', 'content-length', 'date', 'keep-alive', 'server', 'transfer-encoding']);
/** Members that come from who made a thing, not from the service: what the client notes on images that it uploads. */
const UNCOMPARED_KEYS = /owner_specified\.openstack\./;
const DEPTH = 8;

/** @typedef {{ service: string, method: string, path: string, status: number, resHeaders: Record<string, string>, resBody?: unknown }} Exchange */

const ID = /^([0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}|\d+)$/;
/** What every response may carry, also where the recorded service has none. */
const WELCOME = /request-id$/;

/** A path with ids, and a query with values, left out: what may be compared between two clouds. */
export function template(path) {
  const url = new URL(path, 'http://any');
  const place = url.pathname
    .split('/')
    .map((part) => (ID.test(part) ? '{id}' : part))
    .join('/');
  const names = [...new Set(url.searchParams.keys())].sort();
  return names.length === 0 ? place : `${place}?${names.join('&')}`;
}

/** Paths of all members of a body; the entries of a list count as one. */
export function bodyKeys(body, at = '', depth = DEPTH) {
  if (body === null || typeof body !== 'object' || depth === 0) return [];
  if (Array.isArray(body)) return [...new Set(body.flatMap((entry) => bodyKeys(entry, `${at}[]`, depth - 1)))];
  const members = Object.entries(body).flatMap(([name, value]) => {
    const key = `${at}.${ID.test(name) ? '{id}' : name}`;
    return [key, ...bodyKeys(value, key, depth - 1)];
  });
  return [...new Set(members)];
}

const shape = ({ service, method, path, status, resHeaders, resBody }) => ({
  name: `${service} ${method} ${template(path)}`,
  status,
  headers: Object.keys(resHeaders)
    .map((header) => header.toLowerCase())
    .filter((header) => !UNCOMPARED_HEADERS.has(header))
    .sort(),
  keys: bodyKeys(resBody)
    .filter((key) => !UNCOMPARED_KEYS.test(key))
    .sort(),
});

/** Exchanges in order; polls, which are as many as they took, count once, as the last. @param {readonly Exchange[]} exchanges */
function shapes(exchanges) {
  const found = new Map();
  for (const exchange of exchanges) {
    const one = shape(exchange);
    const key = `${one.name} ${one.status}`;
    found.delete(key);
    found.set(key, one);
  }
  return found;
}

const differ = (what, recorded, seen) => [
  ...recorded.filter((entry) => !seen.includes(entry)).map((entry) => `${what}: ${entry} is missing`),
  ...seen.filter((entry) => !recorded.includes(entry)).map((entry) => `${what}: ${entry} is new`),
];

/** What differs between the HTTP exchanges of one command on two clouds, a line each. */
export function compareExchanges(recorded, seen) {
  const before = shapes(recorded);
  const now = shapes(seen);
  return [
    ...differ('exchanges', [...before.keys()], [...now.keys()]),
    ...[...before].flatMap(([key, was]) => {
      const is = now.get(key);
      return is === undefined
        ? []
        : [
            ...differ(
              `${key}, headers`,
              was.headers,
              is.headers.filter((name) => was.headers.includes(name) || !WELCOME.test(name)),
            ),
            ...differ(`${key}, body`, was.keys, is.keys),
          ];
    }),
  ];
}

/** States of servers, which must be the same whatever the rest is. */
const STATES = /^(status|OS-EXT-STS:.*|State|Status|vm_state|task_state)$/;
const cells = (line) =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

/** What a table of the client has: its columns, or the names of its fields, and the values that are states. */
export function tableOf(output) {
  const [head, ...rows] = output
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map(cells);
  if (head === undefined) return { columns: [], states: [] };
  if (head.join() !== 'Field,Value') return { columns: head, states: [] };
  const fields = rows.filter(([name]) => name !== '');
  return {
    columns: fields.map(([name]) => name).sort(),
    states: fields.filter(([name]) => STATES.test(name)).map(([name, value]) => `${name} = ${value}`),
  };
}

/** What differs in what a command printed and how it ended. */
export function compareOutputs(recorded, seen) {
  const was = tableOf(recorded.output);
  const is = tableOf(seen.output);
  return [
    ...(recorded.code === seen.code ? [] : [`exit code: ${recorded.code} recorded, ${seen.code} now`]),
    ...differ('columns', was.columns, is.columns),
    ...differ('states', was.states, is.states),
  ];
}
