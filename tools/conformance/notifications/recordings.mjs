import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleOf } from './compare.mjs';

const FAMILIES = { versioned: 'versioned_notifications', unversioned: 'notifications' };

/** Recorded orders by the three digits that their names begin with: `order/NNN-name.jsonl`, an event a line. */
export function orders(folder) {
  const files = readdirSync(join(folder, 'order')).sort();
  return new Map(
    files.map((file) => {
      const lines = readFileSync(join(folder, 'order', file), 'utf8').split('\n');
      return [
        file.slice(0, 3),
        { name: file.replace('.jsonl', ''), lines: lines.filter(Boolean).map((line) => JSON.parse(line)) },
      ];
    }),
  );
}

/** Recorded messages by topic and event: `samples/*.json`. */
export function samples(folder) {
  const files = readdirSync(join(folder, 'samples'));
  const all = files.map((file) => sampleOf(JSON.parse(readFileSync(join(folder, 'samples', file), 'utf8'))));
  return new Map(all.map((sample) => [`${sample.topic} ${sample.event_type}`, sample]));
}

/** The topic of a notification that was received: its family can be seen from its payload. */
export const topicOf = ({ payload }) => (payload?.['nova_object.name'] === undefined ? FAMILIES.unversioned : FAMILIES.versioned);

/** The part of a recorded order, or of what was seen, that belongs to a family. */
export const ofFamily = {
  recorded: (lines, family) => lines.filter(({ rk }) => rk.startsWith(`${FAMILIES[family]}.`)),
  seen: (messages, family) => messages.filter((message) => topicOf(message) === FAMILIES[family]),
};
