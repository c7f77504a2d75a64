import { type Answers, keyOf, type Route } from '@kilonova/http';
import { silent } from '../../common/response-pieces.js';

const ACTION = /^\/(servers|os-volumes_boot)\/:id\/action$/;
const accepted = silent(202, 'It was accepted.');

/** Actions on servers are accepted, and done later, unless something else is said of them in the responses of their noun. */
export const acceptedActions = (routes: readonly Route[]): Answers =>
  Object.fromEntries(routes.filter(({ path }) => ACTION.test(path)).map((row) => [keyOf(row), accepted]));
