/** One figure of a measurement, as a row of the table. */
export type Figure = {
  readonly what: string;
  readonly value: number;
  /** `x` is a ratio; `KB` are 1,000 bytes, `MB` 1,000,000. */
  readonly unit: 'ms' | 'x' | 'KB' | 'MB' | 'lines/s';
  /** What the value is of its samples: `median of 8`. */
  readonly of: string;
  /** The value should be at most this. */
  readonly aim?: number;
  /** The value should be at least this. */
  readonly least?: number;
  readonly samples: readonly number[];
};

type FigureParts = Pick<Figure, 'what' | 'unit' | 'samples' | 'aim' | 'least'>;

/** The middle of the samples. */
export function buildMedian(parts: FigureParts): Figure {
  return { ...parts, value: readPercentile(parts.samples, 50), of: `median of ${parts.samples.length}` };
}

/** The value that so many percent of the samples do not exceed. */
export function buildPercentile(percent: number, parts: FigureParts): Figure {
  const value = readPercentile(parts.samples, percent);
  return { ...parts, value, of: `p${percent} of ${parts.samples.length}` };
}

/** A value that was read or reckoned once. */
export function buildSingle(parts: Omit<FigureParts, 'samples'> & { readonly value: number }): Figure {
  return { ...parts, of: '1', samples: [parts.value] };
}

/** A percentile by the nearest rank, the median of an even number of samples as the mean of the two middle ones. */
export function readPercentile(samples: readonly number[], percent: number): number {
  const sorted = samples.toSorted((left, right) => left - right);
  const at = (index: number) => sorted[Math.min(Math.max(index, 0), sorted.length - 1)] ?? Number.NaN;
  if (percent === 50 && sorted.length % 2 === 0) {
    return (at(sorted.length / 2 - 1) + at(sorted.length / 2)) / 2;
  }
  return at(Math.ceil((sorted.length * percent) / 100) - 1);
}
