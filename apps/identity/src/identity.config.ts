import { defineSection, option, type SectionValues } from '@kilonova/config';

/** Settings of the identity companion. */
export const identitySection = defineSection('identity', {
  host: option.string({
    default: '127.0.0.1',
    help: 'the address to listen on; anything but a loopback address opens the service to the network, without TLS',
  }),
  port: option.port({ default: 5000, help: 'the port to listen on; 0 takes a free one' }),
  stateFolder: option.string({
    default: 'state/identity',
    help: 'the folder that holds users, projects, roles and the key of all tokens; losing it voids them',
  }),
  seedFile: option.string({
    default: '',
    help: 'a YAML file of what must exist at start: domains, projects, users, roles, services; what exists already is left alone',
  }),
  tokenLifetimeSeconds: option.duration({
    default: 86_400,
    min: 60,
    max: 604_800,
    help: 'how long a token is good for; operations that take longer than what is left of it fail half-way',
  }),
  region: option.string({ default: 'RegionOne', help: 'the region of services that name none' }),
  logLevel: option.choice(['debug', 'info', 'warn', 'error', 'silent'], {
    default: 'info',
    help: 'lines below this level are not written',
  }),
});

export type IdentityConfig = SectionValues<typeof identitySection>;
