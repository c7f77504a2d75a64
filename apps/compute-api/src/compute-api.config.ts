import { defineSection, healthSection, idleTimeoutOption, option, resilienceSection, type SectionValues } from '@kilonova/config';
import { keystoneSection } from '@kilonova/identity-client';
import { notificationsSection } from '@kilonova/notifications';

export const computeHttpSection = defineSection('http', {
  host: option.string({
    default: '127.0.0.1',
    help: 'The address to listen on; anything but a loopback address opens the service to the network, without TLS.',
  }),
  port: option.port({ default: 8774, help: 'The port to listen on; 0 takes a free one.' }),
  bodyLimitBytes: option.int({
    default: 114_688,
    min: 1024,
    help: 'Longer bodies are refused. User data is what makes them long.',
  }),
  requestDeadlineSeconds: option.duration({
    default: 60,
    min: 1,
    help: 'How long a request may take in all; what still waits then is given up (504). Longer than resilience.callTimeoutSeconds.',
  }),
  idleTimeoutSeconds: idleTimeoutOption,
  trustForwarded: option.bool({ default: false, help: 'Build links from X-Forwarded-*. Only behind a proxy that sets them.' }),
});

export const apiDatabaseSection = defineSection('database', {
  url: option.secretUrl({
    help: 'The API database, postgresql://user:password@host:port/name, shared with the super conductor.',
  }),
  poolSize: option.int({
    default: 10,
    min: 1,
    max: 500,
    help: 'Connections that one process keeps. Each request under way needs one for a moment.',
  }),
  connectTimeoutMs: option.duration({
    default: 5_000,
    min: 100,
    help: 'How long a request waits for a connection before it fails with 503.',
  }),
  statementTimeoutMs: option.duration({ default: 30_000, min: 100, help: 'The database ends a statement that takes longer.' }),
});

export const cellsSection = defineSection('cells', {
  databaseBase: option.secretUrl({
    optional: true,
    help: 'What the {username}, {hostname} … of cell mappings stand for in database URLs; the API database when left out.',
  }),
  transportBase: option.secretUrl({ optional: true, help: 'The same for broker URLs.' }),
  poolSize: option.int({ default: 5, min: 1, max: 200, help: "Connections to each cell's database." }),
  deadlineMs: option.duration({
    default: 3_000,
    min: 50,
    help: 'How long a request waits for one cell. Then the cell counts as down for it, and lists are answered without it.',
  }),
  breakerResetMs: option.duration({
    default: 5_000,
    min: 100,
    help: 'Between probes of a cell that failed or hung. Until one is answered, requests are refused its data at once.',
  }),
  refreshSeconds: option.duration({ default: 10, min: 0, help: 'Age at which the list of cells is read again.' }),
});

export const apiMessagingSection = defineSection('messaging', {
  url: option.secretUrl({
    help: "The API level's broker: amqp://user:password@host:port/vhost, or memory://name within one process.",
  }),
  queueType: option.choice(['quorum', 'classic'], {
    default: 'quorum',
    help: 'How cast queues are kept; must be the same in all services.',
  }),
  callTimeoutSeconds: option.duration({ default: 10, min: 0.1, help: 'How long the API waits for an answer of an agent.' }),
});

export const computePlacementSection = defineSection('placement', {
  url: option.string({ default: '', help: 'The root URL of the placement service; empty takes it from the catalog.' }),
});

export const computeImageSection = defineSection('image', {
  url: option.string({ default: '', help: 'The root URL of the image service; empty takes it from the catalog.' }),
});

export const computePolicySection = defineSection('policy', {
  file: option.string({ optional: true, help: 'A YAML file of rules that replace the defaults; read again when it changes.' }),
  enforceNewDefaults: option.bool({ default: true, help: 'False also lets pass what earlier releases did.' }),
});

export const computeLogSection = defineSection('log', {
  level: option.choice(['debug', 'info', 'warn', 'error', 'silent'], {
    default: 'info',
    help: 'The least grave lines that are written.',
  }),
});

export const computeApiSection = defineSection('computeApi', {
  hostName: option.string({ default: 'api', help: 'How notifications name this process.' }),
  maxLimit: option.int({ default: 1000, min: 1, help: 'Items on one page at most, and on a page whose size nobody named.' }),
  maxServersPerRequest: option.int({
    default: 1000,
    min: 1,
    help: 'Servers that one request may ask for, whatever the quota; more than that as a minimum is 400.',
  }),
  maxBytesPerRequest: option.int({
    default: 16_777_216,
    min: 1_048_576,
    help: 'What the servers of one request may take up together in the database: number times user data, hints, image properties.',
  }),
  listsPerProject: option.int({
    default: 2,
    min: 1,
    help: "Lists of servers, groups, images and usage that one process answers at once for one project; the project's next ones wait.",
  }),
  bootsPerProject: option.int({
    default: 4,
    min: 1,
    help: "Requests for servers of one project that one process stores at once; they wait for each other's quota anyway.",
  }),
  patternTimeoutMs: option.duration({
    default: 250,
    min: 10,
    help: 'How long one database may take to search by a regular expression of a client; longer is 400.',
  }),
  serviceDownSeconds: option.duration({
    default: 60,
    min: 1,
    help: 'A service that was silent for so long is down: its servers are deleted without it.',
  }),
  defaultAvailabilityZone: option.string({ default: 'nova', help: 'The zone of hosts that are in no other.' }),
  internalServiceAvailabilityZone: option.string({ default: 'internal', help: 'The zone of services without hypervisors.' }),
  defaultScheduleZone: option.string({
    optional: true,
    help: 'The zone of servers that ask for none; left out, they may go anywhere.',
  }),
  enableInstancePassword: option.bool({ default: true, help: 'Answer a creation with the password of the new server.' }),
  listSkipsDownCells: option.bool({
    default: true,
    help: 'Below 2.69, leave out the servers of a cell that is down; false answers 500.',
  }),
});

export const quotaSection = defineSection('quota', {
  instances: option.int({ default: 10, min: -1, help: 'Servers of a project, -1: any number.' }),
  cores: option.int({ default: 20, min: -1, help: 'Virtual CPUs of a project.' }),
  ram: option.int({ default: 51_200, min: -1, help: 'MiB of memory of a project.' }),
  metadataItems: option.int({ default: 128, min: -1, help: 'Metadata of one server.' }),
  injectedFiles: option.int({ default: 5, min: -1, help: 'Files put into a new server (before 2.57).' }),
  injectedFileContentBytes: option.int({ default: 10_240, min: -1, help: 'Bytes of such a file.' }),
  injectedFilePathLength: option.int({ default: 255, min: -1, help: "Length of such a file's path." }),
  keyPairs: option.int({ default: 100, min: -1, help: 'Key pairs of a user.' }),
  serverGroups: option.int({ default: 10, min: -1, help: 'Server groups of a project.' }),
  serverGroupMembers: option.int({ default: 10, min: -1, help: "A user's servers in one group." }),
});

/** All that the Compute API reads. */
export const computeApiConfig = [
  computeHttpSection,
  apiDatabaseSection,
  cellsSection,
  apiMessagingSection,
  computePlacementSection,
  computeImageSection,
  computePolicySection,
  computeLogSection,
  computeApiSection,
  quotaSection,
  keystoneSection,
  notificationsSection,
  healthSection,
  resilienceSection,
] as const;

export type ComputeApiValues = SectionValues<typeof computeApiSection>;
export type QuotaValues = SectionValues<typeof quotaSection>;
