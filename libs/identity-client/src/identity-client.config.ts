import { defineSection, option, type SectionValues } from '@kilonova/config';

/** How a service proves itself to the identity service, and how it checks the tokens of its callers. */
export const keystoneSection = defineSection('keystone', {
  authUrl: option.url({
    default: 'http://127.0.0.1:5000/v3',
    help: 'v3 root of the identity service; while it does not answer, requests with unknown tokens get 503',
  }),
  username: option.string({ default: 'nova', help: 'the user that this service logs in as; needs role admin or service' }),
  password: option.secret({ default: '', help: 'password of that user' }),
  projectName: option.string({ default: 'service', help: 'the project that the service is scoped to' }),
  userDomainName: option.string({ default: 'Default', help: 'domain of the user' }),
  projectDomainName: option.string({ default: 'Default', help: 'domain of the project' }),
  region: option.string({ default: '', help: 'region of the endpoints that are used; empty takes the first of each service' }),
  interface: option.choice(['internal', 'public', 'admin'], {
    default: 'internal',
    help: 'which endpoints of the catalog are used',
  }),
  timeoutSeconds: option.duration({
    default: 5,
    min: 0.1,
    max: 60,
    help: 'longest wait for the identity service; a request fails with 503 after it',
  }),
  tokenCacheSeconds: option.duration({
    default: 300,
    min: 0,
    max: 300,
    help: 'how long a checked token is trusted without asking again; a revoked one works until then',
  }),
  tokenCacheEntries: option.int({
    default: 10_000,
    min: 1,
    max: 1_000_000,
    help: 'tokens remembered at once, the least used go first',
  }),
});

export type KeystoneConfig = SectionValues<typeof keystoneSection>;

export type Credentials = Pick<KeystoneConfig, 'username' | 'password' | 'projectName' | 'userDomainName' | 'projectDomainName'>;
