import { always, listOf, object } from '../../common/schema-kit.js';

export const MAX_TAGS = 50;
export const MAX_TAG_LENGTH = 60;

export const updateTags = always(
  object(
    { tags: listOf({ type: 'string', minLength: 1, maxLength: MAX_TAG_LENGTH, pattern: '^[^,/]*$' }, { maxItems: MAX_TAGS }) },
    ['tags'],
  ),
);
