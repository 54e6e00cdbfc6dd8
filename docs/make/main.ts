/** `npm run reference`: writes docs/reference.md. */
import { writeFileSync } from 'node:fs';
import { reference } from './reference.js';

writeFileSync('docs/reference.md', await reference(process.cwd()));
