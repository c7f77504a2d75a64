import { defineSection, healthSection, idleTimeoutOption, logSection, option } from '@kilonova/config';
import { keystoneSection } from '@kilonova/identity-client';

const NOBODY = '00000000-0000-0000-0000-000000000000';

export const placementDatabaseConfig = defineSection(
  'database',
  {
    url: option.secretUrl({
      help: 'The placement database, postgresql://user:password@host:port/name. Nothing else may use it.',
    }),
    poolSize: option.int({
      default: 10,
      min: 1,
      max: 500,
      help: 'Connections that one process keeps.',
    }),
    claimsAtOnce: option.int({
      default: 4,
      min: 1,
      max: 500,
      help: 'Claims that one process has in the database at once, on no more connections than there are; others wait in the process.',
    }),
    connectTimeoutSeconds: option.duration({
      default: 5,
      min: 0.1,
      help: 'How long a request waits for a connection before it fails with 503.',
    }),
    statementTimeoutSeconds: option.duration({ default: 30, min: 0.1, help: 'The database ends a statement that takes longer.' }),
    syncOnStartup: option.bool({
      default: false,
      help: 'Bring the schema up to date at start. Otherwise `placement db sync` must have been run.',
    }),
  },
  undefined,
  { 'database.connectTimeoutMs': 'connectTimeoutSeconds', 'database.statementTimeoutMs': 'statementTimeoutSeconds' },
);

export const placementHttpConfig = defineSection('http', {
  host: option.string({ default: '127.0.0.1', help: 'The address to listen on. Anyone who reaches it may try to claim.' }),
  port: option.port({ default: 8778, help: 'The port to listen on; 0 takes a free one.' }),
  bodyLimitBytes: option.int({
    default: 16 * 1024 * 1024,
    min: 1024,
    help: 'Longer bodies are refused. A reshape of a whole tree is the longest.',
  }),
  idleTimeoutSeconds: idleTimeoutOption,
  trustForwarded: option.bool({
    default: false,
    help: 'Build addresses from X-Forwarded-*. Only behind a proxy that sets them.',
  }),
});

export const placementAuthConfig = defineSection('auth', {
  strategy: option.choice(['keystone', 'noauth2'], {
    default: 'keystone',
    help: 'keystone asks the identity service about each token. noauth2 believes every token: for tests alone, on loopback alone.',
  }),
});

export const placementPolicyConfig = defineSection('policy', {
  file: option.string({ optional: true, help: 'A YAML file of rules that replace the defaults; read again when it changes.' }),
  enforceNewDefaults: option.bool({
    default: true,
    help: 'False also lets pass what earlier releases did (role admin for everything).',
  }),
});

export const placementCorsConfig = defineSection('cors', {
  allowedOrigins: option.list({ default: [], help: 'Origins whose pages may call this API from a browser; none by default.' }),
  allowHeaders: option.list({
    default: ['content-type', 'x-auth-token', 'openstack-api-version'],
    help: 'Request headers that such pages may send.',
  }),
});

export const placementConfig = defineSection(
  'placement',
  {
    randomizeAllocationCandidates: option.bool({
      default: false,
      help: 'Answer candidates in random order, and a limited answer as a random sample. Spreads load where nobody weighs hosts.',
    }),
    maxAllocationCandidates: option.int({
      default: -1,
      min: -1,
      help: 'The most candidates that one search generates; -1: as many as there are.',
    }),
    allocationCandidatesGenerationStrategy: option.choice(['depth-first', 'breadth-first'], {
      default: 'depth-first',
      help: 'Which candidates a limited search finds: all of one tree first, or one of each tree in turn.',
    }),
    allocationConflictRetryCount: option.int({
      default: 10,
      min: 0,
      help: 'How often a write is run again that the database gave up as one side of a deadlock. Claims that fit never need it.',
    }),
    incompleteConsumerProjectId: option.string({ default: NOBODY, help: 'Whose allocations of clients below 1.8 are.' }),
    incompleteConsumerUserId: option.string({ default: NOBODY, help: 'Likewise, the user.' }),
    logOptions: option.bool({ default: true, help: 'Write the whole configuration at start, at debug level, secrets covered.' }),
  },
  undefined,
  { 'log.options': 'logOptions' },
);

/** All sections that placement reads: what to load its configuration with. */
export const placementSections = [
  placementDatabaseConfig,
  placementHttpConfig,
  placementAuthConfig,
  keystoneSection,
  placementPolicyConfig,
  placementCorsConfig,
  logSection,
  healthSection,
  placementConfig,
];
