/**
 * New category: a value that the lab has never seen. Of the newcomers a share p = share * min(1, since / over) has it; the
 * others have the old values in their old proportions.
 *
 * A mix toward that value alone. The value is one of the category's from the start, with weight 0: formulas may name it,
 * and a model has an indicator for it, which is 0 in every row of the lab. A version that was trained on no row with the
 * value has nothing to go by and says so in an event; where all indicators of a category are 0, linear models and trees
 * predict as for its first value, nearest neighbours and kernels leave the indicator out, counts by group give the mean.
 *
 * Source: Masud, Gao, Khan, Han, Thuraisingham (2011), "Classification and novel class detection in concept-drifting data
 * streams under time constraints", IEEE TKDE 23(6) (concept evolution), here of a feature.
 */
export const newCategory = (value: string, levels: readonly string[]): readonly number[] =>
  levels.map((level) => (level === value ? 1 : 0));
