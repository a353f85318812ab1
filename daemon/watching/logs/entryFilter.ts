import { findSeverity, severities } from '../../model/logSeverity.ts';
import type { LogFilter } from '../../protocol/log.ts';
import { buildLineMatcher, type LineMatcher } from './lineMatcher.ts';
import type { LogBlock } from './logBlock.ts';

/** Decides which entries of a log a filter shows. */
export class EntryFilter {
  /** True when a regular expression decides, which may need too long. */
  readonly isGuarded: boolean;
  readonly #include: LineMatcher | undefined;
  readonly #exclude: LineMatcher | undefined;
  readonly #sources: ReadonlySet<number> | undefined;
  readonly #severity: number;

  /** Throws `invalidPattern`. */
  constructor({ include, exclude, sources, severity }: LogFilter) {
    this.#include = include && buildLineMatcher(include);
    this.#exclude = exclude && buildLineMatcher(exclude);
    this.#sources = sources && new Set(sources);
    this.#severity = severities.indexOf(severity ?? 'none');
    this.isGuarded = include?.regex === true || exclude?.regex === true;
  }

  /** True for an entry that is shown; gaps and notices always are. */
  passes(block: LogBlock, index: number): boolean {
    if (!block.isLine(index)) {
      return true;
    }
    if (this.#sources && !this.#sources.has(block.sourceOf(index))) {
      return false;
    }
    const text = block.textOf(index);
    return (
      (this.#include?.(text) ?? true) &&
      !(this.#exclude?.(text) ?? false) &&
      (this.#severity === none || findSeverity(text) <= this.#severity)
    );
  }
}

const none = severities.indexOf('none');
