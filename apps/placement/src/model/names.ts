/** What resource classes, traits and consumer types may be called. */
export const NAME_PATTERN = '^[A-Z0-9_]+$';
/** What callers may create: the standard names are everyone's and don't change. */
export const CUSTOM_NAME_PATTERN = '^CUSTOM_[A-Z0-9_]+$';
export const NAME_MAX_LENGTH = 255;
export const PROVIDER_NAME_MAX_LENGTH = 200;

const CUSTOM = new RegExp(CUSTOM_NAME_PATTERN);

/** True for a name that a caller may create, rename or delete. */
export const isCustomName = (name: string): boolean => CUSTOM.test(name) && name.length <= NAME_MAX_LENGTH;
