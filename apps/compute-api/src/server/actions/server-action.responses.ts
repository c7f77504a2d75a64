import { type Answers, keyOf, type Route } from '@kilonova/http';
import { never, silent } from '../../common/response-pieces.js';

const ACTION = /^\/(servers|os-volumes_boot)\/:id\/action$/;
const accepted = silent(202, 'It was accepted.');

/** What belongs to services that are not there; an action that answers something else than an empty 202 is named here too. */
const REFUSED = ['addSecurityGroup', 'removeSecurityGroup', 'os-getVNCConsole', 'os-getSPICEConsole', 'os-getSerialConsole'];

export const serverActionAnswers: Answers = Object.fromEntries(
  REFUSED.map((action) => [`POST /servers/:id/action ${action}`, never]),
);

/** Actions on servers are accepted, and done later, unless something else is said of them. */
export const acceptedActions = (routes: readonly Route[]): Answers =>
  Object.fromEntries(routes.filter(({ path }) => ACTION.test(path)).map((row) => [keyOf(row), accepted]));
