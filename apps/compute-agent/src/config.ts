import { defineSection, healthSection, logSection, option, pciSection, resilienceSection } from '@kilonova/config';
import { keystoneSection } from '@kilonova/identity-client';
import { imageServiceSection } from '@kilonova/image-client';
import { agentMessagingSection } from '@kilonova/messaging';
import { networkSection } from '@kilonova/network-client';
import { notificationsSection } from '@kilonova/notifications';
import { placementSection } from '@kilonova/placement-client';
import { volumeSection } from '@kilonova/volume-client';

export const agentSection = defineSection('agent', {
  cell: option.string({ help: 'The name of the cell that this agent belongs to.' }),
  hosts: option.list({ help: 'The hosts that this process serves; each has a queue, a driver and a service row of its own.' }),
  hostIp: option.string({ default: '127.0.0.1', help: 'The address that hypervisor listings show.' }),
  stateDir: option.string({
    help: 'Where the identities of the nodes are kept, and the guests of simulated hosts. Losing it gives names their first identity again.',
  }),
  providerConfigLocation: option.string({
    default: '',
    help: 'A folder of *.yaml files (schema 1.0 of provider configuration) that add classes and traits of their own to providers; read at start. Empty: nothing is added.',
  }),
  minHypervisorVersion: option.int({
    default: 0,
    min: 0,
    help: 'Hosts whose hypervisor is older are not served: the number that hypervisor details show.',
  }),
  nextMinHypervisorVersion: option.int({
    default: 0,
    min: 0,
    help: 'What the above will become: a host whose hypervisor is older is served, with a warning at start.',
  }),
  reportIntervalSeconds: option.duration({
    default: 10,
    min: 0.1,
    help: 'Between heartbeats. A host is down after serviceDownTimeSeconds without one.',
  }),
  updateResourcesIntervalSeconds: option.duration({
    default: 60,
    min: 1,
    help: 'Between full reports to the cell and to placement.',
  }),
  concurrentWork: option.int({
    default: 8,
    min: 1,
    max: 256,
    help: 'Steps (builds, deletes, …) that one host works on at once. The others are taken, and wait on the host.',
  }),
  liveMigrationCompletionTimeoutSeconds: option.duration({
    default: 800,
    min: 0,
    help: 'How long a live migration may take for each GiB of memory, and of disks that are copied. 0: as long as it takes.',
  }),
  liveMigrationTimeoutAction: option.choice(['abort', 'force_complete'], {
    default: 'abort',
    help: 'What is done with a live migration that takes longer: it is given up, or brought to its end whatever it costs the guest.',
  }),
  healNetworksIntervalSeconds: option.duration({
    default: 600,
    min: 0,
    help: 'Between two servers of a host whose interfaces are looked at although the network service told nothing of them. 0: it tells of every change.',
  }),
  syncPowerStateIntervalSeconds: option.duration({
    default: 600,
    min: 0.1,
    help: 'Between comparisons of the power of guests with that of their servers. A server whose guest was switched off or on behind its back is stopped.',
  }),
  resumeGuestsStateOnHostBoot: option.bool({
    default: false,
    help: 'Whether guests of servers that should run, and do not when the agent starts, are made to run; else their servers are stopped.',
  }),
  runningDeletedInstancePollIntervalSeconds: option.duration({
    default: 1800,
    min: 0.1,
    help: 'Between comparisons of the guests on the hosts with the servers there are. A guest without a server counts when two in a row found it.',
  }),
  runningDeletedInstanceAction: option.choice(['reap', 'log', 'noop'], {
    default: 'reap',
    help: 'What is done with such a guest: removed, told in the log, or left alone without looking.',
  }),
  shutdownSeconds: option.duration({
    default: 30,
    min: 0,
    help: 'How long an ending agent waits for work under way; the rest is delivered again.',
  }),
});

export const messagingSection = agentMessagingSection;

const proxied = (what: string) =>
  option.bool({ default: false, help: `Whether ${what} consoles of this agent's guests are offered; it takes a proxy.` });

export const consoleSection = defineSection('console', {
  vncEnabled: proxied('VNC'),
  vncUrl: option.string({
    default: 'http://127.0.0.1:6080/vnc_auto.html',
    help: 'The page of the VNC proxy that clients are sent to.',
  }),
  spiceEnabled: proxied('SPICE'),
  spiceUrl: option.string({ default: 'http://127.0.0.1:6082/spice_auto.html', help: 'The page of the SPICE proxy.' }),
  serialEnabled: proxied('serial'),
  serialUrl: option.string({ default: 'ws://127.0.0.1:6083/', help: 'The address of the proxy of serial consoles.' }),
  mksEnabled: proxied('MKS'),
  mksUrl: option.string({ default: 'http://127.0.0.1:6090/', help: 'The address of the MKS proxy.' }),
});

export const allocationSection = defineSection('allocation', {
  cpuAllocationRatio: option.float({ default: 4, min: 0.1, help: 'Virtual CPUs offered for each real one.' }),
  ramAllocationRatio: option.float({ default: 1, min: 0.1, help: 'Memory offered for each MiB there is.' }),
  diskAllocationRatio: option.float({ default: 1, min: 0.1, help: 'Disk offered for each GiB there is.' }),
  reservedHostCpus: option.int({ default: 0, min: 0, help: 'CPUs kept for the host.' }),
  reservedHostMemoryMb: option.int({ default: 512, min: 0, help: 'MiB of memory kept for the host.' }),
  reservedHostDiskMb: option.int({ default: 0, min: 0, help: 'MiB of disk kept for the host.' }),
});

export const fakeSection = defineSection('fake', {
  vcpus: option.int({ default: 1000, min: 1, help: 'CPUs of each simulated host.' }),
  memoryMb: option.int({ default: 800_000, min: 1, help: 'MiB of memory of each simulated host.' }),
  diskGb: option.int({ default: 600_000, min: 1, help: 'GiB of disk of each simulated host.' }),
  spawnDelayMs: option.duration({ default: 0, min: 0, help: 'How long a simulated spawn takes.' }),
  destroyDelayMs: option.duration({ default: 0, min: 0, help: 'How long a simulated destroy takes.' }),
  snapshotBytes: option.int({ default: 1_048_576, min: 0, help: 'Bytes of each simulated snapshot; zeros.' }),
  brokenHosts: option.list({ default: [], help: 'Hosts on which every spawn fails; * means all.' }),
  hardwareFile: option.string({
    default: '',
    help: 'A JSON file of hardware by host (* for every other): nodes, numaCells, topology, pciPools, gpus, gpuLayout, cards, sharedDisk, capabilities, hypervisorVersion; read again when it changes.',
  }),
  behaviourFile: option.string({
    default: '',
    help: 'A JSON file of spawnDelayMs, destroyDelayMs, snapshotBytes, brokenHosts, delaysMs, failing, unsupported that overrides these while the agent runs.',
  }),
});

/** All that an agent reads. */
export const agentSections = [
  agentSection,
  messagingSection,
  allocationSection,
  consoleSection,
  fakeSection,
  pciSection,
  placementSection,
  volumeSection,
  networkSection,
  imageServiceSection,
  keystoneSection,
  notificationsSection,
  healthSection,
  resilienceSection,
  logSection,
] as const;
