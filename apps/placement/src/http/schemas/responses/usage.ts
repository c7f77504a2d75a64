import { NAME_PATTERN } from '../../../model/names.js';
import { patternObject } from '../common.js';
import { consumerTypePattern } from '../usage.js';
import { type Answers, shown } from './answer.js';
import { byClass, count, providerGeneration, whole } from './pieces.js';

const used = byClass(count);
/** Classes stand beside the count: they are in capital letters, so none can have its name. */
const usedByType = patternObject({
  [consumerTypePattern]: whole({ consumer_count: count }, { patternProperties: { [NAME_PATTERN]: count } }),
});

export const usageAnswers: Answers = {
  'GET /resource_providers/:uuid/usages': [
    shown('What is used of each class that the provider has.', [{ schema: whole({ ...providerGeneration, usages: used }) }]),
  ],
  'GET /usages': [
    shown('What the project uses; from 1.38 on by the type of consumers.', [
      { max: '1.37', schema: whole({ usages: used }) },
      { min: '1.38', schema: whole({ usages: usedByType }) },
    ]),
  ],
};
