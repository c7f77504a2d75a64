import { apiDatabaseSectionOf } from '@kilonova/api-db';
import { cellsSectionOf } from '@kilonova/cells';
import { defineSection, healthSection, logSection, option, resilienceSection } from '@kilonova/config';
import { keystoneSection } from '@kilonova/identity-client';
import { imageServiceSection } from '@kilonova/image-client';
import { servingMessagingSection } from '@kilonova/messaging';
import { notificationsSection } from '@kilonova/notifications';
import { placementSection } from '@kilonova/placement-client';

export const conductorSection = defineSection('conductor', {
  host: option.string({ default: 'localhost', help: 'The name of this process in service lists and notifications.' }),
  concurrentWork: option.int({
    default: 16,
    min: 1,
    max: 1024,
    help: 'Casts that this process works on at once. Each may hold a database connection.',
  }),
  concurrentCalls: option.int({ default: 64, min: 1, max: 4096, help: 'Calls of agents that this process answers at once.' }),
  reportIntervalSeconds: option.duration({ default: 10, min: 0.1, help: 'Between heartbeats.' }),
  schedulerTimeoutSeconds: option.duration({
    default: 30,
    min: 0.1,
    help: 'How long the scheduler may take for one request. Then the request is delivered again.',
  }),
  schedulingAttempts: option.int({
    default: 6,
    min: 1,
    max: 11,
    help: 'Deliveries of a boot that may fail because scheduler, placement or a cell do not answer. After that its servers end in ERROR. Six take about two minutes.',
  }),
  usePendingState: option.bool({
    default: false,
    help: 'A server for which no host has room waits as PENDING instead of ending in ERROR, for who makes room and rebuilds it.',
  }),
  allowResizeToSameHost: option.bool({
    default: false,
    help: 'Whether a resize may leave a server on its host.',
  }),
  enableNewServices: option.bool({
    default: true,
    help: 'Whether a host that was never seen gets servers at once, or only when an administrator enables it.',
  }),
  imageCacheHosts: option.int({
    default: 1,
    min: 1,
    max: 1024,
    help: 'Hosts of an aggregate that fetch images at once when an administrator has them fetched beforehand. More load the image service more.',
  }),
  imageCacheTimeoutSeconds: option.duration({
    default: 900,
    min: 0.1,
    max: 1200,
    help: 'How long one host may take to fetch such images. After that it counts as failed, and the next one has its turn.',
  }),
  maxConcurrentLiveMigrations: option.int({
    default: 1,
    min: 0,
    help: 'Live migrations from one host at once; the others wait for their turn. 0: as many as are asked for.',
  }),
  shelvedOffloadSeconds: option.int({
    default: 0,
    min: -1,
    help: 'How long a shelved server stays on its host. 0: it leaves at once; -1: only when an administrator asks for it.',
  }),
  shutdownSeconds: option.duration({
    default: 30,
    min: 0,
    help: 'How long an ending conductor waits for work under way; the rest is delivered again.',
  }),
  relayPollMs: option.duration({
    default: 1000,
    min: 10,
    help: 'How often outboxes are looked at for messages of other processes.',
  }),
});

export const sweeperSection = defineSection('sweeper', {
  enabled: option.bool({
    default: true,
    help: 'Ends what nobody owns any more. Off, a lost message may leave a server in BUILD for ever.',
  }),
  intervalSeconds: option.duration({ default: 20, min: 0.05, help: 'Between looks for work that was lost.' }),
  overdueSeconds: option.duration({
    default: 60,
    min: 0.1,
    help: 'A boot without progress for so long is told to the conductor again.',
  }),
  lostSeconds: option.duration({
    default: 120,
    min: 0.1,
    help: 'A living host that has not taken a build or delete on for so long is told again.',
  }),
  buildElsewhereSeconds: option.duration({
    default: 60,
    min: 0.1,
    help: 'A build that a host which is down has not taken for so long goes to an alternate.',
  }),
  instanceBuildTimeoutSeconds: option.duration({
    default: 600,
    min: 0.1,
    help: 'A build whose host gives no sign of life for so long ends in ERROR. A host that works on it gives one every few seconds.',
  }),
  instanceDeleteTimeoutSeconds: option.duration({
    default: 3600,
    min: 0.1,
    help: 'A delete whose host gives no sign of life for so long leaves the server in ERROR; it can be deleted again.',
  }),
  reclaimInstanceIntervalSeconds: option.duration({
    default: 0,
    min: 0,
    help: 'How long a deleted server can be restored; 0: it is gone at once. The Compute API needs the same.',
  }),
  resizeConfirmWindowSeconds: option.duration({
    default: 0,
    min: 0,
    help: 'How long a resize or migration waits for its user; then it is confirmed. 0: for ever.',
  }),
  powerTimeoutSeconds: option.duration({
    default: 600,
    min: 0.1,
    help: 'A stop or start whose host gives no sign of life for so long is given up; the server stays as it was.',
  }),
  moveTimeoutSeconds: option.duration({
    default: 600,
    min: 0.1,
    help: 'A step of a resize or migration whose host gives no sign of life for so long is given up. A host that works on it gives one every few seconds, however long it takes.',
  }),
  serviceDownTimeSeconds: option.duration({
    default: 60,
    min: 0.1,
    help: 'A service that has been silent for longer counts as down.',
  }),
  orphanIntervalSeconds: option.duration({
    default: 300,
    min: 0.05,
    help: "Between comparisons of placement and of the quota ledger with the instances there are. What two in a row find to be nobody's is released.",
  }),
  shelvedPollIntervalSeconds: option.duration({
    default: 3600,
    min: 0.05,
    help: 'Between looks for servers that have been shelved for long enough.',
  }),
  recordDays: option.int({ default: 30, min: 1, help: 'How long the records of failed scheduling are kept.' }),
  placedRecordDays: option.int({
    default: 3,
    min: 1,
    help: 'How long the records of servers that found a host are kept, and how each request was scheduled.',
  }),
});

export const messagingSection = servingMessagingSection;

export const apiDatabaseSection = apiDatabaseSectionOf({ poolSize: 20 });

export const cellsSection = cellsSectionOf({ poolSize: 10, timeoutSeconds: 10, breakerResetSeconds: 2, refreshSeconds: 10 });

export const cellSection = defineSection('cell', {
  name: option.string({ help: 'The name of the cell that this conductor serves, as it is mapped.' }),
  databaseUrl: option.secretUrl({ help: "The cell's own database. A cell conductor knows no other." }),
  poolSize: option.int({ default: 20, min: 4, help: 'Connections to it.' }),
  statementTimeoutSeconds: option.duration({ default: 30, min: 0.1, help: 'The database ends a statement that takes longer.' }),
});

const common = [
  conductorSection,
  sweeperSection,
  messagingSection,
  placementSection,
  healthSection,
  keystoneSection,
  notificationsSection,
  resilienceSection,
  logSection,
] as const;

/** All that the conductor beside the API reads. */
export const superConductorSections = [...common, apiDatabaseSection, cellsSection, imageServiceSection] as const;

/** All that a cell's conductor reads: nothing of the API level is among it. */
export const cellConductorSections = [...common, cellSection] as const;
