import { anImage, anInstance } from '@kilonova/compute-samples';
import { describe, expect, it } from 'vitest';
import { rescueFault } from './rescue-rules.js';

const ofImage = anInstance({ image_ref: 'i' });
const ofVolume = anInstance({ image_ref: null });
const stable = { hw_rescue_bus: 'usb', hw_rescue_device: 'disk' };
const image = (properties: Record<string, string> = {}) => ({ ...anImage(), properties });

describe('a server is rescued', () => {
  it('with the image that it was made from, or with another', () => {
    expect(rescueFault(ofImage, null, null, false)).toBeUndefined();
    expect(rescueFault(ofImage, 'r', image(), false)).toBeUndefined();
  });

  it('not with an image that is not there, or one of volumes', () => {
    for (const wrong of ['unknown', image({ block_device_mapping: '[]' })] as const)
      expect(rescueFault(ofImage, 'r', wrong, true)?.message).toBe("Requested rescue image 'r' is not supported");
  });

  it('on a volume only from 2.87 on, with an image that says how it is attached', () => {
    const refused = { reason: 'volume_backed' };
    expect(rescueFault(ofVolume, 'r', image(stable), false)).toMatchObject(refused);
    expect(rescueFault(ofVolume, 'r', image({ hw_rescue_bus: 'usb' }), true)).toMatchObject(refused);
    expect(rescueFault(ofVolume, null, null, true)).toMatchObject(refused);
    expect(rescueFault(ofVolume, 'r', image(stable), true)).toBeUndefined();
    const system_metadata = { image_hw_rescue_bus: 'usb', image_hw_rescue_device: 'disk' };
    expect(rescueFault({ ...ofVolume, system_metadata }, null, null, true)).toBeUndefined();
  });
});
