// How each operation succeeds: statuses, headers and bodies by microversion. Nothing is sent through these schemas; they
// describe the API, and tests hold every response they see against them.
import type { Answers } from '@kilonova/http';
import { externalEventAnswers } from './external-event/external-event.responses.js';
import { flavorAnswers } from './flavor/flavor.responses.js';
import { hostAnswers } from './host/host.responses.js';
import { imageAnswers, networkAnswers } from './image/image.responses.js';
import { keyPairAnswers } from './key-pair/key-pair.responses.js';
import { migrationAnswers } from './migration/migration.responses.js';
import { projectAnswers } from './quota/quota.responses.js';
import { serverActionAnswers } from './server/actions/server-action.responses.js';
import { serverAnswers } from './server/server.responses.js';
import { serverExtrasAnswers } from './server/server-extras.responses.js';
import { serverPartAnswers } from './server/server-part.responses.js';
import { serverGroupAnswers } from './server-group/server-group.responses.js';
import { extensionAnswers } from './version/version.responses.js';

export { acceptedActions } from './server/actions/server-action.responses.js';
export { versionAnswers } from './version/version.responses.js';

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
