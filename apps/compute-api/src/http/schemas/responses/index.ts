// How each operation succeeds: statuses, headers and bodies by microversion. Nothing is sent through these schemas; they
// describe the API, and tests hold every response they see against them.
import type { Answers } from '@kilonova/http';
import { extensionAnswers } from './discovery.js';
import { externalEventAnswers } from './external-event.js';
import { flavorAnswers } from './flavor.js';
import { hostAnswers } from './host.js';
import { keyPairAnswers } from './key-pair.js';
import { migrationAnswers } from './migration.js';
import { projectAnswers } from './project.js';
import { imageAnswers, networkAnswers } from './proxy.js';
import { serverAnswers } from './server.js';
import { serverActionAnswers } from './server-action.js';
import { serverExtrasAnswers } from './server-extras.js';
import { serverGroupAnswers } from './server-group.js';
import { serverPartAnswers } from './server-part.js';

export { versionAnswers } from './discovery.js';
export { acceptedActions } from './server-action.js';

const answers: Answers = {
  ...serverAnswers,
  ...serverActionAnswers,
  ...serverPartAnswers,
  ...serverExtrasAnswers,
  ...flavorAnswers,
  ...keyPairAnswers,
  ...serverGroupAnswers,
  ...hostAnswers,
  ...projectAnswers,
  ...migrationAnswers,
  ...externalEventAnswers,
  ...extensionAnswers,
  ...imageAnswers,
};

/** `/os-volumes_boot` is an older name of `/servers`, without their parts. */
const aliases = Object.entries({ ...serverAnswers, ...serverActionAnswers }).map(
  ([key, ways]) => [key.replace('/servers', '/os-volumes_boot'), ways] as const,
);

/** By `POST /servers/:id/action lock`, paths below the API's root. */
export const computeAnswers: Answers = { ...answers, ...networkAnswers, ...Object.fromEntries(aliases) };
