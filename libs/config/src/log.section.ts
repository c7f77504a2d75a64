import { option } from './option.js';
import { defineSection } from './section.js';

/** What a process writes of itself; the same in every service. */
export const logSection = defineSection(
  'log',
  {
    level: option.choice(['debug', 'info', 'warn', 'error', 'silent'], {
      default: 'info',
      help: 'Lines below this level are not written.',
    }),
  },
  undefined,
  { 'identity.logLevel': 'level', 'image.logLevel': 'level' },
);
