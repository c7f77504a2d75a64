import { expect, it } from 'vitest';
import { type LetterFacts, obstacleTo } from './replay-rules.js';

const good: LetterFacts = { reason: { kind: 'conflict', code: 'x.y.z' }, ofShelf: true, authentic: true, whole: true };

it.each<[string, Partial<LetterFacts>, string | undefined, string | undefined]>([
  ['a letter of its queue', {}, undefined, undefined],
  ['one that a guard refused', { reason: { kind: 'forbidden', code: 'a.b.c' } }, 'refused', undefined],
  ['one whose sender was refused', { reason: { kind: 'bug', code: 'agent.sender.refused' } }, 'refused', undefined],
  ['one that somebody else put there', { authentic: false }, 'forged', undefined],
  ['one for a queue of another topic', { ofShelf: false }, 'foreign-queue', 'foreign-queue'],
  ['one without its body', { whole: false }, 'no-body', 'no-body'],
])('H8: %s', (_name, facts, plain, forced) => {
  expect([obstacleTo({ ...good, ...facts }, false), obstacleTo({ ...good, ...facts }, true)]).toEqual([plain, forced]);
});
