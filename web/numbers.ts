/** Numbers on the page: the terminal's own way of writing them. */
import { figure } from '../src/study/words.js';

export const number = (value: number | null | undefined): string => figure(value);
