import { defineSection, option } from '@kilonova/config';

/** Where networks are. */
export const networkSection = defineSection('network', {
  provider: option.choice(['none', 'neutron', 'memory'], {
    default: 'none',
    help: 'none: servers have no interfaces; neutron: a Neutron v2 of the catalog (type network); memory: for trying out, where API and agents share a process.',
  }),
  url: option.string({ default: '', help: "Neutron's root URL, without /v2.0; empty takes it from the catalog." }),
  memoryNetworks: option.list({
    default: [],
    help: 'Networks that all projects share, of the provider memory: name=a.b.c, which are the first three numbers of their addresses.',
  }),
});
