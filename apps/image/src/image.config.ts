import { defineSection, healthSection, idleTimeoutOption, logSection, option, type SectionValues } from '@kilonova/config';
import { keystoneSection } from '@kilonova/identity-client';

/** Settings of the image companion. */
export const imageSection = defineSection(
  'image',
  {
    host: option.string({
      default: '127.0.0.1',
      help: 'the address to listen on; anything but a loopback address opens the service to the network, without TLS',
    }),
    port: option.port({ default: 9292, help: 'the port to listen on; 0 takes a free one' }),
    idleTimeoutSeconds: idleTimeoutOption,
    stateDir: option.string({
      default: 'state/image',
      help: 'the folder that holds images and their data; needs room for all of them',
    }),
    maxImageBytes: option.int({ default: 1_099_511_627_776, min: 1, help: 'larger uploads are refused with 413' }),
    maxImagesPerProject: option.int({
      default: 200,
      min: 1,
      max: 100_000,
      help: 'images that a project may own; more are refused with 413. What is known of images is kept in memory, at most 64 KiB for each',
    }),
    maxBytesPerProject: option.int({
      default: 1_099_511_627_776,
      min: 1,
      help: 'bytes of data that the images of a project may hold together, those on their way included; an upload past it is refused with 413',
    }),
    maxUploadsPerProject: option.int({
      default: 16,
      min: 1,
      max: 10_000,
      help: 'uploads of a project at once; more are refused with 429',
    }),
  },
  undefined,
  { 'image.stateFolder': 'stateDir' },
);

export type ImageConfig = SectionValues<typeof imageSection>;

/** All that the image companion reads. */
export const imageSections = [imageSection, keystoneSection, healthSection, logSection] as const;
