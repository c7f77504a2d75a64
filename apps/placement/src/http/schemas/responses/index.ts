// What each operation answers when it succeeds: statuses, headers and bodies by microversion. Nothing is sent through these
// schemas; they describe the API, and tests hold every answer they see against them.
import { aggregateAnswers } from './aggregate.js';
import { allocationAnswers } from './allocation.js';
import { candidateAnswers } from './allocation-candidate.js';
import type { Answers } from './answer.js';
import { inventoryAnswers } from './inventory.js';
import { resourceClassAnswers } from './resource-class.js';
import { providerAnswers } from './resource-provider.js';
import { rootAnswers } from './root.js';
import { traitAnswers } from './trait.js';
import { usageAnswers } from './usage.js';

export type { AnswerHeader, Answers, Success } from './answer.js';

export const placementAnswers: Answers = {
  ...rootAnswers,
  ...providerAnswers,
  ...inventoryAnswers,
  ...usageAnswers,
  ...aggregateAnswers,
  ...resourceClassAnswers,
  ...traitAnswers,
  ...allocationAnswers,
  ...candidateAnswers,
};
