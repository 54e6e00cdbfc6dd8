/** The comparisons of a sample with a reference that a monitor may make. Adding one is a line in the table. */
import { doaneEdges, quantileEdges, sharesBetween, sharesOf, sharesWithin } from './bins.js';
import { categoryCounts, chiSquare } from './chi-square.js';
import { jensenShannon } from './jensen-shannon.js';
import { ks } from './ks.js';
import { psi, psiPValue } from './psi.js';
import type { Sample } from './sample.js';
import { standardDeviation, wasserstein } from './wasserstein.js';

export interface Compared {
  readonly statistic: number;
  /** Null where the statistic has none. */
  readonly p: number | null;
}

/** Compares a sample with the reference that it was made for. */
export type Against = (current: Sample) => Compared;

export interface Comparison {
  /** Whether it is of numbers, of categories, or of both. */
  readonly takes: 'numbers' | 'categories' | 'both';
  readonly hasP: boolean;
  /** `categories`: how many there are; null for numbers. Neither sample is empty. */
  against(reference: Sample, categories: number | null): Against;
}

const counts = (sample: Sample, categories: number): Float64Array =>
  categoryCounts(sample.values, sample.weights, sample.values.length, categories);

/** Counts as if each row weighed 1: with weights, they add up to the effective number of rows. */
const effective = (sample: Sample, categories: number): Float64Array =>
  counts(sample, categories).map((count) => (count * sample.n) / sample.total);

export const COMPARISONS = {
  psi: {
    takes: 'both',
    hasP: true,
    against: (reference, categories) => {
      const edges = categories === null ? quantileEdges(reference, 10) : null;
      const shares = (sample: Sample): Float64Array =>
        edges === null ? sharesOf(counts(sample, categories ?? 0)) : sharesBetween(edges, sample);
      const before = shares(reference);
      return (current) => {
        const statistic = psi(before, shares(current));
        return { statistic, p: psiPValue(statistic, before.length, reference.n, current.n) };
      };
    },
  },
  ks: {
    takes: 'numbers',
    hasP: true,
    against: (reference) => (current) => {
      const { pValue, statistic } = ks(reference, current);
      return { statistic, p: pValue };
    },
  },
  chiSquare: {
    takes: 'categories',
    hasP: true,
    against: (reference, categories) => {
      const before = effective(reference, categories ?? 0);
      return (current) => {
        const { pValue, statistic } = chiSquare(before, effective(current, categories ?? 0));
        return { statistic, p: pValue };
      };
    },
  },
  jensenShannon: {
    takes: 'both',
    hasP: false,
    against: (reference, categories) => {
      const edges = categories === null ? doaneEdges(reference) : null;
      const shares = (sample: Sample): Float64Array =>
        edges === null ? sharesOf(counts(sample, categories ?? 0)) : sharesWithin(edges, sample);
      const before = shares(reference);
      return (current) => ({ statistic: jensenShannon(before, shares(current)), p: null });
    },
  },
  /** In standard deviations of the reference, at least 0.001. */
  wasserstein: {
    takes: 'numbers',
    hasP: false,
    against: (reference) => {
      const scale = Math.max(0.001, standardDeviation(reference));
      return (current) => ({ statistic: wasserstein(reference, current) / scale, p: null });
    },
  },
} satisfies Record<string, Comparison>;

export type ComparisonName = keyof typeof COMPARISONS;
