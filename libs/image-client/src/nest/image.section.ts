import { defineSection, option } from '@kilonova/config';

/** Where the image service is. */
export const imageServiceSection = defineSection('image', {
  url: option.string({ default: '', help: 'The root URL of the image service; empty takes it from the catalog.' }),
});
