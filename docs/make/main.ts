/** `npm run reference`: writes what is made from the code, docs/reference.md and scenario.schema.json. */
import { writeFileSync } from 'node:fs';
import { jsonSchema } from '../../src/scenario/schema.js';
import { reference } from './reference.js';

writeFileSync('scenario.schema.json', `${JSON.stringify(jsonSchema(), null, 2)}\n`);
writeFileSync('docs/reference.md', await reference(process.cwd()));
