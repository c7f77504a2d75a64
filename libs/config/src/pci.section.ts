import { option } from './option.js';
import { defineSection } from './section.js';

/** Devices that flavors may ask for. API, schedulers and agents have to be told the same. */
export const pciSection = defineSection('pci', {
  aliases: option.list({
    default: [],
    help: "What pci_passthrough:alias of a flavor may name: name=vendor:product[:kind[:nearness]], kind one of type-PCI, type-PF, type-VF, vdpa, nearness to the guest's NUMA cells one of legacy, preferred, required, socket.",
  }),
});
