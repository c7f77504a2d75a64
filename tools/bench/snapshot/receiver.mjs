// The image companion alone, on a folder that goes with it; whoever asks is a service, and a member of its project.
import { loadConfig } from '@kilonova/config';
import { keystoneSection } from '@kilonova/identity-client';
import { imageSection, startImage } from '@kilonova/image';

const caller = { userId: 'u', projectId: 'p', roles: ['member', 'service'], isAdmin: false };
const settings = loadConfig({
  sections: [imageSection, keystoneSection],
  env: {},
  flags: { image: { port: 0, stateDir: process.argv[2] } },
});
const sections = { image: settings.get(imageSection), keystone: settings.get(keystoneSection) };
const service = await startImage(sections, { authenticate: () => Promise.resolve(caller) });
process.send?.({ url: service.url });
