import { type Answers, keyOf, type Route } from '@kilonova/http';
import { silent } from '../../common/response-pieces.js';
import { dryRunQuery } from '../trial/dry-run.js';
import { tried } from '../trial/trial.responses.js';

const ACTION = /^\/(servers|os-volumes_boot)\/:id\/action$/;
const accepted = silent(202, 'It was accepted.');
const answersOf = ({ query }: Route) => (query === dryRunQuery ? [...accepted, tried] : accepted);

/** Actions on servers are accepted, and done later, unless something else is said of them in the responses of their noun. */
export const acceptedActions = (routes: readonly Route[]): Answers =>
  Object.fromEntries(routes.filter(({ path }) => ACTION.test(path)).map((row) => [keyOf(row), answersOf(row)]));
