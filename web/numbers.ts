/** Numbers on the page: the sentences' own way of writing them. */
import { inWords } from '../src/study/words.js';

export const number = (value: number | null | undefined): string => inWords(value);
