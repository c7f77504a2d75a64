import { defineSection, option } from '@kilonova/config';

/** Where placement is. */
export const placementSection = defineSection('placement', {
  url: option.string({ default: '', help: 'The root URL of the placement service; empty takes it from the catalog.' }),
});
