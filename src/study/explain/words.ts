/** An explanation in words and numbers: the same in the terminal and on the page. */
import { metricUnit } from '../metric-words.js';
import { inWords } from '../words.js';
import type { Explanation } from './index.js';
import { overText } from './over.js';

/** For whoever has not heard of Shapley. */
export const WHAT_A_SHARE_IS =
  'averaged over every order in which the mechanisms could have come in one after the other: shares add up to the whole, and what two do only together is split evenly between them.';

/** `Share of predictions that are right, actual, at the last step: 0.92 with none of these mechanisms, 0.81 with all of them, 0.11 worse.` */
export function wholeSentence({ all, explained, none, over, total }: Explanation): string {
  const { better, metric, vantage } = explained;
  const what = `${capital(metricUnit(metric))}${vantage === null ? '' : `, ${vantage}`}, ${overText(over)}`;
  const half = total.high === null || total.high === total.mean ? '' : ` (± ${inWords(total.high - total.mean)})`;
  const [more, less] = better === 'none' ? ['more', 'less'] : ['worse', 'better'];
  const change =
    total.mean === 0 ? 'no difference' : `${inWords(Math.abs(total.mean))} ${total.mean > 0 ? more : less}`;
  return `${what}: ${inWords(none)} with none of these mechanisms, ${inWords(all)} with all of them, ${change}${half}.`;
}

/** The numbers of a row: its share, and its part of the whole where the whole is surely not 0. */
export function shareTexts({ shares, total }: Explanation): {
  readonly each: readonly { readonly share: string; readonly part: string }[];
  readonly total: { readonly share: string; readonly part: string };
  /** A number with the decimals of the shares. */
  number(x: number): string;
} {
  const number = decimalsFor([total.mean, ...shares.map(({ share }) => share)]);
  const isWholeClear = total.mean !== 0 && (total.low === null || total.high === null || total.low * total.high > 0);
  const withHalf = (value: number, high: number | null) =>
    high === null || high === value ? number(value) : `${number(value)} ± ${number(high - value)}`;
  const percent = decimalsFor([100]);
  return {
    number,
    each: shares.map(({ high, part, share }) => ({
      share: withHalf(share, high),
      part: isWholeClear && part !== null ? `${percent(100 * part)} %` : '-',
    })),
    total: { share: withHalf(total.mean, total.high), part: isWholeClear ? '100 %' : '-' },
  };
}

/** Numbers of one column, with as many decimals as tell three digits of the largest. */
function decimalsFor(values: readonly number[]): (x: number) => string {
  const most = values.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  const decimals = most > 0 ? Math.max(0, Math.min(12, 2 - Math.floor(Math.log10(most)))) : 0;
  return (x) => {
    const text = Math.abs(x).toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    return x < 0 && /[1-9]/.test(text) ? `−${text}` : text;
  };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
