import { apiDatabaseSectionOf } from '@kilonova/api-db';
import { cellsSectionOf } from '@kilonova/cells';
import {
  defineSection,
  healthSection,
  idleTimeoutOption,
  logSection,
  option,
  pciSection,
  resilienceSection,
  type SectionValues,
} from '@kilonova/config';
import { keystoneSection } from '@kilonova/identity-client';
import { imageServiceSection } from '@kilonova/image-client';
import { clientMessagingSection } from '@kilonova/messaging';
import { networkSection } from '@kilonova/network-client';
import { notificationsSection } from '@kilonova/notifications';
import { placementSection } from '@kilonova/placement-client';
import { volumeSection } from '@kilonova/volume-client';

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

export const apiDatabaseSection = apiDatabaseSectionOf({ poolSize: 10 });

export const cellsSection = cellsSectionOf({ poolSize: 5, timeoutSeconds: 3, breakerResetSeconds: 5, refreshSeconds: 10 });

export const computePolicySection = defineSection('policy', {
  file: option.string({ optional: true, help: 'A YAML file of rules that replace the defaults; read again when it changes.' }),
  enforceNewDefaults: option.bool({ default: true, help: 'False also lets pass what earlier releases did.' }),
});

export const computeApiSection = defineSection(
  'computeApi',
  {
    host: option.string({ default: 'api', help: 'How notifications name this process.' }),
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
    requestsPerProject: option.int({
      default: 8,
      min: 1,
      help: 'Requests that one process answers at once for one project, or for one address without a token; the next ones wait.',
    }),
    changesPerProject: option.int({
      default: 4,
      min: 1,
      help: 'Of those, requests that change something. Less than cells.poolSize: they wait for each other with a connection in hand.',
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
    serviceDownTimeSeconds: option.duration({
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
    reclaimInstanceIntervalSeconds: option.duration({
      default: 0,
      min: 0,
      help: 'How long a deleted server can be restored; 0: it is gone at once. The section sweeper of conductors needs the same.',
    }),
    consoleTokenTtlSeconds: option.duration({
      default: 600,
      min: 1,
      help: 'How long the address of a console opens it.',
    }),
    enableInstancePassword: option.bool({ default: true, help: 'Answer a creation with the password of the new server.' }),
    listSkipsDownCells: option.bool({
      default: true,
      help: 'Below 2.69, leave out the servers of a cell that is down; false answers 500.',
    }),
  },
  undefined,
  { 'computeApi.hostName': 'host', 'computeApi.serviceDownSeconds': 'serviceDownTimeSeconds' },
);

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
  clientMessagingSection,
  placementSection,
  volumeSection,
  networkSection,
  imageServiceSection,
  computePolicySection,
  logSection,
  computeApiSection,
  quotaSection,
  keystoneSection,
  notificationsSection,
  healthSection,
  resilienceSection,
  pciSection,
] as const;

export type ComputeApiValues = SectionValues<typeof computeApiSection>;
