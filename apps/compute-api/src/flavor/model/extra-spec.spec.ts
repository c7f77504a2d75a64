import { describe, expect, it } from 'vitest';
import { extraSpecFault } from './extra-spec.js';

describe('extra specs since 2.86', () => {
  it.each([
    ['hw:cpu_policy', 'dedicated'],
    ['hw:numa_nodes', '2'],
    ['hw:numa_cpus.0', '0-3,^2'],
    ['hw:mem_page_size', 'large'],
    ['hw:mem_page_size', '1GB'],
    ['os:secure_boot', 'required'],
    ['quota:cpu_shares', '512'],
    ['resources:VCPU', '4'],
    ['resources1:CUSTOM_THING', '0'],
    ['resources_a:VCPU', '1'],
    ['trait:CUSTOM_FAST', 'required'],
    ['trait1:HW_CPU', 'forbidden'],
    ['aggregate_instance_extra_specs:ssd', '<or> a <or> b'],
    ['hw_rng:allowed', 'True'],
    ['accel:device_profile', 'x'],
    ['pci_passthrough:alias', 'gpu:2'],
    ['nowhere:known', 'x'],
    ['plain', 'x'],
    ['group_policy', 'isolate'],
  ])('take %s=%s', (key, value) => expect(extraSpecFault({ [key]: value })).toBeUndefined());

  it.each([
    ['hw:nonsense', '1'],
    ['hw:cpu_policy', 'odd'],
    ['hw:numa_nodes', 'x'],
    ['hw_rng:allowed', 'perhaps'],
    ['trait:CUSTOM_FAST', 'yes'],
    ['resources:VCPU', 'many'],
    ['trait:lower', 'required'],
    ['pci_passthrough:alias', 'gpu'],
  ])('refuse %s=%s', (key, value) => expect(extraSpecFault({ fine: 'x', [key]: value })).toContain(key));
});
