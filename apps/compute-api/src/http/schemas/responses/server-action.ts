import type { Answers, Success } from '@kilonova/http';
import { never, silent } from './pieces.js';

const accepted = silent(202, 'It was accepted.');

const ACTIONS: Readonly<Record<string, readonly Success[]>> = {
  lock: accepted,
  unlock: accepted,
  'os-resetState': accepted,
  forceDelete: accepted,
  restore: accepted,
  addSecurityGroup: never,
  removeSecurityGroup: never,
  'os-getVNCConsole': never,
  'os-getSPICEConsole': never,
  'os-getSerialConsole': never,
};

export const serverActionAnswers: Answers = Object.fromEntries(
  Object.entries(ACTIONS).map(([action, ways]) => [`POST /servers/:id/action ${action}`, ways]),
);
