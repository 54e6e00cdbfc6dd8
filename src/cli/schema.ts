/** `driftloop schema`: the JSON Schema of scenario files. */
import { jsonSchema } from '../scenario/schema.js';
import { print } from './report.js';

export function schemaVerb(): void {
  print(JSON.stringify(jsonSchema(), null, 2));
}
