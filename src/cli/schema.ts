/** `driftloop schema`: the JSON Schema of scenario files, or of study files. */
import { jsonSchema } from '../scenario/schema.js';
import { studyJsonSchema } from '../study/sweep/study-schema.js';
import { print } from './report.js';

export function schemaVerb({ study }: { readonly study?: boolean } = {}): void {
  print(JSON.stringify(study === true ? studyJsonSchema() : jsonSchema(), null, 2));
}
