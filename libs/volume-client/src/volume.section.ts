import { defineSection, option } from '@kilonova/config';

/** Where volumes are. */
export const volumeSection = defineSection('volume', {
  provider: option.choice(['none', 'cinder', 'memory'], {
    default: 'none',
    help: 'none: no volumes; cinder: a Cinder v3 of the catalog (type block-storage); memory: for trying out, where API and agents share a process.',
  }),
  url: option.string({
    default: '',
    help: "Cinder's root URL, without /v3; empty takes it from the catalog.",
  }),
  readyTimeoutSeconds: option.duration({
    default: 180,
    min: 1,
    help: 'How long an agent waits for a new volume to become available before the step fails.',
  }),
  reimagePerGibSeconds: option.duration({
    default: 20,
    min: 1,
    help: 'How long, for each GiB of a volume, an agent waits for another image on it before a rebuild fails.',
  }),
  readyIntervalSeconds: option.duration({ default: 3, min: 0.05, help: 'Between looks at a new volume.' }),
});
