import { type OpenApiDocument, type Operation, successesOf } from '@kilonova/http';

/** `POST /servers/{id}/action resize` → its microversions: what upstream has. */
export type UpstreamRoutes = Readonly<Record<string, string>>;

interface Entry {
  readonly url: string;
  readonly method: string;
  readonly action: string;
  readonly operation: Operation;
}

/** The document as a page to read: what there is, since when, who may and how it succeeds; then what upstream has beyond it. */
export function apiReference(document: OpenApiDocument, upstream: UpstreamRoutes): string {
  const entries = entriesOf(document);
  const there = entries.filter(({ operation }) => successesOf(operation.responses).length > 0);
  const refusing = entries.filter((entry) => !there.includes(entry) && !entry.url.includes('/os-volumes_boot'));
  const known = new Set(entries.map(({ method, url, action }) => anonymous(`${method} ${url.replace('/v2.1', '')} ${action}`)));
  const missing = Object.entries(upstream).filter(([route]) => !known.has(anonymous(route)));
  return [
    introduction(document.info.version),
    ...table(there),
    '## Refused for now',
    '',
    'These are answered, and always refuse: floating addresses, which Nova deprecated with 2.36, are had from the network service',
    'itself; hosts are started and stopped by their operators; there are no bare metal nodes.',
    '',
    ...refusing.map(({ method, url, action }) => `- \`${`${method} ${url} ${action}`.trim()}\``),
    '',
    '## Not there yet',
    '',
    `Upstream has ${Object.keys(upstream).length} routes and actions (\`apps/compute-api/data/upstream-routes.json\`); these are missing here:`,
    '',
    '| method | URL, action | microversions |',
    '|---|---|---|',
    ...missing.map(([route, versions]) => missingRow(route, versions)),
    '',
    NO_SHARES,
    '',
  ].join('\n');
}

const NO_SHARES = `Shares of servers begin with 2.97, which is beyond the newest version that is spoken here. They need a client of the share service, whose
locks and rules of access are to be held for as long as a server has a share, and hypervisors that pass file systems on.`;

const introduction = (latest: string): string => `# Compute API

Generated from the route table, the schemas and the policy rules of \`apps/compute-api/src\`; a test keeps it so. A running API
serves the same as OpenAPI 3.1, with the schemas of requests and responses at each microversion, at \`GET /openapi.json\`, without
a token; \`kilonova compute openapi\` prints it. Microversions are chosen by the header \`OpenStack-API-Version: compute 2.N\`, up to
${latest}; outside of the span of an operation its URL is not there (404). \`/v2\` is the same at 2.1.

What is Kilonova's own has versions apart from the published numbers, and is asked for beside them: \`OpenStack-API-Version: compute
${latest}, kilonova 1.0\`; a response lists both. Rows that need it say so (\`with kilonova 1.0\`). Who does not ask for it gets the API as it is
published: such routes are not there (404), such actions and fields unknown (400), and a server that is PENDING shows as ERROR. Which
versions there are, \`GET /v2.1/\` tells to who asks for any (\`kilonova latest\`); one that is not there is 406. Beside rows below:

* A server for which no host has room is PENDING (\`conductor.usePendingState\`, off by default) and found by \`status=PENDING\`.
* \`rebuild\` schedules a server that never got a host like a new one; without room it is PENDING again. Its list of actions begins anew.
  The image may be left out (the server's own); one that boots from a volume keeps what is on it.
  With \`elsewhere\` any other server is made anew on another host than the present one, whose service is up.
* \`createBackup\` keeps at least one backup: a \`rotation\` of 0 is 400; \`purgeBackups\` deletes them.
* \`?dry_run=true\` on \`POST /servers\` and on resize, migrate, os-migrateLive, evacuate and unshelve (since 1.2) answers 200 with what would
  happen: \`{"dry_run": {outcome, reason, servers, offered, refused}}\`, for who may know hosts \`hosts\`, \`best\` and \`verdicts\` too. Nothing is
  stored. Without the extension \`dry_run\` is 400.

A rule that is not named is asked by the operation itself, with the thing that it is about.

Some commands of the stock client ask a network service too, and end when the catalog names none: \`openstack availability zone
list\` and \`openstack extension list\` want \`--compute\` here.
`;

/** Actions one by one. */
const entriesOf = (document: OpenApiDocument): readonly Entry[] =>
  Object.entries(document.paths).flatMap(([url, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) =>
      Object.entries(operation['x-actions'] ?? { '': operation }).map(([action, each]) => ({
        url,
        method: method.toUpperCase(),
        action,
        operation: each,
      })),
    ),
  );

function table(entries: readonly Entry[]): readonly string[] {
  const byTag = Map.groupBy(entries, ({ operation }) => String((operation['tags'] as readonly string[])[0] || 'versions'));
  return [...byTag].flatMap(([tag, ofTag]) => [
    `## ${tag}`,
    '',
    '| method | URL, action | microversions | rule | success | |',
    '|---|---|---|---|---|---|',
    ...ofTag.map(row),
    '',
  ]);
}

const row = ({ method, url, action, operation }: Entry): string => {
  const statuses = successesOf(operation.responses).map(([status]) => status);
  const rule = operation['x-policy'] === undefined ? '' : `\`${operation['x-policy']}\``;
  return `| ${method} | ${named(url, action)} | ${operation['x-microversions']} | ${rule} | ${statuses.join(', ')} | ${operation.summary} |`;
};

function missingRow(route: string, versions: string): string {
  const [method = '', url = '', action = ''] = route.split(' ');
  return `| ${method} | ${named(url, action)} | ${versions} |`;
}

const named = (url: string, action: string): string => (action === '' ? `\`${url}\`` : `\`${url}\` **${action}**`);

/** Parameters have other names elsewhere. */
const anonymous = (route: string): string => route.replaceAll(/\{\w+\}/g, '{}').trim();
