import { defineSection, healthSection, idleTimeoutOption, logSection, option, type SectionValues } from '@kilonova/config';

/** Settings of the identity companion. */
export const identitySection = defineSection(
  'identity',
  {
    host: option.string({
      default: '127.0.0.1',
      help: 'the address to listen on; anything but a loopback address opens the service to the network, without TLS',
    }),
    port: option.port({ default: 5000, help: 'the port to listen on; 0 takes a free one' }),
    idleTimeoutSeconds: idleTimeoutOption,
    stateDir: option.string({
      default: 'state/identity',
      help: 'the folder that holds users, projects, roles and the key of all tokens; losing it voids them',
    }),
    seedFile: option.string({
      default: '',
      help: 'a YAML file of what must exist at start: domains, projects, users, roles, services; what exists already is left alone',
    }),
    trustForwarded: option.bool({
      default: false,
      help: 'take the last entry of X-Forwarded-For for the address of who logs in; only behind a proxy that sets it, else failed logins of all users of the proxy count together',
    }),
    tokenLifetimeSeconds: option.duration({
      default: 86_400,
      min: 60,
      max: 604_800,
      help: 'how long a token is good for; operations that take longer than what is left of it fail half-way',
    }),
    passwordHashesAtOnce: option.int({
      default: 2,
      min: 1,
      max: 16,
      help: 'passwords that are checked at once, each in a thread of its own; more leave less of the machine to other work',
    }),
    passwordHashesWaiting: option.int({
      default: 32,
      min: 0,
      max: 1000,
      help: 'logins that wait for their password to be checked; more are refused with 429',
    }),
    loginFailuresFree: option.int({
      default: 5,
      min: 0,
      max: 1000,
      help: 'failed logins of a user from one address that cost nothing (four times as many for an address, twenty times for a user); each further one doubles the wait before the next, which is 429 until then',
    }),
    loginMaxDelaySeconds: option.duration({
      default: 30,
      min: 0,
      max: 3600,
      help: 'the longest such wait; failures are forgotten after a quarter of an hour',
    }),
    region: option.string({ default: 'RegionOne', help: 'the region of services that name none' }),
  },
  undefined,
  { 'identity.stateFolder': 'stateDir' },
);

export type IdentityConfig = SectionValues<typeof identitySection>;

/** All that the identity companion reads. */
export const identitySections = [identitySection, healthSection, logSection] as const;
