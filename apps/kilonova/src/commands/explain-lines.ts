import type { SchedulingRecord } from '@kilonova/api-db';
import type { HostVerdict, RefusalCount, SchedulingTrace } from '@kilonova/compute-objects';
import { textTable } from '../up/text-table.js';
import { printable } from './printable.js';

/** A table that is read in ten seconds: what came of it, how many hosts each rule removed, then the best of the rest. */
export function explainLines(record: SchedulingRecord): string {
  const { trace, verdicts } = record;
  const parts = [headline(record)];
  if (trace !== null) parts.push(...trace.questions.map(question));
  const refused = trace?.refused ?? [];
  if (refused.length > 0 || verdicts.length > 0)
    parts.push('', refusals(refused.length > 0 ? refused : counted(verdicts), verdicts));
  if (trace !== null && trace.best.length > 0) parts.push('', best(trace));
  return parts.map((part) => part.split('\n').map(printable).join('\n')).join('\n');
}

function headline({ request_id, instance_uuid, outcome, reason, created_at, trace }: SchedulingRecord): string {
  const own = trace?.placed.find((one) => one.instance === instance_uuid);
  const when = `${request_id}, ${created_at.toISOString()}: server ${instance_uuid}`;
  if (own === undefined) return `${when} found no host${outcome === 'no-valid-host' ? '' : ` (${outcome})`}. ${reason}`.trim();
  const others = own.alternates.length === 0 ? 'no alternates' : `alternates ${own.alternates.join(', ')}`;
  return `${when} was placed on ${own.host} (${others}).`;
}

const question = ({ query, offered, is_cut: isCut }: SchedulingTrace['questions'][number]): string =>
  query === ''
    ? 'Placement was not asked.'
    : `Placement offered ${offered} ${offered === 1 ? 'host' : 'hosts'}${isCut ? ', and may have more,' : ''} for ${decodeURIComponent(query)}`;

const counted = (verdicts: readonly HostVerdict[]): readonly RefusalCount[] =>
  [...new Set(verdicts.map(({ rule }) => rule))].map((rule) => {
    const those = verdicts.filter((one) => one.rule === rule);
    return { stage: those[0]?.stage ?? 'filter', rule, hosts: those.length };
  });

function refusals(refused: readonly RefusalCount[], verdicts: readonly HostVerdict[]): string {
  const rows = refused.map(({ stage, rule, hosts }) => {
    const example = verdicts.find((one) => one.rule === rule);
    return [`${stage}: ${rule}`, String(hosts), example === undefined ? '' : `${example.host ?? 'all'}: ${example.reason}`];
  });
  return textTable(['removed by', 'hosts', 'for example'], rows);
}

function best({ best: hosts }: SchedulingTrace): string {
  const weighers = [...new Set(hosts.flatMap(({ weights }) => Object.keys(weights)))];
  const rows = hosts.map(({ host, weight, weights }) => [
    host,
    weight.toFixed(2),
    ...weighers.map((name) => (weights[name] ?? 0).toFixed(2)),
  ]);
  return textTable(['best of the rest', 'weight', ...weighers], rows);
}
