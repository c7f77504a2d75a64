import { defineSection, option } from '@kilonova/config';

/** How much a process writes of what it does. */
export const logSection = defineSection('log', {
  level: option.choice(['debug', 'info', 'warn', 'error', 'silent'], {
    default: 'info',
    help: 'The least grave lines that are written.',
  }),
});
